"""What a trainer is: two methods, and the records that they take and give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Dict, Mapping, Optional, Protocol, Tuple

import numpy as np

Shape = Tuple[int, ...]
Parameters = Dict[str, np.ndarray]
"""float32 arrays by name, in the order in which the federation lays them out."""


class JobRefused(Exception):
    """Raised by :meth:`Trainer.describe`: this trainer cannot do the job. The text is for the node's owner."""


class TrainingCancelled(Exception):
    """Raised by :meth:`Plan.check`: the round is over, nobody waits for this update any more."""


@dataclass(frozen=True)
class Job:
    """What the federation trains."""

    party: str
    """The node's name."""

    model: str
    """The model, as the job names it: ``external``, or one of DemoFl's own such as ``cnn``."""

    tensors: Mapping[str, Shape]
    """The shapes of its parameters, by name, in the order in which they lie in the vector."""


@dataclass(frozen=True)
class Plan:
    """What a party does in one round; the same for all parties but for the seed."""

    party: str
    round: int
    epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    weight_decay: float
    proximal: float
    """FedProx's mu: the loss grows by mu / 2 times the squared distance from the round's first parameters. 0 for none."""

    seed: int
    """Of this party's shuffles in this round, 64 bits."""

    stage: str = "training"
    """``training``; before it, in a federation that standardizes its columns, ``means`` and ``variances`` (:mod:`demofl.scaling`)."""

    cancelled: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)
    """Whether the node has given this call up."""

    def check(self) -> None:
        """Raises :class:`TrainingCancelled` once the node has given this call up. Call it every batch or so."""
        if self.cancelled():
            raise TrainingCancelled(f"round {self.round} is over")


@dataclass(frozen=True)
class Update:
    """What a round's training gave."""

    parameters: Mapping[str, np.ndarray]
    """The trained parameters: the same names and shapes; converted to float32."""

    sample_count: int
    """Examples trained on, 1 or more: the update's weight (up to the job's ``max-samples``)."""

    loss_sum: float
    """The loss summed over ``evaluated`` examples."""

    correct: int
    """How many of them were right; 0 where there is no such thing."""

    evaluated: int
    """How many examples ``loss_sum`` and ``correct`` cover."""


class Trainer(Protocol):
    """Trains one party. Called from one thread at a time, though not always the same one.

    One that also measures columns (``plan.stage``) has an attribute ``standardizes`` that is true; no other is asked to.
    """

    def describe(self, job: Job) -> Optional[Mapping[str, Shape]]:
        """The shapes of what this trainer trains, for the node to compare; None when it takes any. Raises :class:`JobRefused`."""

    def train(self, parameters: Parameters, plan: Plan) -> Update:
        """Trains from ``parameters``, which the trainer may change. An exception costs the party this round; its text goes to the node's log."""
