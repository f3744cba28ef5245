#!/usr/bin/env python3
"""Cross-validation of kernel SVMs, beside svm-train, in one run.

    python3 tests/bench/kernels.py build FILE linear|rbf [COSTS]

FILE is in libsvm's format, as tenor-train --dump-features writes it. Five
folds at eight costs from 2^-3 to 2^11 (gamma 1): ours from one Gram matrix,
svm-train -v 5 once a cost. COSTS of these (default: all eight) are given to
svm-train, and its time is scaled up. Both choose their own folds at random, so
that accuracies agree up to chance only. Needs Debian's libsvm-tools.
"""
import json
import re
import resource
import subprocess
import sys
import time


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command):
    wall, spent = time.perf_counter(), children()
    out = subprocess.run(command, check=True, capture_output=True).stdout
    return out.decode(), time.perf_counter() - wall, children() - spent


def main():
    build, path, kernel = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 8
    out, our_wall, our_spent = run(
        [f"{build}/tests/bench_kernels", path, kernel, "1"])
    ours = json.loads(out)
    costs = [2.0 ** (2 * i - 3) for i in range(8)]
    wall = spent = 0
    chosen = sorted({round(i * 7 / max(1, count - 1)) for i in range(count)})
    for i in chosen:
        out, w, s = run(["svm-train", "-q", "-t", kernel == "rbf" and "2" or "0",
                         "-g", "1", "-c", str(costs[i]), "-h", "1", "-v", "5",
                         path])
        wall, spent = wall + w, spent + s
        theirs = float(re.search(r"([\d.]+)%", out)[1])
        print(f"C {costs[i]:<8g} accuracy {100 * ours['accuracy'][i]:6.2f} "
              f"svm-train {theirs:6.2f}", flush=True)
    scale = 8 / len(chosen)
    print(f"{ours['rows']} rows, {kernel}: {our_wall:.1f} s, "
          f"svm-train {wall * scale:.1f} s")
    print(f"ratio of time       {wall * scale / our_wall:6.1f}")
    print(f"ratio of processors {spent * scale / our_spent:6.1f}")


if __name__ == "__main__":
    main()
