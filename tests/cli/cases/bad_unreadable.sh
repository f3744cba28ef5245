[ "$(id -u)" -ne 0 ] || exit 77 # root reads everything
cp data/article.txt data/train.jsonl . && chmod 000 article.txt train.jsonl
code tenor classify -m news.tenor article.txt
code tenor-train -o new.tenor train.jsonl
mkdir locked && chmod 500 locked
code tenor-train -o locked/new.tenor data/train.jsonl
