tenor-train -q -o doubt.tenor data/train.jsonl
head -n 3 data/heldout.jsonl >three.jsonl
tenor classify -m doubt.tenor --coverage 0.7 three.jsonl
tenor classify -m doubt.tenor --coverage 0.7 -f jsonl three.jsonl | short
tenor classify -m doubt.tenor --coverage 0.7 -f csv three.jsonl | short
echo "Ніч минула спокійно, обійшлося без пригод" |
    tenor classify -m doubt.tenor --coverage 0.7
tenor evaluate -m doubt.tenor --coverage 0.7 --resamples 0 data/heldout.jsonl |
    grep -A 1 sets
tenor-train -q -o bare.tenor --folds 0 data/train.jsonl
tenor classify -m bare.tenor --coverage 0.7 three.jsonl
