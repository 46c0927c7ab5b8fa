"""Training the same network with the reference, to see whether the submission's steps are right.

Every phase starts anew from the weights and the velocity that the submission had before it: float32
training is chaotic, and two correct implementations drift apart by a factor of ten in a few steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradgate.authoring.api import Api

from ..definition import Array, Phase, State
from ..milestone_errors import TrainingRejected
from ..training.secret_run import SecretRun
from ..training.session import Session
from ..training.train import DIRECTIONS

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
    kept to. `steps` is how many were repeated, `deviation` the largest in any of them.
    """

    def __init__(self, api: Api, secret: SecretRun) -> None:
        """Start where the submission starts."""
        self._api = api
        self._secret = secret
        self._session = start_session(api, secret)
        self._batch_size = secret.recipe.batch_size
        self._velocity = {name: np.zeros_like(value) for name, value in secret.initial.items()}
        self._late = {False, True}
        self._last_rate = secret.plan[0].rate
        self._strays = self._phases = 0
        self.steps = 0
        self.deviation = 0.0

    def follow(self, phase: Phase, before: State, penultimate: State, after: State) -> None:
        """Repeat a phase and compare the weights after it.

        `penultimate` are the weights before the last step, which show the velocity after it. Raises
        TrainingRejected where the weights differ from the reference's.
        """
        measured = {
            late: self._measure_phase(phase, late, before, penultimate, after)
            for late in self._late
        }
        right = {late for late, (share, _) in measured.items() if share <= TOLERANCE}
        share, tensor = min(measured.values())
        if not right:
            self._strays += 1
        first, count = self.steps + 1, len(phase.order) // self._batch_size
        self._phases += 1
        if share > FARTHEST or self._strays > STRAYS * self._phases:
            raise TrainingRejected(
                f"{tensor} is not where right steps lead: off by {share:.2g} of the way it should "
                f"go in steps {first} to {first + count - 1}"
            )
        self._late = right or self._late
        self.deviation = max(self.deviation, share)
        self.steps += count
        self._velocity = {n: (penultimate[n] - after[n]) / phase.rate for n in self._velocity}
        self._last_rate = phase.rate

    def _measure_phase(
        self, phase: Phase, late: bool, before: State, penultimate: State, after: State
    ) -> tuple[float, str]:
        """Return the largest deviation in a phase, and the tensor it is in."""
        session = self._resume({name: before[name] for name in self._velocity})
        rates = self._last_rate if late else phase.rate, phase.rate
        parts = phase.split_off_last_step(self._batch_size)
        deviations = []
        for order, rate, got in zip(parts, rates, (penultimate, after), strict=True):
            want = session.train(self._api, order, rate, plain=True)
            deviations += [
                (measure_deviation(before[n], got[n], want[n]), n) for n in self._velocity
            ]
        return max(deviations)

    def _resume(self, weights: State) -> Session:
        """Return a session that has these weights, and the last phase's velocity.

        A step at rate zero leaves an optimizer with the velocity that its gradient says.
        """
        secret, session = self._secret, self._session
        sgd = {**secret.sgd, "lr": 0.0}
        session.start(self._api, **{**secret.start, "sgd": sgd, **weights})
        for name, velocity in self._velocity.items():
            decay = sgd["weight_decay"] * weights[name]
            session.network.get_tensor(name).grad = velocity - decay
        session.descent.step()
        session.descent.zero_grad()
        return session


def measure_deviation(before: Array, got: Array, want: Array) -> float:
    """Return by how much `got` misses `want`, as a share of the way from `before`; Euclidean.

    At most TOLERANCE where the miss is at most that share of the way, plus ROUNDING.
    """
    way = np.linalg.norm(want - before)
    rounding = ROUNDING * np.linalg.norm(want)
    return float(np.linalg.norm(got - want) / (way + rounding / TOLERANCE + 1e-12))


def measure_agreement(
    api: Api, secret: SecretRun, state: State, images: Sequence[Array], logits: Sequence[Array]
) -> float:
    """Return the share of images on which the reference predicts the same, in the worst set.

    `images` are sets of test images, those that are not shifted first, `logits` (N, classes) what
    the submission predicts of each. Each set that decides counts by itself: one of five could hide
    5 % in another.
    """
    deciding = 1 + len(DIRECTIONS)
    shares = []
    for part, got in list(zip(images, logits, strict=True))[:deciding]:
        want = predict(api, secret, state, part)[:, secret.numbering]
        shares.append(float(np.mean(want.argmax(axis=1) == got.argmax(axis=1))))
    return min(shares)


def predict(api: Api, secret: SecretRun, state: State, images: Array) -> Array:
    """Return the logits (N, classes) that the reference computes from a submission's final state.

    Their classes are in the worker's order.
    """
    session = start_session(api, secret)
    session.network.load(state)
    return np.asarray(session.predict(api, images)["logits"])


def start_session(api: Api, secret: SecretRun) -> Session:
    """Return a session of the reference that is where a submission starts."""
    session = Session()
    session.take(api, secret.train.images, secret.train.labels)
    session.start(api, **secret.start)
    return session
