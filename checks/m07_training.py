"""Checks of module 07, training: schedule, gradient clipping, training loop and checkpoints."""

from __future__ import annotations

import math
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.engine.check import Inputs, check
from checks.engine.scenario import grad, values

if TYPE_CHECKING:
    from checks.engine.draw import Draw

NAMES = ("CosineSchedule", "clip_grad_norm", "Trainer")


class Model:
    """A Linear layer; the rows of `start` are those of its weight, the last one is its bias."""

    def __init__(self, linear: Any, start: Any) -> None:
        self.layer = linear(len(start) - 1, start.shape[1])
        self.layer.weight.data, self.layer.bias.data = start[:-1].copy(), start[-1].copy()
        self.parameters = self.layer.parameters
        self.training, self.modes = True, list[bool]()

    def forward(self, x: Any) -> Any:
        """Apply the layer and note whether that was in training."""
        self.modes.append(bool(self.training))
        return self.layer(x)

    __call__ = forward

    def now(self) -> Any:
        """Return the present weight and bias, laid out as `start`."""
        return np.vstack([values(self.layer.weight), values(self.layer.bias)])


def batches(tensor: Any, x: Any, y: Any, n: int) -> list[Any]:
    """Return batches of n samples, the last one possibly short."""
    return [(tensor(x[i : i + n]), tensor(y[i : i + n])) for i in range(0, len(x), n)]


def parameter(tensor: Any, gradient: Any) -> Any:
    """Return a tensor whose grad is `gradient`, in the form the submission stores gradients in."""
    leaf = tensor(np.zeros_like(gradient), requires_grad=True)
    (leaf * 1.0).backward(gradient)
    return leaf


def schedules(draw: Draw) -> Inputs:
    """The ends and the length of a schedule."""
    ends = {"high": draw.choice((1.0, 0.5, 0.1)), "low": draw.choice((0.0, 0.25, 0.01))}
    return ends | {"epochs": draw.integer(1, 12)}


@check(
    inputs=schedules,
    hint="cos(pi * epoch / total_epochs) falls from 1 to -1: shift and scale it, and stop there.",
)
def cosine_falls(api: Any, high: float, low: float, epochs: int) -> dict[str, Any]:
    """get_lr falls from max_lr along half a cosine and stays at min_lr from total_epochs on."""
    schedule, usual = api.CosineSchedule(high, low, epochs), api.CosineSchedule()
    return {
        "rates": np.array([schedule.get_lr(epoch) for epoch in range(epochs)], float),
        "later": np.array([schedule.get_lr(epoch) for epoch in range(epochs, 3 * epochs)], float),
        "rates by default": np.array([usual.get_lr(epoch) for epoch in (0, 25, 50, 99)], float),
    }


def gradients(draw: Draw, *shares: float) -> Inputs:
    """Two gradients, and a limit that is one of `shares` of their norm."""
    g, h = draw.nonzero(draw.shape(1, 2)), draw.nonzero(draw.shape(1, 1))
    return {"g": g, "h": h, "limit": math.hypot(*g.flat, *h.flat) * draw.choice(shares)}


@check(
    inputs=lambda draw: gradients(draw, 0.5, 0.125),
    hint="Measure all gradients first, then multiply each by the same max_norm / norm.",
)
def clip_scales_together(api: Any, g: Any, h: Any, limit: float) -> dict[str, Any]:
    """Gradients whose common norm is above max_norm (1 by default) are scaled down to it."""
    p, q, r = (parameter(api.Tensor, gradient) for gradient in (g, h, 8 * g))
    norms = np.array([api.clip_grad_norm([p, q], limit), api.clip_grad_norm([r])], float)
    return {"grad of p": grad(p), "grad of q": grad(q), "grad of r": grad(r), "norms": norms}


@check(
    inputs=lambda draw: gradients(draw, 1.5, 8.0),
    hint="Scale only if the norm exceeds max_norm, and skip what has no gradient.",
)
def clip_leaves_small(api: Any, g: Any, h: Any, limit: float) -> dict[str, Any]:
    """clip_grad_norm leaves gradients alone whose common norm is below max_norm, and None too."""
    p, q = parameter(api.Tensor, g), parameter(api.Tensor, h)
    unused = api.Tensor(g, requires_grad=True)
    norm = api.clip_grad_norm([unused, p, q], limit)
    return {"norm": norm, "grad of p": grad(p), "grad of q": grad(q), "unused.grad": unused.grad}


def regression(draw: Draw, *plans: tuple[int, ...], **settings: Any) -> Inputs:
    """Starting parameters, samples to fit, and a plan: how many, batches of n, groups of k."""
    features, outputs = draw.choice((2, 1, 3)), draw.choice((1, 2))
    count, *plan = draw.choice(plans)
    settings |= zip("nk", plan, strict=False)
    x, y = draw.grid((count, features)), draw.grid((count, outputs))
    return {"start": draw.grid((features + 1, outputs)), "x": x, "y": y, **settings}


@check(
    inputs=lambda draw: regression(draw, (2, 2), (2, 1), (3, 2), (5, 2), (4, 3)),
    hint="For each batch: zero the gradients, forward, loss, backward, step.",
)
def steps_per_batch(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """train_epoch makes one optimizer step per batch, on that batch's gradient alone."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters(), lr=0.125), api.MSELoss())
    trainer.train_epoch(batches(api.Tensor, x, y, n))
    return {"parameters": model.now()}


@check(
    inputs=lambda draw: regression(draw, (2, 1, 2), (6, 2, 3), (4, 2, 1), (8, 2, 2)),
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
    inputs=lambda draw: regression(draw, (2, 2, 2), (1, 1, 2), (3, 3, 2), (2, 2, 3)),
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
    inputs=lambda draw: regression(draw, (2, 2), (2, 1), limit=draw.choice((0.25, 1.0))),
    hint="Between the last backward and the step, hand model.parameters() to clip_grad_norm.",
)
def clips_before_step(api: Any, start: Any, x: Any, y: Any, n: int, limit: float) -> dict[str, Any]:
    """With grad_clip_norm, the gradients are clipped before each step."""
    model = Model(api.Linear, start)
    sgd = api.SGD(model.parameters(), lr=0.5)
    trainer = api.Trainer(model, sgd, api.MSELoss(), grad_clip_norm=limit)
    trainer.train_epoch(batches(api.Tensor, x, y, n))
    return {"parameters": model.now()}


def rates_set_late(api: Any, start: Any, x: Any, y: Any, n: int, epochs: int) -> dict[str, Any]:
    """Set each epoch's rate after its last step, so that it is the next one that trains at it."""
    model, schedule = Model(api.Linear, start), api.CosineSchedule(0.25, 0.0, epochs)
    for epoch in (0, 0, 1):
        sgd = api.SGD(model.parameters(), lr=schedule.get_lr(epoch))
        api.Trainer(model, sgd, api.MSELoss()).train_epoch(batches(api.Tensor, x, y, n))
    return {"weight": model.layer.weight, "bias": model.layer.bias}


@check(
    inputs=lambda draw: regression(draw, (2, 2), epochs=draw.choice((2, 3, 4))),
    hint="Before an epoch's first step, assign scheduler.get_lr(epoch) to the optimizer's lr.",
    also=(rates_set_late,),
)
def follows_schedule(api: Any, start: Any, x: Any, y: Any, n: int, epochs: int) -> dict[str, Any]:
    """With a scheduler, each epoch trains at the rate of the schedule."""
    model, schedule = Model(api.Linear, start), api.CosineSchedule(0.25, 0.0, epochs)
    sgd, loader = api.SGD(model.parameters(), lr=0.25), batches(api.Tensor, x, y, n)
    trainer = api.Trainer(model, sgd, api.MSELoss(), schedule)
    for _ in range(3):
        trainer.train_epoch(loader)
    return {"weight": model.layer.weight, "bias": model.layer.bias}


def classification(draw: Draw, *plans: tuple[int, int]) -> Inputs:
    """A classifier, and a plan: how many samples, in batches of n, the last one often short."""
    features, classes = draw.choice((2, 1, 3)), draw.choice((3, 2, 4))
    count, n = draw.choice(plans or ((2, 2), (3, 2), (5, 2), (4, 3)))
    start = draw.grid((features + 1, classes))
    start[-1] += np.arange(classes, dtype=np.float32) / 256  # finer than any product: no ties
    x, y = draw.grid((count, features)), draw.ids(count, classes)
    return {"start": start, "x": x, "y": y, "n": n}


@check(
    inputs=lambda draw: classification(draw, (2, 2), (2, 1), (4, 2), (3, 1)),
    hint="As in train_epoch: add up the losses of all batches and divide by their number.",
)
def evaluate_returns_loss(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """evaluate returns the mean loss first."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    return {"mean loss": trainer.evaluate(batches(api.Tensor, x, y, n))[0]}


@check(inputs=classification, hint="Count the rows whose largest output is at the target.")
def evaluate_returns_accuracy(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """evaluate returns, after the loss, the share of samples classified right."""
    model = Model(api.Linear, start)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    return {"accuracy": trainer.evaluate(batches(api.Tensor, x, y, n))[1]}


@check(inputs=classification, hint="evaluate needs neither backward nor a step.")
def evaluate_trains_nothing(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """evaluate changes no parameter."""
    model, loader = Model(api.Linear, start), batches(api.Tensor, x, y, len(x))
    sgd = api.SGD(model.parameters(), lr=0.125, momentum=0.5)
    trainer = api.Trainer(model, sgd, api.CrossEntropyLoss())
    trainer.train_epoch(loader)
    return {"loss": trainer.evaluate(loader)[0], "parameters": model.now()}


@check(inputs=classification, hint="Assign model.training at the start of both methods.")
def sets_mode(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """train_epoch runs the model with training = True, evaluate with training = False."""
    model, loader = Model(api.Linear, start), batches(api.Tensor, x, y, n)
    trainer = api.Trainer(model, api.SGD(model.parameters()), api.CrossEntropyLoss())
    trainer.evaluate(loader)
    evaluating, model.modes = np.unique(model.modes), []
    trainer.train_epoch(loader)
    return {"training in evaluate": evaluating, "training in train_epoch": np.unique(model.modes)}


@check(inputs=classification, hint="Append to the lists in self.history, once in every call.")
def keeps_history(api: Any, start: Any, x: Any, y: Any, n: int) -> dict[str, Any]:
    """history gains a train_loss and a learning rate per train_epoch, an eval_loss per evaluate."""
    model, loader = Model(api.Linear, start), batches(api.Tensor, x, y, len(x))
    sgd, schedule = api.SGD(model.parameters(), lr=0.125), api.CosineSchedule(0.125, 0.125, 9)
    trainer = api.Trainer(model, sgd, api.CrossEntropyLoss(), schedule)
    for call in (trainer.train_epoch, trainer.evaluate, trainer.train_epoch, trainer.train_epoch):
        call(loader)
    return {
        "train_loss": np.array(trainer.history["train_loss"], float),
        "eval_loss": np.array(trainer.history["eval_loss"], float),
        "learning_rates": np.array(trainer.history["learning_rates"], float),
    }


def difference(answer: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """Compare the two runs with each other: when rates are set and how weights decay is free."""
    runs = [[answer[name].array for name in answer if run in name] for run in ("never", "resumed")]
    relative = [
        (there - here) / (1 + np.abs(here).max()) for here, there in zip(*runs, strict=True)
    ]
    return dict(zip(("parameters, resumed - never stopped", "their losses"), relative, strict=True))


@check(
    inputs=lambda draw: regression(
        draw, (2, 2), rule=draw.choice(("SGD", "Adam", "AdamW")), epochs=draw.choice((2, 1, 0))
    ),
    hint="Save epoch, history and all an optimizer keeps: lr, velocities, moments, step_count.",
    view=difference,
)
def resumes(api: Any, start: Any, x: Any, y: Any, n: int, rule: str, epochs: int) -> dict[str, Any]:
    """Training resumed from a checkpoint equals training never stopped."""
    make = {"SGD": api.SGD, "Adam": api.Adam, "AdamW": api.AdamW}[rule]
    options = {"lr": 0.25, "momentum": 0.5} if rule == "SGD" else {"lr": 0.25}
    loader, rates = batches(api.Tensor, x, y, n), api.CosineSchedule(0.25, 0.0, 4)
    a, b = Model(api.Linear, start), Model(api.Linear, -start)
    first = api.Trainer(a, make(a.parameters(), **options), api.MSELoss(), rates)
    second = api.Trainer(b, make(b.parameters(), **options), api.MSELoss(), rates)
    for _ in range(epochs):
        first.train_epoch(loader)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        first.save_checkpoint(f"{folder}/checkpoint.pkl")
        second.train_epoch(loader)
        second.load_checkpoint(f"{folder}/checkpoint.pkl")
    first.train_epoch(loader)
    second.train_epoch(loader)
    return {
        "parameters, never stopped": a.now(),
        "parameters, resumed": b.now(),
        "train_loss, never stopped": np.array(first.history["train_loss"], float),
        "train_loss, resumed": np.array(second.history["train_loss"], float),
    }
