"""Counts of alarms by rule and rows a window, with 95 % Wilson intervals: summary.py FOLDER, writes to standard output."""

import json
import math
import sys
from pathlib import Path

TWINS = ["n0 shifted", "n0 wider", "c0 moved"]


def share(hits, of):
    z = 1.96
    middle = (hits / of + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(hits / of * (1 - hits / of) / of + z * z / (4 * of * of))
    return {"hits": hits, "of": of, "low": round(max(0, middle - half), 4), "high": round(min(1, middle + half), 4)}


def counted(windows):
    false = sum(1 for drifted in windows if set(drifted) - set(TWINS))
    return {
        "falseAlarms": share(false, len(windows)),
        **{twin: share(sum(1 for drifted in windows if twin in drifted), len(windows)) for twin in TWINS},
    }


results = []
for path in sorted(Path(sys.argv[1]).glob("*-*.json")):
    peer, rows = path.stem.rsplit("-", 1)
    said = json.loads(path.read_text())
    for rule, windows in (said if isinstance(said, dict) else {peer: said}).items():
        name = rule if peer != "driftline" or rule.startswith("PSI") else f"driftline: {rule}"
        results.append({"rule": name, "rows": int(rows), **counted(windows)})
print(json.dumps(results, indent=1))
