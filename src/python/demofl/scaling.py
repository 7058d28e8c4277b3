"""The columns' scale in a federation that standardizes them (``standardize: true`` in its job).

Two rounds before training, ``plan.stage`` is ``means`` and then ``variances``: each party gives its own statistics of its columns, and the secure
average of them is the federation's. A trainer that can do this says so by an attribute ``standardizes = True``:

    def train(parameters, plan):
        if plan.stage != "training":
            return demofl.scaling.measure(parameters, features, plan)
        inputs = demofl.scaling.apply(parameters, features)
        ...

In training, the node keeps the three tensors as they are whatever a trainer makes of them, and all others in the stages before.
"""

from __future__ import annotations

import numpy as np

from .trainer import Parameters, Plan, Update

MEAN, MAGNITUDE, VARIANCE = "scaling.mean", "scaling.magnitude", "scaling.variance"
EPSILON = 1e-10


def measure(parameters: Parameters, features: np.ndarray, plan: Plan) -> Update:
    """This party's statistics of ``features`` (n x p), in the place of those in ``parameters``."""
    rows = np.asarray(features, dtype=np.float64).reshape(len(features), -1)
    measured = dict(parameters)
    if plan.stage == "means":
        measured[MEAN], measured[MAGNITUDE] = rows.mean(axis=0), np.abs(rows).mean(axis=0)
    elif plan.stage == "variances":
        magnitude = parameters[MAGNITUDE].astype(np.float64)
        known = magnitude > 0
        distances = np.zeros_like(rows)
        distances[:, known] = (rows[:, known] - parameters[MEAN].astype(np.float64)[known]) / magnitude[known]
        measured[VARIANCE] = (distances ** 2).mean(axis=0)
    else:
        raise ValueError(f"columns are not measured in the stage '{plan.stage}'")
    return Update(measured, len(rows), 0.0, 0, 0)


def apply(parameters: Parameters, features: np.ndarray) -> np.ndarray:
    """``features`` (n x p) as the federation's model sees them, float32."""
    deviation = parameters[MAGNITUDE].astype(np.float64) * np.sqrt(np.maximum(parameters[VARIANCE].astype(np.float64), 0) + EPSILON)
    factors = np.divide(1, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    return ((np.asarray(features, dtype=np.float32) - parameters[MEAN]) * factors.astype(np.float32)).astype(np.float32)
