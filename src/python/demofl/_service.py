"""The gRPC service: what arrives, what the trainer is asked, and what goes back."""

from __future__ import annotations

import logging
import threading
from typing import Iterator

import grpc

from . import _messages as wire
from . import _vectors
from .trainer import Job, JobRefused, Plan, Trainer, TrainingCancelled, Update

TRAINER = "demofl.v1.Trainer"
HEALTH = "grpc.health.v1.Health"

_log = logging.getLogger("demofl")
_POLL_SECONDS = 0.1


class TrainerService:
    """Serves one trainer, one call to it at a time. A call that waits for another's end gives up when its own deadline passes."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._turn = threading.Lock()

    @property
    def _measures(self) -> bool:
        return bool(getattr(self._trainer, "standardizes", False))

    def handlers(self) -> tuple:
        """For ``grpc.Server.add_generic_rpc_handlers``."""
        methods = {
            "Describe": _unary(self.describe, wire.DescribeRequest, wire.TrainerDescription),
            "Train": grpc.stream_stream_rpc_method_handler(
                self.train, request_deserializer=wire.TrainRequest.FromString, response_serializer=wire.TrainReply.SerializeToString),
        }
        health = {"Check": _unary(self.check, wire.HealthCheckRequest, wire.HealthCheckResponse)}
        return (grpc.method_handlers_generic_handler(TRAINER, methods), grpc.method_handlers_generic_handler(HEALTH, health))

    def check(self, request, context):
        """gRPC health checking: this service serves as long as it answers."""
        if request.service not in ("", TRAINER):
            context.abort(grpc.StatusCode.NOT_FOUND, f"'{request.service}' is not served here")
        return wire.HealthCheckResponse(status=wire.SERVING)

    def describe(self, request, context):
        """What the trainer says to the federation's job."""
        job = Job(request.party, request.model, _vectors.shapes_of(request.tensors))
        with self._turn_of(context):
            try:
                shapes = self._trainer.describe(job)
            except JobRefused as refusal:
                return wire.TrainerDescription(objection=str(refusal) or "it gave no reason")
            except Exception as error:  # the user's code may raise anything
                self._fail(context, "describing the trainer", error)
        # Arrays go by their names: an order of its own is no difference.
        names = [name for name in job.tensors if name in (shapes or {})]
        names += [name for name in shapes or {} if name not in job.tensors]
        return wire.TrainerDescription(tensors=[wire.Tensor(name=name, dimensions=shapes[name]) for name in names], statistics=self._measures)

    def train(self, requests, context) -> Iterator:
        """One round: the header and W_t in, W_i and the summary out."""
        first = next(requests, None)
        if first is None or first.WhichOneof("part") != "header":
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the call must begin with a header")
        header = first.header
        shapes = _vectors.shapes_of(header.tensors)
        try:
            parameters = _vectors.unpack((request.piece for request in requests), shapes)
        except _vectors.VectorError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        if header.plan.stage and not self._measures:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"this trainer does not measure columns (stage '{header.plan.stage}')")
        update, pieces = self._trained(parameters, shapes, _plan_of(header, context), context)
        for piece in pieces:
            yield wire.TrainReply(piece=piece)
        yield wire.TrainReply(summary=wire.TrainSummary(
            sample_count=int(update.sample_count), loss_sum=float(update.loss_sum), correct=int(update.correct), evaluated=int(update.evaluated)))

    def _trained(self, parameters, shapes, plan, context):
        with self._turn_of(context):
            try:
                update = self._trainer.train(parameters, plan)
                if not isinstance(update, Update):
                    raise TypeError(f"train() must return a demofl.Update, not {type(update).__name__}")
                return update, _vectors.pack(update.parameters, shapes)
            except TrainingCancelled as error:
                context.abort(grpc.StatusCode.CANCELLED, str(error))
            except Exception as error:  # likewise
                self._fail(context, f"training in round {plan.round}", error)

    def _turn_of(self, context):
        while not self._turn.acquire(timeout=_POLL_SECONDS):
            if not context.is_active():
                context.abort(grpc.StatusCode.CANCELLED, "the trainer was still at work on an earlier round")
        return _Release(self._turn)

    @staticmethod
    def _fail(context, what: str, error: Exception) -> None:
        _log.error("%s failed", what, exc_info=error)
        context.abort(grpc.StatusCode.INTERNAL, f"{what}: {type(error).__name__}: {error}")


class _Release:
    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_) -> None:
        self._lock.release()


def _unary(method, request, response):
    return grpc.unary_unary_rpc_method_handler(method, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


def _plan_of(header, context) -> Plan:
    plan = header.plan
    return Plan(
        party=header.party, round=header.round, epochs=plan.epochs, batch_size=plan.batch_size, learning_rate=plan.learning_rate,
        momentum=plan.momentum, weight_decay=plan.weight_decay, proximal=plan.proximal, seed=plan.seed, stage=plan.stage or "training", cancelled=lambda: not context.is_active())
