# One page: paragraphs with their labels, an overview above; no style here.
body() { sed '/<style>/,/<\/style>/d' "$@"; }
tenor classify -m news.tenor -f html data/article.html >page.html
body page.html
# Several files, one that is not there, one without text: the page is whole.
: >empty.txt
tenor classify -m news.tenor -f html --explain data/article.txt nowhere.txt \
    empty.txt >pages.html
echo "exit $?"
grep -E -c '<details><summary>Why' pages.html
body pages.html | grep -E -A 1 '<h2|<li><a|trouble|No text'
tail -n 3 pages.html
# Doubt, as in text: sets of answers, and paragraphs in unknown words.
tenor-train -q -o doubt.tenor data/train.jsonl
head -n 3 data/heldout.jsonl >three.jsonl
echo '{"id": "<u>", "text": "Ніч минула спокійно, обійшлося без пригод"}' >>three.jsonl
tenor classify -m doubt.tenor --coverage 0.7 -f html <three.jsonl -i jsonl | body |
    grep -E '<dd class|note|unsure|unknown'
# An article longer than what is held back: its overview stands below.
i=0
while [ $i -lt 15000 ]; do
    echo '{"text": "The gas pipeline reopened."}'
    i=$((i + 1))
done >long.jsonl
tenor classify -m news.tenor -f html long.jsonl >long.html
grep -n -o -E 'id="f1(o|p1|p15000)"|href="#f1o"' long.html
