# Options travel in the model, so that use cuts words as training did.
printf 'the\nof and\n' >stop.txt
printf '# one spelling\nKyiv, Kiev = kyiv\n' >variants.txt
tenor-train -t tone --stop-words stop.txt --variants variants.txt \
    --stem english --char-ngrams 3,4 --join-hyphens --negation --contrast --numbers shape \
    --min-df 2 --class-weight balanced --class-weight negative=2 --seed 7 \
    -o new.tenor data/train.jsonl
tenor info --terms 3 new.tenor | grep -e terms -e words -e numbers -e stem -e negat -e contr -e seed
echo 'The Kiev ministers never celebrated the cease-fire of 1999' >news.txt
tenor tokens -m new.tenor news.txt | head -n 1
tenor tokens -m new.tenor news.txt | grep -c ‹
