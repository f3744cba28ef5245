printf 'text,tone\n"The team" won,x\n' >stray.csv
code tenor-train -o new.tenor stray.csv
printf 'text,tone\na,x\nb,y,z\n' >wide.csv
code tenor-train -o new.tenor wide.csv
printf 'text,tone\na,x\n"b,y\nc,x\n' >open.csv
code tenor-train -o new.tenor open.csv
printf 'paragraph,tone\na,x\n' >no_text.csv
code tenor-train -o new.tenor no_text.csv
printf '__label__x a\nb\n' >in.txt
code tenor-train -o new.tenor in.txt
ls
