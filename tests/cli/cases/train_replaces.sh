# A failed training leaves the old model as it was; a good one replaces it.
cp news.tenor old.tenor
code tenor-train -q -o news.tenor --min-df 30 data/train.jsonl
cmp news.tenor old.tenor && echo untouched
code tenor-train -q -o news.tenor data/train.csv
cmp -s news.tenor old.tenor || echo replaced
