# A file that can't be read doesn't keep the others from being read.
tenor classify -m news.tenor data/article.txt nothing.txt data/article.md | grep '==>'
tenor classify -q -m news.tenor nothing.txt data/article.md >out || echo "exit $?"
wc -l <out
