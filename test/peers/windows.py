"""Windows that every rule judges: windows.py FOLDER ROWS REFERENCES WINDOWS

Writes reference.parquet (REFERENCES times 10,000 rows) and windows.parquet (as many times WINDOWS windows of ROWS rows):
14 normal features and 6 of four categories, and for three of them a changed twin: `n0 shifted` by 0.3 sd, `n0 wider`
with variance times 1.3, `c0 moved` with a share of .25 in place of .2. Nothing else drifts.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

folder, rows, references, windows = Path(sys.argv[1]), *map(int, sys.argv[2:])
rng = np.random.default_rng([20260302, rows])
SHARES = [0.4, 0.3, 0.2, 0.1]
MOVED = [0.375, 0.28125, 0.25, 0.09375]
NAMES = np.array(["w", "x", "y", "z"])


def unchanged(n):
    return {f"n{i}": rng.normal(size=n) for i in range(14)} | {f"c{i}": NAMES[rng.choice(4, n, p=SHARES)] for i in range(6)}


def write(name, columns):
    pd.DataFrame(columns).to_parquet(folder / name)


write("reference.parquet", unchanged(10_000 * references))
n = rows * windows * references
write(
    "windows.parquet",
    unchanged(n)
    | {
        "n0 shifted": rng.normal(0.3, 1, n),
        "n0 wider": rng.normal(0, np.sqrt(1.3), n),
        "c0 moved": NAMES[rng.choice(4, n, p=MOVED)],
    },
)
