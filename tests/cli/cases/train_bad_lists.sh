# Errors in word lists name the file and the line.
printf 'Kyiv = Kiev\nKiev\n' >variants.txt
code tenor-train --variants variants.txt -o new.tenor data/train.jsonl
code tenor-train --stop-words nothing.txt -o new.tenor data/train.jsonl
printf 'caf\351\n' >latin1.txt
code tenor-train --stop-words latin1.txt -o new.tenor data/train.jsonl
ls
