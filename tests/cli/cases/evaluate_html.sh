# A whole page without scripts, into a file.
tenor evaluate -m news.tenor --format html --output report.html data/heldout.jsonl
head -n 1 report.html && tail -n 1 report.html
grep -c '<script' report.html
ls
