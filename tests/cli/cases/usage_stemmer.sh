# The stemmers that there are depend on libstemmer's version.
tenor-train -o new.tenor --stem klingon data/train.jsonl 2>&1 | cut -c 1-60
