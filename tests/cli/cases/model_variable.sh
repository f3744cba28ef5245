# Without -m, TENOR_MODEL names the model.
TENOR_MODEL=news.tenor tenor classify -f csv data/article.md | wc -l
TENOR_MODEL=nothing.tenor tenor classify data/article.md
