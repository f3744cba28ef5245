printf 'The \000team\000 won.\n' >news.txt
code tenor classify -m news.tenor news.txt
printf '{"text": "The \\u0000 team", "tone": "x"}\n{"text": "\000", "tone": "y"}\n' >in.jsonl
code tenor classify -m news.tenor -f csv in.jsonl | short
