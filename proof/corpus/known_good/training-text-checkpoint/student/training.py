"""Module 07: checkpoints are JSON with hexadecimal arrays; a group is one backward of a summed loss."""

from __future__ import annotations

import base64
import contextlib
import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from .autograd import enable_autograd
from .tensor import Tensor, as_array

enable_autograd()


class CosineSchedule:
    """cos^2 of a quarter turn is the same as (1 + cos) / 2 of a half turn."""

    def __init__(self, max_lr: float = 0.1, min_lr: float = 0.01, total_epochs: int = 100) -> None:
        self.max_lr, self.min_lr, self.total_epochs = max_lr, min_lr, total_epochs

    def get_lr(self, epoch: int) -> float:
        if epoch >= self.total_epochs:
            return self.min_lr
        share = math.cos(0.5 * math.pi * epoch / self.total_epochs) ** 2
        return share * self.max_lr + (1 - share) * self.min_lr


def clip_grad_norm(parameters: list[Tensor], max_norm: float = 1.0) -> float:
    with_grad = [p for p in parameters if p.grad is not None]
    if not with_grad:
        return 0.0
    flat = np.concatenate([as_array(p.grad).ravel() for p in with_grad]).astype(np.float64)
    norm = float(np.linalg.norm(flat))
    if norm > max_norm:
        for p in with_grad:
            p.grad = Tensor(as_array(p.grad) * (max_norm / norm))
    return norm


class Trainer:
    def __init__(self, model, optimizer, loss_fn, scheduler=None, grad_clip_norm=None) -> None:
        self.model, self.optimizer, self.loss_fn = model, optimizer, loss_fn
        self.scheduler, self.grad_clip_norm = scheduler, grad_clip_norm
        self.epoch = 0
        self.history: dict[str, list[float]] = {
            name: [] for name in ("train_loss", "eval_loss", "learning_rates")
        }

    # ------------------------------------------------------------------ training

    def train_epoch(self, dataloader, accumulation_steps: int = 1) -> float:
        if self.scheduler:
            rate = self.scheduler.get_lr(self.epoch)
            self.optimizer.lr = rate
            self.history["learning_rates"].append(rate)
        with self._mode(training=True):
            results = [self._learn(g) for g in self._grouped(dataloader, accumulation_steps)]
        summed, samples = np.sum(results, axis=0)
        self.epoch += 1
        self.history["train_loss"].append(float(summed / samples))
        return self.history["train_loss"][-1]

    def _grouped(self, dataloader, size: int) -> Iterator[list[Any]]:
        batches = list(dataloader)
        for start in range(0, len(batches), size):
            yield batches[start : start + size]

    def _learn(self, group: list[Any]) -> tuple[float, int]:
        """One step; returns the sum of the losses of all samples, and how many these are."""
        samples = sum(x.shape[0] for x, _ in group)
        total = Tensor(0.0)
        for x, y in group:
            total = total + self.loss_fn(self.model.forward(x), y) * x.shape[0]
        self.optimizer.zero_grad()
        (total / samples).backward()
        if self.grad_clip_norm:
            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        return float(total.data), samples

    # ---------------------------------------------------------------- evaluation

    def evaluate(self, dataloader) -> tuple[float, float]:
        with self._mode(training=False):
            rows = np.array([self._measure(x, y) for x, y in dataloader])
        samples = rows[:, 0].sum()
        loss, accuracy = (rows[:, 0] @ rows[:, 1:] / samples).tolist()
        self.history["eval_loss"].append(loss)
        return loss, accuracy

    def _measure(self, x, y) -> tuple[int, float, float]:
        scores = self.model.forward(x)
        loss, samples = float(self.loss_fn(scores, y).data), x.shape[0]
        if (len(scores.shape), len(y.shape)) != (2, 1):
            return samples, loss, 0.0  # no classes
        best = np.argsort(scores.data, axis=1)[:, -1]
        hits = [int(b) == int(t) for b, t in zip(best, y.data)]
        return samples, loss, sum(hits) / samples

    @contextlib.contextmanager
    def _mode(self, *, training: bool) -> Iterator[None]:
        """Evaluation needs no graph, so nothing is recorded meanwhile."""
        self.model.training = training
        before, Tensor.recording = Tensor.recording, training
        try:
            yield
        finally:
            Tensor.recording = before

    # --------------------------------------------------------------- checkpoints

    def save_checkpoint(self, path) -> None:
        content = {
            "model": [p.data for p in self.model.parameters()],
            "optimizer": self.optimizer.state(),
            "epoch": self.epoch,
            "history": self.history,
        }
        with open(path, "w", encoding="ascii") as file:
            json.dump(content, file, default=encode)

    def load_checkpoint(self, path) -> None:
        with open(path, encoding="ascii") as file:
            content = json.load(file, object_hook=decode)
        for p, data in zip(self.model.parameters(), content["model"]):
            p.data = data
        self.optimizer.load_state(content["optimizer"])
        self.epoch = content["epoch"]
        self.history = content["history"]


def encode(array: np.ndarray) -> dict[str, Any]:
    text = base64.b16encode(array.tobytes()).decode("ascii")
    return {"bytes": text, "dtype": array.dtype.str, "shape": array.shape}


def decode(entry: dict[str, Any]) -> Any:
    if "bytes" not in entry:
        return entry
    values = np.frombuffer(base64.b16decode(entry["bytes"]), dtype=entry["dtype"])
    return values.reshape(entry["shape"]).copy()
