#!/usr/bin/python3
"""tenor's linear solvers beside LIBLINEAR's, at the same precision, in one run.

    tests/bench/solvers.py BUILD FILE.svm [--costs 0.1,1,10,100] [--largest 10]
                           [--losses logistic,squared-hinge,hinge]

FILE.svm is what tenor-train --dump-features writes. Of more than two labels
each of the most frequent is a problem of its own, against the rest. Needs
liblinear-train (Debian's liblinear-tools) and python3-sklearn.

Both minimize LIBLINEAR's objective with -B 1. For every problem, cost and
solver of LIBLINEAR, the tolerance -e is made smaller until the objective,
computed from the model's weights, is within 1e-4 of the best one known (tenor's
at a tolerance of 1e-6), then made as large again as a bisection allows; tenor
is asked for 1e-4 and has to find out by itself. A wrong answer ends the run.

Times are processor times, the least of three runs, of fifteen where they are
short. LIBLINEAR's solving is its time less that of reading, for which a run
that stops at once (-e 1e9) stands; as that still begins to solve, the least of
all its solvers is taken. tenor's is measured in the program; what it prepares
once for all problems counts. Ratios of two threads are to tenor's wall time,
the others to its processor time. "Whole" is the whole process on one thread,
reading with it.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.datasets import load_svmlight_file

SOLVERS = {"logistic": {0: "Newton", 7: "dual"},
           "squared-hinge": {2: "Newton", 1: "dual"},
           "hinge": {3: "dual"}}
SHARE = 1e-4
QUICK = 0.1  # seconds: below, more runs are made
RUNS, QUICK_RUNS = 3, 15  # of which the least time stands


def processor_time(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime \
        - before.ru_stime, output


class Data:
    """The rows, and a file a label for LIBLINEAR."""

    def __init__(self, path, folder):
        with open(path, encoding="utf-8") as lines:
            self.lines = [line.partition(" ")[::2] for line in lines]
        self.folder = folder
        self.labels = [{int(k) for k in labels.split(",") if k.strip()}
                       for labels, _ in self.lines]
        self.rows = None
        self.files = {}

    def file(self, label):
        if label not in self.files:
            path = os.path.join(self.folder, f"{label}.svm")
            with open(path, "w", encoding="utf-8") as out:
                for (_, row), labels in zip(self.lines, self.labels):
                    out.write(f"{'+1' if label in labels else '-1'} "
                              f"{row.rstrip()}\n")
            if self.rows is None:
                self.rows, _ = load_svmlight_file(path)
            signs = np.array([1.0 if label in labels else -1.0
                              for labels in self.labels])
            self.files[label] = path, signs
        return self.files[label]


def objective(model, rows, signs, loss, cost):
    with open(model, encoding="ascii") as lines:
        for line in lines:
            if line.startswith("label"):
                first = float(line.split()[1])
            if line.startswith("w"):
                break
        w = np.array(lines.read().split(), float) * first
    columns = rows.shape[1]
    margins = signs * (rows @ w[:columns] + w[-1])
    slack = np.maximum(0, 1 - margins)
    losses = {"logistic": np.logaddexp(0, -margins),
              "squared-hinge": slack ** 2, "hinge": slack}[loss]
    return w @ w / 2 + cost * losses.sum()


def liblinear(data, label, loss, solver, cost, tolerance, rounds=1):
    path, signs = data.file(label)
    model = os.path.join(data.folder, "model")
    command = ["liblinear-train", "-q", "-B", "1", "-s", str(solver), "-c",
               str(cost), "-e", str(tolerance), path, model]
    times = [processor_time(command)[0]]
    if rounds > 1 and times[0] < QUICK:
        rounds = QUICK_RUNS
    times += [processor_time(command)[0] for _ in range(rounds - 1)]
    return min(times), objective(model, data.rows, signs, loss, cost)


def time_liblinear(data, label, loss, solver, cost, goal):
    """The time at the largest -e that reaches the goal, by bisection."""
    good, bad = 1.0, None
    while liblinear(data, label, loss, solver, cost, good)[1] > goal:
        good, bad = good / 8, good
        if good < 1e-9:
            return float("nan")
    for _ in range(2 if bad else 0):
        middle = (good * bad) ** 0.5
        if liblinear(data, label, loss, solver, cost, middle)[1] > goal:
            bad = middle
        else:
            good = middle
    return liblinear(data, label, loss, solver, cost, good, RUNS)[0]


def tenor(arguments, loss, cost, tolerance, threads, rounds):
    time, output = processor_time(
        [f"{arguments.build}/tests/bench_solvers", arguments.file, loss,
         str(cost), "bias=penalized", f"largest={arguments.largest}",
         f"tolerance={tolerance}", f"threads={threads}", f"rounds={rounds}"])
    return time, json.loads(output)


def compare(arguments, data, loss, cost):
    _, best = tenor(arguments, loss, cost, 1e-6, 2, 1)
    _, two = tenor(arguments, loss, cost, SHARE, 2, QUICK_RUNS)
    _, one = tenor(arguments, loss, cost, SHARE, 1, QUICK_RUNS)
    whole, _ = tenor(arguments, loss, cost, SHARE, 1, 1)
    for result, least in zip(one["problems"], best["problems"]):
        excess = result["objective"] / least["objective"] - 1
        if not excess <= SHARE:
            sys.exit(f"tenor: label {result['label']}, {loss}, C {cost}: "
                     f"{excess:.2g} above the minimum")
    reading = {p["label"]: min(liblinear(data, p["label"], loss, solver, cost,
                                         1e9, RUNS)[0]
                               for solver in SOLVERS[loss])
               for p in best["problems"]}
    ours = one["prepare"] + one["processor"]
    wall = two["prepare"] + two["solve"]
    print(f"{os.path.basename(arguments.file)} {loss} C {cost}: tenor solves "
          f"in {ours:.3f} s on one thread, {wall:.3f} s on two")
    for solver, method in SOLVERS[loss].items():
        times = [time_liblinear(data, p["label"], loss, solver, cost,
                                p["objective"] * (1 + SHARE))
                 for p in best["problems"]]
        solving = sum(max(time - reading[p["label"]], 0)
                      for time, p in zip(times, best["problems"]))
        print(f"  LIBLINEAR -s {solver} ({method}) / tenor: one thread "
              f"{solving / ours:6.2f}, two {solving / wall:6.2f}, whole "
              f"{sum(times) / whole:6.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("file")
    parser.add_argument("--costs", default="0.1,1,10,100")
    parser.add_argument("--losses", default=",".join(SOLVERS))
    parser.add_argument("--largest", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Data(arguments.file, folder)
        for loss in arguments.losses.split(","):
            for cost in arguments.costs.split(","):
                compare(arguments, data, loss, float(cost))


if __name__ == "__main__":
    main()
