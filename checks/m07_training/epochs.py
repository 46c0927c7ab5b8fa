"""Training for an epoch."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check

from . import cases
from .cases import batches
from .model import Model


@check(
    inputs=lambda draw: cases.regression(draw, (2, 2), (2, 1), (3, 2), (5, 2), (4, 3)),
    hint="For each batch: zero the gradients, forward, loss, backward, step.",
)
def steps_per_batch(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """train_epoch makes one optimizer step per batch, on that batch's gradient alone."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125), api.MSELoss())
    trainer.train_epoch(batches(api.Tensor, x, y, n))
    return {"parameters": model.now()}


def trained_over_batches(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """Average the losses over batches: a short one counts as much as a full one."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125), api.MSELoss())
    losses = [trainer.train_epoch([batch]) for batch in batches(api.Tensor, x, y, n)]
    return {"mean loss": sum(losses) / len(losses)}


@check(
    inputs=lambda draw: cases.regression(draw, (2, 2), (2, 1), (3, 2), (5, 2), (4, 3)),
    hint="Divide by as much as you added up: all batches, or all samples with each its weight.",
    also=(trained_over_batches,),
)
def train_returns_loss(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """train_epoch returns the mean loss, over batches or over samples."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125), api.MSELoss())
    return {"mean loss": trainer.train_epoch(batches(api.Tensor, x, y, n))}


@check(
    inputs=lambda draw: cases.regression(draw, (2, 1, 2), (6, 2, 3), (4, 2, 1), (8, 2, 2)),
    hint="k mean losses add up to k times their mean: divide what goes backward, not the report.",
)
def accumulates(api: Any, start: Any, x: Any, y: Any, n: int, k: int) -> dict[str, Any]:
    """With accumulation_steps=k, k batches of n samples train as one batch of k * n does."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125), api.MSELoss())
    loss = trainer.train_epoch(batches(api.Tensor, x, y, n), accumulation_steps=k)
    return {"mean loss": loss, "parameters": model.now()}


def divided_by_k(api: Any, start: Any, x: Any, y: Any, n: int, k: int) -> dict[str, Any]:
    """Divide the gradients of the only batch of a group by k all the same."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125 / k), api.MSELoss())
    trainer.train_epoch(batches(api.Tensor, x, y, n))
    return {"parameters": model.now()}


@check(
    inputs=lambda draw: cases.regression(draw, (2, 2, 2), (1, 1, 2), (3, 3, 2), (2, 2, 3)),
    hint="After the loop, make one more step if batches were left that did not fill a group.",
    also=(divided_by_k,),
)
def steps_on_leftovers(api: Any, start: Any, x: Any, y: Any, n: int, k: int) -> dict[str, Any]:
    """A batch left over at the end of an epoch, too few for a group, trains all the same."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125), api.MSELoss())
    trainer.train_epoch(batches(api.Tensor, x, y, n), accumulation_steps=k)
    return {"parameters": model.now()}


@check(
    inputs=cases.groups_to_clip,
    hint="Between a group's last backward and the step, clip model.parameters() together.",
)
def clips_before_step(
    api: Any, start: Any, x: Any, y: Any, n: int, k: int, limit: float
) -> dict[str, Any]:
    """With grad_clip_norm, the gradients are clipped once before each step."""
    model = Model(api.Linear, start)
    sgd = api.SGD(model.parameters(), lr=0.5)
    trainer = api.Trainer(model, sgd, api.MSELoss(), grad_clip_norm=limit)
    trainer.train_epoch(batches(api.Tensor, x, y, n), accumulation_steps=k)
    return {"parameters": model.now()}


def rates_set_late(api: Any, start: Any, x: Any, y: Any, n: int, epochs: int) -> dict[str, Any]:
    """Set each epoch's rate after its last step, so that it is the next one that trains at it."""
    model, schedule = Model(api.Linear, start), api.CosineSchedule(0.25, 0.0, epochs)
    sgd = api.SGD(model.parameters(), momentum=0.5)
    for epoch in (0, 0, 1):
        sgd.lr = schedule.get_lr(epoch)
        api.Trainer(model, sgd, api.CrossEntropyLoss()).train_epoch(batches(api.Tensor, x, y, n))
    return {"weight": model.layer.weight, "bias": model.layer.bias}


@check(
    inputs=lambda draw: (
        cases.classification(draw, (2, 2), (2, 1), (4, 2)) | {"epochs": draw.choice((2, 3, 4))}
    ),
    hint="Before an epoch's first step, assign scheduler.get_lr(epoch) to the optimizer's lr.",
    also=(rates_set_late,),
)
def follows_schedule(api: Any, start: Any, x: Any, y: Any, n: int, epochs: int) -> dict[str, Any]:
    """With a scheduler, each epoch of training, and only that, has the schedule's next rate."""
    model, schedule = Model(api.Linear, start), api.CosineSchedule(0.25, 0.0, epochs)
    sgd = api.SGD(model.parameters(), lr=0.25, momentum=0.5)
    loader = batches(api.Tensor, x, y, n)
    trainer = api.Trainer(model, sgd, api.CrossEntropyLoss(), schedule)
    for call in [trainer.evaluate] * 2 + [trainer.train_epoch] * 3:
        call(loader)
    return {"weight": model.layer.weight, "bias": model.layer.bias}
