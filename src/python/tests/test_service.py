"""What a node sees of a trainer, whatever the trainer does."""

import os
import stat
import subprocess
import sys
import threading

import grpc
import numpy as np
import pytest

import demofl
from demofl import _messages as wire
from demofl import _vectors
from demofl.arrays import FunctionTrainer

SHAPES = {"w": (3, 2), "b": (2,)}


def some_arrays():
    return {"w": np.arange(6, dtype=np.float32).reshape(3, 2), "b": np.array([0.5, -0.5], dtype=np.float32)}


def add_one(parameters, plan):
    return demofl.Update({name: array + 1 for name, array in parameters.items()}, 10, 2.5, 7, 10)


def status_of(call):
    with pytest.raises(grpc.RpcError) as failure:
        list(call)
    return failure.value.code(), failure.value.details()


def test_train_gives_back_what_the_function_made(serve):
    trained, summary = serve(FunctionTrainer(add_one, SHAPES)).train(some_arrays())
    np.testing.assert_array_equal(trained["w"], some_arrays()["w"] + 1)
    np.testing.assert_array_equal(trained["b"], [1.5, 0.5])
    assert (summary.sample_count, summary.loss_sum, summary.correct, summary.evaluated) == (10, 2.5, 7, 10)


def test_train_hands_the_whole_plan_over(serve):
    plans = []

    def keep(parameters, plan):
        plans.append(plan)
        return add_one(parameters, plan)

    serve(FunctionTrainer(keep)).train(
        some_arrays(), round=7, epochs=3, batch_size=5, learning_rate=0.25, momentum=0.5, weight_decay=0.125, proximal=0.0625, seed=2 ** 64 - 1)
    expected = demofl.Plan("ada", 7, 3, 5, 0.25, 0.5, 0.125, 0.0625, 2 ** 64 - 1)
    assert plans == [expected]


@pytest.mark.parametrize("count", [1, 16383, 16384, 16385, 100_000])
def test_vectors_of_any_length_come_through(serve, count):
    arrays = {"a": np.ones(3, np.float32), "big": np.random.default_rng(count).normal(size=count).astype(np.float32), "c": np.zeros((), np.float32)}
    trained, _ = serve(FunctionTrainer(add_one)).train(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(trained[name], array + 1)


def test_pieces_are_of_one_size_but_for_the_last():
    arrays = {str(i): np.ones(1000 + i, np.float32) for i in range(50)}
    sizes = [len(p) for p in _vectors.pack(arrays, {name: a.shape for name, a in arrays.items()})]
    assert set(sizes[:-1]) == {_vectors.PIECE_BYTES} and sum(sizes) == 4 * sum(a.size for a in arrays.values())


def test_describe_names_the_tensors_in_the_federations_order(serve):
    caller = serve(FunctionTrainer(add_one, SHAPES))
    answer = caller.describe({"b": (2,), "w": (3, 2)})
    assert answer.objection == "" and [(t.name, tuple(t.dimensions)) for t in answer.tensors] == [("b", (2,)), ("w", (3, 2))]
    assert [t.name for t in caller.describe({"other": (1,), "b": (2,)}).tensors] == ["b", "w"]


def test_describe_passes_an_objection_on(serve):
    class Picky(FunctionTrainer):
        def describe(self, job):
            raise demofl.JobRefused(f"not for {job.party}")

    assert serve(Picky(add_one)).describe(SHAPES).objection == "not for ada"


def test_health_is_serving_for_the_trainer_only(serve):
    caller = serve(FunctionTrainer(add_one))
    assert caller.health() == 1 and caller.health("") == 1
    with pytest.raises(grpc.RpcError) as failure:
        caller.health("demofl.v1.Coordinator")
    assert failure.value.code() == grpc.StatusCode.NOT_FOUND


def test_an_exception_names_itself_and_the_next_call_works(serve):
    def moody(parameters, plan):
        if plan.round == 1:
            raise KeyError("column 'age'")
        return add_one(parameters, plan)

    caller = serve(FunctionTrainer(moody))
    code, details = status_of(caller.call(caller.requests(some_arrays(), round=1)))
    assert code == grpc.StatusCode.INTERNAL and "training in round 1: KeyError" in details
    caller.train(some_arrays(), round=2)


@pytest.mark.parametrize("update, words", [
    (lambda p: demofl.Update({"w": p["w"]}, 1, 0, 0, 0), "missing ['b']"),
    (lambda p: demofl.Update({**p, "extra": p["b"]}, 1, 0, 0, 0), "unknown ['extra']"),
    (lambda p: demofl.Update({**p, "w": p["w"].T}, 1, 0, 0, 0), "tensor 'w' has shape (2, 3); the model's is (3, 2)"),
    (lambda p: p, "must return a demofl.Update, not dict"),
])
def test_an_update_of_another_model_is_said_to_be_one(serve, update, words):
    caller = serve(FunctionTrainer(lambda p, _: update(p)))
    code, details = status_of(caller.call(caller.requests(some_arrays())))
    assert code == grpc.StatusCode.INTERNAL and words in details


@pytest.mark.parametrize("change, words", [
    (lambda r: r[1:], "must begin with a header"),
    (lambda r: [], "must begin with a header"),
    (lambda r: r + [wire.TrainRequest(piece=b"1234")], "more than the 32 bytes"),
    (lambda r: r[:1] + [wire.TrainRequest(piece=b"1234")], "4 of the 32 bytes"),
])
def test_a_call_that_breaks_the_contract_is_refused(serve, change, words):
    caller = serve(FunctionTrainer(add_one))
    code, details = status_of(caller.call(iter(change(list(caller.requests(some_arrays()))))))
    assert code == grpc.StatusCode.INVALID_ARGUMENT and words in details


def test_a_cancelled_call_lets_the_next_one_in(serve):
    working, cancelled = threading.Event(), threading.Event()

    def slow(parameters, plan):
        if plan.round == 1:
            working.set()
            while not plan.cancelled():
                pass
            cancelled.set()
            plan.check()
        return add_one(parameters, plan)

    caller = serve(FunctionTrainer(slow))
    call = caller.call(caller.requests(some_arrays(), round=1))
    assert working.wait(20)
    call.cancel()
    trained, _ = caller.train(some_arrays(), round=2)
    assert cancelled.is_set() and trained["b"][0] == 1.5


def test_a_socket_is_its_owners_alone_and_can_be_taken_again(serve, tmp_path):
    address = f"unix:{tmp_path}/t.sock"
    for _ in range(2):
        with demofl.start(FunctionTrainer(add_one), address) as server:
            assert server.address == address
            assert stat.S_IMODE(os.stat(tmp_path / "t.sock").st_mode) == 0o600
    serve(FunctionTrainer(add_one), address).train(some_arrays())


@pytest.mark.parametrize("address", [
    "http://0.0.0.0:0", "http://192.168.1.2:5", "https://127.0.0.1:5", "127.0.0.1:5", "unix:", "http://127.0.0.1", "http://127.0.0.1:99999", ""])
def test_an_address_beyond_this_machine_is_refused(address):
    with pytest.raises(demofl.AddressError):
        demofl.start(FunctionTrainer(add_one), address)


def test_a_port_in_use_is_said_to_be(serve):
    with demofl.start(FunctionTrainer(add_one), "http://127.0.0.1:0") as server:
        with pytest.raises(demofl.AddressError, match="in use"):
            demofl.start(FunctionTrainer(add_one), server.address)


def test_the_command_serves_a_file_until_it_is_told_to_stop(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import demofl\nfrom demofl.arrays import FunctionTrainer\n"
        "def trainer():\n    return FunctionTrainer(lambda p, plan: demofl.Update(p, 1, 0, 0, 0))\n")
    command = [sys.executable, "-m", "demofl", f"{tmp_path}/mine.py:trainer", "--listen", f"unix:{tmp_path}/s"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == f"trainer ready: demofl node --trainer unix:{tmp_path}/s\n"
        process.terminate()
        assert process.wait(20) == 0


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    command = [sys.executable, "-m", "demofl", f"{tmp_path}/none.py", "--listen", f"unix:{tmp_path}/s"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2 and "none.py" in result.stderr and "Traceback" not in result.stderr
