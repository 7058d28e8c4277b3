"""A node's side of the trainer service, in a few lines, for tests."""

from __future__ import annotations

import grpc
import numpy as np
import pytest

import demofl
from demofl import _messages as wire
from demofl._service import HEALTH, TRAINER

PIECE = 64 * 1024


class Caller:
    """Calls a trainer as a node does."""

    def __init__(self, address: str) -> None:
        self.channel = grpc.insecure_channel(address[len("http://"):] if address.startswith("http://") else address)
        self._train = self.channel.stream_stream(f"/{TRAINER}/Train", wire.TrainRequest.SerializeToString, wire.TrainReply.FromString)
        self._describe = self.channel.unary_unary(
            f"/{TRAINER}/Describe", wire.DescribeRequest.SerializeToString, wire.TrainerDescription.FromString)
        self._check = self.channel.unary_unary(
            f"/{HEALTH}/Check", wire.HealthCheckRequest.SerializeToString, wire.HealthCheckResponse.FromString)

    def health(self, service=TRAINER):
        return self._check(wire.HealthCheckRequest(service=service), timeout=10).status

    def describe(self, shapes):
        request = wire.DescribeRequest(party="ada", model="external", tensors=tensors(shapes))
        return self._describe(request, timeout=10)

    def requests(self, arrays, round=1, **plan):
        shapes = {name: array.shape for name, array in arrays.items()}
        data = b"".join(np.ascontiguousarray(a, "<f4").tobytes() for a in arrays.values())
        yield wire.TrainRequest(header=wire_header(shapes, round, len(data), plan))
        for at in range(0, len(data), PIECE):
            yield wire.TrainRequest(piece=data[at:at + PIECE])

    def call(self, requests, timeout=20):
        return self._train(requests, timeout=timeout)

    def train(self, arrays, timeout=20, **plan):
        """The trained arrays and the summary."""
        replies = list(self.call(self.requests(arrays, **plan), timeout))
        assert replies[-1].WhichOneof("part") == "summary"
        vector = np.frombuffer(b"".join(reply.piece for reply in replies[:-1]), "<f4")
        trained, at = {}, 0
        for name, array in arrays.items():
            trained[name] = vector[at:at + array.size].reshape(array.shape)
            at += array.size
        assert at == len(vector)
        return trained, replies[-1].summary


def tensors(shapes):
    return [wire.Tensor(name=name, dimensions=shape) for name, shape in shapes.items()]


def wire_header(shapes, round, length, plan):
    values = dict(epochs=1, batch_size=32, learning_rate=0.1, momentum=0, weight_decay=0, proximal=0, seed=1)
    values.update(plan)
    return type(wire.TrainRequest().header)(
        party="ada", model="external", round=round, plan=type(wire.TrainRequest().header.plan)(**values), tensors=tensors(shapes), byte_length=length)


@pytest.fixture
def serve():
    """Serves a trainer on a free port and gives a caller to it."""
    opened = []

    def start(trainer, address="http://127.0.0.1:0"):
        server = demofl.start(trainer, address)
        caller = Caller(server.address)
        opened.extend([caller.channel.close, server.stop])
        return caller

    yield start
    for close in opened:
        close()
