tenor info -m news.tenor | sed '/^Provenance/,/^$/d'
tenor info -m news.tenor | sed -n '/^Provenance/,/^$/p' | grep -e paragraphs -e ngrams -e cost -e seed
