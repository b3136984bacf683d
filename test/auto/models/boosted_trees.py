"""Trains LightGBM and XGBoost on the flights of the demo and writes them as ONNX, without ZipMap: probabilities are a tensor.

    python3.11 -m venv ~/.cache/driftline-trees && . ~/.cache/driftline-trees/bin/activate
    pip install -r boosted_trees.requirements.txt && python boosted_trees.py
"""

from pathlib import Path

import lightgbm
import numpy as np
import onnxruntime
import pandas as pd
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

HERE = Path(__file__).parent
FLIGHTS = HERE.parent.parent.parent / "examples" / "demo" / "data"
FEATURES = ["hour", "distance", "departures", "recent_delay", "temperature"]
SIZE = {"n_estimators": 20, "random_state": 7}


def main() -> None:
    inputs, late = rows("reference")
    held_back, _ = rows("held-back")
    kinds = [("flight", FloatTensorType([None, len(FEATURES)]))]

    light = lightgbm.LGBMClassifier(**SIZE, num_leaves=8, verbose=-1).fit(inputs, late)
    written = convert_lightgbm(light, initial_types=kinds, zipmap=False, target_opset=15)
    (HERE / "late-flights-lightgbm.onnx").write_bytes(written.SerializeToString())
    check("late-flights-lightgbm", light.predict_proba(held_back), held_back)

    extreme = xgboost.XGBClassifier(**SIZE, max_depth=3).fit(inputs, late)
    written = convert_xgboost(extreme, initial_types=kinds, target_opset=15)
    (HERE / "late-flights-xgboost.onnx").write_bytes(written.SerializeToString())
    check("late-flights-xgboost", extreme.predict_proba(held_back), held_back)


def rows(part: str) -> tuple[np.ndarray, np.ndarray]:
    flights = pd.read_parquet(FLIGHTS / f"{part}.parquet").dropna(subset=[*FEATURES, "late"])
    return flights[FEATURES].to_numpy("float32"), flights.late.to_numpy("int64")


def check(name: str, probabilities: np.ndarray, inputs: np.ndarray) -> None:
    """The runtime must say what the library says; the first flights are the known answers of the tests."""
    session = onnxruntime.InferenceSession(HERE / f"{name}.onnx")
    print(name, [f"{output.name} {output.type}" for output in session.get_outputs()])
    said = session.run(["probabilities"], {"flight": inputs})[0]
    apart = np.abs(said - probabilities).max()
    flights = np.array([[5, 1400, 2, -1, 39], [18, 200, 30, 40, 30], [8, 750, 20, 10, 50]], dtype="float32")
    print(f"  largest difference {apart:.1e}, known answers", session.run(["probabilities"], {"flight": flights})[0][:, 1])
    if apart > 1e-5:
        raise SystemExit(f"{name}.onnx does not answer as the trained model does")


if __name__ == "__main__":
    main()
