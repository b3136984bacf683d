"""Evidently's drift preset with its defaults: evidently_drift.py reference.parquet current.parquet > result.json"""

import json
import sys

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
columns = DataDefinition(
    numerical_columns=[name for name in reference if name.startswith("number")],
    categorical_columns=[name for name in reference if name.startswith("category")],
)
report = Report([DataDriftPreset()]).run(
    Dataset.from_pandas(current, data_definition=columns), Dataset.from_pandas(reference, data_definition=columns)
)
json.dump(report.dict(), sys.stdout)
