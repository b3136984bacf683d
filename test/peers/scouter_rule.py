"""Scouter's PSI of deciles and categories, by its package, above the limit of its default PsiChiSquareThreshold.

The package computes PSI; alarms are its server's, which compares with chi-squared at 0.05 over the window's rows.
"""

import warnings

import pandas as pd
from scipy.stats import chi2
from scouter.drift import Drifter, PsiDriftConfig

from alarms import cut, judged

warnings.filterwarnings("ignore")


def rule(reference, windows, rows):
    names = list(windows)
    kinds = {name: pd.CategoricalDtype(sorted(set(reference[name]))) for name in names if name[0] == "c"}
    drifter = Drifter()
    config = PsiDriftConfig(space="peers", name="windows", version="1.0.0", categorical_features=list(kinds))
    profile = drifter.create_drift_profile(reference[names].astype(kinds), config)
    bins = {name: len(feature.bins) for name, feature in profile.features.items()}
    for window in cut(windows, rows):
        found = drifter.compute_drift(window.astype(kinds), profile).features
        yield {name for name, psi in found.items() if psi > chi2.isf(0.05, bins[name] - 1) / rows}


judged(rule)
