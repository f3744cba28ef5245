# Settings that another one would silence are refused.
train() {
    code tenor-train "$@" -o new.tenor data/train.jsonl
}
train --search --cost 2
train --search --ratios
train --search -n 1,3
train --search --char-ngrams 3,5
train --search --marks
train --search --negation
train --search --contrast
train --search --folds 0
train --search --kernel rbf --model svm
train --metric accuracy
train --time-limit 60
train --search --time-limit 1e-6
train --leeway 0.01
train --model tree
train --model svm,svm
train --model logreg,svm --folds 0
train --kernel rbf
train --kernel rbf --model svm --ratios
train --kernel sigmoid --model svm
train --kernel rbf --model svm --gamma 0
train --pairs --model svm
train --gamma 2 --model svm
train --degree 3 --kernel rbf --model svm
train --memory 1e-9 --kernel rbf --model svm
train --threshold recall=0.9 --folds 0
ls
