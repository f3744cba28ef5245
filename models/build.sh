#!/bin/sh
# Makes the shipped model anew from data/: sh models/build.sh [BUILD]
# The same bytes come out whenever the corpus and models/options are the same.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build}
# shellcheck disable=SC2046
"$build/tenor-train" -q -o "$root/models/tenor-en.tenor" \
    $(cat "$root/models/options") "$root/data/train.jsonl"
cd "$root/models"
sha256sum tenor-en.tenor >tenor-en.tenor.sha256
