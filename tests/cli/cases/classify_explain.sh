tenor classify -m news.tenor --explain data/heldout.jsonl
head -n 1 data/heldout.jsonl >one.jsonl
tenor classify -m news.tenor --explain -f jsonl one.jsonl | short
