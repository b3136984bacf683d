"""Driftline's decision whether a column drifted, written a second time: slow, plain and independent of the product.

A column is judged by its parts (distribution, missing, tails). Each part gives a p-value, which says how sure, and a
size, which says how far. It drifted when the p-value, adjusted over all parts of all columns, is below the level and
the size reaches the part's floor.
"""

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2, false_discovery_control, hypergeom

# One false alarm a month allows 0.23 a weekly window; the rule never goes above 0.01.
LEVEL = 0.01
FLOORS = {"distribution": 0.2, "missing": 0.01, "tails": 0.005}
BINS_OF_SIZE = 10

Table = list[tuple[int, int]]  # a row a bin: reference count, window count


class Part(NamedTuple):
    p: float
    size: float


class Verdict(NamedTuple):
    part: str | None  # the one that drifted
    size: float  # of the distribution, whichever part drifted


def judge(reference: pd.DataFrame, window: pd.DataFrame) -> dict[str, Verdict]:
    parts = [
        (column, name, part)
        for column in reference
        for name, part in column_parts(reference[column], window[column]).items()
    ]
    adjusted = false_discovery_control([part.p for _, _, part in parts])
    drifted = {
        column: name
        for (column, name, part), p in reversed(list(zip(parts, adjusted)))
        if p < LEVEL and part.size >= FLOORS[name]
    }
    return {
        column: Verdict(drifted.get(column), part.size) for column, name, part in parts if name == "distribution"
    }


def column_parts(reference: pd.Series, window: pd.Series) -> dict[str, Part]:
    known, seen = reference.dropna(), window.dropna()
    parts = {"missing": missing(reference, window)}
    if not pd.api.types.is_numeric_dtype(reference):
        return {"distribution": categorical(known, seen)} | parts
    known, seen = known.to_numpy(), seen.to_numpy()
    return {"distribution": numeric(known, seen)} | parts | {"tails": tails(known, seen)}


def numeric(reference: np.ndarray, window: np.ndarray) -> Part:
    edges = np.unique(np.quantile(reference, np.arange(1, 60) / 60, method="inverted_cdf"))
    buckets = list(zip(bucket_counts(edges, reference), bucket_counts(edges, window)))
    p = min(contingency(quantile_bins(buckets, bins_for(*totals(buckets)))), location_and_spread(buckets))
    return Part(min(1, 2 * p), size(quantile_bins(buckets, BINS_OF_SIZE)))


def bucket_counts(edges: np.ndarray, rows: np.ndarray) -> list[int]:
    """Bucket i is (edges[i-1], edges[i]]."""
    return np.bincount(np.searchsorted(edges, rows, side="left"), minlength=len(edges) + 1).tolist()


def bins_for(n: int, m: int) -> int:
    return next((bins for bins in (20, 10) if n >= 100 * bins and m >= 5 * bins), 5)


def quantile_bins(buckets: Table, bins: int) -> Table:
    """Equal shares of the reference, joined where the two samples together expect fewer than five rows."""
    n, m = totals(buckets)
    share = n / bins - 1 - 1e-9
    quantiles = joined(buckets, is_full=lambda bin: bin[0] >= share)
    return joined(quantiles, is_full=lambda bin: sum(bin) / (n + m) * min(n, m) >= 5)


def joined(table: Table, is_full) -> Table:
    """From the left, rows are added up until the bin is full; what is left over joins the last bin."""
    bins, held = [], (0, 0)
    for row in table:
        held = added(held, row)
        if is_full(held):
            bins.append(held)
            held = (0, 0)
    if sum(held):
        bins.append(added(bins.pop(), held) if bins else held)
    return bins


def contingency(table: Table) -> float:
    """The larger of the p-values of Pearson's X2 and of G."""
    table = [row for row in table if sum(row)]
    if len(table) < 2:
        return 1.0
    n, m = totals(table)
    x2 = sum((y / m - x / n) ** 2 / ((x + y) / (n + m)) for x, y in table) * n * m / (n + m)
    g = sum(2 * k * log(k * (n + m) / ((x + y) * rows)) for x, y in table for k, rows in ((x, n), (y, m)) if k)
    return max(chi2.sf(x2, len(table) - 1), chi2.sf(g, len(table) - 1))


def location_and_spread(buckets: Table) -> float:
    """Wilcoxon's ranks and Mood's spread, made orthogonal: one chi-squared on two degrees of freedom."""
    r, c = np.array(buckets, dtype=float).T
    n, m = r.sum(), c.sum()
    weight = (r + c) / (n + m)
    rank = 2 * (np.cumsum(weight) - weight / 2) - 1
    basis, z, score = [np.ones_like(rank)], [], rank
    for _ in range(2):
        for known in basis:
            score = score - known * (weight @ (score * known))
        norm = weight @ score**2
        if norm < 1e-8:
            break
        basis.append(score / sqrt(norm))
        z.append(sqrt(n * m / (n + m)) * basis[-1] @ (c / m - r / n))
        score = basis[-1] * rank
    return exp(-(z[0] ** 2 + z[1] ** 2) / 2) if len(z) == 2 else chi2.sf(sum(x * x for x in z), 1)


def categorical(reference: pd.Series, window: pd.Series) -> Part:
    counts = pd.concat([reference.value_counts(), window.value_counts()], axis=1).fillna(0).astype(int)
    table = [(x, y) for x, y in counts.to_numpy().tolist()]
    n, m = totals(table)
    each = [fisher(x, n, y, m) for x, y in table]
    x, y = table[int(np.argmin(each))]
    kept = largest_categories(table)
    p = each[0] if len(table) == 2 else min(1, 2 * min(contingency(kept), len(table) * min(each)))
    return Part(p, max(size(kept), size([(x, y), (n - x, m - y)])))


def largest_categories(table: Table) -> Table:
    """At most 29 that expect five rows; the others are one more, or join the smallest where they are too few."""
    n, m = totals(table)
    is_full = lambda row: sum(row) / (n + m) * min(n, m) >= 5
    ordered = sorted(table, key=sum, reverse=True)
    kept = [row for row in ordered if is_full(row)][:29]
    other = totals([(0, 0), *ordered[len(kept) :]])
    if not kept or is_full(other):
        return [*kept, other]
    return [*kept[:-1], added(kept[-1], other)]


def missing(reference: pd.Series, window: pd.Series) -> Part:
    x, y = int(reference.isna().sum()), int(window.isna().sum())
    return Part(fisher(x, len(reference), y, len(window)), abs(y / len(window) - x / len(reference)))


def tails(reference: np.ndarray, window: np.ndarray) -> Part:
    """More rows beyond the reference's 0.1 % and 99.9 % edges, or beyond its extremes, on either side."""
    low, high = np.quantile(reference, [0.001, 0.999], method="inverted_cdf")
    sides = [(-1, low), (-1, reference.min()), (1, high), (1, reference.max())]
    beyond = [tuple(int((sign * rows > sign * edge).sum()) for rows in (reference, window)) for sign, edge in sides]
    n, m = len(reference), len(window)
    p = min(hypergeom.sf(y - 1, n + m, x + y, m) for x, y in beyond)
    return Part(min(1, 4 * p), max(y / m - x / n for x, y in beyond))


def fisher(x: int, n: int, y: int, m: int) -> float:
    """x of n rows against y of m: two-sided by doubling the smaller tail."""
    return min(1, 2 * min(hypergeom.sf(y - 1, n + m, x + y, m), hypergeom.cdf(y, n + m, x + y, m)))


def size(table: Table) -> float:
    """In standard deviations: the root of PSI without the part that noise alone would give."""
    table = [row for row in table if sum(row)]
    n, m = totals(table)
    psi = 0.0
    for x, y in table:
        half = 0.5 if not x or not y else 0
        p, q = (x + half) / n, (y + half) / m
        psi += (q - p) * log(q / p)
    return sqrt(max(0, psi - (len(table) - 1) * (n + m) / (n * m)))


def added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def totals(table: Table) -> tuple[int, int]:
    n, m = zip(*table)
    return sum(n), sum(m)
