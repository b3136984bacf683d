"""The samples of the known answers: reference.parquet (3000 rows) and current.parquet (1200 rows), a column a shape.

Kept to 6 significant digits where a shape is continuous, so that every language reads the same doubles.

Runs in the environment of test/components/peers/evidently.txt; see README.md beside this file.
"""

from pathlib import Path

import numpy as np
import pandas as pd

here = Path(__file__).parent
rng = np.random.default_rng(20260301)
N, M = 3000, 1200


def rounded(values):
    return np.array([float(f"{v:.6g}") for v in values])


def named(codes, prefix="category "):
    return [f"{prefix}{code}" for code in codes]


def zipf(k):
    weights = 1 / np.arange(1, k + 1)
    return weights / weights.sum()


def moved(weights, category, points):
    changed = weights * (1 - points)
    changed[category] += points
    return changed


def with_missing(values, share):
    values = np.array(values, dtype=float)
    values[rng.random(len(values)) < share] = np.nan
    return values


def mixture(n, shift):
    return np.where(rng.random(n) < 0.5, rng.normal(-2, 0.6, n), rng.normal(2 + shift, 0.6, n))


def zero_inflated(n, scale):
    return np.where(rng.random(n) < 0.6, 0.0, rng.exponential(scale, n))


numeric = {
    "same normal": (rng.normal(0, 1, N), rng.normal(0, 1, M)),
    "normal shifted": (rng.normal(10, 2, N), rng.normal(10.6, 2, M)),
    "normal wider": (rng.normal(0, 1, N), rng.normal(0, 1.25, M)),
    "lognormal": (rng.lognormal(0, 1, N), rng.lognormal(0.2, 1, M)),
    "exponential": (rng.exponential(1, N), rng.exponential(1.2, M)),
    "uniform": (rng.random(N), rng.random(M) ** 1.2),
    "student t3": (rng.standard_t(3, N), rng.standard_t(3, M) + 0.3),
    "bimodal": (mixture(N, 0), mixture(M, 0.4)),
    "negative gamma": (-rng.gamma(2, 3, N), -rng.gamma(2, 3.4, M)),
    "millions": (1e6 + rng.normal(0, 1e4, N), 1e6 + rng.normal(2e3, 1e4, M)),
    "missing values": (with_missing(rng.normal(0, 1, N), 0.05), with_missing(rng.normal(0.2, 1, M), 0.12)),
}
discrete = {
    "zero-inflated": (zero_inflated(N, 1), zero_inflated(M, 1.5)),
    "poisson 2": (rng.poisson(2, N), rng.poisson(2.4, M)),
    "poisson 200": (rng.poisson(200, N), rng.poisson(204, M)),
    "ten grades": (rng.integers(1, 11, N), rng.choice(np.arange(1, 11), M, p=moved(np.full(10, 0.1), 3, 0.1))),
    "heavy ties": (np.round(rng.normal(0, 1, N), 1), np.round(rng.normal(0.2, 1, M), 1)),
    "constant, then varied": (np.full(N, 7.0), np.where(rng.random(M) < 0.9, 7.0, 8.0)),
}
categorical = {
    "four categories": (
        named(rng.choice(4, N, p=[0.4, 0.3, 0.2, 0.1])),
        named(rng.choice(4, M, p=[0.37, 0.28, 0.25, 0.1])),
    ),
    "fifty categories": (
        named(rng.choice(50, N, p=zipf(50))),
        named(rng.choice(50, M, p=moved(zipf(50), 9, 0.03))),
    ),
    "two hundred categories": (
        named(rng.choice(200, N, p=zipf(200))),
        named(rng.choice(200, M, p=zipf(200))),
    ),
    "truth values": (rng.random(N) < 0.3, rng.random(M) < 0.36),
    "unseen category": (
        named(rng.choice(3, N, p=[0.5, 0.3, 0.2])),
        named(rng.choice(4, M, p=[0.5, 0.28, 0.2, 0.02])),
    ),
    "vanished category": (
        named(rng.choice(3, N, p=[0.55, 0.4, 0.05])),
        named(rng.choice(2, M, p=[0.58, 0.42])),
    ),
}

columns = (
    {name: tuple(map(rounded, pair)) for name, pair in numeric.items()}
    | {name: tuple(map(rounded, pair)) for name, pair in discrete.items()}
    | categorical
)
for side, file in enumerate(["reference.parquet", "current.parquet"]):
    pd.DataFrame({name: pair[side] for name, pair in columns.items()}).to_parquet(here / file, compression="zstd")
