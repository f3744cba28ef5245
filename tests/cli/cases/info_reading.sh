# The model says which fields of the corpus had a say, and how thresholds were set.
sed 's/"topic"/"sure": 1, "topic"/' data/train.jsonl >train.jsonl
tenor-train -q -t topic --group article --weight sure --target stance=for --folds 2 --threshold precision=0.8 -o new.tenor train.jsonl
tenor info new.tenor | sed -n '/^  corpus/,/^  features/p' | grep -v checksum
tenor info new.tenor | grep threshold
