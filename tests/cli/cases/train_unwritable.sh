# A model that can't be written is found out before anything is read.
code tenor-train -o nowhere/new.tenor data/missing.jsonl
code tenor-train -o data data/missing.jsonl
code tenor-train -o new.tenor data/missing.jsonl
ls
