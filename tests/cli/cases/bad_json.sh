# File, line and column.
printf '{"text": "a", "tone": "x"}\n\n{"text": "b" "tone": "y"}\n' >in.jsonl
code tenor-train -o new.tenor in.jsonl
code tenor evaluate -m news.tenor in.jsonl
code tenor classify -m news.tenor -f csv in.jsonl | cut -c 1-30
echo '[{"text": "a", "tone": "x"}]' >list.jsonl
code tenor-train -o new.tenor list.jsonl
printf '{"text": "a",\n "tone": "x"}\n' >pretty.jsonl
code tenor-train -o new.tenor pretty.jsonl
ls
