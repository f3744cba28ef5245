tenor evaluate -m news.tenor data/heldout.jsonl
