# -v tells how it went; -q is silent.
tenor-train -v -o new.tenor data/train.jsonl 2>&1 | sed 's/ after.*//'
tenor-train -v -q -o new.tenor data/train.jsonl
