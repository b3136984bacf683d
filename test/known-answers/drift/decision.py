"""Known answers of the drift decision from scipy, mpmath and numpy. Writes decision.json beside this file:

    python -m venv /tmp/known-answers && /tmp/known-answers/bin/pip install -r requirements.txt
    /tmp/known-answers/bin/python decision.py

Each answer takes another road than the code under test: contingency tables by scipy, orthogonal scores by a QR
decomposition, exact tests by mpmath with 40 digits.
"""

import json
from pathlib import Path

import mpmath
import numpy as np
import scipy
from scipy import stats

mpmath.mp.dps = 40
rng = np.random.default_rng(20260201)


def chi2_sf(x, df):
    return float(mpmath.gammainc(mpmath.mpf(df) / 2, mpmath.mpf(x) / 2, mpmath.inf, regularized=True))


def at_least(count, rows, marked, drawn):
    last = min(marked, drawn)
    if count <= max(0, drawn + marked - rows):
        return 1.0
    term = mpmath.binomial(marked, count) * mpmath.binomial(rows - marked, drawn - count) / mpmath.binomial(rows, drawn)
    total = mpmath.mpf(0)
    for k in range(count, last + 1):
        total += term
        term *= mpmath.mpf((marked - k) * (drawn - k)) / ((k + 1) * (rows - marked - drawn + k + 1))
        if term < total * mpmath.mpf(10) ** -35 and k > drawn * marked / rows:
            break
    return float(total)


def scaled(count, phi):
    return int(np.floor(count / phi + 0.5))


def fisher_more(hits, rows, phi=1.0):
    k, y, n, m = (scaled(v, phi) for v in (*hits, *rows))
    return at_least(y, n + m, k + y, m)


def fisher_two_sided(hits, rows, phi=1.0):
    k, y, n, m = (scaled(v, phi) for v in (*hits, *rows))
    more = at_least(y, n + m, k + y, m)
    fewer = at_least(m - y, n + m, n + m - k - y, m)
    return min(1.0, 2 * min(more, fewer))


def effective(bins):
    n, m = bins.sum(axis=0)
    return n * m / (n + m)


def psi(bins):
    n, m = bins.sum(axis=0)
    total = 0.0
    for x, y in bins[bins.sum(axis=1) > 0]:
        half = 0.5 if x == 0 or y == 0 else 0.0
        p, q = (x + half) / n, (y + half) / m
        total += (q - p) * np.log(q / p)
    return total


def size(bins, phi):
    return float(np.sqrt(max(0.0, psi(bins) - (len(bins) - 1) * phi / effective(bins))))


def table_p(bins, phi):
    if len(bins) < 2:
        return dict(p=1.0, x2=0.0, g=0.0, degreesOfFreedom=len(bins) - 1)
    x2 = stats.chi2_contingency(bins, correction=False)
    g = stats.chi2_contingency(bins, correction=False, lambda_="log-likelihood")
    p = max(chi2_sf(x2.statistic / phi, x2.dof), chi2_sf(g.statistic / phi, x2.dof))
    return dict(p=p, x2=float(x2.statistic), g=float(g.statistic), degreesOfFreedom=int(x2.dof))


def location_spread(buckets, phi):
    filled = buckets[buckets.sum(axis=1) > 0].astype(float)
    n, m = filled.sum(axis=0)
    w = filled.sum(axis=1) / (n + m)
    if len(filled) < 2:
        return dict(p=1.0, location=0.0, spread=0.0)
    midrank = 2 * (np.cumsum(w) - w / 2) - 1
    powers = np.vander(midrank, min(3, len(filled)), increasing=True)
    q, r = np.linalg.qr(np.sqrt(w)[:, None] * powers)
    scores = q * np.sign(np.diag(r)) / np.sqrt(w)[:, None]
    z = np.sqrt(effective(filled)) * scores.T @ (filled[:, 1] / m - filled[:, 0] / n)
    if len(filled) == 2:
        return dict(p=chi2_sf(z[1] ** 2 / phi, 1), location=float(z[1]), spread=0.0)
    return dict(p=float(mpmath.exp(-(z[1] ** 2 + z[2] ** 2) / (2 * phi))), location=float(z[1]), spread=float(z[2]))


def closing_buckets(reference, bins):
    """Index of the last bucket of every bin but the last: a bin closes at N/B - 1 rows of the reference,
    and what is left over joins the last bin."""
    closing, held = [], 0
    for bucket, count in enumerate(reference):
        held += count
        if held >= sum(reference) / bins - 1 - 1e-9:
            closing.append(bucket)
            held = 0
    return closing[:-1]


def stored_bins(buckets, closing):
    return np.array([part.sum(axis=0) for part in np.split(buckets, [c + 1 for c in closing])])


def dense_bins(bins):
    n, m = bins.sum(axis=0)
    dense, held = [], np.zeros(2, dtype=np.int64)
    for one in bins:
        held = held + one
        if held.sum() * min(n, m) / (n + m) >= 5:
            dense.append(held)
            held = np.zeros(2, dtype=np.int64)
    if held.sum():
        dense = [*dense[:-1], dense[-1] + held] if dense else [held]
    return np.array(dense)


def numeric_case(reference, current, phi=1.0):
    n, m = sum(reference), sum(current)
    buckets = np.column_stack([reference, current]).astype(np.int64)
    closing = {b: closing_buckets(reference, b) for b in (5, 10, 20)}
    count = 20 if n >= 2000 and m >= 100 else 10 if n >= 1000 and m >= 50 else 5
    table = table_p(dense_bins(stored_bins(buckets, closing[count])), phi)
    shift = location_spread(buckets, phi)
    return dict(
        reference=reference,
        current=current,
        closing=closing,
        phi=phi,
        answer=dict(
            p=min(1.0, 2 * min(table["p"], shift["p"])),
            size=size(dense_bins(stored_bins(buckets, closing[10])), phi),
            table=table,
            locationSpread=shift,
        ),
    )


def common_categories(bins):
    n, m = bins.sum(axis=0)
    order = sorted(range(len(bins)), key=lambda i: -bins[i].sum())
    enough = lambda rows: rows.sum() * min(n, m) / (n + m) >= 5
    kept = [i for i in order if enough(bins[i])][:29]
    rest = bins[[i for i in order if i not in kept]].sum(axis=0)
    merged = [bins[i] for i in kept]
    if rest.sum() and (enough(rest) or not merged):
        merged.append(rest)
    elif rest.sum():
        merged[-1] = merged[-1] + rest
    return np.array(merged)


def categorical_case(reference, current, phi=1.0):
    bins = np.column_stack([reference, current]).astype(np.int64)
    present = bins[bins.sum(axis=1) > 0]
    rows = present.sum(axis=0)
    singles = [fisher_two_sided(hits, rows, phi) for hits in present]
    best = int(np.argmin(singles))
    merged = common_categories(present)
    pair = np.array([present[best], rows - present[best]])
    one = min(1.0, len(present) * singles[best])
    p = singles[best] if len(present) == 2 else min(1.0, 2 * min(table_p(merged, phi)["p"], one))
    return dict(
        reference=reference,
        current=current,
        phi=phi,
        answer=dict(p=p, size=max(size(merged, phi), size(pair, phi))),
    )


def bucketed(reference, current):
    """Counts between 60 quantiles of the reference, as a profile keeps them: an atom is a bucket of its own."""
    edges = np.unique(np.quantile(reference, np.arange(1, 60) / 60, method="inverted_cdf"))
    count = lambda values: np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1).tolist()
    return count(reference), count(current)


SHAPES = {
    "normal": lambda k: rng.normal(size=k),
    "lognormal": lambda k: rng.lognormal(size=k),
    "t3": lambda k: rng.standard_t(3, size=k),
    "zero-inflated": lambda k: np.where(rng.random(k) < 0.6, 0, rng.exponential(size=k)),
    "poisson 2": lambda k: rng.poisson(2, size=k).astype(float),
    "two values": lambda k: (rng.random(k) < 0.3).astype(float),
}


def numeric_cases():
    for shape, draw in SHAPES.items():
        for n, m in ((500, 100), (1000, 300), (2000, 60), (10_000, 1000), (10_000, 100_000)):
            for shift, scale, phi in ((0, 1, 1.0), (0.3, 1, 1.0), (0, 1.5, 2.9)):
                reference = draw(n)
                current = draw(m) * scale + (shift * np.std(reference) if shape in ("normal", "lognormal", "t3") else 0)
                if shift and shape not in ("normal", "lognormal", "t3"):
                    current = np.where(rng.random(m) < 0.1, reference.max(), current)
                yield dict(shape=shape, **numeric_case(*bucketed(reference, current), phi))
    yield dict(shape="constant", **numeric_case([1000, 0], [300, 0]))
    yield dict(shape="constant, then two values", **numeric_case([1000, 0], [290, 10]))


def categorical_cases():
    for k in (2, 3, 5, 50):
        shares = rng.dirichlet(np.full(k, 0.7))
        for n, m in ((1000, 100), (10_000, 300), (10_000, 1000), (100_000, 10_000)):
            for moved, phi in ((0.0, 1.0), (0.05, 1.0), (0.1, 2.9)):
                now = shares * (1 - moved)
                now[-1] += moved
                yield categorical_case(rng.multinomial(n, shares).tolist(), rng.multinomial(m, now).tolist(), phi)
    yield categorical_case([4000, 2500, 1500, 2000, 0], [110, 80, 40, 64, 6])
    yield categorical_case([8000, 2000], [740, 260])


def fisher_cases():
    for n, m in ((1000, 100), (10_000, 1000), (100_000, 100_000), (50_000_000, 1_000_000)):
        for share, now in ((0, 0), (0, 0.002), (0.01, 0.01), (0.01, 0.03), (0.4, 0.37), (0.97, 1.0)):
            for phi in (1.0, 2.5):
                hits, rows = (int(n * share), int(m * now)), (n, m)
                more, both = fisher_more(hits, rows, phi), fisher_two_sided(hits, rows, phi)
                yield dict(hits=hits, rows=rows, phi=phi, more=more, twoSided=both)


def dispersion_case(chunks):
    chunks = np.array(chunks)
    total = chunks.sum(axis=0)
    filled = chunks[:, total > 0].astype(float)
    w = total[total > 0] / total.sum()
    midrank = 2 * (np.cumsum(w) - w / 2) - 1
    q, r = np.linalg.qr(np.sqrt(w)[:, None] * np.vander(midrank, 3, increasing=True))
    scores = q * np.sign(np.diag(r)) / np.sqrt(w)[:, None]
    rows = filled.sum(axis=1)
    location, spread = ((filled @ scores[:, k]) ** 2 / rows for k in (1, 2))
    table = stats.chi2_contingency(filled, correction=False)
    c = len(chunks)
    answer = dict(location=location.sum() / (c - 1), spread=spread.sum() / (c - 1), table=table.statistic / table.dof)
    return dict(chunks=chunks.tolist(), answer={name: float(value) for name, value in answer.items()})


def dispersion_cases():
    for c, m, users in ((20, 200, 1), (50, 100, 20)):
        level = np.repeat(rng.normal(scale=np.sqrt(0.1), size=c * m // users), users)
        values = (level if users > 1 else 0) + rng.normal(size=c * m)
        edges = np.quantile(values, np.arange(1, 20) / 20)
        rows = np.searchsorted(edges, values).reshape(c, m)
        yield dispersion_case([np.bincount(chunk, minlength=20) for chunk in rows])


def adjusted_cases():
    for k in (1, 2, 7, 60):
        p = np.round(rng.beta(0.3, 1, size=k), 12)
        yield dict(p=p.tolist(), answer=stats.false_discovery_control(p).tolist())
    ties = [0.02, 0.001, 0.02, 1.0, 0.5]
    yield dict(p=ties, answer=stats.false_discovery_control(ties).tolist())


def main():
    hypergeometric = [
        dict(count=count, rows=rows, marked=marked, drawn=drawn, answer=at_least(count, rows, marked, drawn))
        for rows, marked, drawn in ((60, 20, 15), (11_000, 121, 1000), (110_000, 5000, 10_000), (1_000_100_000, 5_000_000, 100_000))
        for mean in [drawn * marked / rows]
        for count in sorted({max(0, int(mean + step * np.sqrt(mean))) for step in (-6, -2, 0, 2, 6, 12)})
        if count <= min(marked, drawn)
    ]
    chi_squared = [
        dict(x=x, degreesOfFreedom=df, answer=chi2_sf(x, df))
        for df in (1, 2, 4, 9, 19, 29)
        for x in (0.0, 0.01, 1.0, 4.5, 9.0, 30.0, 80.0, 200.0, 700.0)
    ]
    answers = dict(
        versions=dict(scipy=scipy.__version__, mpmath=mpmath.__version__, numpy=np.__version__),
        chiSquared=chi_squared,
        hypergeometric=hypergeometric,
        fisher=list(fisher_cases()),
        numeric=list(numeric_cases()),
        categorical=list(categorical_cases()),
        adjusted=list(adjusted_cases()),
        dispersion=list(dispersion_cases()),
    )
    lines = [f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in answers.items()]
    Path(__file__).with_suffix(".json").write_text("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main()
