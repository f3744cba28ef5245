# A reader that goes away: a sentence and exit 1, not a signal.
i=0
while [ $i -lt 200 ]; do cat data/train.jsonl && i=$((i + 1)); done >in.jsonl
(tenor classify -m news.tenor in.jsonl; echo "exit $?" >code) | head -c 1
echo && cat code
