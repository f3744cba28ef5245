[ -w /dev/full ] || exit 77
export TENOR_MODEL=news.tenor
for command in "classify data/article.txt" "evaluate data/heldout.jsonl" info \
    "tokens data/article.txt" "evaluate -f html data/heldout.jsonl" \
    "tokens data/heldout.jsonl" \
    "classify -f html data/article.txt" --help --version; do
    tenor $command >/dev/full || echo "exit $?"
done
code tenor evaluate -m news.tenor -o /dev/full data/heldout.jsonl
code tenor-train -o /dev/full data/train.jsonl
