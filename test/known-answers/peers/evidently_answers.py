"""What Evidently says of the samples, method by method, with its own bins. Writes evidently.json.

Runs in the environment of test/components/peers/evidently.txt; see README.md beside this file.
"""

import importlib.metadata
import json
import warnings
from pathlib import Path

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift

warnings.filterwarnings("ignore")
here = Path(__file__).parent
reference, current = (pd.read_parquet(here / f"{side}.parquet") for side in ("reference", "current"))
numeric = list(reference.select_dtypes("number"))
categorical = [name for name in reference if name not in numeric]
for frame in (reference, current):
    for name in categorical:
        frame[name] = frame[name].astype(str)
columns = DataDefinition(numerical_columns=numeric, categorical_columns=categorical)
sides = [Dataset.from_pandas(frame, data_definition=columns) for frame in (current, reference)]

DISTANCES = ["psi", "jensenshannon", "hellinger", "kl_div"]
METHODS = {
    "numeric": [*DISTANCES, "wasserstein", "ks", "anderson", "cramer_von_mises", "ed", "t_test", "mannw"],
    "categorical": [*DISTANCES, "TVD", "chisquare", "z"],
}


def say(name, method):
    try:
        result = Report([ValueDrift(column=name, method=method)]).run(*sides).dict()
        return float(result["metrics"][0]["value"])
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0][:100] if str(error) else ''}"


answers = {
    name: {method: say(name, method) for method in METHODS["numeric" if name in numeric else "categorical"]}
    for name in reference
}
versions = {name: importlib.metadata.version(name) for name in ("evidently", "pandas", "scipy")}
(here / "evidently.json").write_text(json.dumps({"versions": versions, "answers": answers}, indent=1) + "\n")
