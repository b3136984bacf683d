"""Known answers for ordinal features, from scipy on the codes 1, 2, 3, ... of the categories, row by row. Writes
ordinal.json beside this file; see decision.py for the environment.

The ranks by scipy's mannwhitneyu, whose variance is that of drawing without replacement: its z² is (N - 1)/N of ours.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

from decision import categorical_case, location_spread

rng = np.random.default_rng(20261129)


def codes(counts):
    return np.repeat(np.arange(1, len(counts) + 1), counts)


def scores(x, y):
    sd = np.std(x, ddof=1)
    return dict(
        {
            "kolmogorov-smirnov": stats.ks_2samp(x, y).statistic,
            "wasserstein": stats.wasserstein_distance(x, y) / sd,
            "energy-distance": stats.energy_distance(x, y) / np.sqrt(sd),
        }
    )


def ordinal_case(reference, current, outside=(0, 0), phi=1.0):
    """`outside`: rows of a category without a place in the order, in the reference and now."""
    x, y = codes(reference), codes(current)
    rows = len(x) + len(y)
    test = stats.mannwhitneyu(y, x, use_continuity=False, method="asymptotic")
    z = np.sign(test.statistic - len(x) * len(y) / 2) * stats.norm.isf(test.pvalue / 2)
    buckets = np.column_stack([reference, current]).astype(np.int64)
    ranks = location_spread(buckets, phi)
    categories = [*reference, outside[0]], [*current, outside[1]]
    anyOrder = categorical_case(*(c if sum(outside) else c[:-1] for c in categories), phi)["answer"]
    return dict(
        reference=reference,
        current=current,
        outside=list(outside),
        phi=phi,
        # Far out the p-value is 0 and says nothing of z.
        location=float(z * np.sqrt(rows / (rows - 1))) if test.pvalue > 0 else None,
        p=min(1.0, 2 * min(anyOrder["p"], ranks["p"])),
        size=anyOrder["size"],
        scores={name: float(value) for name, value in scores(x, y).items()},
    )


def draw(shares, rows):
    return rng.multinomial(rows, np.array(shares) / sum(shares)).tolist()


def main():
    cases = []
    for shares, now in (
        ([1, 2, 4, 2, 1], [1, 2, 4, 2, 1]),
        ([1, 2, 4, 2, 1], [0.8, 1.8, 4, 2.2, 1.2]),
        ([5, 3, 2], [4, 3, 3]),
        ([2, 3, 5, 10, 80], [3, 4, 6, 12, 75]),
        ([1] * 12, [1 + 0.05 * i for i in range(12)]),
        ([1, 2, 3, 4], [4, 3, 2, 1]),
    ):
        for n, m in ((1000, 150), (10_000, 1000), (3000, 3000)):
            cases.append(ordinal_case(draw(shares, n), draw(now, m)))
            cases.append(ordinal_case(draw(shares, n), draw(now, m), (7, 9), 1.5))
    lines = [json.dumps(case, separators=(",", ":")) for case in cases]
    version = json.dumps(scipy.__version__)
    text = '{"scipy":' + version + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n"
    Path(__file__).with_suffix(".json").write_text(text)


if __name__ == "__main__":
    main()
