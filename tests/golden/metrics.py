#!/usr/bin/python3
"""Writes metrics.json: made-up predictions and their figures by scikit-learn.

Run with Debian's python3-sklearn and python3-scipy, from the source tree:
    /usr/bin/python3 tests/golden/metrics.py > tests/golden/metrics.json
"""

import json
import warnings

import numpy as np
import sklearn
from scipy.stats import binomtest
from sklearn import metrics

warnings.filterwarnings("ignore")
random = np.random.RandomState(20240229)
EPSILON = float(np.finfo(np.float32).eps)


def calibration_error(probability, right, bins=10):
    """Expected calibration error by its definition; equal-width bins."""
    index = np.minimum((probability * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            gap = abs(right[inside].mean() - probability[inside].mean())
            error += inside.mean() * gap
    return error


def per_label(truth, predicted, labels):
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, labels=labels, zero_division=0)
    return {"precision": precision.tolist(), "recall": recall.tolist(),
            "f1": f1.tolist(), "support": support.tolist()}


def averages(truth, predicted):
    return {
        "macro_f1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "micro_f1": metrics.f1_score(truth, predicted, average="micro", zero_division=0),
        "macro_precision": metrics.precision_score(truth, predicted, average="macro", zero_division=0),
        "macro_recall": metrics.recall_score(truth, predicted, average="macro", zero_division=0),
    }


def splitmix64(seed):
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def intervals(truth, predicted, is_multi, resamples=200, seed=7):
    """95 % percentile bootstrap, the long way; indicator matrices."""
    rows = len(truth)
    draws = splitmix64(seed)
    ever = truth.any(0) | predicted.any(0)
    figures = []
    for _ in range(resamples):
        index = [(next(draws) >> 32) * rows >> 32 for _ in range(rows)]
        t, p = truth[index], predicted[index]
        f1 = metrics.f1_score(t, p, average=None, zero_division=0)
        f1[~(t.any(0) | p.any(0)) & (ever if is_multi else True)] = np.nan
        figures.append([np.nanmean(f1),
                        metrics.f1_score(t, p, average="micro", zero_division=0),
                        metrics.accuracy_score(t, p), *f1])
    low, high = np.nanpercentile(np.array(figures), [2.5, 97.5], axis=0)
    names = ["macro_f1", "micro_f1", "accuracy"]
    names += ["label %d" % i for i in range(truth.shape[1]) if ever[i]]
    return {"resamples": resamples, "seed": seed,
            "bounds": {n: [l, h] for n, l, h in zip(names, low, high)}}


def single():
    """Six labels: 4 is predicted but never true, 5 is neither."""
    rows, labels = 120, 6
    truth = random.choice([0, 0, 0, 1, 1, 2, 3], size=rows)
    scores = random.normal(size=(rows, labels)) + 1.6 * np.eye(labels)[truth]
    scores[:, 5] -= 9
    probability = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    probability = probability.astype(np.float32)
    probability[0] = [0, 0, 1, 0, 0, 0]  # certain, and right or wrong
    predicted = probability.argmax(1)
    exact = probability.astype(np.float64)
    names = list(range(labels))
    return {
        "truth": truth.tolist(), "predicted": predicted.tolist(),
        "probability": probability.tolist(),
        "figures": {
            **averages(truth, predicted),
            "accuracy": metrics.accuracy_score(truth, predicted),
            "log_loss": metrics.log_loss(truth, exact, labels=names, eps=EPSILON),
            "brier": float(((exact - np.eye(labels)[truth]) ** 2).sum(1).mean()),
            "calibration_error": calibration_error(exact.max(1), predicted == truth),
        },
        "labels": per_label(truth, predicted, names),
        "intervals": intervals(np.eye(labels, dtype=int)[truth],
                               np.eye(labels, dtype=int)[predicted], False),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=names).tolist(),
    }


def multi():
    """Five labels: 4 is neither true nor predicted; rows may be empty."""
    rows, labels = 90, 5
    truth = (random.uniform(size=(rows, labels)) < [0.5, 0.3, 0.2, 0.05, 0]).astype(int)
    probability = 1 / (1 + np.exp(-(random.normal(size=(rows, labels)) + 2.5 * truth - 1.6)))
    probability[:, 4] = 0.01
    probability = probability.astype(np.float32)
    predicted = (probability > 0.5).astype(int)
    exact = probability.astype(np.float64)
    columns = [metrics.log_loss(truth[:, i], exact[:, i], labels=[0, 1], eps=EPSILON)
               for i in range(labels)]
    return {
        "truth": truth.tolist(), "predicted": predicted.tolist(),
        "probability": probability.tolist(),
        "figures": {
            **averages(truth, predicted),
            "subset_accuracy": metrics.accuracy_score(truth, predicted),
            "hamming_loss": metrics.hamming_loss(truth, predicted),
            "log_loss": float(np.mean(columns)),
            "brier": float(np.mean([
                metrics.brier_score_loss(truth[:, i], exact[:, i], pos_label=1)
                for i in range(labels)])),
            "calibration_error": calibration_error(exact.ravel(), truth.ravel()),
        },
        "intervals": intervals(truth, predicted, True),
        "labels": per_label(truth, predicted, None),
    }


def mcnemar():
    pairs = [(0, 0), (0, 1), (3, 3), (1, 9), (10, 2), (40, 61), (500, 430),
             (0, 60), (9000, 9400), (120000, 121000)]
    return [[b, c, binomtest(b, b + c, 0.5).pvalue if b + c else 1.0]
            for b, c in pairs]


if __name__ == "__main__":
    print(json.dumps({
        "command": "/usr/bin/python3 tests/golden/metrics.py > tests/golden/metrics.json",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "single": single(), "multi": multi(), "mcnemar": mcnemar(),
    }, indent=None, separators=(", ", ": ")).replace(', "', ',\n"').replace("], [", "],\n  ["))
