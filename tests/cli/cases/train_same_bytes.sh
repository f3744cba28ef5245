# The model depends on neither threads nor time, but on the seed's folds.
for threads in 1 2 3; do
    tenor-train --char-ngrams 2,3 --threads $threads -o $threads.tenor data/train.jsonl
done
cmp 1.tenor 2.tenor && cmp 1.tenor 3.tenor && echo same
tenor-train --char-ngrams 2,3 --seed 2 -o seed.tenor data/train.jsonl
cmp -s 1.tenor seed.tenor || echo different
