"""Trains the model that MLServer serves: who is hired, by age and hours. Usage: train.py MODEL_FILE"""

import sys

import joblib
import numpy
from sklearn.linear_model import LogisticRegression

random = numpy.random.default_rng(7)
features = numpy.column_stack([random.uniform(18, 70, 500), random.uniform(5, 60, 500)])
hired = features @ [0.02, 0.08] + random.normal(0, 1, 500) > 4
joblib.dump(LogisticRegression().fit(features, hired.astype(int)), sys.argv[1])
