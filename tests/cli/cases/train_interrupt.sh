# The second Ctrl-C ends a search at once; nothing is left behind.
for i in $(seq 300); do cat data/train.jsonl; done >in.jsonl
(tenor-train --search -o new.tenor in.jsonl >/dev/null 2>&1 & echo $! >pid; wait $!; echo "exit $?") &
until [ -s pid ]; do sleep 0.05; done
sleep 0.5
while kill -INT "$(cat pid)" 2>/dev/null; do sleep 0.01; done
wait
ls
