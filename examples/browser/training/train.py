"""Trains the reader of digits and writes what the page needs: digits.onnx, robot.digits, and reference.csv for the profile.

    python -m venv ~/.cache/driftline-training && . ~/.cache/driftline-training/bin/activate
    pip install -r requirements.txt && python train.py
    npx driftline profile build reference.csv --model digits --model-version 1 --categorical class --output class,score \
      --out ../digits.profile.json

The digits are the 1,797 of scikit-learn: "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak
(1998), UCI Machine Learning Repository, CC BY 4.0: 8 x 8 cells, each the count, 0 to 16, of inked points in it.
"""

import csv
from pathlib import Path

import numpy as np
import onnxruntime
from scipy.ndimage import shift
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.neural_network import MLPClassifier

SEED = 7
SIDE = 8
FULL = 16
ROBOTS_DIGITS = 400
MODEL = Path(__file__).parent.parent / "digits.onnx"
ROBOT = Path(__file__).parent.parent / "robot.digits"
REFERENCE = Path(__file__).parent / "reference.csv"


def main() -> None:
    digits = load_digits()
    cells, robots, truth, _ = train_test_split(
        digits.data.astype("float32"), digits.target, test_size=ROBOTS_DIGITS, stratify=digits.target, random_state=SEED
    )
    # One byte a cell, one digit after the other: the page's robot draws what the model never saw.
    ROBOT.write_bytes(robots.astype("uint8").tobytes())

    # The reference is what the model says of digits that it was not trained on.
    probabilities = np.zeros((len(cells), 10))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=SEED).split(cells, truth):
        probabilities[test] = trained(cells[train], truth[train]).predict_proba(cells[test])
    print(f"accuracy on unseen digits: {(probabilities.argmax(axis=1) == truth).mean():.3f}")

    model = trained(cells, truth)
    exported = to_onnx(
        model,
        initial_types=[("cells", FloatTensorType([None, SIDE * SIDE]))],
        options={"zipmap": False},
        target_opset={"": 18, "ai.onnx.ml": 3},
    )
    MODEL.write_bytes(exported.SerializeToString())
    answered = onnxruntime.InferenceSession(MODEL).run(["probabilities"], {"cells": cells})[0]
    apart = np.abs(answered - model.predict_proba(cells)).max()
    print(f"{MODEL.name}: {MODEL.stat().st_size / 1024:.0f} KB, differs from scikit-learn by at most {apart:.1e}")

    with REFERENCE.open("w", newline="") as file:
        rows = csv.DictWriter(file, ["ink", "width", "slant", "balance", "class", "score"])
        rows.writeheader()
        for image, row in zip(cells, probabilities, strict=True):
            guess = {"class": str(row.argmax()), "score": round(float(row.max()), 6)}
            rows.writerow(features(image.reshape(SIDE, SIDE)) | guess)


def trained(cells: np.ndarray, truth: np.ndarray) -> ClassifierMixin:
    """People do not draw into the middle: every digit is seen a little to each side, too."""
    moves = [(0, 0), (0, 1), (0, -1), (0.5, 0), (-0.5, 0)]
    images = cells.reshape(-1, SIDE, SIDE)
    moved = [np.stack([shift(image, move, order=1) for image in images]) for move in moves]
    inputs = np.concatenate(moved).reshape(-1, SIDE * SIDE)
    model = MLPClassifier((64, 32), alpha=0.01, max_iter=120, early_stopping=True, random_state=SEED)
    return model.fit(inputs, np.tile(truth, len(moves)))


def features(image: np.ndarray) -> dict[str, float]:
    """The same as features.ts computes in the page."""
    total = image.sum()
    rows, columns = np.mgrid[:SIDE, :SIDE]
    x, y = (image * columns).sum() / total, (image * rows).sum() / total
    spread = (image * (rows - y) ** 2).sum()
    inked = np.flatnonzero(image.sum(axis=0))
    numbers = {
        "ink": total / (SIDE * SIDE * FULL),
        "width": (inked[-1] - inked[0] + 1) / SIDE,
        "slant": -(image * (columns - x) * (rows - y)).sum() / spread if spread > 0 else 0,
        "balance": y / (SIDE - 1),
    }
    return {name: round(float(number), 6) for name, number in numbers.items()}


if __name__ == "__main__":
    main()
