# Latin-1 and stray bytes are read as U+FFFD, counted, and no error.
printf 'The caf\351 by the river closes.\n\nThe \377\376team won.\n' >news.txt
code tenor classify -m news.tenor news.txt
printf '{"text": "The team \377 won", "tone": "x"}\n{"text": "\300\300", "tone": "y"}\n' >in.jsonl
code tenor classify -m news.tenor -f csv in.jsonl | short
code tenor-train -o new.tenor in.jsonl
printf '{"text": "The team \377 won", "tone": "positive"}\n' >one.jsonl
code tenor evaluate -m news.tenor --resamples 0 one.jsonl | head -n 1
code tenor-train --folds 0 -o new.tenor data/train.jsonl one.jsonl
printf '\377\376T\000h\000e\000' >utf16.txt
code tenor classify -m news.tenor utf16.txt
cp utf16.txt utf16.jsonl
code tenor-train -o newer.tenor utf16.jsonl
