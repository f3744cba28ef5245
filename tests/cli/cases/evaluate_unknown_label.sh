# A label that the model has never seen counts as missed, with a warning.
printf '{"text": "The team won.", "tone": "joyful"}\n' >in.jsonl
tenor evaluate -m news.tenor -f json --resamples 0 in.jsonl | grep -A 5 joyful | head -n 7
