#!/bin/sh
# Makes the shipped model anew from data/: sh models/build.sh [BUILD]
# The same bytes come out whenever the corpus and models/options are the same.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$root/build}" && pwd)
cd "$root" # options name files of data/
# shellcheck disable=SC2046
"$build/tenor-train" -q -o models/tenor-en.tenor \
    $(cat models/options) data/train.jsonl
cd models
sha256sum tenor-en.tenor >tenor-en.tenor.sha256
