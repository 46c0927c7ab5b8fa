"""A replay tells right steps from wrong ones, phase by phase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from trained import DIGITS

from gradgate.authoring.api import Api
from gradgate.oracle.live import load_reference
from milestones.definition import Array, Phase, State
from milestones.definition.gate_catalog import select_gates
from milestones.gate.replay import (
    ROUNDING,
    TOLERANCE,
    Replay,
    measure_deviation,
    predict,
    start_session,
)
from milestones.milestone_errors import TrainingRejected
from milestones.training.secret_run import SecretRun, draw_secret_run
from milestones.training.session import Session
from proof.project import COURSE

PHASES = 6
STILL = np.zeros(4)
EAST = np.array([1.0, 0, 0, 0])


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """The reference, which computes in float64 for as long as it is the oracle."""
    api = load_reference(COURSE)
    yield api
    api.Tensor.precision = np.float32


@pytest.fixture(scope="module")
def secret() -> SecretRun:
    """What is drawn for the perceptron, the plan cut short."""
    [(_, gate)] = select_gates(["03/01"])
    whole = draw_secret_run(next(iter(gate.recipes.values())), DIGITS, seed=1)
    return replace(whole, plan=whole.plan[:PHASES])


class Pupil:
    """Takes the plan's steps, at a rate or with other things changed in between."""

    def __init__(self, api: Api, secret: SecretRun, **sgd: float) -> None:
        self.api = api
        self.batch_size = secret.recipe.batch_size
        self.session = Session()
        self.session.take(api, secret.train.images, secret.train.labels)
        start = {**secret.start, "sgd": {**secret.sgd, **sgd}}
        self.session.start(api, **start)
        self.state = secret.initial

    def train(self, phase: Phase, *rates: float) -> tuple[State, State, State]:
        """Return the weights before a phase, before its last step and after it.

        `rates` are those of all steps but the last, and of the last.
        """
        states = [self.state]
        parts = phase.split_off_last_step(self.batch_size)
        for part, rate in zip(parts, rates or (phase.rate, phase.rate), strict=True):
            states.append(self.session.train(self.api, part, rate, plain=True))
        before, penultimate, self.state = states
        return before, penultimate, self.state


@pytest.mark.parametrize(
    ("got", "share"),
    [(EAST, 0.0), (STILL, 1.0), (-EAST, 2.0), (1.5 * EAST, 0.5), (np.roll(EAST, 1), np.sqrt(2))],
)
def test_a_deviation_is_a_share_of_the_way(got: Array, share: float) -> None:
    for scale in (1e-3, 1.0, 1e3):
        share_got = measure_deviation(STILL, scale * got, scale * EAST)
        assert share_got == pytest.approx(share, rel=1e-4, abs=1e-4)


def test_rounding_is_no_deviation_where_nothing_moves() -> None:
    weights = np.ones(1000)
    assert measure_deviation(weights, weights, weights) == 0
    assert measure_deviation(weights, weights * (1 + ROUNDING), weights) <= 1.001 * TOLERANCE
    assert measure_deviation(weights, weights * (1 + 2 * ROUNDING), weights) > TOLERANCE


def test_right_steps_are_followed_from_phase_to_phase(api: Api, secret: SecretRun) -> None:
    replay = follow(api, secret, Pupil(api, secret))
    assert replay.steps == PHASES * 5
    assert replay.deviation < 1e-9


def test_a_rate_that_is_an_epoch_late_is_right_too(api: Api, secret: SecretRun) -> None:
    rates = [phase.rate for phase in secret.plan]
    assert follow(api, secret, Pupil(api, secret), [rates[0], *rates]).deviation < 1e-9


def test_a_rate_must_not_be_late_now_and_then(api: Api, secret: SecretRun) -> None:
    rates = [phase.rate for phase in secret.plan]
    first = [rates[n - n % 2] for n in range(PHASES)]  # late in every other phase
    with pytest.raises(TrainingRejected, match="is not where right steps lead"):
        follow(api, secret, Pupil(api, secret), first)


@pytest.mark.parametrize(
    "wrong", [{"momentum": 0.0}, {"momentum": 0.5}, {"momentum": 0.99}, {"weight_decay": 0.1}]
)
def test_wrong_steps_are_rejected(wrong: dict[str, float], api: Api, secret: SecretRun) -> None:
    with pytest.raises(TrainingRejected, match="is not where right steps lead"):
        follow(api, secret, Pupil(api, secret, **wrong))


@pytest.mark.parametrize("factor", [0.5, 1.5, -1.0])
def test_another_rate_than_the_plans_is_rejected(
    factor: float, api: Api, secret: SecretRun
) -> None:
    phase = secret.plan[0]
    states = Pupil(api, secret).train(phase, factor * phase.rate, factor * phase.rate)
    with pytest.raises(TrainingRejected, match="off by"):
        Replay(api, secret).follow(phase, *states)


def test_weights_exchanged_after_right_phases_are_rejected(api: Api, secret: SecretRun) -> None:
    pupil, replay = Pupil(api, secret), Replay(api, secret)
    for phase in secret.plan[:-1]:
        replay.follow(phase, *pupil.train(phase))
    before, penultimate, after = pupil.train(secret.plan[-1])
    exchanged = {name: -weight for name, weight in after.items()}
    with pytest.raises(TrainingRejected, match="is not where right steps lead"):
        replay.follow(secret.plan[-1], before, penultimate, exchanged)


@pytest.mark.parametrize("tensor", ["hidden.weight", "hidden.bias", "output.weight", "output.bias"])
def test_one_tensor_that_stands_still_is_enough_and_is_named(
    tensor: str, api: Api, secret: SecretRun
) -> None:
    phase = secret.plan[0]
    before, penultimate, after = Pupil(api, secret).train(phase)
    with pytest.raises(
        TrainingRejected, match=f"^{tensor} is not where right steps lead: off by (0.99|1) of"
    ):
        Replay(api, secret).follow(phase, before, penultimate, {**after, tensor: before[tensor]})


def test_the_final_weights_alone_decide_what_is_predict(api: Api, secret: SecretRun) -> None:
    pupil, images = Pupil(api, secret), DIGITS.test.images[:50]
    pupil.train(secret.plan[0])
    want = pupil.session.predict(api, images)["logits"]
    numbers = {name: pupil.state[name] for name in secret.initial}
    assert np.allclose(predict(api, secret, numbers, images), want, atol=1e-9)
    assert not np.allclose(predict(api, secret, secret.initial, images), want, atol=1e-2)


def test_a_session_that_is_started_changes_none_of_what_was_drawn(
    api: Api, secret: SecretRun
) -> None:
    kept = {name: weight.copy() for name, weight in secret.initial.items()}
    session = start_session(api, secret)
    session.train(api, secret.plan[0].order, 1.0, plain=True)
    assert all(np.array_equal(kept[name], weight) for name, weight in secret.initial.items())


def follow(api: Api, secret: SecretRun, pupil: Pupil, first_rates: Sequence[float] = ()) -> Replay:
    """Follow all phases; the steps of each but the last are made at these rates, if given."""
    replay = Replay(api, secret)
    for number, phase in enumerate(secret.plan):
        first = first_rates[number] if first_rates else phase.rate
        replay.follow(phase, *pupil.train(phase, first, phase.rate))
    return replay
