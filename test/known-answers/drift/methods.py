"""Known answers of the drift methods from scipy and astropy. Writes methods.json beside this file:

    python -m venv /tmp/known-answers && /tmp/known-answers/bin/pip install -r requirements.txt
    /tmp/known-answers/bin/python methods.py

Shares and tables go to scipy as they are. What needs order or distance is asked of values that repeat, each a bucket of
its own, so that buckets hide nothing and scipy's answer on the rows must be met.
"""

import json
from pathlib import Path

import astropy
import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial import distance

rng = np.random.default_rng(20260401)


def with_halves(bins):
    filled = bins[bins.sum(axis=1) > 0].astype(float)
    filled[(filled == 0).any(axis=1)] += 0.5
    return filled


def psi(bins):
    n, m = bins.sum(axis=0)
    halved = with_halves(bins)
    p, q = halved[:, 0] / n, halved[:, 1] / m
    return float(special.rel_entr(q, p).sum() + special.rel_entr(p, q).sum())


def cramers_v(bins):
    """Bergsma (2013), from scipy's association of the same table."""
    filled = bins[bins.sum(axis=1) > 0]
    n, (r, c) = filled.sum(), filled.shape
    phi2 = stats.contingency.association(filled, method="cramer", correction=False) ** 2 * min(r - 1, c - 1)
    phi2 = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return float(np.sqrt(phi2 / min(r - 1, c - 1)))


def proportion_z(bins):
    n, m = bins.sum(axis=0)
    best = None
    for x, y in bins[bins.sum(axis=1) > 0]:
        pooled = (x + y) / (n + m)
        z = (y / m - x / n) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        if best is None or abs(z) > abs(best[0]):
            best = (z, abs(y / m - x / n))
    filled = int((bins.sum(axis=1) > 0).sum())
    tests = 1 if filled == 2 else filled
    return dict(score=float(best[1]), p=float(min(1, tests * 2 * stats.norm.sf(abs(best[0])))))


def table_case(reference, current):
    bins = np.column_stack([reference, current])
    p, q = (side / side.sum() for side in (np.array(reference), np.array(current)))
    table = stats.chi2_contingency(bins[bins.sum(axis=1) > 0], correction=False)
    halved = with_halves(bins)
    return dict(
        reference=reference,
        current=current,
        answers={
            "psi": dict(score=psi(bins)),
            "jensen-shannon": dict(score=float(distance.jensenshannon(p, q, base=2))),
            "hellinger": dict(score=float(np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2))),
            "total-variation": dict(score=float(distance.cityblock(p, q) / 2)),
            "l-infinity": dict(score=float(distance.chebyshev(p, q))),
            "kullback-leibler": dict(score=float(stats.entropy(halved[:, 1], halved[:, 0]))),
            "chi-squared": dict(score=float(table.statistic), p=float(table.pvalue)),
            "cramers-v": dict(score=cramers_v(bins)),
            "proportion-z": proportion_z(bins),
        },
    )


def table_cases():
    for k in (2, 3, 10, 50):
        shares = rng.dirichlet(np.full(k, 2.0))
        for n, m in ((1000, 300), (10_000, 1000)):
            for moved in (0.0, 0.05):
                now = shares * (1 - moved)
                now[-1] += moved
                yield table_case(rng.multinomial(n, shares).tolist(), rng.multinomial(m, now).tolist())
    yield table_case([600, 400, 0], [300, 150, 50])
    yield table_case([600, 0, 400], [0, 500, 0])


def quadratic_tail(statistic, weights):
    """P(sum of weighted squares of normals > statistic), by inverting its characteristic function (Imhof)."""
    u = np.linspace(1e-9, 4000, 4_000_001)
    angle = 0.5 * sum(np.arctan(w * u) for w in weights) - 0.5 * statistic * u
    size = np.exp(0.25 * sum(np.log1p((w * u) ** 2) for w in weights))
    return float(0.5 + np.trapezoid(np.sin(angle) / (u * size), u) / np.pi)


def value_case(shape, reference, current):
    x, y = np.sort(reference), np.sort(current)
    values = np.unique(np.concatenate([x, y]))
    n, m = len(x), len(y)
    effective = n * m / (n + m)
    f, g = (np.searchsorted(side, values, side="right") / len(side) for side in (x, y))
    ks = stats.ks_2samp(x, y, method="asymp").statistic
    kuiper = float((g - f).max() + (f - g).max())
    shares = np.unique(np.concatenate([x, y]), return_counts=True)[1] / (n + m)
    # Anderson's T is N·M/(N+M) times this. Where no value repeats it is scipy's; where values do, scipy ranks ties by
    # their middle and T is not zero for equal samples of unequal sizes.
    omega = float((shares * (f - g) ** 2).sum())
    if len(values) == n + m:
        assert np.isclose(stats.cramervonmises_2samp(x, y, method="asymptotic").statistic, effective * omega)
    a2 = anderson_darling(x, y)
    sd = float(np.std(x, ddof=1))
    welch = stats.ttest_ind(x, y, equal_var=False)
    spread = stats.levene(x, y, center="median")
    dx, dy = np.abs(x - np.median(x)).mean(), np.abs(y - np.median(y)).mean()
    t = effective * omega
    return dict(
        shape=shape,
        values=values.tolist(),
        reference=np.searchsorted(x, values, side="right").tolist(),
        current=np.searchsorted(y, values, side="right").tolist(),
        sd=sd,
        answers={
            "kolmogorov-smirnov": dict(score=float(ks), p=float(special.kolmogorov(np.sqrt(effective) * ks))),
            "kuiper": dict(score=kuiper),
            "wasserstein": dict(score=float(stats.wasserstein_distance(x, y)) / sd),
            "energy-distance": dict(score=float(stats.energy_distance(x, y)) / np.sqrt(sd)),
            "cramer-von-mises": dict(score=omega, p=cvm_tail(t)),
            "anderson-darling": dict(score=a2 / effective),
            "mean-shift": dict(score=float(abs(y.mean() - x.mean()) / sd), p=float(welch.pvalue)),
            "variance-shift": dict(score=float(abs(dy - dx) / dx), p=float(spread.pvalue)),
        },
    )


def anderson_darling(x, y):
    """A² before scipy standardises it; its (N - 1)/N, which vanishes with the rows, is taken out."""
    n = len(x) + len(y)
    standardised = stats.anderson_ksamp([x, y], variant="midrank", method=stats.PermutationMethod(n_resamples=1))
    h = (1 / np.arange(1, n)).sum()
    g = sum((1 / (n - i)) * (1 / np.arange(i + 1, n)).sum() for i in range(1, n - 1))
    harmonic = 1 / len(x) + 1 / len(y)
    a = (4 * g - 6) + (10 - 6 * g) * harmonic
    b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * harmonic - 8 * h + 4 * g - 6
    c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * harmonic + 4 * h
    d = (2 * h + 6) * 4 - 8 * h
    sigma = np.sqrt((a * n**3 + b * n**2 + c * n + d) / ((n - 1.0) * (n - 2.0) * (n - 3.0)))
    return float((standardised.statistic * sigma + 1) * n / (n - 1))


def cvm_tail(t):
    """Csörgő and Faraway (1996), as in scipy's cramervonmises, without its correction for few rows."""
    k = np.arange(40)
    y = 4 * k + 1
    q = y**2 / (16 * t)
    terms = np.exp(special.gammaln(k + 0.5) - special.gammaln(k + 1)) / (np.pi**1.5 * np.sqrt(t))
    return float(1 - (terms * np.sqrt(y) * np.exp(-2 * q) * special.kve(0.25, q)).sum())


SHAPES = {
    "normal, to one digit": lambda k, moved: np.round(rng.normal(moved * 0.4, 1, size=k), 1),
    "poisson": lambda k, moved: rng.poisson(2 + moved, size=k).astype(float),
    "zero-inflated": lambda k, moved: np.where(
        rng.random(k) < 0.6 - 0.1 * moved, 0, np.round(rng.exponential(size=k), 1)
    ),
    "wider": lambda k, moved: np.round(rng.normal(0, 1 + 0.5 * moved, size=k), 1),
    "no value twice": lambda k, moved: rng.normal(0.5 * moved, 1, size=k),
}


def value_cases():
    for shape, draw in SHAPES.items():
        sizes = ((60, 40), (101, 51)) if shape == "no value twice" else ((500, 100), (2000, 600))
        for n, m in sizes:
            for moved in (0, 1):
                yield value_case(shape, draw(n, 0), draw(m, moved))


def tails():
    for t in (0.5, 1, 2, 3.5, 5, 9, 14):
        for df in (1.5, 5, 30, 98.7, 1000, 1e6):
            yield dict(of="student", x=t, degreesOfFreedom=df, p=float(2 * stats.t.sf(t, df)))
    for x in (0.3, 0.5, 0.83, 1.36, 2, 4):
        yield dict(of="kolmogorov", x=x, p=float(special.kolmogorov(x)))
    for x in (0.02, 0.05, 0.12, 0.347, 0.46, 0.743, 1.2, 1.6):
        yield dict(of="cramer-von-mises", x=x, p=cvm_tail(x))
    k = np.arange(1, 400)
    for x in (0.2, 0.5, 1.0, 1.933, 2.492, 3.857, 6.0):
        # The weights that are left out add their mean to x.
        p = quadratic_tail(x - 1 / 400, 1 / (k * (k + 1.0)))
        yield dict(of="anderson-darling", x=x, p=p)


def kuiper_tails():
    """astropy's is of one sample of so many rows, so it is met at many rows only."""
    from astropy.stats import kuiper_false_positive_probability

    for v in (0.012, 0.016, 0.0175, 0.02, 0.03):
        yield dict(of="kuiper", rows=10_000, x=v, p=float(kuiper_false_positive_probability(v, 10_000)))


def main():
    answers = dict(
        versions=dict(scipy=scipy.__version__, numpy=np.__version__, astropy=astropy.__version__),
        tables=list(table_cases()),
        values=list(value_cases()),
        tails=[*tails(), *kuiper_tails()],
    )
    lines = [f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in answers.items()]
    Path(__file__).with_suffix(".json").write_text("{" + ",\n".join(lines) + "}\n")


main()
