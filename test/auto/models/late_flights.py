"""Trains a small network on the flights of the demo and writes it as TensorFlow.js reads it, both ways:
late-flights-layers/ (Keras layers) and late-flights-graph/ (a frozen graph).

    python3.11 -m venv ~/.cache/driftline-models && . ~/.cache/driftline-models/bin/activate
    pip install --no-deps -r requirements.txt && python late_flights.py
"""

import shutil
import tempfile
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from tensorflowjs.converters import convert_tf_saved_model, save_keras_model

HERE = Path(__file__).parent
FLIGHTS = HERE.parent.parent.parent / "examples" / "demo" / "data"
FEATURES = ["hour", "distance", "departures", "recent_delay", "temperature"]
SEED = 7


def main() -> None:
    keras.utils.set_random_seed(SEED)
    inputs, late = rows("reference")
    model = keras.Sequential(
        [
            keras.layers.InputLayer(input_shape=(len(FEATURES),), name="flight"),
            keras.layers.BatchNormalization(name="standardised"),
            keras.layers.Dense(8, activation="relu", name="hidden"),
            keras.layers.Dense(1, activation="sigmoid", name="late"),
        ],
        name="late-flights",
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["AUC"])
    model.fit(inputs, late, batch_size=256, epochs=5, verbose=2)
    held_back = dict(zip(model.metrics_names, model.evaluate(*rows("held-back"), verbose=0)))
    print({name: round(value, 3) for name, value in held_back.items()})
    print("the first flights that are held back:", model.predict(rows("held-back")[0][:3], verbose=0).ravel().tolist())
    write(model)


def rows(part: str) -> tuple[np.ndarray, np.ndarray]:
    flights = pd.read_parquet(FLIGHTS / f"{part}.parquet").dropna(subset=[*FEATURES, "late"])
    return flights[FEATURES].to_numpy("float32"), flights.late.to_numpy("float32")


def write(model: keras.Model) -> None:
    for folder in ("late-flights-layers", "late-flights-graph"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    save_keras_model(model, str(HERE / "late-flights-layers"))
    with tempfile.TemporaryDirectory() as saved:
        model.export(saved)
        convert_tf_saved_model(saved, str(HERE / "late-flights-graph"), skip_op_check=False)


if __name__ == "__main__":
    main()
