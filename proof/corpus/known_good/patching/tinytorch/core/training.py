"""Module 07: schedule, clipping and the Trainer."""

import pickle
from pathlib import Path

import numpy as np

from tinytorch.core.autograd import enable_autograd
from tinytorch.core.tensor import Tensor

__all__ = ["CosineSchedule", "clip_grad_norm", "Trainer"]

enable_autograd(quiet=True)

BUFFERS = ("momentum_buffers", "m_buffers", "v_buffers")


class CosineSchedule:
    """Loshchilov and Hutter (2017), one half period."""

    def __init__(self, max_lr=0.1, min_lr=0.01, total_epochs=100):
        self.max_lr = max_lr
        self.min_lr = min_lr
        self.total_epochs = total_epochs

    def get_lr(self, epoch):
        progress = min(epoch / self.total_epochs, 1.0)
        return self.min_lr + (self.max_lr - self.min_lr) * (1 + np.cos(np.pi * progress)) / 2


def _array(grad):
    return grad.data if isinstance(grad, Tensor) else grad


def clip_grad_norm(parameters, max_norm=1.0):
    params = [param for param in parameters if param.grad is not None]
    total = float(np.sqrt(sum(np.sum(_array(p.grad) ** 2.0) for p in params)))
    if total > max_norm:
        for param in params:
            param.grad = _array(param.grad) * np.float32(max_norm / total)
    return total


class Trainer:
    def __init__(self, model, optimizer, loss_fn, scheduler=None, grad_clip_norm=None):
        self.model = model
        self.optimizer = optimizer
        self.loss_fn = loss_fn
        self.scheduler = scheduler
        self.grad_clip_norm = grad_clip_norm
        self.epoch = 0
        self.step = 0
        self.training_mode = True
        self.history = {"train_loss": [], "eval_loss": [], "learning_rates": []}

    def _set_mode(self, training):
        self.model.training = training
        self.training_mode = training

    def train_epoch(self, dataloader, accumulation_steps=1):
        self._set_mode(True)
        if self.scheduler is not None:
            self.optimizer.lr = self.scheduler.get_lr(self.epoch)
            self.history["learning_rates"].append(self.optimizer.lr)
        total = np.float32(0)
        seen = waiting = 0
        for number, (inputs, targets) in enumerate(dataloader, start=1):
            count = inputs.shape[0]
            total += self._backward(inputs, targets, count)
            seen += count
            waiting += count
            if number % accumulation_steps == 0:
                self._update(waiting)
                waiting = 0
        if waiting:
            self._update(waiting)
        self.epoch += 1
        return self._log("train_loss", total / max(seen, 1))

    def _backward(self, inputs, targets, count):
        """Adds the gradient of the *summed* loss; _update divides by the samples."""
        outputs = self.model.forward(inputs)
        loss = self.loss_fn.forward(outputs, targets)
        loss.backward(np.full(loss.shape, count, dtype=np.float32))
        return loss.data * count

    def _update(self, samples):
        for param in self.model.parameters():
            if param.grad is not None:
                param.grad = _array(param.grad) / samples
        if self.grad_clip_norm is not None:
            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1

    def _log(self, name, value):
        self.history[name].append(value)
        return value

    def evaluate(self, dataloader):
        self._set_mode(False)
        total = np.float32(0)
        seen = correct = 0
        for inputs, targets in dataloader:
            outputs = self.model.forward(inputs)
            count = inputs.shape[0]
            total += self.loss_fn.forward(outputs, targets).data * count
            correct += self._correct(outputs.data, targets.data)
            seen += count
        return self._log("eval_loss", total / max(seen, 1)), correct / max(seen, 1)

    @staticmethod
    def _correct(outputs, targets):
        if outputs.ndim < 2:
            return 0
        classes = targets if targets.ndim == 1 else np.argmax(targets, axis=1)
        return np.sum(np.argmax(outputs, axis=1) == classes)

    def save_checkpoint(self, path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        checkpoint = {
            "epoch": self.epoch,
            "step": self.step,
            "history": self.history,
            "model_state": dict(enumerate(p.data for p in self.model.parameters())),
            "optimizer_state": self._optimizer_state(),
        }
        with open(path, "wb") as file:
            pickle.dump(checkpoint, file)
        print(f"checkpoint saved: {path}")

    def _optimizer_state(self):
        names = ("lr", "step_count", *BUFFERS)
        return {n: getattr(self.optimizer, n) for n in names if hasattr(self.optimizer, n)}

    def load_checkpoint(self, path):
        with open(path, "rb") as file:
            checkpoint = pickle.load(file)
        self.epoch = checkpoint["epoch"]
        self.step = checkpoint["step"]
        self.history = checkpoint["history"]
        for i, param in enumerate(self.model.parameters()):
            param.data = checkpoint["model_state"][i]
        for name, value in checkpoint["optimizer_state"].items():
            setattr(self.optimizer, name, value)
        print(f"checkpoint loaded: {path}")
