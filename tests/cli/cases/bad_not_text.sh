# Files that are no text are named as what they are; the others go on.
printf '%%PDF-1.7\n%%\342\343\317\323\n' >a.pdf
printf 'PK\003\004\024\000' >b.docx
cp b.docx b.csv
printf '\377\330\377\340' >c.jpg
printf '\037\213\010' >d.gz
printf '%%PDF' >short.txt
printf 'The team won.\n' >news.txt
code tenor classify -m news.tenor a.pdf b.docx b.csv c.jpg d.gz news.tenor news.txt
code tenor classify -m news.tenor short.txt
code tenor-train -o new.tenor b.csv
printf '\320\317\021\340\241' >e.doc
printf '{\\rtf1\\ansi' >f.rtf
printf '\211PNG\r\n' >g.png
printf '\377\376\000\000T' >h.txt
printf '\376\377\000T' >i.txt
printf '\177ELF\002' >j
printf '\000\000\000\000\000' >k.txt
code tenor classify -q -m news.tenor e.doc f.rtf g.png h.txt i.txt j k.txt >out.txt
code tenor-train -o new.tenor news.tenor
