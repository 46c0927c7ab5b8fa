"""Training the same network with the reference, to see whether the submission's steps are right.

Each phase starts from the weights that the submission had before it, so that two correct float32
implementations stay close however long training lasts; only the momentum is the reference's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from milestones.networks import Array, State
from milestones.recipe import Phase
from milestones.remote import Refused
from milestones.secret import Secret
from milestones.session import Session

# The largest deviation of a parameter tensor from the reference's after a phase, as a share of how
# far the phase moved it. Correct submissions stay below 1e-3 (docs/milestones.md).
TOLERANCE = 2e-2
ROUNDING = 2e-6  # of the largest weight: what float32 leaves where nearly nothing moves


class Replay:
    """Two sessions of the reference: a Trainer may apply a rate at once, or one epoch later."""

    def __init__(self, api: Any, secret: Secret) -> None:
        """Start both as the submission was started."""
        self._api = api
        self._sessions = {name: _started(api, secret) for name in ("at once", "one epoch later")}
        self._last_rate = secret.plan[0].rate
        self._batch_size = secret.recipe.batch_size
        self.steps = 0
        self.deviation = 0.0

    def follow(self, phase: Phase, before: State, after: State) -> None:
        """Repeat a phase and compare; raises Refused where neither session ends where it should."""
        rates = {"at once": phase.rate, "one epoch later": self._last_rate}
        found = {
            name: self._repeated(session, phase.order, rates[name], before, after)
            for name, session in self._sessions.items()
        }
        close = [name for name, (deviation, _) in found.items() if deviation <= TOLERANCE]
        if not close:
            deviation, tensor = min(found.values())
            raise Refused(
                f"{tensor} is not where the right steps lead: off by {deviation:.2g} of the way it "
                f"went in steps {self.steps + 1} and following (allowed: {TOLERANCE:g})"
            )
        self._sessions = {name: self._sessions[name] for name in close}
        self.deviation = max(self.deviation, min(found[name][0] for name in close))
        self.steps += len(phase.order) // self._batch_size
        self._last_rate = phase.rate

    def _repeated(
        self, session: Session, order: Array, rate: float, before: State, after: State
    ) -> tuple[float, str]:
        """Return the largest deviation and the tensor it is in."""
        names = session.architecture.shapes
        session.network.load({name: before[name] for name in names})
        want = session.train(self._api, order, rate, plain=True)
        return max((deviation(before[n], after[n], want[n]), n) for n in names)


def deviation(before: Array, got: Array, want: Array) -> float:
    """Return by how much `got` misses `want`, as a share of the way from `before`; Euclidean.

    At most TOLERANCE where the miss is at most that share of the way, plus ROUNDING.
    """
    way = np.linalg.norm(want - before)
    rounding = ROUNDING * np.linalg.norm(want)
    return float(np.linalg.norm(got - want) / (way + rounding / TOLERANCE + 1e-12))


def predicted(api: Any, secret: Secret, state: State, images: Array) -> Array:
    """Return the logits that the reference computes from a submission's final state."""
    session = _started(api, secret)
    session.network.load(state)
    return np.asarray(session.predict(api, images)["logits"])


def _started(api: Any, secret: Secret) -> Session:
    session = Session()
    session.take(api, secret.train.images, secret.train.labels)
    session.start(api, **secret.start)
    return session
