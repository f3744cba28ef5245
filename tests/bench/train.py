#!/usr/bin/python3
"""Text to model, whole processes, beside scikit-learn and fastText, in one run.

    tests/bench/train.py BUILD TRAIN.jsonl TEST.jsonl --task NAME [--rounds 3]

The files hold records with a "text" and one label in the field NAME; the
figures in the documentation come from the IMDB reviews (Maas et al. 2011),
25,000 to train on and 25,000 to test with. Words and pairs of words, two
threads each:

    tenor-train     -C 10, its other options as they are: calibration is paid
    scikit-learn    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                    LogisticRegression(C=10); no model is written
    fastText        supervised -wordNgrams 2 -epoch 5 -thread 2, on words in
                    lower case with marks set apart, which is not timed

Prints the time of each over tenor's, the best of the rounds each, all by the
clock, and the share of test records that each gets right. Needs Debian's
python3-sklearn and fasttext.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

SCIKIT_LEARN = """
import json, sys
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
train, test, task = sys.argv[1:4]
def read(path):
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [r["text"] for r in records], [r[task] for r in records]
texts, labels = read(train)
model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                      LogisticRegression(C=10))
model.fit(texts, labels)
if test:
    print(model.score(*read(test)))
"""


def timed(command):
    start = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True).stdout
    return time.perf_counter() - start, output


class Tenor:
    def __init__(self, options, folder):
        self.options, self.model = options, f"{folder}/tenor"

    def train(self):
        return timed([f"{self.options.build}/tenor-train", "-q", "-C", "10",
                      "--task", self.options.task, "--threads", "2",
                      "-o", self.model, self.options.train])[0]

    def accuracy(self):
        _, report = timed([f"{self.options.build}/tenor", "evaluate",
                           "-m", self.model, "--format", "json",
                           self.options.test])
        return json.loads(report)["tasks"][self.options.task]["accuracy"]


class ScikitLearn:
    def __init__(self, options, _):
        self.options = options

    def run(self, test):
        return timed([sys.executable, "-c", SCIKIT_LEARN, self.options.train,
                      test, self.options.task])

    def train(self):
        return self.run("")[0]

    def accuracy(self):
        return float(self.run(self.options.test)[1])


class FastText:
    def __init__(self, options, folder):
        self.model, self.files = f"{folder}/fasttext", []
        for path in options.train, options.test:
            self.files.append(f"{folder}/{len(self.files)}.txt")
            with open(path, encoding="utf-8") as lines, \
                    open(self.files[-1], "w", encoding="utf-8") as out:
                for line in lines:
                    record = json.loads(line)
                    words = re.findall(r"\w+|[^\w\s]", record["text"].lower())
                    out.write(f"__label__{record[options.task]} "
                              f"{' '.join(words)}\n")

    def train(self):
        return timed(["fasttext", "supervised", "-input", self.files[0],
                      "-output", self.model, "-wordNgrams", "2", "-epoch", "5",
                      "-thread", "2", "-verbose", "0"])[0]

    def accuracy(self):
        _, report = timed(["fasttext", "test", f"{self.model}.bin",
                           self.files[1]])
        return float(re.search(rb"P@1\s+([0-9.]+)", report)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--task", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "2"
    os.environ["OMP_NUM_THREADS"] = "2"
    with tempfile.TemporaryDirectory() as folder:
        programs = {"tenor-train": Tenor(options, folder),
                    "scikit-learn": ScikitLearn(options, folder),
                    "fastText": FastText(options, folder)}
        times = {name: float("inf") for name in programs}
        for _ in range(options.rounds):  # in turn: they share the weather
            for name, program in programs.items():
                times[name] = min(times[name], program.train())
        ours = times["tenor-train"]
        for name, program in programs.items():
            print(f"{name:<13} / tenor-train {times[name] / ours:7.2f}   "
                  f"({times[name]:7.2f} s)   accuracy "
                  f"{program.accuracy():.4f}", flush=True)


if __name__ == "__main__":
    main()
