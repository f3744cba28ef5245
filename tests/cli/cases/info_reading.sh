# The model says which fields of the corpus had a say, and how thresholds were set.
sed 's/"topic"/"sure": 1, "topic"/' data/train.jsonl >train.jsonl
tenor-train -q -t topic --group article --weight sure --target stance=for --folds 2 -o new.tenor train.jsonl
tenor info new.tenor | sed -n '/^  corpus/,/^  features/p' | grep -v checksum
tenor info new.tenor | grep threshold
for goal in precision=0.8 recall=0.123456789 0.5; do
    tenor-train -q -t topic --folds 2 --threshold $goal -o new.tenor train.jsonl
    tenor info new.tenor | grep threshold
done
# None were set.
tenor-train -q -t topic --folds 0 -o new.tenor train.jsonl
tenor info new.tenor | grep -c threshold
tenor-train -q -t tone --folds 2 --threshold 0.5 -o new.tenor train.jsonl
tenor info new.tenor | grep -c threshold
