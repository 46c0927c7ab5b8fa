"""Whether a gate opens: its conditions, each with what was reached and what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..definition import Gate
from ..training.trained_network import TrainedNetwork
from .figures import format_tenths
from .replay import FARTHEST, TOLERANCE

AGREEMENT = 0.99  # in float32 a few of thousands of images fall on the other side of a tie


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing a gate asks for; `passed` is None where it cannot be judged here."""

    name: str
    reached: str
    needed: str
    passed: bool | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Verdict:
    """What became of a gate: the trained networks, the gate's own first, or why there are none.

    `rejection` says why training was rejected, and is empty where it was not.
    """

    gate: Gate
    recipe: str
    seed: int
    conditions: tuple[Condition, ...] = ()
    networks: tuple[TrainedNetwork, ...] = ()
    rejection: str = ""

    @property
    def passed(self) -> bool:
        """Whether the gate opens: every condition that can be judged here holds."""
        if self.rejection or not self.conditions:
            return False
        return all(condition.passed is not False for condition in self.conditions)


def judge_conditions(gate: Gate, networks: tuple[TrainedNetwork, ...]) -> tuple[Condition, ...]:
    """Judge trained networks, the gate's own first and then its rival, by the gate's conditions."""
    own = networks[0]
    conditions = [_require("test images recognised", own.by_shift[0], gate.accuracy)]
    if gate.lead is not None:
        lead = own.by_shift[1] - networks[1].by_shift[1]
        name = f"ahead of {networks[1].network.title} on images shifted by a pixel"
        conditions.append(_require(name, lead, gate.lead, " points"))
    for network in networks:
        conditions += _judge_training(network)
    return tuple(conditions)


def _require(name: str, reached: float, needed: float, unit: str = " %") -> Condition:
    return Condition(
        name=name,
        reached=f"{format_tenths(reached)}{unit}",
        needed=f"at least {100 * needed:.1f}{unit}",
        passed=reached >= needed,
    )


def _judge_training(trained: TrainedNetwork) -> Iterator[Condition]:
    """Yield what every network has to show, so that it was trained and not looked up."""
    title, count = trained.network.title, len(trained.initial)
    yield Condition(
        name=f"{title}: parameters that got a gradient and moved",
        reached=f"not {', '.join(trained.idle)}" if trained.idle else f"{count} of {count}",
        needed="all",
        passed=not trained.idle,
    )
    steps = f"{title}: steps as the reference makes them"
    predictions = f"{title}: predictions as from its weights"
    if trained.replay is None:
        for name in (steps, predictions):
            yield Condition(
                name=name, reached="no reference here", needed="judged where it is", passed=None
            )
        return
    yield Condition(
        name=steps,
        reached=f"{trained.replay.steps} steps, off by {trained.replay.deviation:.1g}",
        needed=f"at most {TOLERANCE:g} of the way",
        # A submission that strays often was rejected before.
        passed=trained.replay.deviation <= FARTHEST,
    )
    yield _require(predictions, trained.replay.agreement, AGREEMENT)
