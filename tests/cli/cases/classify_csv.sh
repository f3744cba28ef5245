tenor classify -m news.tenor --format csv data/article.md | short
