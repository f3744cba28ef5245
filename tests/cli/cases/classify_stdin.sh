tenor classify -m news.tenor <data/article.txt
tenor classify -m news.tenor -f csv - <data/article.html | cut -d , -f 2-7
