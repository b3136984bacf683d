"""Known answers for packages/sketches, from numpy and from Python's own decimal and hashlib.

Run in a virtual environment outside the repository:
  python -m venv /tmp/known-answers && /tmp/known-answers/bin/pip install -r requirements.txt
  /tmp/known-answers/bin/python sketches.py
"""

import hashlib
import json
import math
import platform
from decimal import Decimal, getcontext
from pathlib import Path

import numpy as np
import rfc8785

ROWS = 300
MOST_BUCKETS = 32
QUANTILES = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]
getcontext().prec = 60


def distributions(random):
    normal = random.standard_normal
    zero = np.zeros(ROWS)
    return {
        "normal": normal(ROWS),
        "narrow around 1000": 1000 + normal(ROWS) / 100,
        "lognormal": np.exp(2 * normal(ROWS)),
        "exponential": random.exponential(size=ROWS),
        "uniform": random.uniform(-1, 1, ROWS),
        "Student t, 3 degrees": random.standard_t(3, ROWS),
        "bimodal": np.where(random.random(ROWS) < 0.5, -5, 5) + normal(ROWS),
        "zero-inflated": np.where(random.random(ROWS) < 0.6, zero, np.exp(normal(ROWS))),
        "Poisson": random.poisson(2, ROWS).astype(float),
        "constant": zero + 7.25,
    }


def edges_of(values):
    return np.unique(np.quantile(values, np.arange(1, 20) / 20, method="inverted_cdf"))


def exponential_index(magnitude, scale):
    """Bucket i holds (base^i, base^(i+1)] with base = 2^(2^-scale); 60 digits, so that nothing rounds over a boundary."""
    mantissa, exponent = math.frexp(magnitude)
    if mantissa == 0.5:
        log2 = Decimal(exponent - 1)
    else:
        log2 = Decimal(magnitude).ln() / Decimal(2).ln()
    return math.ceil(log2 * Decimal(2) ** scale) - 1


def exponential_sides(values, scale):
    sides = {}
    for name, magnitudes in {"positive": values[values > 0], "negative": -values[values < 0]}.items():
        indexes = [exponential_index(float(x), scale) for x in magnitudes]
        low = min(indexes, default=0)
        sides[name] = {"offset": low, "counts": np.bincount([i - low for i in indexes]).tolist() if indexes else []}
    return sides


def exponential_histogram(values):
    """The finest scale at which either sign fits."""
    for scale in range(20, -12, -1):
        sides = exponential_sides(values, scale)
        if all(len(side["counts"]) <= MOST_BUCKETS for side in sides.values()):
            return {"scale": scale, "zeroCount": int(np.sum(values == 0)), **sides}
    raise AssertionError("no scale fits")


def quantile_bins(counts, bins):
    """The first condition of the drift decision: close a bin at N/B - 1 reference rows; the leftover joins the last."""
    rows = sum(counts)
    closed, held = [], 0
    last = []
    for bucket, count in enumerate(counts):
        held += count
        last.append(bucket)
        if held >= rows / bins - 1 - 1e-9:
            closed.append(last)
            held, last = 0, []
    if last and closed:
        closed[-1] += last
    return [bucket[-1] for bucket in closed[:-1]]


def answers_for(values):
    edges = edges_of(values)
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    points = np.unique(np.append(edges[:: max(1, len(edges) // 5)], values.max()))
    return {
        "values": values.tolist(),
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "sum": math.fsum(values),
        "quantiles": dict(zip(map(str, QUANTILES), np.quantile(values, QUANTILES, method="inverted_cdf").tolist())),
        "cumulativeShares": [[float(x), float(np.mean(values <= x))] for x in points],
        "exponential": exponential_histogram(values),
        "bins": {str(bins): quantile_bins(counts.tolist(), bins) for bins in (5, 10, 20)},
    }


def co_moments(columns):
    """Lower triangle by rows of the sums of products of deviations of values limited to three standard deviations."""
    standardised = [np.clip((values - 1) / 2, -3, 3) for values in columns]
    sums = np.cov(np.array(standardised), bias=True) * ROWS
    return {
        "mean": 1,
        "sd": 2,
        "means": [float(np.mean(values)) for values in standardised],
        "sums": [float(sums[i, j]) for i in range(len(columns)) for j in range(i + 1)],
    }


def direction(seed, projection, dimensions):
    components = []
    for block in range((dimensions + 3) // 4):
        digest = hashlib.sha256(f"{seed}/{projection}/{block}".encode()).digest()
        words = [int.from_bytes(digest[8 * i : 8 * i + 8], "big") for i in range(4)]
        u = [((word >> 11) + 1) / 2**53 for word in words]
        for radius, angle in ((u[0], u[1]), (u[2], u[3])):
            length = math.sqrt(-2 * math.log(radius))
            components += [length * math.cos(2 * math.pi * angle), length * math.sin(2 * math.pi * angle)]
    return components[:dimensions]


def profile():
    content = {
        "format": "driftline.profile/1",
        "model": {"name": "Größe €", "version": "1"},
        "rows": 3,
        "features": {
            "z": {"kind": "categorical", "categories": {"é": 1, "10": 1, "2": 1}, "missing": 0},
            "a": {
                "kind": "numeric",
                "edges": [-5e-324, 0.1, 1e21, 333333333.33333329e10],
                "counts": [0, 3, 0, 0, 0],
                "bins": {"5": [], "10": [], "20": []},
                "quantileEdges": [0, 1],
                "tails": {"lower": 0, "upper": 1},
                "mean": 1e-7,
                "sd": 0.0,
                "min": 0.0,
                "max": 0.1,
                "missing": 0,
            },
        },
        "outputs": {},
    }
    content["features"]["a"]["edges"].sort()
    identity = hashlib.sha256(rfc8785.dumps(content)).hexdigest()[:16]
    return {**content, "id": f"sha256:{identity}", "createdAt": "2026-11-20"}


def main():
    random = np.random.default_rng(20261123)
    samples = {
        name: np.array([float(f"{x:.6g}") for x in values]) for name, values in distributions(random).items()
    }
    mapping = [[float(x), scale, exponential_index(float(x), scale)]
               for scale in (-3, 0, 4, 20)
               for x in (5e-324, 1.1e-310, 2.0**-1022, 0.1, 1, np.nextafter(1, 2), 1.5, 2, 3.3e5, 2.0**100, np.nextafter(2.0**100, 1), 1.7e308)]
    answers = {
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "rfc8785": "0.1.4"},
        "mostBuckets": MOST_BUCKETS,
        "distributions": {name: answers_for(values) for name, values in samples.items()},
        "mapping": mapping,
        "coMoments": {"of": ["normal", "lognormal", "uniform"], **co_moments([samples[n] for n in ("normal", "lognormal", "uniform")])},
        "directions": {"seed": "téxt", "dimensions": 7, "components": [c for p in range(2) for c in direction("téxt", p, 7)]},
        "profile": profile(),
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(answers, ensure_ascii=False, separators=(",", ":")).replace(',"', ',\n"') + "\n")


if __name__ == "__main__":
    main()
