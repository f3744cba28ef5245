tenor classify -m news.tenor <data/article.txt
tenor classify -m news.tenor -f csv - <data/article.html | cut -d , -f 2-7
# records have to be asked for
printf '{"text": "The team won the final", "id": 7}\n' >records
code tenor classify -m news.tenor -f jsonl -i jsonl <records | cut -c 1-60
printf 'text,id\nThe team won the final,7\n' |
    code tenor tokens -m news.tenor --input csv | head -n 1
