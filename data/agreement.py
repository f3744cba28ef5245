#!/usr/bin/env python3
"""Agreement of two readers of data/: Krippendorff's alpha (nominal data).

Reads train.jsonl, heldout.jsonl and dropped.jsonl beside it (field `readings`:
the labels of the first and of the second reader, and where both read blind the
writer's, which are no part of this) and prints alpha for each topic, for tone
and for stance, and what became of those on which the two differed.

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


def describe(readings):
    for topic in TOPICS:
        value = alpha([(topic in a["topic"], topic in b["topic"])
                       for a, b in readings])
        print(f"topic {topic:<10} alpha {value:.3f}")
    for task in ("tone", "stance"):
        value = alpha([(a[task], b[task]) for a, b in readings])
        print(f"{task:<16} alpha {value:.3f}")


def main():
    folder = pathlib.Path(__file__).parent
    readings = []
    for name in ("train.jsonl", "heldout.jsonl", "dropped.jsonl"):
        with open(folder / name, encoding="utf-8") as lines:
            part = [json.loads(line)["readings"] for line in lines]
        readings += part
    pairs = [reading[:2] for reading in readings]
    settled = sum(a != b for a, b in pairs) - len(part)
    print(f"{len(pairs)} paragraphs, each read by two readers")
    describe(pairs)
    print(f"a third vote settled {settled} paragraphs on which they differed; "
          f"{len(part)} were dropped")
    blind = [reading[:2] for reading in readings if len(reading) == 3]
    print(f"\n{len(blind)} of them, read by two blind readers")
    describe(blind)


if __name__ == "__main__":
    main()
