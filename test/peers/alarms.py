"""What the rule of one peer says of each window: the features that it calls drifted, changed twins among them."""

import json
import sys
from pathlib import Path

import pandas as pd

CHANGED = {"n0 shifted": "n0", "n0 wider": "n0", "c0 moved": "c0"}


def judged(rule):
    """rule(reference, windows, rows) yields for each window the set of drifted columns; arguments FOLDER ROWS."""
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    reference, windows = (pd.read_parquet(folder / f"{name}.parquet") for name in ("reference", "windows"))
    references = len(reference) // 10_000
    each = len(windows) // references
    alarms = []
    for i in range(references):
        known = reference.iloc[i * 10_000 : (i + 1) * 10_000].reset_index(drop=True)
        for twin, original in CHANGED.items():
            known[twin] = known[original]
        now = windows.iloc[i * each : (i + 1) * each].reset_index(drop=True)
        alarms += [sorted(drifted) for drifted in rule(known, now, rows)]
    json.dump(alarms, sys.stdout)


def cut(windows, rows):
    return [windows.iloc[start : start + rows] for start in range(0, len(windows), rows)]
