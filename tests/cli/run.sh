#!/bin/sh
# Golden tests of the programs, run with tenor and tenor-train on PATH:
#
#     sh run.sh [-u] [CASE.sh...]        (all of cases/ where none is named)
#
# A case is a few lines of shell, run in an empty directory that holds data/
# (a link) and news.tenor (a model trained on data/train.jsonl). Beside it stand
# what must come out: CASE.out, CASE.err, CASE.code; a file that is missing
# stands for nothing, nothing and 0. -u writes them anew: read the difference
# before you commit it. A case that can't be run here ends with 77.
#
# Whatever a case does, no half-written file may stay behind: the programs name
# theirs FILE.XXXXXX until they are complete.

# ---- what cases may use ------------------------------------------------------
# Runs a command and says how it ended.
code() {
    "$@"
    echo "exit $?"
}
# Cuts numbers after three decimals: the rest depends on the machine.
short() {
    sed 's/\([0-9]\.[0-9][0-9][0-9]\)[0-9]*/\1/g'
}
# Writes the byte \NNN over the one at an offset of a file.
overwrite() { # FILE OFFSET NNN
    printf "\\$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# ---- running -------------------------------------------------------------------
here=$(cd "$(dirname "$0")" && pwd)
update=
[ "$1" = -u ] && update=1 && shift
[ $# -gt 0 ] || set -- "$here"/cases/*.sh
unset TENOR_MODEL NO_COLOR
LC_ALL=C TERM=dumb OPENBLAS_NUM_THREADS=1
export LC_ALL TERM OPENBLAS_NUM_THREADS
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
tenor-train -q -C 10 --ngrams 1 --folds 0 -o "$scratch/news.tenor" \
    "$here/data/train.jsonl" || exit 1

# Compares what came out with what must, or writes it down.
check() { # ACTUAL EXPECTED
    [ -e "$2" ] && expected=$2 || expected=/dev/null
    if [ -z "$update" ]; then
        diff -u "$expected" "$1"
    elif [ -s "$1" ]; then
        cp "$1" "$2"
    else
        rm -f "$2"
    fi
}

run_case() { # CASE.sh
    golden=$(cd "$(dirname "$1")" && pwd)/$(basename "$1" .sh)
    rm -rf "$scratch/room" && mkdir "$scratch/room" || return 1
    cp "$scratch/news.tenor" "$scratch/room" || return 1
    ln -s "$here/data" "$scratch/room/data" || return 1
    (cd "$scratch/room" && . "$golden.sh") >"$scratch/out" 2>"$scratch/err" \
        </dev/null
    ended=$?
    [ $ended -eq 77 ] && return 77
    [ $ended -eq 0 ] && : >"$scratch/code" || echo $ended >"$scratch/code"
    bad=0
    check "$scratch/out" "$golden.out" || bad=1
    check "$scratch/err" "$golden.err" || bad=1
    check "$scratch/code" "$golden.code" || bad=1
    left=$(find "$scratch/room" -name '*.??????')
    [ -z "$left" ] || { echo "half-written: $left" && bad=1; }
    return $bad
}

failed=0 skipped=0
for case in "$@"; do
    run_case "$case"
    case $? in
    0) ;;
    77) skipped=77 && echo "skipped: $case" ;;
    *) failed=1 && echo "FAILED: $case" ;;
    esac
done
[ $failed -eq 0 ] || exit 1
[ $# -eq 1 ] && exit $skipped
exit 0
