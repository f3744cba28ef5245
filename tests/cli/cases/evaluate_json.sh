tenor evaluate -m news.tenor --format json -t tone,topic --resamples 50 data/heldout.jsonl | short
