#!/usr/bin/env python3
"""Macro-F1 of the shipped model on data/heldout.jsonl, genre by genre.

    python3 models/by-genre.py BUILD

Genres with fewer than 20 held-out paragraphs are put together as "others".
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent.parent


def evaluate(build, lines):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl",
                                     encoding="utf-8") as part:
        part.writelines(lines)
        part.flush()
        report = subprocess.run(
            [f"{build}/tenor", "evaluate", "-m",
             ROOT / "models/tenor-en.tenor", "--resamples", "0", "-f", "json",
             part.name], check=True, capture_output=True).stdout
    tasks = json.loads(report)["tasks"]
    return [tasks[name]["macro_f1"] for name in ("topic", "tone", "stance")]


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build"
    genres = collections.defaultdict(list)
    with open(ROOT / "data/heldout.jsonl", encoding="utf-8") as lines:
        for line in lines:
            genres[json.loads(line)["genre"]].append(line)
    others = [line for lines in genres.values() if len(lines) < 20
              for line in lines]
    parts = {name: lines for name, lines in genres.items()
             if len(lines) >= 20}
    if others:
        parts["others"] = others
    print(f"{'genre':<22}{'paragraphs':>10}{'topic':>8}{'tone':>8}{'stance':>8}")
    for name, lines in sorted(parts.items(), key=lambda part: -len(part[1])):
        figures = "".join(f"{f1:8.3f}" for f1 in evaluate(build, lines))
        print(f"{name:<22}{len(lines):>10}{figures}")


if __name__ == "__main__":
    main()
