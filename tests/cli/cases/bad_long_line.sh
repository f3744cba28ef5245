# One line of 50 MB: an article, a record, half a record.
head -c 50000000 /dev/zero | tr '\000' ' ' | sed 's/    /win /g' >long.txt
tenor classify -m news.tenor -f csv long.txt | cut -c 1-60 | tail -n 1
(printf '{"text": "' && cat long.txt && echo '", "tone": "x"}') >long.jsonl
tenor classify -m news.tenor -f csv long.jsonl | cut -c 1-60 | tail -n 1
(printf '{"text": "' && cat long.txt) >half.jsonl
code tenor-train -o new.tenor half.jsonl
