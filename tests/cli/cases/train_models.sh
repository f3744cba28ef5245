# Every kind of model learns what it is taught; the model says how it was made.
for model in '--model svm' '--model logreg,svm' '--ratios' '--model svm --ratios -C 1' \
    '--model svm --kernel rbf' '--model svm --kernel poly --degree 3 --pairs'; do
    echo "$model"
    tenor-train $model -t tone -o new.tenor data/train.jsonl
    tenor info new.tenor | grep -e logreg, -e svm,
    tenor evaluate -m new.tenor -f json --resamples 0 data/train.jsonl | grep '"kind"' | cut -d , -f 1-3 | short
done
