# Nothing to classify is worth a warning; nothing to learn from is an error.
: >empty.txt && : >empty.jsonl && : >empty.csv && echo 'text,tone' >header.csv
code tenor classify -m news.tenor empty.txt
code tenor classify -m news.tenor empty.jsonl
code tenor classify -m empty.txt data/article.txt
code tenor evaluate -m news.tenor empty.jsonl
code tenor-train -o new.tenor empty.jsonl
code tenor-train -o new.tenor empty.csv
code tenor-train -o new.tenor header.csv
ls
