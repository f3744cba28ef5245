tenor classify -m news.tenor data/article.md
