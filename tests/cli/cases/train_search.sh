# What was tried, task by task, the best first; the model says what was chosen.
tenor-train --search --folds 3 --model svm -t tone -t stance -o new.tenor data/train.jsonl | short
tenor info new.tenor | grep -e logreg, -e svm,
tenor-train --search --folds 3 --metric accuracy -t topic -o new.tenor data/train.jsonl | head -n 2
tenor-train -v --search --folds 3 -t stance -o new.tenor data/train.jsonl 2>/dev/null | wc -l
tenor-train -q --search --folds 3 -t stance -o new.tenor data/train.jsonl
tenor-train -v --search --leeway 0.01 --folds 3 -t tone -o new.tenor data/train.jsonl 2>/dev/null | sed -n 1,5p
