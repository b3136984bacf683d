"""Alibi Detect's TabularDrift by its defaults: Kolmogorov-Smirnov and chi-squared, Bonferroni over the features, 0.05."""

import warnings

import numpy as np
from alibi_detect.cd import TabularDrift

from alarms import CHANGED, cut, judged

warnings.filterwarnings("ignore")


def rule(reference, windows, rows):
    names = [name for name in windows if name not in CHANGED]
    codes = {name: {category: code for code, category in enumerate(sorted(set(reference[name])))} for name in names}

    def matrix(frame, columns):
        """Alibi takes numbers alone: categories by their place in the alphabet."""
        by_name = [frame[columns.get(name, name)] for name in names]
        coded = [column.map(codes[name]) if name[0] == "c" else column for name, column in zip(names, by_name)]
        return np.column_stack(coded).astype(float)

    categorical = {i: None for i, name in enumerate(names) if name[0] == "c"}
    detector = TabularDrift(matrix(reference, {}), categories_per_feature=categorical)

    def drifted(window, columns):
        said = detector.predict(matrix(window, columns))["data"]
        return {name for name, p in zip(names, said["p_val"]) if p < said["threshold"]}

    for window in cut(windows, rows):
        twins = {twin for twin, original in CHANGED.items() if original in drifted(window, {original: twin})}
        yield drifted(window, {}) | twins


judged(rule)
