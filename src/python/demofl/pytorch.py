"""Trains a PyTorch module."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, Iterator, Optional, Sequence, Tuple

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from . import safetensors, scaling
from .trainer import Job, Parameters, Plan, Shape, Update

Loss = Callable[[Any, Any], torch.Tensor]
OptimizerFactory = Callable[[Iterable[torch.nn.Parameter], Plan], torch.optim.Optimizer]

_SEED_MASK = (1 << 63) - 1
_EVALUATION_BATCH = 256


def sgd(parameters: Iterable[torch.nn.Parameter], plan: Plan) -> torch.optim.Optimizer:
    """What the plan says: stochastic gradient descent with its learning rate, momentum and weight decay."""
    return torch.optim.SGD(parameters, lr=plan.learning_rate, momentum=plan.momentum, weight_decay=plan.weight_decay)


def count_correct(output: Any, target: Any) -> int:
    """How many rows of class scores have their largest at the target's class; 0 for anything that is no classification."""
    if not (torch.is_tensor(output) and torch.is_tensor(target)) or output.dim() != 2 or target.dim() != 1 or target.is_floating_point():
        return 0
    return int((output.argmax(dim=1) == target).sum())


class PyTorchTrainer:
    """Trains ``model`` on ``dataset`` as the federation's plan says.

    model
        Its floating point parameters and buffers (the statistics of a batch norm, say) are what the federation averages, by their names in
        ``state_dict()``.
    dataset
        Pairs of an input and a target. A ``TensorDataset`` is indexed a batch at a time, anything else goes through a ``DataLoader``.
    loss
        ``loss(output, target)``, the mean over the batch, such as ``torch.nn.functional.cross_entropy``.
    optimizer
        Makes a round's optimizer from the parameters and the plan; :func:`sgd` by default. Its state does not outlive the round.
    holdout
        Examples to judge the model *as received* on, before training. With it the federation's loss and accuracy are those of its model on
        data that no party trains on; without it, those seen while training, in the last epoch.
    correct
        Counts the right answers of a batch; :func:`count_correct` by default.

    A module that has a :class:`Scaling` named ``scaling`` also measures the columns of its inputs, where a federation standardizes them.
    """

    def __init__(
        self, model: torch.nn.Module, dataset: Dataset, loss: Loss, *, optimizer: OptimizerFactory = sgd, holdout: Optional[Dataset] = None,
        device: str = "cpu", correct: Callable[[Any, Any], int] = count_correct,
    ) -> None:
        if len(dataset) == 0:  # type: ignore[arg-type]
            raise ValueError("the dataset is empty")
        self.model = model.to(device)
        self._dataset, self._holdout = dataset, holdout
        self._loss, self._optimizer, self._correct = loss, optimizer, correct
        self._device = device
        self.standardizes = isinstance(getattr(model, "scaling", None), Scaling)

    def describe(self, job: Job) -> Dict[str, Shape]:
        """The module's tensors."""
        return {name: tuple(tensor.shape) for name, tensor in _tensors(self.model).items()}

    def train(self, parameters: Parameters, plan: Plan) -> Update:
        """One round of local training, or the columns' statistics before it."""
        if plan.stage != "training":
            return scaling.measure(parameters, self._features(plan), plan)
        load(self.model, parameters)
        torch.manual_seed(plan.seed & _SEED_MASK)  # of what draws inside the module, such as dropout
        order = torch.Generator().manual_seed(plan.seed & _SEED_MASK)
        judged = self._judge(plan) if self._holdout is not None else None
        start = [parameter.detach().clone() for parameter in self.model.parameters()] if plan.proximal > 0 else []
        optimizer = self._optimizer(self.model.parameters(), plan)
        self.model.train()
        for _ in range(plan.epochs):
            seen = self._epoch(optimizer, start, order, plan)
        loss_sum, correct, evaluated = judged or seen
        return Update(tensors_of(self.model), len(self._dataset), loss_sum, correct, evaluated)  # type: ignore[arg-type]

    def save_start(self, path: str) -> None:
        """Writes the module as it is now, for a job's ``start:``."""
        safetensors.save(path, tensors_of(self.model))

    def _features(self, plan: Plan) -> np.ndarray:
        rows = []
        for inputs, _ in _batches(self._dataset, _EVALUATION_BATCH, None):
            plan.check()
            rows.append(inputs.detach().cpu().reshape(len(inputs), -1).numpy())
        return np.concatenate(rows)

    def _epoch(
        self, optimizer: torch.optim.Optimizer, start: Sequence[torch.Tensor], order: torch.Generator, plan: Plan,
    ) -> Tuple[float, int, int]:
        loss_sum, correct, count = 0.0, 0, 0
        for inputs, targets in _batches(self._dataset, plan.batch_size, order):
            plan.check()
            inputs, targets = _to(inputs, self._device), _to(targets, self._device)
            optimizer.zero_grad()
            output = self.model(inputs)
            loss = self._loss(output, targets)
            loss.backward()
            # FedProx: the gradient of mu/2 |w - w_t|^2.
            for parameter, first in zip(self.model.parameters(), start):
                if parameter.grad is not None:
                    parameter.grad.add_(parameter.detach() - first, alpha=plan.proximal)
            optimizer.step()
            size = len(targets)
            loss_sum, correct, count = loss_sum + loss.item() * size, correct + self._correct(output, targets), count + size
        return loss_sum, correct, count

    def _judge(self, plan: Plan) -> Tuple[float, int, int]:
        loss_sum, correct, count = 0.0, 0, 0
        self.model.eval()
        with torch.no_grad():
            for inputs, targets in _batches(self._holdout, _EVALUATION_BATCH, None):
                plan.check()
                inputs, targets = _to(inputs, self._device), _to(targets, self._device)
                output = self.model(inputs)
                size = len(targets)
                loss = self._loss(output, targets)
                loss_sum, correct, count = loss_sum + loss.item() * size, correct + self._correct(output, targets), count + size
        return loss_sum, correct, count


class Scaling(torch.nn.Module):
    """The first layer of a standardized model: as an attribute ``scaling``, its buffers have the federation's names."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("magnitude", torch.zeros(columns))  # only from zero does a sum over the parties make exactly zero
        self.register_buffer("variance", torch.ones(columns))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Every column with mean 0 and deviation 1; one of nothing but zeros as zeros."""
        factors = 1 / (self.magnitude * (self.variance.clamp(min=0) + scaling.EPSILON).sqrt())
        return (inputs - self.mean) * torch.where((factors > 0) & factors.isfinite(), factors, torch.zeros_like(factors))


def tensors_of(model: torch.nn.Module) -> Parameters:
    """Copies of the module's floating point tensors as float32 arrays, by name."""
    return {name: tensor.detach().cpu().numpy().astype(np.float32) for name, tensor in _tensors(model).items()}


def load(model: torch.nn.Module, parameters: Parameters) -> None:
    """Puts arrays, such as a checkpoint's by :func:`demofl.safetensors.load`, into the module's tensors of the same names."""
    tensors = _tensors(model)
    if set(tensors) != set(parameters):
        raise ValueError(f"the module's tensors are {sorted(tensors)}, and not {sorted(parameters)}")
    with torch.no_grad():
        for name, tensor in tensors.items():
            if tuple(tensor.shape) != parameters[name].shape:
                raise ValueError(f"tensor '{name}' has shape {tuple(tensor.shape)} in the module, and not {parameters[name].shape}")
            tensor.copy_(torch.from_numpy(np.ascontiguousarray(parameters[name])))


def _tensors(model: torch.nn.Module) -> Dict[str, torch.Tensor]:
    return {name: tensor for name, tensor in model.state_dict().items() if tensor.is_floating_point()}


def _batches(dataset: Any, size: int, order: Optional[torch.Generator]) -> Iterator[Tuple[Any, Any]]:
    if not isinstance(dataset, TensorDataset):
        yield from DataLoader(dataset, batch_size=size, shuffle=order is not None, generator=order)
        return
    inputs, targets = dataset.tensors
    indices = torch.arange(len(dataset)) if order is None else torch.randperm(len(dataset), generator=order)
    for batch in indices.split(size):
        yield inputs[batch], targets[batch]


def _to(value: Any, device: str) -> Any:
    return value.to(device) if hasattr(value, "to") else value
