tenor-train -q -o fixed.tenor --threshold 0.9 -t topic data/train.jsonl
tenor-train -q -o eager.tenor --threshold recall=0.95 -t topic data/train.jsonl
tenor classify -m fixed.tenor -f jsonl data/heldout.jsonl | grep -c '"topic": \[\]'
tenor classify -m eager.tenor -f jsonl data/heldout.jsonl | grep -c '"topic": \[\]'
tenor-train -q -o no.tenor --threshold recall=2 data/train.jsonl
