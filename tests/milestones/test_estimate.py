"""Before training, a submission that is too slow is rejected, with how long it would take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trained import DIGITS, submit, train_gate

from milestones.data.splits import Images, Split
from milestones.definition import Recipe
from milestones.definition.gate_catalog import select_gates
from milestones.milestone_errors import TrainingRejected
from milestones.training.estimate import BEARABLE, FEW, PATIENCE, format_duration, require_time
from milestones.training.secret_run import draw_secret_run

SLOW = """
import time

class Conv2d(Conv2d):
    def forward(self, x):
        time.sleep(0.2 * len(x.data))
        return super().forward(x)
"""


def photographs(count: int) -> Split:
    """Blank images in the shape of CIFAR-10's."""
    train, few = (
        Images(np.zeros((n, 3, 32, 32), np.uint8), np.arange(n) % 10) for n in (count, 20)
    )
    return Split(train=train, validation=few, test=few, classes=tuple("abcdefghij"))


class Student:
    """Takes a fixed time for every image, and a call to begin with; or fails."""

    def __init__(self, per_image: float, before: float = 0.0, error: str = "") -> None:
        self.per_image = per_image
        self.seconds = before
        self.error = error
        self.asked: list[int] = []

    def ask(self, scenario: str, seconds: float, chosen: Any) -> dict[str, Any]:
        assert scenario == "compute_gradients"
        assert seconds == PATIENCE
        self.asked.append(len(chosen))
        self.seconds += min(self.per_image * len(chosen), seconds)
        if self.error or self.per_image * len(chosen) > seconds:
            raise TrainingRejected(self.error or "did not finish")
        return {}


def first_recipe(gate: str) -> Recipe:
    [(_, selected)] = select_gates([gate])
    return next(iter(selected.recipes.values()))


def reject(student: Student, chosen: Recipe, split: Split = DIGITS) -> str:
    with pytest.raises(TrainingRejected) as caught:
        require_time(student, draw_secret_run(chosen, split, seed=0))  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 seconds"),
        (40, "40 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (7200, "2 hours"),
        (86_400, "24 hours"),
        (5 * 86_400, "5 days"),
    ],
)
def test_a_time_is_written_in_a_unit_of_which_there_are_at_least_two(
    seconds: float, words: str
) -> None:
    assert format_duration(seconds) == words


def test_a_student_who_is_in_time_may_train() -> None:
    student = Student(per_image=0.9 * 15 * 60 / (12 * len(DIGITS.train)))
    require_time(student, draw_secret_run(first_recipe("04/01"), DIGITS, seed=0))  # type: ignore[arg-type]
    assert student.asked == [FEW, first_recipe("04/01").batch_size]


def test_loops_of_half_a_minute_an_epoch_are_in_time_for_the_digits() -> None:
    require_time(Student(30 / 900), draw_secret_run(first_recipe("04/01"), DIGITS, seed=0))  # type: ignore[arg-type]


def test_who_is_late_reads_the_time_of_an_epoch_the_time_of_all_and_the_limit() -> None:
    assert reject(Student(per_image=0.1), first_recipe("04/01")) == (
        "one epoch would take about 90 seconds, 12 epochs about 18 minutes (0.1 s an image, "
        "measured before training); the limit is 15 minutes. Vectorise Conv2d: lay the windows out "
        "as the rows of one array and make the convolution one matrix product; likewise its "
        "backward."
    )


def test_without_a_convolution_the_advice_is_another() -> None:
    reason = reject(Student(per_image=0.1), first_recipe("03/01"))
    assert reason.endswith("Replace loops over samples and elements by array operations.")


def test_a_whole_batch_is_measured_only_if_that_is_bearable() -> None:
    chosen = first_recipe("04/02")
    bearable = BEARABLE / chosen.batch_size
    for per_image, asked in ((0.9 * bearable, [FEW, chosen.batch_size]), (1.1 * bearable, [FEW])):
        student = Student(per_image)
        reject(student, replace(chosen, minutes=0.1), photographs(4000))
        assert student.asked == asked


def test_even_a_few_images_may_take_too_long() -> None:
    student = Student(per_image=PATIENCE)
    reason = reject(student, first_recipe("04/02"), photographs(48_000))
    assert student.asked == [FEW]
    assert reason.startswith("one epoch would take about 34 days, 2 epochs about 67 days (60 s an")


def test_another_failure_is_reported_as_it_is() -> None:
    reason = reject(Student(per_image=0, error="layers.py has no Linear"), first_recipe("03/01"))
    assert reason == "layers.py has no Linear"


def test_a_slow_convolution_is_rejected_before_it_trains_on_photographs(tmp_path: Path) -> None:
    verdict = train_gate(submit(tmp_path, {"spatial": SLOW}), "04/02", split=photographs(12_800))
    assert not verdict.passed
    assert not verdict.networks
    assert verdict.rejection.startswith("CNN 16-32-64 BN: one epoch would take about ")
    assert "2 epochs about " in verdict.rejection
    assert "the limit is 30 minutes. Vectorise Conv2d" in verdict.rejection
