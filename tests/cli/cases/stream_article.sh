# An article on standard input: a paragraph is told once a blank line ends it.
mkfifo in out
tenor classify -m news.tenor -f jsonl <in >out &
exec 3>in 4<out
for text in 'The first one.' 'The second one.'; do
    printf '%s\n\n' "$text" >&3
    read -r answer <&4 && echo "$answer" | cut -d , -f 1-4
done
