"""The columns' scale, measured by several parties and put to use by one."""

import dataclasses

import grpc
import numpy as np
import pytest

import demofl
from demofl import scaling
from demofl.arrays import FunctionTrainer

SCALES = np.array([1e-5, 1.0, 3e4, 0.0])
PLAN = demofl.Plan("ada", 1, 1, 4, 0.1, 0.0, 0.0, 0.0, 1)


def table(rows, seed):
    return (SCALES * np.random.default_rng(seed).uniform(-1, 3, size=(rows, len(SCALES)))).astype(np.float32)


def start():
    ones = np.ones(len(SCALES), np.float32)
    return {scaling.MEAN: 0 * ones, scaling.MAGNITUDE: ones, scaling.VARIANCE: ones.copy(), "w": np.full((2, 4), 0.5, np.float32)}


def averaged(updates):
    total = sum(update.sample_count for update in updates)
    return {name: (sum(u.sample_count * np.asarray(u.parameters[name], np.float64) for u in updates) / total).astype(np.float32)
            for name in updates[0].parameters}


def test_parties_average_to_the_statistics_of_all():
    parties, parameters = [table(5, 1), table(40, 2)], start()
    for stage in ("means", "variances"):
        plan = dataclasses.replace(PLAN, stage=stage)
        parameters = averaged([scaling.measure(parameters, features, plan) for features in parties])
    everyone = np.concatenate(parties).astype(np.float64)
    np.testing.assert_allclose(parameters[scaling.MEAN], everyone.mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(parameters["w"], start()["w"])

    standardized = scaling.apply(parameters, np.concatenate(parties))
    np.testing.assert_allclose(standardized.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(standardized.std(axis=0), [1, 1, 1, 0], atol=1e-5)


def test_columns_pass_as_they_are_before_they_are_measured():
    features = table(3, 3)
    np.testing.assert_allclose(scaling.apply(start(), features), features, rtol=1e-6)


def test_nothing_is_measured_while_training():
    with pytest.raises(ValueError, match="'training'"):
        scaling.measure(start(), table(3, 3), PLAN)


def test_service_says_what_its_trainer_can_do_and_hands_the_stage_over(serve):
    features, stages = table(6, 4), []

    def train(parameters, plan):
        stages.append(plan.stage)
        return scaling.measure(parameters, features, plan)

    caller = serve(FunctionTrainer(train, standardizes=True))
    assert caller.describe({}).statistics
    trained, summary = caller.train(start(), stage="means")
    np.testing.assert_array_equal(trained[scaling.MEAN], features.astype(np.float64).mean(axis=0).astype(np.float32))
    assert (stages, summary.sample_count, summary.evaluated) == (["means"], 6, 0)


def test_service_refuses_a_stage_that_its_trainer_does_not_know(serve):
    caller = serve(FunctionTrainer(lambda parameters, plan: demofl.Update(parameters, 1, 0.0, 0, 0)))
    assert not caller.describe({}).statistics
    with pytest.raises(grpc.RpcError) as failure:
        caller.train(start(), stage="means")
    assert failure.value.code() == grpc.StatusCode.FAILED_PRECONDITION
