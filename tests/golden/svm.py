#!/usr/bin/python3
"""Writes svm.json: made-up data and what LIBLINEAR's linear SVMs make of it.

Run with Debian's python3-sklearn (whose LinearSVC is LIBLINEAR's -s 1 and -s 3
with a bias feature of 1), from the source tree:
    /usr/bin/python3 tests/golden/svm.py > tests/golden/svm.json

Values are multiples of 1/64, the same numbers in single and double precision.
Scaled problems are fitted on scaled rows; their weights are folded back onto
plain ones. Weights are [columns + 1], the bias last.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")  # of not converging: checked by gradients
ROWS, COLUMNS = 60, 9
random = np.random.RandomState(20240302)


def make_rows():
    rows = random.randint(-64, 128, size=(ROWS, COLUMNS)) / 64
    rows[random.uniform(size=rows.shape) < 0.5] = 0
    rows[3] = 0  # an empty document
    rows[:, 5] = 0  # a term that is nowhere
    rows[:, 7] = 0
    rows[8, 7] = 0.75  # a term that is in one document only
    return rows


def objective(rows, signs, costs, w, squared):
    slack = np.maximum(0, 1 - signs * (rows @ w[:-1] + w[-1]))
    return w @ w / 2 + (costs * (slack ** 2 if squared else slack)).sum()


def fit(rows, signs, cost, squared, weights, seed):
    used = weights > 0
    model = LinearSVC(C=cost, loss="squared_hinge" if squared else "hinge",
                      dual=True, intercept_scaling=1, tol=1e-10,
                      max_iter=10000000, random_state=seed)
    model.fit(rows[used], signs[used], weights[used])
    return np.append(model.coef_[0], model.intercept_[0])


def problem(name, rows, signs, cost, squared, weights=np.ones(ROWS),
            scales=None):
    scaled = rows if scales is None else rows * scales
    costs = cost * weights
    w, again = (fit(scaled, signs, cost, squared, weights, seed)
                for seed in (1, 2))
    value = objective(scaled, signs, costs, w, squared)
    other = objective(scaled, signs, costs, again, squared)
    assert abs(value / other - 1) < 1e-9, (name, value, other)
    if scales is not None:
        w[:-1] *= scales
    return {"name": name, "squared": bool(squared), "objective": value,
            "signs": signs.tolist(), "costs": costs.tolist(),
            "scales": None if scales is None else scales.tolist(),
            "weights": [float("%.12g" % v) for v in w]}


def main():
    rows = make_rows()
    scores = rows @ random.normal(size=COLUMNS) + random.normal(size=ROWS)
    signs = np.where(scores > np.median(scores), 1, -1)
    rare = np.where(scores > np.sort(scores)[-6], 1, -1)
    weights = random.randint(1, 16, size=ROWS) / 4
    left_out = weights * (np.arange(ROWS) % 4 != 0)
    scales = random.randint(-128, 128, size=COLUMNS) / 64
    scales[2] = 0
    problems = []
    for squared in (False, True):
        kind = "squared hinge" if squared else "hinge"
        for cost in (0.01, 1, 30):
            problems += [
                problem(f"{kind}, C {cost}", rows, signs, cost, squared),
                problem(f"{kind}, C {cost}, rare", rows, rare, cost, squared)]
        problems += [
            problem(kind + ", weights", rows, signs, 1, squared, weights),
            problem(kind + ", left out", rows, signs, 2, squared, left_out),
            problem(kind + ", scales", rows, signs, 1, squared,
                    scales=scales),
            problem(kind + ", all", rows, rare, 3, squared, left_out, scales)]
    print(json.dumps({
        "command": "/usr/bin/python3 tests/golden/svm.py > tests/golden/svm.json",
        "sklearn": sklearn.__version__, "rows": rows.tolist()})[:-1]
        + ',\n"problems": [\n' + ",\n".join(map(json.dumps, problems)) + "]}")


if __name__ == "__main__":
    main()
