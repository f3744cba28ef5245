#!/usr/bin/python3
"""Writes logreg.json: made-up data and the weights that scikit-learn learns.

Run with Debian's python3-sklearn, from the source tree:
    /usr/bin/python3 tests/golden/logreg.py > tests/golden/logreg.json

Values are multiples of 1/64, so that they are the same numbers in single and
in double precision. A problem is one output for two classes, more for a
softmax; its weights are [columns + 1][outputs], the intercepts last. The sum
of a softmax's intercepts is arbitrary, so they are written with mean 0.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

warnings.filterwarnings("ignore")  # newton-cg ends at rounding errors
ROWS, COLUMNS = 48, 7
random = np.random.RandomState(20240301)


def make_rows():
    rows = random.randint(-64, 128, size=(ROWS, COLUMNS)) / 64
    rows[random.uniform(size=rows.shape) < 0.4] = 0
    rows[3] = 0  # an empty document
    rows[:, 5] = 0  # a term that is nowhere
    return rows


def make_classes(rows, count):
    """Classes that depend on the rows, with noise; all of them occur."""
    scores = rows @ random.normal(size=(COLUMNS, count))
    scores += random.normal(size=scores.shape)
    classes = scores.argmax(axis=1)
    classes[:count] = range(count)
    return classes


def fit(rows, classes, cost, class_weight=None, sample_weight=None):
    model = LogisticRegression(C=cost, tol=1e-10, max_iter=100000,
                               solver="newton-cg", multi_class="multinomial"
                               if classes.max() > 1 else "auto",
                               class_weight=class_weight)
    model.fit(rows, classes, sample_weight=sample_weight)
    return model.coef_, model.intercept_ - (
        model.intercept_.mean() if classes.max() > 1 else 0)


def gradient(rows, classes, costs, solution):
    """Of |w|^2 / 2 + sum costs * loss, in w and the intercepts."""
    scores = rows @ solution[:-1] + solution[-1]
    if scores.shape[1] == 1:
        slopes = 1 / (1 + np.exp(-scores)) - classes[:, None]
    else:
        slopes = np.exp(scores - scores.max(axis=1, keepdims=True))
        slopes /= slopes.sum(axis=1, keepdims=True)
        slopes -= np.eye(scores.shape[1])[classes]
    slopes *= costs[:, None]
    return np.vstack([solution[:-1] + rows.T @ slopes, slopes.sum(axis=0)])


def problem(name, rows, classes, cost, class_weight=None, sample_weight=None):
    weights, biases = fit(rows, classes, cost, class_weight, sample_weight)
    costs = np.full(ROWS, float(cost))
    if class_weight is not None:
        values = compute_class_weight(class_weight, classes=np.unique(classes),
                                      y=classes)
        costs *= values[classes]
    if sample_weight is not None:
        costs *= sample_weight
    solution = np.vstack([weights.T, biases])
    assert np.abs(gradient(rows, classes, costs, solution)).max() < 1e-5
    return {"name": name, "outputs": len(biases), "classes": classes.tolist(),
            "costs": costs.tolist(),
            "weights": [[float("%.12g" % v) for v in row] for row in solution]}


def main():
    rows = make_rows()
    two, four = make_classes(rows, 2), make_classes(rows, 4)
    labels = [(make_classes(rows, 2) | (four == k)).astype(int) for k in range(3)]
    rare = (np.arange(ROWS) % 16 == 0).astype(int)
    sample_weight = random.randint(1, 16, size=ROWS) / 4
    left_out = sample_weight * (np.arange(ROWS) % 4 != 0)
    same = np.array([0.5, 2.0])[two]
    problems = [
        problem("two classes", rows, two, 1),
        problem("two classes, strict", rows, two, 0.01),
        problem("two classes, lax", rows, two, 1000),
        problem("balanced", rows, rare, 1, "balanced"),
        problem("weight a class", rows, two, 1, {0: 0.5, 1: 2}),
        problem("weight a row", rows, two, 1, None, sample_weight),
        problem("weights that are class weights", rows, two, 1, None, same),
        problem("rows left out", rows, two, 3, None, left_out),
        problem("softmax", rows, four, 1),
        problem("softmax, lax", rows, four, 100),
        problem("softmax, balanced", rows, four, 2, "balanced"),
        problem("softmax, rows left out", rows, four, 2, None, left_out),
    ] + [problem("one against the rest %d" % k, rows, labels[k], 2)
         for k in range(3)]
    print(json.dumps({
        "command": "/usr/bin/python3 tests/golden/logreg.py > tests/golden/logreg.json",
        "sklearn": sklearn.__version__, "rows": rows.tolist()})[:-1]
        + ',\n"problems": [\n' + ",\n".join(map(json.dumps, problems)) + "]}")


if __name__ == "__main__":
    main()
