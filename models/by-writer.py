#!/usr/bin/env python3
"""What to expect on text of a new hand: macro-F1 and calibration error on
whole articles by writers that a model has not read.

    python3 models/by-writer.py BUILD

Five times a model is trained with models/options on data/ without a fifth of
the writers, and judged on the articles of those left out; the five figures are
averaged. Held-out paragraphs of known writers, as in data/heldout.jsonl, are
easier: a model knows their habits.
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent.parent
FOLDS = 5


def read():
    records = []
    for name in ("train.jsonl", "heldout.jsonl"):
        with open(ROOT / "data" / name, encoding="utf-8") as lines:
            records += [(json.loads(line), line) for line in lines]
    return records


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines)


def judge(build, folder, train, test):
    write(folder / "train.jsonl", train)
    write(folder / "test.jsonl", test)
    options = shlex.split((ROOT / "models/options").read_text())
    subprocess.run([f"{build}/tenor-train", "-q", "-o", folder / "part.tenor",
                    *options, folder / "train.jsonl"], check=True, cwd=ROOT)
    report = subprocess.run(
        [f"{build}/tenor", "evaluate", "-m", folder / "part.tenor",
         "--coverage", "0.9", "--resamples", "0", "-f", "json",
         folder / "test.jsonl"],
        check=True, capture_output=True).stdout
    return json.loads(report)["tasks"]


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                         else ROOT / "build").resolve()
    records = read()
    writers = sorted({record["writer"] for record, _ in records
                      if record["written"] == "article"})
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for fold in range(FOLDS):
            left_out = set(writers[fold::FOLDS])
            train = [line for record, line in records
                     if record["writer"] not in left_out]
            test = [line for record, line in records
                    if record["writer"] in left_out]
            tasks = judge(build, pathlib.Path(folder), train, test)
            for name, task in tasks.items():
                figures.setdefault(name, []).append(
                    [task[key] for key in ("macro_f1", "calibration_error",
                                           "coverage", "sure",
                                           "sure_accuracy")])
    print(f"{len(writers)} writers of articles, a fifth left out at a time")
    print(f"{'task':<10}{'macro-F1':>10}{'ECE':>8}{'coverage':>10}"
          f"{'sure':>8}{'of these right':>16}")
    for name, rows in figures.items():
        means = [sum(column) / len(rows) for column in zip(*rows)]
        print(f"{name:<10}{means[0]:10.3f}{means[1]:8.3f}{means[2]:10.3f}"
              f"{means[3]:8.3f}{means[4]:16.3f}")


if __name__ == "__main__":
    main()
