code tenor classify -m news.tenor nothing.txt
code tenor classify -m nothing.tenor data/article.txt
code tenor evaluate -m news.tenor nothing.jsonl
code tenor info -m nothing.tenor
code tenor tokens -m news.tenor nothing.txt
code tenor-train -o new.tenor nothing.jsonl
code tenor-train -o nowhere/new.tenor data/train.jsonl
ls
