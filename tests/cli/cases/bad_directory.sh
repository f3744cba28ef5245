code tenor classify -m news.tenor data
code tenor classify -m data data/article.txt
code tenor evaluate -m news.tenor data
code tenor-train -o new.tenor data
code tenor-train -o data data/train.jsonl
ls
