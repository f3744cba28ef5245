code tenor info -m data/article.txt
head -c 1000 news.tenor >short.tenor
code tenor classify -m short.tenor data/article.txt
head -c 9 news.tenor >shorter.tenor
code tenor classify -m shorter.tenor data/article.txt
cp news.tenor long.tenor && echo >>long.tenor
code tenor classify -m long.tenor data/article.txt
cp news.tenor flipped.tenor && overwrite flipped.tenor 5000 252
code tenor evaluate -m flipped.tenor data/heldout.jsonl
cp news.tenor table.tenor && overwrite table.tenor 100 252
code tenor tokens -m table.tenor data/article.txt
cp news.tenor version.tenor && overwrite version.tenor 8 011
code tenor classify -m version.tenor data/article.txt
