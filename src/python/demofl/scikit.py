"""Trains a linear classifier of scikit-learn: ``SGDClassifier`` or ``LogisticRegression``."""

from __future__ import annotations

import warnings
from typing import Dict, Sequence

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier

from . import safetensors
from .trainer import Job, JobRefused, Parameters, Plan, Shape, Update

_SEED_MASK = (1 << 32) - 1


class SklearnTrainer:
    """Trains ``estimator`` on ``features`` (n x p) and ``labels`` (n).

    The federation averages two tensors: ``coef`` (1 x p for two classes, else classes x p) and ``intercept``.

    An ``SGDClassifier`` makes ``epochs`` passes at the plan's learning rate with its weight decay as ``alpha``; it steps after every example,
    so the plan's batch must be 1. A ``LogisticRegression`` makes ``epochs`` iterations of its solver from the round's parameters; learning rate
    and batch mean nothing to it, and its regularisation is its own ``C``. Neither knows momentum or FedProx's term: a plan with one is refused.

    classes
        All classes of the federation, the same at every party. An ``SGDClassifier`` need not have examples of each.
    """

    def __init__(self, estimator, features: np.ndarray, labels: np.ndarray, classes: Sequence) -> None:
        if not isinstance(estimator, (SGDClassifier, LogisticRegression)):
            raise TypeError(f"{type(estimator).__name__} is neither an SGDClassifier nor a LogisticRegression")
        self._features = np.asarray(features, dtype=np.float64)
        self._labels = np.asarray(labels)
        self._classes = np.unique(classes)
        if len(self._features) == 0 or len(self._features) != len(self._labels):
            raise ValueError(f"{len(self._features)} rows of features and {len(self._labels)} labels do not go together")
        if not np.isin(self._labels, self._classes).all():
            raise ValueError("there are labels that are not among the classes")
        self.estimator = clone(estimator)
        rows = 1 if len(self._classes) == 2 else len(self._classes)
        self._shapes: Dict[str, Shape] = {"coef": (rows, self._features.shape[1]), "intercept": (rows,)}

    def describe(self, job: Job) -> Dict[str, Shape]:
        """The two tensors."""
        if isinstance(self.estimator, LogisticRegression) and len(np.unique(self._labels)) < len(self._classes):
            raise JobRefused("a LogisticRegression needs examples of every class; use an SGDClassifier")
        return self._shapes

    def train(self, parameters: Parameters, plan: Plan) -> Update:
        """One round of local training; loss and accuracy are those of the model as received, on this party's examples."""
        if plan.momentum or plan.proximal:
            raise ValueError("scikit-learn knows neither momentum nor FedProx; set both to 0 in the job")
        self._load(parameters)
        loss_sum, correct = self._judge()
        if isinstance(self.estimator, SGDClassifier):
            self._descend(plan)
        else:
            self._solve(plan)
        trained = {"coef": self.estimator.coef_, "intercept": self.estimator.intercept_}
        return Update(trained, len(self._labels), loss_sum, correct, len(self._labels))

    def save_start(self, path: str) -> None:
        """Writes zeros of the right shapes, where linear models start, for a job's ``start:``."""
        safetensors.save(path, {name: np.zeros(shape) for name, shape in self._shapes.items()})

    def _load(self, parameters: Parameters) -> None:
        for name, shape in self._shapes.items():
            if parameters[name].shape != shape:
                raise ValueError(f"tensor '{name}' has shape {parameters[name].shape}; here it is {shape}")
        if isinstance(self.estimator, SGDClassifier) and not hasattr(self.estimator, "coef_"):
            # The estimator allocates what it trains at its first step, which is then overwritten.
            self.estimator.partial_fit(self._features[:1], self._labels[:1], classes=self._classes)
        self.estimator.classes_ = self._classes
        self.estimator.coef_ = np.array(parameters["coef"], dtype=np.float64, order="C")
        self.estimator.intercept_ = np.array(parameters["intercept"], dtype=np.float64, order="C")

    def _descend(self, plan: Plan) -> None:
        if plan.batch_size != 1:
            raise ValueError(f"an SGDClassifier steps after every example, and the job's batch is {plan.batch_size}; set batch to 1 in the job")
        self.estimator.set_params(
            learning_rate="constant", eta0=plan.learning_rate, alpha=plan.weight_decay, penalty="l2", random_state=plan.seed & _SEED_MASK)
        for _ in range(plan.epochs):
            plan.check()
            self.estimator.partial_fit(self._features, self._labels)

    def _solve(self, plan: Plan) -> None:
        self.estimator.set_params(warm_start=True, max_iter=plan.epochs, random_state=plan.seed & _SEED_MASK)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a round is a few iterations by intention
            self.estimator.fit(self._features, self._labels)

    def _judge(self) -> tuple:
        scores = self.estimator.decision_function(self._features)
        correct = int((self.estimator.predict(self._features) == self._labels).sum())
        if scores.ndim == 1:
            scores = np.stack([np.zeros_like(scores), scores], axis=1)
        # The softmax loss of the scores, whatever the estimator minimises: one measure for all.
        shifted = scores - scores.max(axis=1, keepdims=True)
        own = shifted[np.arange(len(shifted)), np.searchsorted(self._classes, self._labels)]
        return float((np.log(np.exp(shifted).sum(axis=1)) - own).sum()), correct
