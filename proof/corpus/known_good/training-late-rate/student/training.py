"""Module 07: the rate changes after an epoch, losses are averaged over batches, much is printed."""

import math
import os

import numpy as np

from .autograd import enable_autograd
from .tensor import as_array

enable_autograd()
print("training.py: autograd is on")


class CosineSchedule:
    def __init__(self, max_lr=0.1, min_lr=0.01, total_epochs=100):
        self.max_lr = max_lr
        self.min_lr = min_lr
        self.total_epochs = total_epochs

    def get_lr(self, epoch):
        progress = min(epoch / self.total_epochs, 1.0)
        swing = (self.max_lr - self.min_lr) / 2
        middle = (self.max_lr + self.min_lr) / 2
        return middle + swing * math.cos(math.pi * progress)


def clip_grad_norm(parameters, max_norm=1.0):
    parameters = list(parameters)
    gradients = [as_array(p.grad) for p in parameters if p.grad is not None]
    squares = [np.vdot(g, g) for g in gradients]
    norm = float(np.sqrt(np.sum(squares)))
    factor = min(1.0, max_norm / (norm + 1e-6))
    if factor < 1.0:
        print(f"clipping: norm {norm:.4f} is above {max_norm}")
        for p in parameters:
            if p.grad is not None:
                p.grad = np.float32(factor) * as_array(p.grad)
    return norm


class Trainer:
    def __init__(self, model, optimizer, loss_fn, scheduler=None, grad_clip_norm=None):
        self.model = model
        self.optimizer = optimizer
        self.loss_fn = loss_fn
        self.scheduler = scheduler
        self.grad_clip_norm = grad_clip_norm
        self.epoch = 0
        self.step = 0
        self.history = {"train_loss": [], "eval_loss": [], "learning_rates": []}

    def train_epoch(self, dataloader, accumulation_steps=1):
        print(f"===== epoch {self.epoch} =====")
        self.model.training = True
        losses = []
        waiting = []  # batches that do not fill a group yet
        for batch in dataloader:
            waiting.append(batch)
            if len(waiting) == accumulation_steps:
                losses.extend(self.train_on(waiting))
                waiting = []
        if len(waiting) > 0:
            losses.extend(self.train_on(waiting))  # a smaller group of its own
        average = sum(losses) / len(losses)
        self.history["train_loss"].append(average)
        if self.scheduler is not None:
            self.optimizer.lr = self.scheduler.get_lr(self.epoch)  # from the next epoch on
            self.history["learning_rates"].append(self.optimizer.lr)
        self.epoch += 1
        print(f"===== mean loss {average:.4f} =====")
        return average

    def train_on(self, group):
        """One step; every sample of the group counts the same. Returns the loss of each batch."""
        self.optimizer.zero_grad()
        samples = sum([len(inputs.data) for inputs, targets in group])
        losses = []
        for inputs, targets in group:
            outputs = self.model.forward(inputs)
            loss = self.loss_fn.forward(outputs, targets)
            (loss * (len(inputs.data) / samples)).backward()
            losses.append(float(loss.data))
            print(f"  step {self.step}: loss {losses[-1]:.4f}")
        if self.grad_clip_norm is not None:
            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        self.step += 1
        return losses

    def evaluate(self, dataloader):
        self.model.training = False
        losses = []
        correct = 0
        seen = 0
        for inputs, targets in dataloader:
            outputs = self.model.forward(inputs)
            losses.append(float(self.loss_fn.forward(outputs, targets).data))
            if outputs.data.ndim == 2 and targets.data.ndim == 1:
                guesses = outputs.data.argmax(axis=1)
                correct += int((guesses == targets.data).sum())
            seen += len(inputs.data)
        loss = sum(losses) / len(losses)
        accuracy = correct / seen
        self.history["eval_loss"].append(loss)
        print(f"evaluation: loss {loss:.4f}, {correct} of {seen} right")
        return loss, accuracy

    def save_checkpoint(self, path):
        weights = [p.data for p in self.model.parameters()]
        rest = np.empty((), dtype=object)
        rest[()] = [self.optimizer.state(), self.epoch, self.step, self.history]
        with open(path, "wb") as file:
            np.savez(file, *weights, rest=rest)
        print(f"saved {os.path.getsize(path)} bytes")

    def load_checkpoint(self, path):
        with np.load(path, allow_pickle=True) as checkpoint:
            state, self.epoch, self.step, self.history = checkpoint["rest"][()]
            for i, p in enumerate(self.model.parameters()):
                p.data = checkpoint[f"arr_{i}"]
        self.optimizer.load_state(state)
