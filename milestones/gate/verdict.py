"""Whether a gate opens: its conditions, each with what was reached and what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from milestones.catalog import Gate
from milestones.replay import FARTHEST, TOLERANCE
from milestones.training import Trained
from milestones.words import tenths

AGREEMENT = 0.99  # in float32 a few of thousands of images fall on the other side of a tie


@dataclass(frozen=True)
class Condition:
    """One thing a gate asks for; `passed` is None where it cannot be judged here."""

    name: str
    reached: str
    needed: str
    passed: bool | None


@dataclass(frozen=True, eq=False)
class Verdict:
    """What became of a gate: the trained networks, the gate's own first, or why there are none."""

    gate: Gate
    recipe: str
    seed: int
    conditions: tuple[Condition, ...] = ()
    networks: tuple[Trained, ...] = ()
    refusal: str = field(default="")

    @property
    def passed(self) -> bool:
        """Whether the gate opens: every condition that can be judged here holds."""
        held = [condition.passed is not False for condition in self.conditions]
        return bool(held) and all(held) and not self.refusal


def conditions(gate: Gate, networks: tuple[Trained, ...]) -> tuple[Condition, ...]:
    """Hold trained networks, the gate's own first and then its rival, against the gate."""
    own = networks[0]
    found = [_at_least("test images recognised", own.by_shift[0], gate.accuracy)]
    if gate.lead is not None:
        lead = own.by_shift[1] - networks[1].by_shift[1]
        name = f"ahead of {networks[1].network.title} on images shifted by a pixel"
        found.append(_at_least(name, lead, gate.lead, " points"))
    for network in networks:
        found += _learned(network)
    return tuple(found)


def _at_least(name: str, reached: float, needed: float, unit: str = " %") -> Condition:
    shown = f"{tenths(reached)}{unit}"
    return Condition(name, shown, f"at least {100 * needed:.1f}{unit}", reached >= needed)


def _learned(network: Trained) -> Iterator[Condition]:
    """Yield what every network has to show, so that it was trained and not looked up."""
    title, count = network.network.title, len(network.initial)
    idle = f"not {', '.join(network.idle)}" if network.idle else f"{count} of {count}"
    name = f"{title}: parameters that got a gradient and moved"
    yield Condition(name, idle, "all", not network.idle)
    replayed = f"{title}: steps as the reference makes them"
    agreed = f"{title}: predictions as from its weights"
    if network.deviation is None or network.agreement is None:
        for name in (replayed, agreed):
            yield Condition(name, "no reference here", "judged where it is", None)
        return
    reached = f"{network.replayed} steps, off by {network.deviation:.1g}"
    within = network.deviation <= FARTHEST  # a submission that strays often was refused before
    yield Condition(replayed, reached, f"at most {TOLERANCE:g} of the way", within)
    yield _at_least(agreed, network.agreement, AGREEMENT)
