#!/bin/sh
# Accuracy against the size of the corpus: sh data/learning-curve.sh [BUILD] [TEST]
#
# Trains on 25, 50, 75 and 100 % of data/train.jsonl, spread evenly over it,
# with the settings of the shipped model (models/options), and prints macro-F1
# of each task on TEST (default: data/heldout.jsonl).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$root/build}" && pwd)
test=$(realpath "${2:-$root/data/heldout.jsonl}")
cd "$root" # options name files of data/
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf '%10s %8s %8s %8s\n' paragraphs topic tone stance
for share in 25 50 75 100; do
    awk -v share="$share" '(NR * 37) % 100 < share' \
        data/train.jsonl >"$scratch/part.jsonl"
    # shellcheck disable=SC2046
    "$build/tenor-train" -q -o "$scratch/part.tenor" \
        $(cat models/options) "$scratch/part.jsonl"
    "$build/tenor" evaluate -m "$scratch/part.tenor" --resamples 0 \
        --format json "$test" |
        awk -v count="$(wc -l <"$scratch/part.jsonl")" '
            /^ *"(topic|tone|stance)": \{"kind"/ {
                match($0, /"macro_f1": [0-9.]+/)
                f1[++tasks] = substr($0, RSTART + 12, RLENGTH - 12)
            }
            END {
                printf "%10d %8.3f %8.3f %8.3f\n", count, f1[1], f1[2], f1[3]
            }'
done
