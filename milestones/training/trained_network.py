"""What training one network came to, as data."""

from __future__ import annotations

from dataclasses import dataclass

from gradgate.results import UNTRIED, Isolation

from ..definition import Architecture, Array, State

TRACED_IMAGES = 6  # test images whose way through the layers is kept


@dataclass(frozen=True)
class Epoch:
    """What one epoch came to: the mean training loss, and the accuracy on validation images."""

    loss: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class ReplayResult:
    """What training again with the reference showed.

    `deviation` is the largest from the reference's in the `steps` that were replayed, as a share of
    the way; `agreement` the share of predictions that the reference makes too from the final state.
    """

    steps: int
    deviation: float
    agreement: float


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainedNetwork:
    """A trained network and how it came about.

    `logits` (N, classes) are those of the test images, `shifted_logits` those of some of them moved
    by one pixel four ways, then by two; `by_shift` is the accuracy on test images moved by 0, 1 and
    2 pixels, the mean over four directions; `outputs` is what each layer says it makes of the first
    test images, unchecked, classes in the worker's order. `idle` names parameters that received no
    gradient or did not move. `replay` is None where there was no reference to compare with.
    `isolation` is what the worker that trained it was proven unable to do.
    """

    network: Architecture
    initial: State
    state: State
    epochs: tuple[Epoch, ...]
    logits: Array
    shifted_logits: tuple[Array, ...] = ()
    by_shift: tuple[float, ...]
    outputs: dict[str, Array]
    idle: tuple[str, ...]
    seconds: float
    replay: ReplayResult | None = None
    isolation: Isolation = UNTRIED
