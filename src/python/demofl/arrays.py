"""Any training at all, as a function of NumPy arrays."""

from __future__ import annotations

from typing import Callable, Mapping, Optional

from .trainer import Job, Parameters, Plan, Shape, Update


class FunctionTrainer:
    """Trains by ``function(parameters, plan)``, which returns an :class:`~demofl.Update`.

    ``shapes`` are those of the tensors it trains, by name; without them any model is taken, and the function must cope with what it gets.
    The function honours the plan as far as its owner agreed to: nobody else can. With ``standardizes`` it also measures columns, in the stages that
    its plan names (:mod:`demofl.scaling`).
    """

    def __init__(
        self, function: Callable[[Parameters, Plan], Update], shapes: Optional[Mapping[str, Shape]] = None, *, standardizes: bool = False,
    ) -> None:
        self._function = function
        self._shapes = shapes
        self.standardizes = standardizes

    def describe(self, job: Job) -> Optional[Mapping[str, Shape]]:
        """The shapes given at construction."""
        return self._shapes

    def train(self, parameters: Parameters, plan: Plan) -> Update:
        """Calls the function."""
        return self._function(parameters, plan)
