#!/usr/bin/python3
"""Writes features.json: made-up texts and their TF-IDF rows by scikit-learn.

Run with Debian's python3-sklearn, from the source tree:
    /usr/bin/python3 tests/golden/features.py > tests/golden/features.json

The texts are ASCII words parted by spaces, which scikit-learn's pattern and
tenor's rules cut alike; how tenor cuts anything else is for test_words.c.
"""

import json

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import chi2
from sklearn.pipeline import FeatureUnion

TEXTS = """
The harbour opened again after the storm
Ships left the harbour before the storm and ships came back after the storm
Fishermen sold herring herring and more herring at the harbour
A mild winter and a wet spring
The winter was mild the spring was wet and the summer was dry
Rain rain rain
The council closed the old bridge for repairs
The old bridge over the river needs repairs before winter
Repairs of the bridge cost the council 20 million
The mayor said the council will pay
The mayor said that the council said no
No

A train left the old station at 9 and a second train left at 10
The station opened in 1897 and closed in 1968
Trains again run to the harbour station
The second train was late again
Late trains cost the railway 3 million a year
The railway will run more trains before the summer
More rain is expected in the north and more sun in the south
Sun in the south rain in the north
The orchestra played the second symphony twice
The old orchestra played in the new hall
A new hall for the orchestra will cost the council 80 million
The hall opened with a symphony and closed with a march
March was wet and April was dry
The team won the final 3 to 2
The team lost the second match 0 to 2 in the rain
The match was played in the rain and the team was late
Fans of the team sang in the rain before the match
A film about a ship and its crew won the prize
The crew of the ship saw the film twice
Prize money for the film went to the crew
The museum shows a ship of 1897
The museum and the hall are closed in winter
Who pays for the museum said the mayor
The b2b fair opened for the 20th time
THE FAIR CLOSED WITH A RECORD
New record new hall new bridge new trains
of the and a
""".strip("\n").split("\n")

STOP_WORDS = "the a an and of in at to for was is are".split()

WORDS = {"ngrams": [1, 1]}
CASES = [
    ("sublinear, smooth, l2", WORDS),
    ("raw counts", {**WORDS, "tf": "raw"}),
    ("binary", {**WORDS, "tf": "binary"}),
    ("plain idf", {**WORDS, "idf": "plain"}),
    ("no idf", {**WORDS, "idf": "none", "tf": "raw"}),
    ("l1", {**WORDS, "norm": "l1"}),
    ("no norm", {**WORDS, "norm": "none"}),
    ("no norm, raw, plain", {**WORDS, "norm": "none", "tf": "raw", "idf": "plain"}),
    ("bigrams", {"ngrams": [1, 2]}),
    ("bi- and trigrams alone", {"ngrams": [2, 3]}),
    ("up to 4 words, min_df", {"ngrams": [1, 4], "min_df": 2}),
    ("max_df", {"ngrams": [1, 2], "min_df": 2, "max_df": 0.3}),
    ("max_df and trigrams", {"ngrams": [2, 3], "max_df": 0.05}),
    ("stop words", {"ngrams": [1, 3], "min_df": 2, "stop_words": STOP_WORDS}),
    ("3 characters", {"chars": [3, 3], "min_df": 2}),
    ("2 to 5 characters", {"chars": [2, 5], "min_df": 3, "max_df": 0.5}),
    ("9 characters", {"chars": [9, 9], "tf": "raw", "norm": "none"}),
    ("union", {"ngrams": [1, 2], "chars": [2, 3], "min_df": 3,
               "stop_words": STOP_WORDS, "weights": [1, 0.5]}),
    ("union, l1, raw, plain", {"ngrams": [1, 1], "chars": [1, 2], "min_df": 2,
                               "tf": "raw", "idf": "plain", "norm": "l1",
                               "weights": [0.25, 2]}),
]


def vectorizer(case, **more):
    """TfidfVectorizer with a case's settings."""
    tf, idf, norm = (case.get(k, d) for k, d in
                     (("tf", "sublinear"), ("idf", "smooth"), ("norm", "l2")))
    return TfidfVectorizer(
        token_pattern=r"(?u)\b\w+\b", min_df=case.get("min_df", 1),
        max_df=case.get("max_df", 1.0), sublinear_tf=tf == "sublinear",
        binary=tf == "binary", use_idf=idf != "none",
        smooth_idf=idf == "smooth", norm=None if norm == "none" else norm, **more)


def transform(case):
    """Names of all terms, and the rows."""
    parts, weights = [], case.get("weights", [1, 1])
    if "ngrams" in case:
        parts.append(("word", vectorizer(case, ngram_range=tuple(case["ngrams"]),
                                         stop_words=case.get("stop_words"))))
    if "chars" in case:
        parts.append(("char", vectorizer(case, analyzer="char_wb",
                                         ngram_range=tuple(case["chars"]))))
    union = FeatureUnion(parts, transformer_weights={
        kind: weight for kind, weight in zip(("word", "char"), weights)
        if kind in dict(parts)})
    rows = union.fit_transform(TEXTS).tocsr()
    rows.sort_indices()
    names = []
    for kind, part in parts:
        for name in part.get_feature_names_out():
            names.append(name if kind == "word"
                         else "\u2039" + name.replace(" ", "_") + "\u203a")
    return names, [
        [[int(j), float("%.9g" % v)] for j, v in zip(row.indices, row.data)]
        for row in rows]


def chi_squared():
    """scikit-learn's chi2 of the first case's rows: three classes, some rows
    without; then sets of labels, the highest of all labels."""
    names, rows = transform(CASES[0][1])
    x = np.zeros((len(TEXTS), len(names)))
    for i, row in enumerate(rows):
        for j, v in row:
            x[i, j] = v
    single = [i * i % 4 if i % 7 else i % 3 for i in range(len(TEXTS))]
    single = [-1 if label == 3 else label for label in single]
    known = [i for i, label in enumerate(single) if label >= 0]
    sets = [[k for k in range(4) if (i * 5 + k * k) % (k + 2) == 0]
            for i in range(len(TEXTS))]
    highest = np.max([np.nan_to_num(chi2(x, [k in s for s in sets])[0])
                      for k in range(4)], axis=0)
    return {"terms": names, "single": single,
            "single_scores": np.nan_to_num(
                chi2(x[known], [single[i] for i in known])[0]).tolist(),
            "sets": sets, "sets_scores": highest.tolist()}


def main():
    cases = []
    for name, case in CASES:
        names, rows = transform(case)
        cases.append({"name": name, **case, "terms": names, "rows": rows})
    print("{" + json.dumps("command") + ": " + json.dumps(
        "/usr/bin/python3 tests/golden/features.py > tests/golden/features.json")
        + ",\n" + json.dumps("sklearn") + ": " + json.dumps(sklearn.__version__)
        + ",\n" + json.dumps("texts") + ": " + json.dumps(TEXTS, indent=0)
        + ",\n" + json.dumps("chi2") + ": " + json.dumps(chi_squared())
        + ",\n" + json.dumps("cases") + ": [\n"
        + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "]}")


if __name__ == "__main__":
    main()
