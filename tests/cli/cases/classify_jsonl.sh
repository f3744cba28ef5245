tenor classify -m news.tenor --format jsonl data/article.txt | short
