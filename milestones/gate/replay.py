"""Training the same network with the reference, to see whether the submission's steps are right.

Every phase starts anew from the weights and the velocity that the submission had before it: float32
training is chaotic, and two correct implementations drift apart by a factor of ten in a few steps.
"""

from __future__ import annotations

import numpy as np

from gradgate.authoring.api import Api
from milestones.networks import Array, State
from milestones.recipe import Phase
from milestones.remote import Refused
from milestones.secret import Secret
from milestones.session import Session

# The largest deviation of a parameter tensor from the reference's in a phase, as a share of the way
# it went. Correct submissions stay below 0.01 but for rare phases in which an image that weighs
# much lies on a kink: such phases may stray, a few and not far. See docs/milestones.md.
TOLERANCE = 0.05
FARTHEST = 1.0
STRAYS = 0.03  # of the phases so far: none of the first, in which it was never seen
ROUNDING = 2e-6  # of a tensor's norm: what float32 leaves where nearly nothing moves


class Replay:
    """Repeats phases of a submission's training.

    A Trainer may apply a learning rate at once or from its next epoch on: either is right, if it is
    kept to.
    """

    def __init__(self, api: Api, secret: Secret) -> None:
        """Start where the submission starts."""
        self._api = api
        self._secret = secret
        self._session = started(api, secret)
        self._batch_size = secret.recipe.batch_size
        self._velocity = {name: np.zeros_like(value) for name, value in secret.initial.items()}
        self._late = {False, True}
        self._last_rate = secret.plan[0].rate
        self._strays = self._phases = 0
        self.steps = 0
        self.deviation = 0.0

    def follow(self, phase: Phase, before: State, penultimate: State, after: State) -> None:
        """Repeat a phase and compare the weights after it; raises Refused where they differ.

        `penultimate` are the weights before the last step, which show the velocity after it.
        """
        states = before, penultimate, after
        found = {late: self._missed(phase, late, *states) for late in self._late}
        right = {late for late, (missed, _) in found.items() if missed <= TOLERANCE}
        missed, tensor = min(found.values())
        self._strays += not right
        first, count = self.steps + 1, len(phase.order) // self._batch_size
        self._phases += 1
        if missed > FARTHEST or self._strays > STRAYS * self._phases:
            raise Refused(
                f"{tensor} is not where right steps lead: off by {missed:.2g} of the way it should "
                f"go in steps {first} to {first + count - 1}"
            )
        self._late = right or self._late
        self.deviation = max(self.deviation, missed)
        self.steps += count
        self._velocity = {n: (penultimate[n] - after[n]) / phase.rate for n in self._velocity}
        self._last_rate = phase.rate

    def _missed(
        self, phase: Phase, late: bool, before: State, penultimate: State, after: State
    ) -> tuple[float, str]:
        """Return the largest deviation in a phase, and the tensor it is in."""
        session = self._resumed({name: before[name] for name in self._velocity})
        rates = self._last_rate if late else phase.rate, phase.rate
        found = []
        for order, rate, got in zip(
            phase.parts(self._batch_size), rates, (penultimate, after), strict=True
        ):
            want = session.train(self._api, order, rate, plain=True)
            found += [(deviation(before[n], got[n], want[n]), n) for n in self._velocity]
        return max(found)

    def _resumed(self, weights: State) -> Session:
        """Return a session that has these weights, and the last phase's velocity.

        A step at rate zero leaves an optimizer with the velocity that its gradient tells.
        """
        secret, session = self._secret, self._session
        sgd = {**secret.sgd, "lr": 0.0}
        session.start(self._api, **{**secret.start, "sgd": sgd, **weights})
        for name, velocity in self._velocity.items():
            decay = sgd["weight_decay"] * weights[name]
            session.network.tensor(name).grad = velocity - decay
        session.optimizer.step()
        session.optimizer.zero_grad()
        return session


def deviation(before: Array, got: Array, want: Array) -> float:
    """Return by how much `got` misses `want`, as a share of the way from `before`; Euclidean.

    At most TOLERANCE where the miss is at most that share of the way, plus ROUNDING.
    """
    way = np.linalg.norm(want - before)
    rounding = ROUNDING * np.linalg.norm(want)
    return float(np.linalg.norm(got - want) / (way + rounding / TOLERANCE + 1e-12))


def predicted(api: Api, secret: Secret, state: State, images: Array) -> Array:
    """Return the logits that the reference computes from a submission's final state."""
    session = started(api, secret)
    session.network.load(state)
    return np.asarray(session.predict(api, images)["logits"])


def started(api: Api, secret: Secret) -> Session:
    """Return a session of the reference that is where a submission starts."""
    session = Session()
    session.take(api, secret.train.images, secret.train.labels)
    session.start(api, **secret.start)
    return session
