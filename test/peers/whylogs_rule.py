"""whylogs' default: the p-value of KS or chi-squared of its sketches, called drift by its own categories."""

import warnings

import whylogs
from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

from alarms import cut, judged

warnings.filterwarnings("ignore")


def rule(reference, windows, rows):
    known = whylogs.log(reference).view()
    for window in cut(windows, rows):
        scores = calculate_drift_scores(whylogs.log(window).view(), known, with_thresholds=True)
        yield {name for name, score in scores.items() if score and score["drift_category"] == "DRIFT"}


judged(rule)
