"""Module 07: gradients of a group are summed as they come and divided once, before the clipping."""
import copy, math, pickle
import numpy as np
from .autograd import enable_autograd
from .tensor import as_array

enable_autograd()


class CosineSchedule:
    def __init__(self, max_lr=.1, min_lr=.01, total_epochs=100):
        # the whole table at once; past its end the last entry counts
        t = np.arange(total_epochs + 1) / total_epochs
        self.table = (min_lr + (max_lr - min_lr) * (np.cos(np.pi * t) + 1) / 2).tolist()

    def get_lr(self, epoch):
        return self.table[min(epoch, len(self.table) - 1)]


def scale(parameters, factor):
    for p in parameters:
        if p.grad is not None: p.grad = as_array(p.grad) * factor


def clip_grad_norm(parameters, max_norm=1.0):
    parameters = list(parameters)
    norm = math.hypot(*(x for p in parameters if p.grad is not None
                        for x in as_array(p.grad).ravel().tolist()))
    if norm > max_norm: scale(parameters, max_norm / norm)
    return norm


def hit(scores, target):
    """Whether a row of scores is largest at the target; never, where these are no classes."""
    return scores.ndim == 1 and target.ndim == 0 and scores.argmax() == target


class Mean:
    """A running mean, weighted by the number of samples."""
    def __init__(self): self.value, self.weight = 0.0, 0
    def take(self, value, weight):
        self.weight += weight
        self.value += (value - self.value) * weight / self.weight


class Trainer:
    def __init__(self, model, optimizer, loss_fn, scheduler=None, grad_clip_norm=None):
        self.model, self.optimizer, self.loss_fn = model, optimizer, loss_fn
        self.scheduler, self.grad_clip_norm = scheduler, grad_clip_norm
        self.epoch, self.history = 0, dict(train_loss=[], eval_loss=[], learning_rates=[])
        if scheduler is not None: optimizer.lr = scheduler.get_lr(0)

    def _run(self, batch):
        x, y = batch
        out = self.model.forward(x)
        return out, self.loss_fn(out, y), len(as_array(x))

    def train_epoch(self, dataloader, accumulation_steps=1):
        self.model.training, mean, pending = True, Mean(), 0
        self.optimizer.zero_grad()
        for i, batch in enumerate(dataloader, 1):
            _, loss, n = self._run(batch)
            (loss * n).backward()          # the sum over the samples, for now
            mean.take(loss.data.item(), n)
            pending += n
            if i % accumulation_steps == 0: pending = self._step(pending)
        if pending: self._step(pending)
        self.history["train_loss"].append(mean.value)
        self.epoch += 1
        if self.scheduler is not None:
            self.history["learning_rates"].append(self.optimizer.lr)
            self.optimizer.lr = self.scheduler.get_lr(self.epoch)
        return mean.value

    def _step(self, samples):
        scale(self.model.parameters(), 1 / samples)
        if self.grad_clip_norm is not None:
            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return 0

    def evaluate(self, dataloader):
        before, self.model.training = self.model.training, False
        loss, accuracy = Mean(), Mean()
        for batch in dataloader:
            out, value, n = self._run(batch)
            right = sum(map(hit, out.data, as_array(batch[1])))
            loss.take(value.data.item(), n)
            accuracy.take(right / n, n)
        self.model.training = before
        self.history["eval_loss"].append(loss.value)
        return loss.value, accuracy.value

    def save_checkpoint(self, path):
        keep = {k: v for k, v in vars(self).items() if k in ("epoch", "history")}
        optimizer = {k: v for k, v in vars(self.optimizer).items() if k != "params"}
        with open(path, "wb") as f:
            pickle.dump((keep, optimizer, [p.data for p in self.model.parameters()]), f)

    def load_checkpoint(self, path):
        with open(path, "rb") as f:
            keep, optimizer, arrays = pickle.load(f)
        vars(self).update(copy.deepcopy(keep))
        vars(self.optimizer).update(optimizer)
        for p, a in zip(self.model.parameters(), arrays): p.data[...] = a
