"""Training one network with a submission's modules, and what is known of it afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradgate.authoring.api import Api
from gradgate.results import UNTRIED, Isolation
from milestones.data.splits import Images, Split, shifted
from milestones.estimate import require_time
from milestones.networks import Architecture, Array, State
from milestones.recipe import Phase, Recipe
from milestones.remote import RemoteSession, checked
from milestones.replay import Replay, predicted
from milestones.secret import Secret, drawn

SENT_AT_ONCE = 10_000  # images; 31 MB of CIFAR-10
SHIFTED_IMAGES = 1_000  # test images that are shifted, at most
SHOWN_IMAGES = 6  # test images whose way through the layers is kept
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))


@dataclass(frozen=True)
class Epoch:
    """What one epoch came to: the mean training loss, and the accuracy on validation images."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class Progress:
    """How far training is, told after every phase; `last` is the last whole epoch's result."""

    network: str
    phase: int
    phases: int
    epoch: int
    epochs: int
    loss: float
    last: Epoch | None


Tell = Callable[[Progress], None]


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained network and how it came about.

    `logits` (N, classes) are those of the test images; `by_shift` is the accuracy on test images
    moved by 0, 1 and 2 pixels, the mean over four directions; `outputs` is what each layer says it
    makes of the first test images, unchecked, classes in the worker's order. `idle` names
    parameters that received no gradient or did not move.
    `deviation` is the largest from the reference's in the `replayed` steps, `agreement` the share
    of predictions that the reference makes too from the final state; None without a reference.
    `isolation` is what the worker that trained it was proven unable to do.
    """

    network: Architecture
    initial: State
    state: State
    epochs: tuple[Epoch, ...]
    logits: Array
    by_shift: tuple[float, ...]
    outputs: dict[str, Array]
    idle: tuple[str, ...]
    replayed: int
    deviation: float | None
    agreement: float | None
    seconds: float
    isolation: Isolation = UNTRIED


def train(
    remote: RemoteSession, oracle: Api | None, recipe: Recipe, split: Split, seed: int, tell: Tell
) -> Trained:
    """Train a network in the worker; `oracle` is the reference's api, or None where it is absent.

    Raises Refused where the submission does not train, or trains wrongly.
    """
    secret = drawn(recipe, split, seed)
    _send(remote, secret)
    require_time(remote, secret)
    silent = _without_gradient(remote, secret)
    replay = Replay(oracle, secret) if oracle else None
    epochs, state = _learn(remote, replay, secret, split.validation, tell)
    seconds = remote.seconds
    tests = _tests(split)
    logits = [_logits(remote, secret, images) for images in tests]
    unmoved = [name for name, was in secret.initial.items() if np.array_equal(was, state[name])]
    return Trained(
        recipe.network,
        secret.initial,
        state,
        epochs,
        logits[0],
        _accuracies(logits, split.test.labels),
        remote.ask("outputs", images=split.test.images[:SHOWN_IMAGES]),
        (*silent, *(name for name in unmoved if name not in silent)),
        replay.steps if replay else 0,
        replay.deviation if replay else None,
        _agreement(oracle, secret, state, tests, logits) if oracle else None,
        seconds,
    )


def accuracy(logits: Array, labels: Array) -> float:
    """Return the share of images whose largest logit is that of the right class."""
    return float(np.mean(logits.argmax(axis=1) == labels[: len(logits)]))


def _send(remote: RemoteSession, secret: Secret) -> None:
    for begin in range(0, len(secret.train), SENT_AT_ONCE):
        part = secret.train.at(slice(begin, begin + SENT_AT_ONCE))
        remote.ask("take", images=part.images, labels=part.labels)
    remote.ask("start", **secret.start)


def _without_gradient(remote: RemoteSession, secret: Secret) -> list[str]:
    """Name the parameters that receive no gradient, or one of zeros."""
    gradients = remote.ask("gradients", chosen=secret.probe)
    return [name for name in secret.initial if not np.any(gradients.get(name, 0))]


def _learn(
    remote: RemoteSession, replay: Replay | None, secret: Secret, validation: Images, tell: Tell
) -> tuple[tuple[Epoch, ...], State]:
    """Train phase by phase; returns what each epoch came to, and the final state."""
    recipe, network = secret.recipe, secret.recipe.network
    state, epochs, losses = secret.initial, list[Epoch](), list[float]()
    for number, phase in enumerate(secret.plan, start=1):
        states = [state]
        for order in phase.parts(recipe.batch_size):
            answer = remote.ask("train", order=order, rate=phase.rate, plain=phase.plain)
            states.append(checked(answer, {**network.shapes, **network.statistics}))
            losses.append(_number(answer.get("loss")))
        state = states[-1]
        if replay and number <= recipe.replayed:
            replay.follow(phase, *states)
        if number % recipe.phases == 0:
            logits = _logits(remote, secret, validation.images)
            epochs.append(Epoch(float(np.mean(losses)), accuracy(logits, validation.labels)))
            losses.clear()
        tell(_progress(secret, number, phase, losses, epochs))
    return tuple(epochs), state


def _progress(
    secret: Secret, number: int, phase: Phase, losses: list[float], epochs: list[Epoch]
) -> Progress:
    recipe, last = secret.recipe, epochs[-1] if epochs else None
    loss = losses[-1] if losses else epochs[-1].loss
    title = recipe.network.title
    return Progress(title, number, len(secret.plan), phase.epoch, recipe.epochs, loss, last)


def _number(loss: Array | None) -> float:
    """Read the mean loss that a Trainer returned; it is shown, nothing depends on it."""
    return float(loss.item()) if loss is not None and loss.size == 1 else math.nan


def _logits(remote: RemoteSession, secret: Secret, images: Array) -> Array:
    """Return logits in the true order of the classes."""
    return remote.logits(images, len(secret.numbering))[:, secret.numbering]


def _tests(split: Split) -> list[Array]:
    """Return the test images, then some of them moved by one pixel four ways, then by two."""
    some = split.test.images[:SHIFTED_IMAGES]
    moved = [shifted(some, by * down, by * right) for by in (1, 2) for down, right in DIRECTIONS]
    return [split.test.images, *moved]


def _accuracies(logits: list[Array], labels: Array) -> tuple[float, ...]:
    """Return the accuracy on images that are not moved, moved by one pixel, and by two."""
    still, *moved = (accuracy(part, labels) for part in logits)
    return still, float(np.mean(moved[:4])), float(np.mean(moved[4:]))


def _agreement(
    oracle: Api, secret: Secret, state: State, tests: list[Array], logits: list[Array]
) -> float:
    """Return on which share of images the reference predicts the same, where it is least.

    Each set of images that decides counts by itself: one of five could hide 5 % in another.
    """
    found = []
    for images, got in list(zip(tests, logits, strict=True))[: 1 + len(DIRECTIONS)]:
        want = predicted(oracle, secret, state, images)[:, secret.numbering]
        found.append(float(np.mean(want.argmax(axis=1) == got.argmax(axis=1))))
    return min(found)
