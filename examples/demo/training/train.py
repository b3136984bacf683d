"""Trains the model on the first quarter and writes what the demo needs: flights.onnx and the rows of data/.

    python -m venv ~/.cache/driftline-training && . ~/.cache/driftline-training/bin/activate
    pip install -r requirements.txt && python train.py
"""

from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

import flights
from flights import CATEGORICAL, FEATURES, NUMERIC
from parts import SEED, split

DEMO = Path(__file__).parent.parent
MODEL = DEMO / "flights.onnx"
THRESHOLD = 0.5


def main() -> None:
    parts = split(flights.load())
    model = trained(parts.training)
    MODEL.write_bytes(as_onnx(model))
    print(f"{MODEL.name}: {MODEL.stat().st_size / 1024:.0f} KB")
    check_equal(model, parts.production)

    for name, rows in parts._asdict().items():
        print(f"{name:10} {len(rows):6,} flights   {quality(rows)}")

    # What the model says of its reference is the reference of what it says.
    write(parts.reference.assign(score=scores(parts.reference)), "reference", [*FEATURES, "score", "late"])
    write(parts.held_back, "held-back", ["at", "known_at", "late", *FEATURES])
    write(parts.production, "production", ["at", "known_at", "late", *FEATURES])


def trained(rows: pd.DataFrame) -> Pipeline:
    rows = rows[rows.late.notna()]
    numbers = list(range(len(NUMERIC)))
    names = list(range(len(NUMERIC), len(FEATURES)))
    model = make_pipeline(
        make_column_transformer(
            ("passthrough", numbers),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), names),
        ),
        HistGradientBoostingClassifier(max_iter=80, max_leaf_nodes=15, min_samples_leaf=100, random_state=SEED),
    )
    return model.fit(inputs(rows), rows.late.astype(int))


def as_onnx(model: Pipeline) -> bytes:
    kinds = [
        ("numbers", FloatTensorType([None, len(NUMERIC)])),
        ("names", StringTensorType([None, len(CATEGORICAL)])),
    ]
    exported = to_onnx(model, initial_types=kinds, options={"zipmap": False}, target_opset={"": 18, "ai.onnx.ml": 3})
    return exported.SerializeToString()


def check_equal(model: Pipeline, rows: pd.DataFrame) -> None:
    """The runtime compares in float32, scikit-learn in float64: a value on a threshold could go the other way."""
    apart = np.abs(scores(rows) - model.predict_proba(inputs(rows))[:, 1])
    print(f"ONNX against scikit-learn on {len(rows):,} flights: largest difference of the score {apart.max():.1e}")
    if apart.max() > 1e-5:
        raise SystemExit(f"{MODEL.name} does not answer as the trained model does: {(apart > 1e-5).sum()} flights differ")


def scores(rows: pd.DataFrame) -> np.ndarray:
    session = onnxruntime.InferenceSession(MODEL)
    numbers, names = rows[NUMERIC].to_numpy("float32"), rows[CATEGORICAL].to_numpy(dtype=object)
    return session.run(["probabilities"], {"numbers": numbers, "names": names})[0][:, 1]


def inputs(rows: pd.DataFrame) -> np.ndarray:
    return np.hstack([rows[NUMERIC].to_numpy("float32").astype(object), rows[CATEGORICAL].to_numpy(dtype=object)])


def quality(rows: pd.DataFrame) -> str:
    rows = rows[rows.late.notna()]
    score, late = scores(rows), rows.late.astype(int)
    accuracy = accuracy_score(late, score >= THRESHOLD)
    return f"late {late.mean():.1%}   accuracy {accuracy:.3f}   ROC AUC {roc_auc_score(late, score):.3f}"


def write(rows: pd.DataFrame, name: str, columns: list[str]) -> None:
    path = DEMO / "data" / f"{name}.parquet"
    path.parent.mkdir(exist_ok=True)
    rows[columns].to_parquet(path, index=False, compression="zstd")
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
