# One record in, one out, further fields passed through.
printf '%s\n' '{"id": 7, "text": "The team won.", "by": {"name": "Ann \u00e9"}}' \
    '' '{"text": ""}' '{"topic": "kept?", "text": "No word is known: zyx."}' >in.jsonl
tenor classify -m news.tenor --format jsonl in.jsonl | short
tenor classify -m news.tenor --format csv data/train.csv | cut -d , -f 1-7
