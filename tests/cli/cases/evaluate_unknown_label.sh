# A label that the model has never seen counts as missed, with a warning.
printf '{"text": "The team won.", "tone": "joyful"}\n' >in.jsonl
tenor evaluate -m news.tenor -f json --resamples 0 in.jsonl | grep -A 5 joyful | head -n 7
# Of a multi-label task it never holds, which its absence bears out.
printf '{"text": "The team won.", "topic": ["sport", "chess"]}
{"text": "The team won.", "topic": ["sport"]}
{"text": "The team won.", "topic": ["sport"]}\n' >in.jsonl
tenor-train -q -C 10 -t topic -o doubt.tenor data/train.jsonl
tenor evaluate -m doubt.tenor --coverage 0.05 --resamples 0 in.jsonl 2>&1 | grep -A 1 -e warning -e sets
