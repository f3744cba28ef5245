# Without words none are known: the same in every format.
printf '{"text": "!!!"}\n' >in.jsonl
tenor classify -m news.tenor -f jsonl in.jsonl | grep -o '"known.*'
tenor classify -m news.tenor -f csv in.jsonl | sed 's/.*,\([^,]*,[^,]*\)$/\1/'
tenor classify -m news.tenor in.jsonl | tail -n 2
