"""Module 07, training: a learning-rate schedule, gradient clipping and the loop around it all.

May use: modules 01 to 06.
Grade it: `nox -s check -- 07`
Start with: `CosineSchedule.get_lr`, then `clip_grad_norm`, then `Trainer.train_epoch`.

In the patched design of module 05, import `autograd` in this file, so that recording is on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from .optimizers import Optimizer
from .tensor import Tensor

Batches: TypeAlias = "Iterable[tuple[Tensor, Tensor]]"
"""Pairs (inputs, targets) with the samples along axis 0: a DataLoader, or just a list."""


class CosineSchedule:
    """A learning rate that falls along half a cosine wave (Loshchilov and Hutter 2017)."""

    def __init__(self, max_lr: float = 0.1, min_lr: float = 0.01, total_epochs: int = 100) -> None:
        """Store where to start (`max_lr`), where to end (`min_lr`) and after how many epochs."""
        raise NotImplementedError(
            "Module 07: implement CosineSchedule.__init__ in student/training.py"
        )

    def get_lr(self, epoch: int) -> float:
        """Return the learning rate for an epoch, counted from 0.

        lr = min_lr + (max_lr - min_lr) * (1 + cos(pi * epoch / total_epochs)) / 2

        From `total_epochs` on it stays at `min_lr`.

        Example, with the defaults: epoch 0 gives 0.1, 50 gives 0.055, 100 and 200 give 0.01.
        """
        raise NotImplementedError(
            "Module 07: implement CosineSchedule.get_lr in student/training.py"
        )


def clip_grad_norm(parameters: Iterable[Tensor], max_norm: float = 1.0) -> float:
    """Shrink all gradients together when their norm exceeds `max_norm` (Pascanu et al. 2013).

    Args:
        parameters: tensors; one whose `grad` is None counts for nothing. As in module 06, a `grad`
            may be an ndarray that was put there by hand.
        max_norm: the largest norm allowed.

    Returns:
        the norm before clipping, a float.

    The norm is global: the square root of the sum of the squares of all entries of all gradients,
    as if they were one long vector. If it is larger than `max_norm`, multiply every gradient by
    max_norm / norm, so that the direction stays and the norm becomes `max_norm`. If not, leave the
    gradients alone.

    Example: gradients [3] and [4] have the norm 5; with max_norm 1 they become [0.6] and [0.8].
    """
    raise NotImplementedError("Module 07: implement clip_grad_norm in student/training.py")


class Trainer:
    """The training loop: epochs, evaluation, checkpoints.

    Attributes:
        epoch: how many epochs were trained, an int starting at 0.
        history: a dict of lists of floats: `train_loss` gains one entry per `train_epoch`,
            `eval_loss` one per `evaluate`, and with a scheduler `learning_rates` gains the rate in
            force, one per `train_epoch`. The lists start empty.
    """

    epoch: int
    history: dict[str, list[float]]

    def __init__(
        self,
        model: Any,
        optimizer: Optimizer,
        loss_fn: Callable[[Tensor, Tensor], Tensor],
        scheduler: CosineSchedule | None = None,
        grad_clip_norm: float | None = None,
    ) -> None:
        """Keep the parts and start at epoch 0 with an empty history.

        Args:
            model: has `forward(x)` and `parameters()`; the Trainer sets its attribute `training`,
                and passing that on to its layers is the model's business.
            optimizer: holds the model's parameters.
            loss_fn: one of module 04, called as `loss_fn(outputs, targets)`.
            scheduler: has `get_lr(epoch)`; None leaves the learning rate alone.
            grad_clip_norm: the limit for `clip_grad_norm` before each step; None does not clip.
        """
        raise NotImplementedError("Module 07: implement Trainer.__init__ in student/training.py")

    def train_epoch(self, dataloader: Batches, accumulation_steps: int = 1) -> float:
        """Train on every batch once and return the mean loss, a float.

        Set `model.training = True`. For each group of `accumulation_steps` batches: zero the
        gradients, run forward, loss and backward on each batch, clip if asked to, make one
        optimizer step. Then count the epoch and write the history.

        Easy to get wrong: accumulation. k batches of n samples must change the parameters exactly
        as one batch of k * n would. Losses are means, so backward on each batch adds up k means:
        divide what goes backward by k (the loss Tensor, or the gradients), not just the number you
        report. Clip once per group, when all of it has been accumulated. If batches are left over
        at the end, they make a smaller group of their own and count as one batch of their samples.

        With a scheduler, give the optimizer the rate for the epoch, `get_lr(epoch)`, before the
        first step; setting the next one after the last step is accepted too. The mean loss may be
        taken over samples or over batches, and is that of the batches, not of the groups.
        """
        raise NotImplementedError("Module 07: implement Trainer.train_epoch in student/training.py")

    def evaluate(self, dataloader: Batches) -> tuple[float, float]:
        """Return the mean loss and the accuracy, two floats, without training.

        Set `model.training = False` and change no parameter. The accuracy is the share, from 0 to
        1, of samples whose largest output (N, C) is at the target's class id (N,). With other
        shapes there are no classes to count: return 0.0 for it.

        The mean loss may be taken over samples or over batches; it goes into the history.
        """
        raise NotImplementedError("Module 07: implement Trainer.evaluate in student/training.py")

    def save_checkpoint(self, path: str | Path) -> None:
        """Write everything that training needs in order to go on, into one file at `path`.

        That is: the values of all parameters, the complete state of the optimizer (easy to get
        wrong: besides its settings and the present `lr`, the momentum buffers of SGD, both moments
        of Adam and AdamW, and `step_count`), `epoch` and `history`.

        The format is yours. Use `path` exactly as given: some NumPy functions append an ending.
        """
        raise NotImplementedError(
            "Module 07: implement Trainer.save_checkpoint in student/training.py"
        )

    def load_checkpoint(self, path: str | Path) -> None:
        """Restore what `save_checkpoint` wrote, usually into a Trainer that was just built.

        Model and optimizer have the same structure as the saved ones but other values; the
        parameters stay the same Tensors and take over the saved values. Training resumed must equal
        training never stopped: 2 epochs, save, load, 2 epochs give the parameters and the history
        of 4 epochs.
        """
        raise NotImplementedError(
            "Module 07: implement Trainer.load_checkpoint in student/training.py"
        )
