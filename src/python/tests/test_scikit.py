"""Rounds of scikit-learn's linear models learn, and a plan that they cannot follow is refused."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn: run scripts/test-deps --python")

from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier

import demofl
from demofl import safetensors
from demofl.scikit import SklearnTrainer


def plan(**values):
    defaults = dict(
        party="ada", round=1, epochs=3, batch_size=1, learning_rate=0.05, momentum=0.0, weight_decay=1e-4, proximal=0.0, seed=2 ** 64 - 5)
    return demofl.Plan(**{**defaults, **values})


def data(classes, seed, count=120):
    random = np.random.default_rng(seed)
    labels = random.integers(classes, size=count)
    centres = np.random.default_rng(0).normal(size=(classes, 4)) * 3
    return centres[labels] + random.normal(size=(count, 4)), labels


def zeros(classes):
    rows = 1 if classes == 2 else classes
    return {"coef": np.zeros((rows, 4), np.float32), "intercept": np.zeros(rows, np.float32)}


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("estimator", [SGDClassifier(loss="log_loss"), LogisticRegression()])
def test_rounds_of_averaging_learn(estimator, classes):
    trainers = [SklearnTrainer(estimator, *data(classes, seed), classes=range(classes)) for seed in (1, 2, 3)]
    parameters, accuracies = zeros(classes), []
    for round in range(1, 7):
        updates = [t.train({n: a.copy() for n, a in parameters.items()}, plan(round=round, seed=round)) for t in trainers]
        parameters = {n: np.mean([u.parameters[n] for u in updates], axis=0).astype(np.float32) for n in parameters}
        accuracies.append(sum(u.correct for u in updates) / sum(u.evaluated for u in updates))
    assert accuracies[-1] > 0.9 > accuracies[0]
    assert all(u.sample_count == 120 for u in updates)


def test_loss_is_the_softmax_loss_of_the_model_as_received():
    features, labels = data(4, 1)
    update = SklearnTrainer(LogisticRegression(), features, labels, range(4)).train(zeros(4), plan())
    assert update.loss_sum == pytest.approx(len(labels) * np.log(4))


def test_training_starts_from_what_it_is_given():
    trainer = SklearnTrainer(SGDClassifier(loss="log_loss"), *data(2, 1), classes=[0, 1])
    first = trainer.train(zeros(2), plan()).parameters["coef"].copy()
    second = trainer.train(zeros(2), plan()).parameters["coef"].copy()
    np.testing.assert_array_equal(first, second)


def test_a_party_without_examples_of_a_class_descends_but_cannot_solve():
    features, labels = data(4, 1)
    some = labels < 3
    job = demofl.Job("ada", "external", {})
    sgd = SklearnTrainer(SGDClassifier(loss="log_loss"), features[some], labels[some], range(4))
    assert sgd.describe(job) == {"coef": (4, 4), "intercept": (4,)}
    assert sgd.train(zeros(4), plan()).parameters["coef"].shape == (4, 4)
    with pytest.raises(demofl.JobRefused, match="every class"):
        SklearnTrainer(LogisticRegression(), features[some], labels[some], range(4)).describe(job)


@pytest.mark.parametrize("values, words", [({"momentum": 0.9}, "momentum"), ({"proximal": 0.1}, "FedProx"), ({"batch_size": 8}, "set batch to 1")])
def test_a_plan_that_cannot_be_followed_is_refused(values, words):
    trainer = SklearnTrainer(SGDClassifier(), *data(2, 1), classes=[0, 1])
    with pytest.raises(ValueError, match=words):
        trainer.train(zeros(2), plan(**values))


def test_parameters_of_another_model_are_refused():
    trainer = SklearnTrainer(SGDClassifier(), *data(2, 1), classes=[0, 1])
    with pytest.raises(ValueError, match=r"'coef' has shape \(4, 4\); here it is \(1, 4\)"):
        trainer.train(zeros(4), plan())


@pytest.mark.parametrize("make, error", [
    (lambda x, y: SklearnTrainer(Ridge(), x, y, [0, 1]), TypeError),
    (lambda x, y: SklearnTrainer(SGDClassifier(), x[:5], y, [0, 1]), ValueError),
    (lambda x, y: SklearnTrainer(SGDClassifier(), x, y, [0, 7]), ValueError),
])
def test_what_does_not_go_together_is_refused(make, error):
    with pytest.raises(error):
        make(*data(2, 1))


def test_the_start_is_zeros(tmp_path):
    path = str(tmp_path / "start.safetensors")
    SklearnTrainer(SGDClassifier(), *data(2, 1), classes=[0, 1]).save_start(path)
    loaded = safetensors.load(path)
    assert list(loaded) == ["coef", "intercept"] and loaded["coef"].shape == (1, 4) and not loaded["coef"].any()
