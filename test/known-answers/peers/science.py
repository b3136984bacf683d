"""The scores of the samples from their rows, by numpy, scipy, scikit-learn and astropy. Writes science.json.

Deciles are numpy's of the reference; where values repeat, bins are closed as the profile does, walked on the 60
quantiles by numpy. Distances are on values clipped to the reference's 0.1 % and 99.9 % order statistics.

Runs in the environment of test/components/peers/evidently.txt; see README.md beside this file.
"""

import importlib.metadata
import json
from pathlib import Path

import numpy as np
import pandas as pd
from astropy.stats import kuiper_two
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import mutual_info_score

here = Path(__file__).parent
reference, current = (pd.read_parquet(here / f"{side}.parquet") for side in ("reference", "current"))


def bin_edges(rows):
    """Upper ends of ten bins: the deciles where every value is its own, an atom never split."""
    values, counts = np.unique(rows, return_counts=True)
    if len(values) <= 52:
        candidates = values
    else:
        sixtieths = np.quantile(rows, np.arange(1, 60) / 60, method="inverted_cdf")
        atoms = np.unique(sixtieths[1:][np.diff(sixtieths) == 0])
        candidates = np.unique([*sixtieths, *np.nextafter(atoms, -np.inf)])
    enough = max(len(rows) / 10 - 1, 1) - 1e-9
    below = np.searchsorted(np.sort(rows), candidates, side="right")
    ends, last = [], 0
    for value, rank in zip(candidates, below):
        if rank - last >= enough:
            ends.append(value)
            last = rank
    if len(rows) - last < enough and ends:
        ends.pop()
    ends = np.array(ends[:9])
    if counts.max() == 1:
        assert np.array_equal(ends, np.quantile(rows, np.arange(1, 10) / 10, method="inverted_cdf"))
    return ends


def by_table(table):
    r, c = table
    n, m = r.sum(), c.sum()
    used = (r + c) > 0
    r, c = r[used].astype(float), c[used].astype(float)
    half = np.where((r == 0) | (c == 0), 0.5, 0.0)
    p, q = (r + half) / n, (c + half) / m
    cells = stats.chi2_contingency([r, c], correction=False) if len(r) > 1 else None
    x2 = cells.statistic if cells else 0.0
    rows = np.repeat([0, 1], [int(n), int(m)])
    bins = np.concatenate([np.repeat(np.arange(len(r)), r.astype(int)), np.repeat(np.arange(len(c)), c.astype(int))])
    # Jensen-Shannon is mutual information where both samples weigh the same; here a second road to G.
    g = 2 * (n + m) * mutual_info_score(rows, bins)
    return {
        "psi": float(np.sum((q - p) * np.log(q / p))),
        "jensen-shannon": float(jensenshannon(r / n, c / m, base=2)) if len(r) > 1 else 0.0,
        "hellinger": float(np.linalg.norm(np.sqrt(r / n) - np.sqrt(c / m)) / np.sqrt(2)),
        "total-variation": float(np.abs(r / n - c / m).sum() / 2),
        "l-infinity": float(np.abs(r / n - c / m).max()),
        "kullback-leibler": float(stats.entropy(c + half, r + half)),
        "pearson": float(x2),
        "g": float(g),
        "smallestExpectation": float(cells.expected_freq.min()) if cells else float(n),
    }


def by_rows(ref, cur):
    n, m = len(ref), len(cur)
    sd = ref.std(ddof=1)
    ordered = np.sort(ref)
    beyond = int(np.floor(0.001 * n))
    low, high = np.nextafter(ordered[beyond], -np.inf), ordered[-1 - beyond]
    a, b = np.clip(ref, low, high), np.clip(cur, low, high)
    spread_a, spread_b = (np.mean(np.abs(x - np.median(x))) for x in (a, b))
    # Where no value repeats this is scipy's cramervonmises_2samp: T = N M / (N + M) of it.
    rows = np.sort(np.concatenate([ref, cur]))
    gaps = np.searchsorted(np.sort(cur), rows, side="right") / m - np.searchsorted(ordered, rows, side="right") / n
    answers = {
        "kolmogorov-smirnov": float(stats.ks_2samp(ref, cur).statistic),
        "kuiper": float(kuiper_two(ref, cur)[0]),
        "cramer-von-mises": float(np.mean(gaps**2)),
    }
    if len(np.unique(rows)) == n + m:
        t = answers["cramer-von-mises"] * n * m / (n + m)
        assert abs(t - stats.cramervonmises_2samp(ref, cur).statistic) < 1e-9 * (1 + t)
    if sd > 0:
        answers |= {
            "wasserstein": float(stats.wasserstein_distance(a, b) / sd),
            "energy-distance": float(stats.energy_distance(a, b) / np.sqrt(sd)),
            "mean-shift": float(abs(a.mean() - b.mean()) / sd),
        }
    if spread_a > 0:
        answers["variance-shift"] = float(abs(spread_b - spread_a) / spread_a)
    return answers


answers = {}
for name in reference:
    ref, cur = reference[name].dropna(), current[name].dropna()
    if pd.api.types.is_numeric_dtype(ref) and ref.dtype != bool:
        ref, cur = ref.to_numpy(float), cur.to_numpy(float)
        ends = bin_edges(ref)
        table = [np.bincount(np.searchsorted(ends, x, side="left"), minlength=len(ends) + 1) for x in (ref, cur)]
        answers[name] = {"kind": "numeric", "table": by_table(table), "rows": by_rows(ref, cur)}
    else:
        # A profile names the hundred largest categories; the rest, and what it does not know, is one more.
        counts = ref.astype(str).value_counts()
        named = sorted(counts.index, key=lambda category: (-counts[category], category))[:100]
        table = [x.astype(str).where(x.astype(str).isin(named), "") for x in (ref, cur)]
        names = [*named, ""]
        table = [x.value_counts().reindex(names, fill_value=0).to_numpy() for x in table]
        answers[name] = {"kind": "categorical", "table": by_table(table), "rows": {}}
versions = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "scikit-learn", "astropy", "pandas")}
(here / "science.json").write_text(json.dumps({"versions": versions, "answers": answers}, indent=1) + "\n")
