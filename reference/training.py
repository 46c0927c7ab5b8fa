"""07 Training: the learning-rate schedule, gradient clipping, and the loop around them."""

from __future__ import annotations

import math
import pickle
from collections import abc
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np

from .autograd import enable_autograd
from .optimizers import Optimizer
from .tensor import Array, Tensor, as_array

Batch: TypeAlias = tuple[Tensor, ...]
LossFunction: TypeAlias = abc.Callable[[Tensor, Tensor], Tensor]

enable_autograd()


class Model(Protocol):
    """What the trainer asks of a model."""

    training: bool

    def forward(self, x: Tensor) -> Tensor:
        """Compute the output."""

    def parameters(self) -> list[Tensor]:
        """Return the tensors to be trained."""


class Schedule(Protocol):
    """A learning rate for every epoch."""

    def get_lr(self, epoch: int) -> float:
        """Return the rate of one epoch."""


class CosineSchedule:
    """Half a cosine from `max_lr` down to `min_lr` (Loshchilov and Hutter, 2017)."""

    def __init__(self, max_lr: float = 0.1, min_lr: float = 0.01, total_epochs: int = 100) -> None:
        """Set the two ends and the length."""
        self.max_lr = max_lr
        self.min_lr = min_lr
        self.total_epochs = total_epochs

    def get_lr(self, epoch: int) -> float:
        """Return the rate of an epoch; from `total_epochs` on it stays at `min_lr`."""
        if epoch >= self.total_epochs:
            return self.min_lr
        height = (1 + math.cos(math.pi * epoch / self.total_epochs)) / 2
        return self.min_lr + (self.max_lr - self.min_lr) * height


def clip_grad_norm(parameters: abc.Iterable[Tensor], max_norm: float = 1.0) -> float:
    """Scale all gradients together to a norm of at most `max_norm` (Pascanu et al., 2013).

    Returns the norm before clipping.
    """
    moved = [parameter for parameter in parameters if parameter.grad is not None]
    norm = math.sqrt(sum(float(np.linalg.norm(as_array(p.grad))) ** 2 for p in moved))
    if norm > max_norm:
        for parameter in moved:
            parameter.grad = as_array(parameter.grad) * (max_norm / norm)
    return norm


class Trainer:
    """Trains a model epoch by epoch, evaluates it, and can be saved and continued.

    The loss function is taken to return a mean over the samples of a batch. A checkpoint holds the
    model's parameters, not other state that it may have, such as running statistics.
    """

    def __init__(
        self,
        model: Model,
        optimizer: Optimizer,
        loss_fn: LossFunction,
        scheduler: Schedule | None = None,
        grad_clip_norm: float | None = None,
    ) -> None:
        """Start at epoch 0 with an empty history."""
        self.model = model
        self.optimizer = optimizer
        self.loss_fn = loss_fn
        self.scheduler = scheduler
        self.grad_clip_norm = grad_clip_norm
        self.epoch = 0
        self.history: dict[str, list[float]] = {
            "train_loss": [],
            "eval_loss": [],
            "learning_rates": [],
        }

    def train_epoch(self, dataloader: abc.Iterable[Batch], accumulation_steps: int = 1) -> float:
        """Train once on every batch, one step per `accumulation_steps`; return the mean loss."""
        self.model.training = True
        if self.scheduler is not None:
            self.optimizer.lr = self.scheduler.get_lr(self.epoch)
            self.history["learning_rates"].append(self.optimizer.lr)
        groups = _groups(dataloader, accumulation_steps)
        loss = _mean_over_samples([(self._step(group), _samples(group)) for group in groups])
        self.epoch += 1
        self.history["train_loss"].append(loss)
        return loss

    def _step(self, group: list[Batch]) -> float:
        """Take one optimizer step on the mean loss over all samples of the group.

        Batches count by their share of the samples, so a group equals one large batch also when
        its last batch is short or the group is the incomplete last one.
        """
        self.optimizer.zero_grad()
        group_loss = 0.0
        for inputs, targets in group:
            share = len(inputs.data) / _samples(group)
            loss = self.loss_fn(self.model.forward(inputs), targets) * share
            loss.backward()
            group_loss += loss.data.item()
        if self.grad_clip_norm is not None:
            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        return group_loss

    def evaluate(self, dataloader: abc.Iterable[Batch]) -> tuple[float, float]:
        """Return the mean loss and the share of samples classified right; train nothing."""
        self.model.training = False
        losses, accuracies = [], []
        for inputs, targets in dataloader:
            outputs = self.model.forward(inputs)
            right = _class_ids(outputs.data) == _class_ids(targets.data)
            losses.append((self.loss_fn(outputs, targets).data.item(), len(right)))
            accuracies.append((float(right.mean()), len(right)))
        loss = _mean_over_samples(losses)
        self.history["eval_loss"].append(loss)
        return loss, _mean_over_samples(accuracies)

    def save_checkpoint(self, path: str | PathLike[str]) -> None:
        """Write all that is needed to continue training as if it had never stopped."""
        checkpoint = {
            "parameters": [parameter.data for parameter in self.model.parameters()],
            "optimizer": self.optimizer.state(),
            "epoch": self.epoch,
            "history": self.history,
        }
        Path(path).write_bytes(pickle.dumps(checkpoint))

    def load_checkpoint(self, path: str | PathLike[str]) -> None:
        """Continue from a file that `save_checkpoint` wrote; only load files you trust."""
        checkpoint = pickle.loads(Path(path).read_bytes())
        for parameter, data in zip(self.model.parameters(), checkpoint["parameters"], strict=True):
            parameter.data = data
        self.optimizer.load_state(checkpoint["optimizer"])
        self.epoch = checkpoint["epoch"]
        self.history = checkpoint["history"]


def _groups(dataloader: abc.Iterable[Batch], size: int) -> abc.Iterator[list[Batch]]:
    """Split the batches into lists of `size`, the last one possibly shorter."""
    batches = iter(dataloader)
    while group := list(islice(batches, size)):
        yield group


def _samples(group: list[Batch]) -> int:
    return sum(len(inputs.data) for inputs, *_ in group)


def _mean_over_samples(batches: list[tuple[float, int]]) -> float:
    """Average the means of batches, each weighted by its number of samples."""
    samples = sum(size for _, size in batches)
    return sum(mean * size for mean, size in batches) / samples


def _class_ids(values: Array) -> Array:
    """Return the class of each row: the place of the largest score, or the id given itself."""
    rows = values.reshape(len(values), -1).real
    return rows[:, 0] if rows.shape[1] == 1 else rows.argmax(axis=1)
