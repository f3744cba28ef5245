# A report that can't be written is found out before anything is read.
code tenor evaluate -m missing.tenor -o nowhere/report.html -f html data/heldout.jsonl
