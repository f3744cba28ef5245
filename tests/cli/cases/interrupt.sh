# Ctrl-C while records come in: the work so far is written, exit 130.
mkfifo in.jsonl
(tenor classify -m news.tenor -f csv in.jsonl >out & echo $! >pid; wait $!; echo "exit $?") &
exec 3>in.jsonl
echo '{"text": "one"}' >&3
until [ "$(wc -l <out)" -eq 2 ]; do sleep 0.05; done
kill -INT "$(cat pid)" && sleep 0.1
echo '{"text": "two"}' >&3
wait
cut -d , -f 2-4 out
