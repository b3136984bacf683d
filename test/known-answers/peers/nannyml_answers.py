"""What NannyML says of the samples, method by method, with its own bins. Writes nannyml.json.

Runs in the environment of test/components/peers/nannyml.txt; see README.md beside this file.
"""

import importlib.metadata
import json
import warnings
from pathlib import Path

import nannyml
import pandas as pd

warnings.filterwarnings("ignore")
here = Path(__file__).parent
reference, current = (pd.read_parquet(here / f"{side}.parquet") for side in ("reference", "current"))
numeric = list(reference.select_dtypes("number"))
categorical = [name for name in reference if name not in numeric]
METHODS = {
    "numeric": ["jensen_shannon", "hellinger", "wasserstein", "kolmogorov_smirnov"],
    "categorical": ["jensen_shannon", "hellinger", "l_infinity", "chi2"],
}


def say(name, method, kind):
    for frame in (reference, current):
        if kind == "categorical":
            frame[name] = frame[name].astype(str).astype("category")
    try:
        calculator = nannyml.UnivariateDriftCalculator(
            column_names=[name],
            treat_as_categorical=[name] if kind == "categorical" else [],
            continuous_methods=METHODS["numeric"] if kind == "categorical" else [method],
            categorical_methods=METHODS["categorical"] if kind == "numeric" else [method],
            chunk_size=len(current),
        ).fit(reference)
        values = calculator.calculate(current).filter(period="analysis").to_df()
        return float(values[(name, method, "value")].iloc[0])
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0][:100] if str(error) else ''}"


answers = {}
for name in reference:
    kind = "numeric" if name in numeric else "categorical"
    answers[name] = {method: say(name, method, kind) for method in METHODS[kind]}
versions = {name: importlib.metadata.version(name) for name in ("nannyml", "pandas", "scipy")}
(here / "nannyml.json").write_text(json.dumps({"versions": versions, "answers": answers}, indent=1) + "\n")
