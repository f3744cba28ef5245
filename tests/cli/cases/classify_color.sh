# No colors in a pipe unless asked for.
tenor classify -m news.tenor data/article.txt | grep -c "$(printf '\033')"
tenor classify -m news.tenor --color always data/article.txt | grep -q "$(printf '\033')" && echo colors
