# The manual pages have what --help has, in requests that man(7) knows.
typed() { sed 's/-/\\-/g'; }
for program in tenor tenor-train; do
    $program --man >$program.1
    grep -E '^\.(TH|SH|SS)' $program.1 | sed 's/"tenor [0-9.]*"/VERSION/'
    sed -n '/^\.SH NAME/{n;p;}' $program.1
    grep -n "^[.']" $program.1 | sed 's/^[0-9]*://; s/ .*//' | sort -u | tr '\n' ' '
    echo
    grep -n '^$' $program.1
    if command -v groff >/dev/null; then
        groff -man -ww -Tascii $program.1 >/dev/null
    fi
done
for command in tenor-train 'tenor classify' 'tenor evaluate' 'tenor info' 'tenor tokens'; do
    $command --help | sed -n 's/^  [-a-zA-Z, ]\{4\}\(--[a-z-]*\).*/\1/p' |
        typed >options
    [ -s options ] || echo "no options in $command --help"
    while read -r option; do
        grep -q -F -e "$option" "${command%% *}.1" || echo "no word of $option"
    done <options
done
grep -A 1 threads tenor-train.1
tenor classify --help | grep -e '--man' || echo "--man is for the build"
