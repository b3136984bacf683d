"""The scores of the samples from their rows, by numpy, scipy, scikit-learn, astropy and statsmodels. Writes science.json.

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
from scipy import special, stats
from scipy.spatial.distance import jensenshannon
from scipy.stats._morestats import _anderson_ksamp_midrank
from sklearn.metrics import mutual_info_score
from statsmodels.stats.proportion import proportions_ztest

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


def cramers_v(table):
    """scipy's association of the table, the bias of few rows taken off as Bergsma (2013) does."""
    n, k = table.sum(), table.shape[1]
    if k < 2:
        return 0.0
    association = stats.contingency.association(table.astype(int), method="cramer", correction=False) ** 2
    association = max(0.0, association - (k - 1) / (n - 1))
    return float(np.sqrt(association / min(1 - 1 / (n - 1), k - 1 - (k - 1) ** 2 / (n - 1))))


def proportion_z(table):
    """Of the category with the largest z, by statsmodels: how far its share moved, and p times the categories."""
    totals = table.sum(axis=1)
    present = table.T[table.sum(axis=0) > 0]
    tests = [(*map(abs, proportions_ztest(counts, totals)), counts) for counts in present]
    z, p, counts = max(tests, key=lambda test: test[0])
    x, y = counts / totals
    return {"proportion-z": float(abs(x - y)), "proportion-z p": float(min(1, p * (1 if len(present) == 2 else len(present))))}


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
        "cramers-v": cramers_v(np.stack([r, c])),
        "pearson p": float(cells.pvalue) if cells else 1.0,
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
    a2 = _anderson_ksamp_midrank([np.sort(ref), np.sort(cur)], rows, np.unique(rows), 2, np.array([n, m]), n + m)
    # scipy's A² has a factor (N + M - 1) / (N + M), which vanishes with the rows.
    answers["anderson-darling"] = float(a2 * (n + m) / (n + m - 1) * (n + m) / (n * m))
    answers["kolmogorov-smirnov p"] = float(special.kolmogorov(np.sqrt(n * m / (n + m)) * answers["kolmogorov-smirnov"]))
    if len(np.unique(rows)) == n + m:
        t = answers["cramer-von-mises"] * n * m / (n + m)
        assert abs(t - stats.cramervonmises_2samp(ref, cur).statistic) < 1e-9 * (1 + t)
    if sd > 0:
        answers |= {
            "wasserstein": float(stats.wasserstein_distance(a, b) / sd),
            "energy-distance": float(stats.energy_distance(a, b) / np.sqrt(sd)),
            "mean-shift": float(abs(a.mean() - b.mean()) / sd),
        }
        answers["mean-shift p"] = float(stats.ttest_ind(a, b, equal_var=False).pvalue) if a.std() + b.std() > 0 else 1.0
    if spread_a > 0:
        answers["variance-shift p"] = float(stats.levene(a, b, center="median").pvalue)
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
        # A profile names the hundred largest categories, by the alphabet where the counts are within four standard
        # deviations of the first that is left out; the rest, and what it does not know, is one more.
        counts = ref.astype(str).value_counts()
        named = sorted(counts.index, key=lambda category: (-counts[category], category))
        if len(named) > 100:
            cut = counts[named[100]]
            near = 4 * np.sqrt(cut)
            named = [c for c in named if counts[c] > cut + near] + sorted(c for c in named if abs(counts[c] - cut) <= near)
        named = named[:100]
        table = [x.astype(str).where(x.astype(str).isin(named), "") for x in (ref, cur)]
        names = [*named, ""]
        table = [x.value_counts().reindex(names, fill_value=0).to_numpy() for x in table]
        answers[name] = {"kind": "categorical", "table": by_table(table) | proportion_z(np.stack(table)), "rows": {}}
versions = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "scikit-learn", "astropy", "statsmodels", "pandas")}
(here / "science.json").write_text(json.dumps({"versions": versions, "answers": answers}, indent=1) + "\n")
