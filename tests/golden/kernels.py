#!/usr/bin/env python3
"""Reference numbers for the kernel SVM, from scikit-learn.

    /usr/bin/python3 tests/golden/kernels.py > tests/golden/kernels.json

Random rows with some zeros, rounded to single precision, and signs that they
explain in part. For every problem: the kernel, the costs of both signs, the
signs (0: the row is left out), and SVC's objective and decision values at all
rows, at a tolerance of 1e-9. "pairs": one label against one, the labels that
SVC predicts for every row.
"""
import json

import numpy
import sklearn
from sklearn.metrics.pairwise import polynomial_kernel, rbf_kernel
from sklearn.svm import SVC

ROWS, COLUMNS = 90, 9


def make_rows(random):
    rows = random.uniform(-1, 1, (ROWS, COLUMNS))
    rows[random.uniform(size=rows.shape) < 0.4] = 0
    return rows.astype(numpy.float32).astype(float)


KERNELS = {
    "linear": dict(kernel="linear"),
    "rbf": dict(kernel="rbf", gamma=0.7),
    "polynomial": dict(kernel="poly", gamma=0.5, coef0=1.25, degree=3),
}


def gram(settings, left, right):
    if settings["kernel"] == "linear":
        return left @ right.T
    if settings["kernel"] == "rbf":
        return rbf_kernel(left, right, gamma=settings["gamma"])
    return polynomial_kernel(left, right, settings["degree"],
                             settings["gamma"], settings["coef0"])


def problem(name, kernel, rows, signs, costs):
    settings = KERNELS[kernel]
    learn = signs != 0
    svc = SVC(C=1, class_weight={-1: costs[0], 1: costs[1]}, tol=1e-9,
              shrinking=False, **settings)
    svc.fit(rows[learn], signs[learn])
    coefficients = svc.dual_coef_[0]
    support = rows[learn][svc.support_]
    square = coefficients @ gram(settings, support, support) @ coefficients
    return {"name": name, "kernel": kernel,
            "degree": settings.get("degree", 0),
            "gamma": settings.get("gamma", 0),
            "offset": settings.get("coef0", 0),
            "costs": costs, "signs": signs.tolist(),
            "objective": abs(coefficients).sum() - square / 2,
            "values": svc.decision_function(rows).tolist()}


def main():
    random = numpy.random.RandomState(11)
    rows = make_rows(random)
    slopes = random.normal(size=(COLUMNS, 4))
    noise = random.normal(scale=0.7, size=(ROWS, 4))
    classes = (rows @ slopes + noise).argmax(axis=1)
    signs = numpy.where(classes % 2 == 0, 1, -1)
    fewer = numpy.where(numpy.arange(ROWS) % 5 == 2, 0, signs)
    rare = numpy.where(classes == 1, 1, -1)
    problems = []
    for kernel in KERNELS:
        problems += [
            problem(kernel, kernel, rows, signs, [1, 1]),
            problem(kernel + ", strict", kernel, rows, signs, [50, 50]),
            problem(kernel + ", lax", kernel, rows, signs, [0.01, 0.01]),
            problem(kernel + ", weights", kernel, rows, signs, [0.5, 4]),
            problem(kernel + ", rows left out", kernel, rows, fewer, [2, 2]),
            problem(kernel + ", a rare label", kernel, rows, rare, [1, 9]),
        ]
    pairs = SVC(C=3, tol=1e-9, kernel="rbf", gamma=0.7).fit(rows, classes)
    print(json.dumps({
        "command": "/usr/bin/python3 tests/golden/kernels.py > tests/golden/kernels.json",
        "sklearn": sklearn.__version__, "rows": rows.tolist()})[:-1]
        + ',\n"problems": [\n' + ",\n".join(map(json.dumps, problems))
        + '],\n"pairs": ' + json.dumps({
            "gamma": 0.7, "cost": 3, "classes": classes.tolist(),
            "predicted": pairs.predict(rows).tolist()}) + "}")


if __name__ == "__main__":
    main()
