# The same bytes at any number of threads.
for i in 1 2 3 4 5 6 7 8 9; do cat data/train.jsonl data/heldout.jsonl; done >in.jsonl
for threads in 1 2 3; do
    tenor classify -m news.tenor -e -f jsonl --threads $threads in.jsonl >$threads.jsonl
done
cmp 1.jsonl 2.jsonl && cmp 1.jsonl 3.jsonl && wc -l <1.jsonl
