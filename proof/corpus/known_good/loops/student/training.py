"""Module 07: the training loop."""

import json
import math
from pathlib import Path

import numpy as np

from .tensor import Tensor, as_array


class CosineSchedule:
    def __init__(self, max_lr=0.1, min_lr=0.01, total_epochs=100):
        self.max_lr = max_lr
        self.min_lr = min_lr
        self.total_epochs = total_epochs

    def get_lr(self, epoch):
        if epoch >= self.total_epochs:
            return self.min_lr
        half = (1 + math.cos(math.pi * epoch / self.total_epochs)) / 2
        return self.min_lr + (self.max_lr - self.min_lr) * half


def clip_grad_norm(parameters, max_norm=1.0):
    """Shrink all gradients together when their common length exceeds max_norm."""
    moving = [parameter for parameter in parameters if parameter.grad is not None]
    total = 0.0
    for parameter in moving:
        for value in as_array(parameter.grad).ravel().tolist():
            total += value * value
    norm = math.sqrt(total)
    if norm > max_norm:
        for parameter in moving:
            parameter.grad = Tensor(as_array(parameter.grad) * (max_norm / norm))
    return norm


def groups_of(dataloader, size):
    """Lists of `size` batches; the last one may be shorter."""
    group = []
    for batch in dataloader:
        group.append(batch)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def count_correct(outputs, targets):
    """How many rows have their largest output at the target class."""
    correct = 0
    if outputs.data.ndim == 2 and outputs.shape[1] > 1:
        for row, target in zip(outputs.data, as_array(targets)):
            wanted = np.argmax(target) if np.ndim(target) else target
            if np.argmax(row) == wanted:
                correct += 1
    return correct


class Trainer:
    def __init__(self, model, optimizer, loss_fn, scheduler=None, grad_clip_norm=None):
        self.model = model
        self.optimizer = optimizer
        self.loss_fn = loss_fn
        self.scheduler = scheduler
        self.grad_clip_norm = grad_clip_norm
        self.epoch = 0
        self.history = {"train_loss": [], "eval_loss": [], "learning_rates": []}

    def train_epoch(self, dataloader, accumulation_steps=1):
        self.model.training = True
        losses = []
        for group in groups_of(dataloader, accumulation_steps):
            losses += self.train_group(group)
        self.finish_epoch()
        mean_loss = sum(losses) / max(len(losses), 1)
        self.history["train_loss"].append(mean_loss)
        return mean_loss

    def train_group(self, group):
        """One step from several batches; each counts as much as it has samples."""
        self.optimizer.zero_grad()
        samples = sum(len(as_array(inputs)) for inputs, _ in group)
        losses = []
        for inputs, targets in group:
            loss = self.loss_fn(self.model(inputs), targets)
            (loss * (len(as_array(inputs)) / samples)).backward()
            losses.append(float(loss.data))
        if self.grad_clip_norm is not None:
            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        return losses

    def finish_epoch(self):
        if self.scheduler is not None:
            self.optimizer.lr = self.scheduler.get_lr(self.epoch)
            self.history["learning_rates"].append(self.optimizer.lr)
        self.epoch += 1

    def evaluate(self, dataloader):
        self.model.training = False
        losses, correct, samples = [], 0, 0
        for inputs, targets in dataloader:
            outputs = self.model(inputs)
            losses.append(float(self.loss_fn(outputs, targets).data))
            correct += count_correct(outputs, targets)
            samples += len(as_array(inputs))
        mean_loss = sum(losses) / max(len(losses), 1)
        self.history["eval_loss"].append(mean_loss)
        return mean_loss, correct / max(samples, 1)

    def save_checkpoint(self, path):
        optimizer = self.optimizer
        state = {
            "parameters": [p.data.tolist() for p in self.model.parameters()],
            "buffers": {name: to_lists(kept) for name, kept in optimizer.buffers().items()},
            "step_count": optimizer.step_count,
            "lr": float(optimizer.lr),
            "epoch": self.epoch,
            "history": self.history,
        }
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(json.dumps(state))

    def load_checkpoint(self, path):
        state = json.loads(Path(path).read_text())
        for parameter, numbers in zip(self.model.parameters(), state["parameters"]):
            parameter.data = np.array(numbers, dtype=np.float32)
        for name, kept in self.optimizer.buffers().items():
            kept.clear()
            for index, numbers in state["buffers"][name]:
                kept[index] = np.array(numbers, dtype=np.float32)
        self.optimizer.step_count = state["step_count"]
        self.optimizer.lr = state["lr"]
        self.epoch = state["epoch"]
        self.history = state["history"]


def to_lists(arrays):
    """JSON turns dict keys into text, so keep pairs of number and list."""
    return [[index, np.asarray(array).tolist()] for index, array in arrays.items()]
