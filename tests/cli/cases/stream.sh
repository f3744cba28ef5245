# A slow pipe: each record's answer comes before the next one is sent.
mkfifo in.jsonl out
tenor classify -m news.tenor -f jsonl in.jsonl >out &
exec 4<out 3>in.jsonl
for text in one two three; do
    echo "{\"text\": \"$text\"}" >&3
    read -r answer <&4 && echo "$answer" | cut -d , -f 1-4
done
