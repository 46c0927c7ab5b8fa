"""Evaluating, modes and the history."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradgate.authoring import check

from . import cases
from .cases import batches
from .model import Model


def evaluated_over_batches(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """Average the losses over batches: a short one counts as much as a full one."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    losses = [trainer.evaluate([batch])[0] for batch in batches(api.Tensor, x, y, n)]
    return {"mean loss": sum(losses) / len(losses)}


@check(
    inputs=cases.classification,
    hint="As in train_epoch: add up the losses of all batches and divide by their number.",
    also=(evaluated_over_batches,),
)
def evaluate_returns_loss(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """evaluate returns the mean loss first, over batches or over samples."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    return {"mean loss": trainer.evaluate(batches(api.Tensor, x, y, n))[0]}


@check(inputs=cases.classification, hint="Count the rows whose largest output is at the target.")
def evaluate_returns_accuracy(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """evaluate returns, after the loss, the share of samples classified right."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    return {"accuracy": trainer.evaluate(batches(api.Tensor, x, y, n))[1]}


@check(inputs=cases.classification, hint="evaluate needs neither backward nor a step.")
def evaluate_trains_nothing(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """evaluate changes no parameter."""
    model, loader = Model(api.Linear, start), batches(api.Tensor, x, y, len(x))
    sgd = api.SGD(model.parameters(), lr=0.125, momentum=0.5)
    trainer = api.Trainer(model, sgd, api.CrossEntropyLoss())
    trainer.train_epoch(loader)
    return {"loss": trainer.evaluate(loader)[0], "parameters": model.now()}


@check(inputs=cases.classification, hint="Assign model.training at the start of both methods.")
def sets_mode(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """train_epoch runs the model with training = True, evaluate with training = False."""
    model, loader = Model(api.Linear, start), batches(api.Tensor, x, y, n)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    trainer.evaluate(loader)
    evaluating, model.modes = np.unique(model.modes), []
    trainer.train_epoch(loader)
    return {"training in evaluate": evaluating, "training in train_epoch": np.unique(model.modes)}


@check(inputs=cases.classification, hint="Append to the lists in self.history, once in every call.")
def keeps_history(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """history gains a train_loss and a learning rate per train_epoch, an eval_loss per evaluate."""
    model, loader = Model(api.Linear, start), batches(api.Tensor, x, y, len(x))
    sgd, schedule = api.SGD(model.parameters(), lr=0.125), api.CosineSchedule(0.125, 0.125, 9)
    trainer = api.Trainer(model, sgd, api.CrossEntropyLoss(), schedule)
    for call in (trainer.train_epoch, trainer.train_epoch, trainer.train_epoch, trainer.evaluate):
        call(loader)
    return {
        "train_loss": np.array(trainer.history["train_loss"], float),
        "eval_loss": np.array(trainer.history["eval_loss"], float),
        "learning_rates": np.array(trainer.history["learning_rates"], float),
    }
