#!/usr/bin/env python3
"""Agreement of two readers of data/: Krippendorff's alpha (nominal data).

Reads train.jsonl, heldout.jsonl and dropped.jsonl beside it (field `readings`:
the labels of the first and of the second reader) and prints alpha for each
topic, for tone and for stance, and what a third look did with the rest.

Source: Krippendorff, "Content Analysis", 2nd edition (2004), chapter 11.
"""
import collections
import json
import pathlib

TOPICS = ["sanctions", "troops", "energy", "territory"]


def alpha(pairs):
    """Two readers, every unit read by both: 1 - observed / expected."""
    counts = collections.Counter(value for pair in pairs for value in pair)
    total = sum(counts.values())
    observed = sum(first != second for first, second in pairs) / len(pairs)
    expected = 1 - sum(n * (n - 1) for n in counts.values()) / (
        total * (total - 1))
    return 1 - observed / expected if expected else 1.0


def main():
    folder = pathlib.Path(__file__).parent
    records = []
    for name in ("train.jsonl", "heldout.jsonl", "dropped.jsonl"):
        with open(folder / name, encoding="utf-8") as lines:
            part = [json.loads(line) for line in lines]
        records += part
    dropped = len(part)
    readings = [record["readings"] for record in records]
    print(f"{len(records)} paragraphs, each read by two readers")
    for topic in TOPICS:
        value = alpha([(topic in a["topic"], topic in b["topic"])
                       for a, b in readings])
        print(f"topic {topic:<10} alpha {value:.3f}")
    for task in ("tone", "stance"):
        value = alpha([(a[task], b[task]) for a, b in readings])
        print(f"{task:<16} alpha {value:.3f}")
    settled = sum(a != b for a, b in readings)
    print(f"a third look settled {settled - dropped} paragraphs on which they "
          f"differed and dropped {dropped}")


if __name__ == "__main__":
    main()
