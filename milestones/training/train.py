"""Training one network with a submission's modules."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..data.splits import Images, Split, shift
from ..definition import Array, Phase, State
from .estimate import require_time
from .remote_session import RemoteSession, require_arrays
from .secret_run import SecretRun
from .trained_network import TRACED_IMAGES, Epoch, TrainedNetwork

IMAGES_PER_MESSAGE = 10_000  # 31 MB of CIFAR-10
MOST_SHIFTED_IMAGES = 1_000  # test images that are shifted
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))


@dataclass(frozen=True, kw_only=True)
class TrainingProgress:
    """How far training is, reported after every phase; `last` is the last whole epoch's result."""

    network: str
    phase: int
    phases: int
    epoch: int
    epochs: int
    loss: float
    last: Epoch | None


ReportProgress = Callable[[TrainingProgress], None]

FollowPhase = Callable[[Phase, State, State, State], None]
"""Takes a phase that was trained, and the weights before it, before its last step and after it.

Raises TrainingRejected where the steps are wrong.
"""


def train(
    remote: RemoteSession,
    secret: SecretRun,
    split: Split,
    report: ReportProgress,
    follow: FollowPhase | None = None,
) -> TrainedNetwork:
    """Train a network in the worker; the recipe's first phases are put to `follow`, if given.

    Raises TrainingRejected where the submission does not train, or trains wrongly.
    """
    _send(remote, secret)
    require_time(remote, secret)
    silent = _find_without_gradient(remote, secret)
    epochs, state = _learn(remote, secret, split.validation, report, follow)
    seconds = remote.seconds
    logits, *shifted_logits = (_predict(remote, secret, x) for x in list_test_images(split))
    unmoved = [name for name, was in secret.initial.items() if np.array_equal(was, state[name])]
    return TrainedNetwork(
        network=secret.recipe.network,
        initial=secret.initial,
        state=state,
        epochs=epochs,
        logits=logits,
        shifted_logits=tuple(shifted_logits),
        by_shift=_measure_by_shift(logits, shifted_logits, split.test.labels),
        outputs=remote.ask("compute_outputs", images=split.test.images[:TRACED_IMAGES]),
        idle=(*silent, *(name for name in unmoved if name not in silent)),
        seconds=seconds,
    )


def list_test_images(split: Split) -> list[Array]:
    """Return the test images, then some of them moved by one pixel four ways, then by two."""
    some = split.test.images[:MOST_SHIFTED_IMAGES]
    moved = [shift(some, by * down, by * right) for by in (1, 2) for down, right in DIRECTIONS]
    return [split.test.images, *moved]


def measure_accuracy(logits: Array, labels: Array) -> float:
    """Return the share of images whose largest logit is that of the right class."""
    return float(np.mean(logits.argmax(axis=1) == labels[: len(logits)]))


def _send(remote: RemoteSession, secret: SecretRun) -> None:
    for begin in range(0, len(secret.train), IMAGES_PER_MESSAGE):
        part = secret.train.select(slice(begin, begin + IMAGES_PER_MESSAGE))
        remote.ask("take", images=part.images, labels=part.labels)
    remote.ask("start", **secret.start)


def _find_without_gradient(remote: RemoteSession, secret: SecretRun) -> list[str]:
    """Name the parameters that receive no gradient, or one of zeros."""
    gradients = remote.ask("compute_gradients", chosen=secret.probe)
    return [name for name in secret.initial if not np.any(gradients.get(name, 0))]


def _learn(
    remote: RemoteSession,
    secret: SecretRun,
    validation: Images,
    report: ReportProgress,
    follow: FollowPhase | None,
) -> tuple[tuple[Epoch, ...], State]:
    """Train phase by phase; returns what each epoch came to, and the final state."""
    recipe, network = secret.recipe, secret.recipe.network
    after, epochs, losses = secret.initial, list[Epoch](), list[float]()
    for number, phase in enumerate(secret.plan, start=1):
        before, states = after, list[State]()
        for order in phase.split_off_last_step(recipe.batch_size):
            answer = remote.ask("train", order=order, rate=phase.rate, plain=phase.plain)
            states.append(require_arrays(answer, {**network.shapes, **network.statistics}))
            losses.append(_read_loss(answer.get("loss")))
        penultimate, after = states
        if follow and number <= recipe.replayed:
            follow(phase, before, penultimate, after)
        if number % recipe.phases == 0:
            accuracy = measure_accuracy(
                _predict(remote, secret, validation.images), validation.labels
            )
            epochs.append(Epoch(float(np.mean(losses)), accuracy))
            losses.clear()
        report(_summarise(secret, number, phase, losses, epochs))
    return tuple(epochs), after


def _summarise(
    secret: SecretRun, number: int, phase: Phase, losses: list[float], epochs: list[Epoch]
) -> TrainingProgress:
    return TrainingProgress(
        network=secret.recipe.network.title,
        phase=number,
        phases=len(secret.plan),
        epoch=phase.epoch,
        epochs=secret.recipe.epochs,
        loss=losses[-1] if losses else epochs[-1].loss,
        last=epochs[-1] if epochs else None,
    )


def _read_loss(loss: Array | None) -> float:
    """Read the mean loss that a Trainer returned; it is shown, nothing depends on it."""
    return float(loss.item()) if loss is not None and loss.size == 1 else math.nan


def _predict(remote: RemoteSession, secret: SecretRun, images: Array) -> Array:
    """Return logits in the true order of the classes."""
    return remote.predict(images, len(secret.numbering))[:, secret.numbering]


def _measure_by_shift(logits: Array, shifted: list[Array], labels: Array) -> tuple[float, ...]:
    """Return the accuracy on images that are not moved, moved by one pixel, and by two."""
    moved = [measure_accuracy(part, labels) for part in shifted]
    ways = len(DIRECTIONS)
    return (
        measure_accuracy(logits, labels),
        float(np.mean(moved[:ways])),
        float(np.mean(moved[ways:])),
    )
