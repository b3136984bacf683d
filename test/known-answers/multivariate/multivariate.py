"""Known answers of the multivariate part from numpy, scipy and scikit-learn. Writes multivariate.json beside this file:

    python -m venv /tmp/known-answers && /tmp/known-answers/bin/pip install -r requirements.txt
    /tmp/known-answers/bin/python multivariate.py

Each answer takes another road than the code under test: correlations from rows by numpy, reconstruction by
scikit-learn's PCA row by row, variances of correlations by the jackknife, their skewness by the bootstrap, distances by
a solved system.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import scipy.stats
import sklearn
from scipy.spatial.distance import mahalanobis
from sklearn.decomposition import PCA

rng = np.random.default_rng(20261128)
ROWS, NOW = 400, 150
LIMIT = 3


def mixed(rows, correlation):
    common = rng.normal(size=rows)
    share = np.sqrt(correlation)
    return np.column_stack([share * common + np.sqrt(1 - correlation) * rng.normal(size=rows) for _ in range(4)])


def columns(normal):
    return np.column_stack([50 + 10 * normal[:, 0], np.exp(normal[:, 1]), np.maximum(0, np.round(normal[:, 2] + 1)), 1e6 + normal[:, 3]])


def jackknife(x, y):
    """n times the variance of atanh(r), leaving out one row at a time."""
    n = len(x)
    z = [np.arctanh(np.corrcoef(np.delete(x, i), np.delete(y, i))[0, 1]) for i in range(n)]
    return float((n - 1) * np.sum((z - np.mean(z)) ** 2))


def bootstrap_skewness(x, y, samples=400_000, chunk=2_000):
    """Of atanh(r), times the root of the rows: by drawing samples of as many rows."""
    n = len(x)
    draws = np.random.default_rng(1)
    z = []
    for _ in range(samples // chunk):
        rows = draws.integers(0, n, (chunk, n))
        a, b = x[rows], y[rows]
        a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
        z.append(np.arctanh((a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))))
    return float(scipy.stats.skew(np.concatenate(z)) * np.sqrt(n))


def case(name, before, now):
    reference, window = columns(mixed(ROWS, before)), columns(mixed(NOW, now))
    mean, sd = reference.mean(axis=0), reference.std(axis=0, ddof=1)
    limited = lambda rows: np.clip((rows - mean) / sd, -LIMIT, LIMIT)
    known, current = limited(reference), limited(window)
    pairs = [(i, j) for i in range(4) for j in range(i)]
    pca = PCA(svd_solver="full").fit(known)
    components = int(np.searchsorted(np.cumsum(pca.explained_variance_ratio_), 0.7) + 1)
    pca = PCA(n_components=components, svd_solver="full").fit(known)
    distances = lambda rows: ((rows - pca.inverse_transform(pca.transform(rows))) ** 2).sum(axis=1)
    covariance = np.cov(known, rowvar=False, bias=True)
    raw = (window - mean) / sd
    inverse = np.linalg.inv(covariance)
    return dict(
        name=name,
        reference=reference.tolist(),
        window=window.tolist(),
        mean=mean.tolist(),
        sd=sd.tolist(),
        correlations=dict(
            reference=[float(np.corrcoef(known[:, i], known[:, j])[0, 1]) for i, j in pairs],
            window=[float(np.corrcoef(current[:, i], current[:, j])[0, 1]) for i, j in pairs],
        ),
        variances=[jackknife(known[:, i], known[:, j]) for i, j in pairs],
        skewness=scipy.stats.skew(known).tolist(),
        pairSkewness=[bootstrap_skewness(known[:, i], known[:, j]) for i, j in pairs],
        kurtosis=scipy.stats.kurtosis(known, fisher=False).tolist(),
        reconstruction=dict(
            components=components,
            reference=float(distances(known).mean()),
            sd=float(distances(known).std(ddof=1)),
            window=float(distances(current).mean()),
        ),
        mahalanobis=[float(mahalanobis(row, known.mean(axis=0), inverse)) for row in raw[:20]],
    )


def gamma_tails():
    """Both sides of a gamma distribution with mean 0, variance 1 and this skewness."""
    for skewness in (0.01, 0.1, 0.5, 1.5):
        for z in (0.0, 1.0, 3.0, 5.3, 7.0):
            yield dict(z=z, skewness=skewness, answer=float(2 * scipy.stats.pearson3.sf(z, skewness)))


def main():
    answers = dict(
        versions=dict(numpy=np.__version__, scipy=scipy.__version__, sklearn=sklearn.__version__),
        gammaTails=list(gamma_tails()),
        cases=[case("unrelated", 0.0, 0.0), case("as before", 0.6, 0.6), case("no longer together", 0.6, 0.0)],
    )
    lines = [f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in answers.items()]
    Path(__file__).with_suffix(".json").write_text("{" + ",\n".join(lines) + "}\n")


main()
