tenor-train -C 10 -o new.tenor data/train.txt
tenor info --terms 2 new.tenor | sed '/^Provenance/,/^$/d'
