#!/usr/bin/env python3
"""Text to TF-IDF rows, beside scikit-learn and wc -w, in one run.

    python3 tests/bench/features.py build FILE.jsonl

FILE holds records with a field "text"; the figures in the documentation come
from the training part of the IMDB reviews (Maas et al. 2011), 25,000 texts.
Needs Debian's python3-sklearn. Prints ratios of the best of three times each.
"""
import json
import subprocess
import sys
import tempfile
import time

from sklearn.feature_extraction.text import TfidfVectorizer


def best(action, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = action()
        times.append(time.perf_counter() - start)
    return min(times), result


def main():
    build, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    ours = json.loads(subprocess.run(
        [f"{build}/tests/bench_features", path, "5"], check=True,
        capture_output=True).stdout)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True,
                                 token_pattern=r"(?u)\b\w+\b")
    fit, _ = best(lambda: vectorizer.fit_transform(texts), 1)
    transform, _ = best(lambda: vectorizer.transform(texts), 1)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as plain:
        plain.writelines(text.replace("\n", " ") + "\n" for text in texts)
        plain.flush()
        count, _ = best(lambda: subprocess.run(
            ["wc", "-w", plain.name], check=True, capture_output=True), 5)
    print(f"{ours['bytes'] / 1e6:.1f} MB of text, {ours['threads']} threads")
    for name, ratio in (
            ("fit_transform: scikit-learn / tenor",
             fit / ours["fit_transform"]),
            ("transform: scikit-learn / tenor",
             transform / ours["transform"]),
            ("transform on one core: tenor / wc -w",
             ours["transform_one_thread"] / count)):
        print(f"{name:<40} {ratio:6.2f}")


if __name__ == "__main__":
    main()
