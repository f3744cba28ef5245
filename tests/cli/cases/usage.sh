# Wrong usage: one sentence on stderr, exit 2, nothing written.
code tenor
code tenor nonsense
code tenor classify --nonsense
code tenor classify -m
code tenor classify --format xml data/article.txt
code tenor classify --threads 0 data/article.txt
code tenor classify --threads 1.5 data/article.txt
code tenor evaluate
code tenor evaluate -m news.tenor -t nonsense data/heldout.jsonl
code tenor-train data/train.jsonl
code tenor-train -o new.tenor
code tenor-train -o new.tenor --cost -1 data/train.jsonl
code tenor-train -o new.tenor --ngrams 3,2 data/train.jsonl
code tenor-train -o new.tenor --ngrams none data/train.jsonl
code tenor-train -o new.tenor --folds 1 data/train.jsonl
code tenor-train -o new.tenor --class-weight x data/train.jsonl
code tenor-train -o new.tenor --class-weight x=0 data/train.jsonl
ls
