"""Checks of module 07, training: schedule, gradient clipping, training loop and checkpoints."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gradgate.authoring import check, grad, values

from . import training_cases as cases
from .training_cases import batches

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


def parameter(tensor: Any, gradient: Any) -> Any:
    """Return a tensor whose grad is `gradient`, in the form the submission stores gradients in."""
    leaf = tensor(np.zeros_like(gradient), requires_grad=True)
    (leaf * 1.0).backward(gradient)
    return leaf


@check(
    inputs=cases.schedules,
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


@check(
    inputs=lambda draw: cases.gradients(draw, 0.5, 0.125),
    hint="Measure all gradients first, then multiply each by the same max_norm / norm.",
)
def clip_scales_together(api: Any, g: Any, h: Any, limit: float) -> dict[str, Any]:
    """Gradients whose common norm is above max_norm (1 by default) are scaled down to it."""
    p, q, r = (parameter(api.Tensor, gradient) for gradient in (g, h, 8 * g))
    norms = np.array([api.clip_grad_norm([p, q], limit), api.clip_grad_norm([r])], float)
    return {
        "grad of p": grad(p, of="p"),
        "grad of q": grad(q, of="q"),
        "grad of r": grad(r, of="r"),
        "norms": norms,
    }


@check(
    inputs=lambda draw: cases.gradients(draw, 1.5, 8.0),
    hint="Scale only if the norm exceeds max_norm, and skip what has no gradient.",
)
def clip_leaves_small(api: Any, g: Any, h: Any, limit: float) -> dict[str, Any]:
    """clip_grad_norm leaves gradients alone whose common norm is below max_norm, and None too."""
    p, q = parameter(api.Tensor, g), parameter(api.Tensor, h)
    unused, zero = api.Tensor(g, requires_grad=True), parameter(api.Tensor, 0 * g)
    return {
        "norm": api.clip_grad_norm([unused, p, q], limit),
        "norm of zeros": api.clip_grad_norm([zero], limit),
        "grad of p": grad(p, of="p"),
        "grad of q": grad(q, of="q"),
        "unused.grad": unused.grad,
    }


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


@check(
    inputs=lambda draw: cases.regression(
        draw, (2, 2), rule=draw.choice(("SGD", "Adam", "AdamW")), epochs=draw.choice((2, 1, 0))
    ),
    hint="Save epoch, history and all an optimizer keeps: lr, velocities, moments, step_count.",
    view=cases.difference,
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
        "learning_rates, never stopped": np.array(first.history["learning_rates"], float),
        "learning_rates, resumed": np.array(second.history["learning_rates"], float),
    }
