"""Evidently's own tests and limits for a reference of more than 1000 rows: Wasserstein and Jensen-Shannon, 0.1."""

import warnings

from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType

from alarms import cut, judged

warnings.filterwarnings("ignore")


def rule(reference, windows, rows):
    tests = {
        name: get_stattest(reference[name], windows[name].head(rows), kind, None)
        for name in windows
        for kind in [ColumnType.Numerical if name[0] == "n" else ColumnType.Categorical]
    }
    for window in cut(windows, rows):
        yield {
            name
            for name, test in tests.items()
            if test(
                reference[name],
                window[name],
                ColumnType.Numerical if name[0] == "n" else ColumnType.Categorical,
                test.default_threshold,
            ).drifted
        }


judged(rule)
