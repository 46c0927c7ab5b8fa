"""Gates open for whatever is right, and for nothing else: trained through the real worker."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cheats import CHEATS, DRIVEN, EVALUATION, EXCHANGED, LYING, WRONG, bring_weights, make_trainer
from corpora import mark_most_long
from trained import DIGITS, KNOWN_GOOD, SHORT, find, list_faults, submit, train_gate
from variants import NORMALISED, VARIANTS

from gradgate.protocol.frames import PackedInputs, unpack_inputs
from gradgate.supervisor.worker_client import WorkerClient
from milestones.definition import State
from milestones.gate import run_gate
from milestones.gate.verdict import Verdict

PREDICTIONS = "predictions as from its weights"
COMPUTED = ("compute_gradients", "compute_outputs")


@pytest.mark.parametrize("name", mark_most_long(VARIANTS))
def test_a_right_submission_passes_however_it_is_written(name: str, tmp_path: Path) -> None:
    verdict = train_gate(submit(tmp_path, VARIANTS[name]), "04/01", epochs=6)
    assert verdict.passed, list_faults(verdict)


@pytest.mark.long
def test_every_recipe_for_digits_is_good_for_its_accuracy(tmp_path: Path) -> None:
    submission = submit(tmp_path, {})
    for gate, recipe in (("03/01", "80"), ("04/01", "90"), ("04/01", "98")):
        verdict = train_gate(submission, gate, recipe)
        assert verdict.passed, list_faults(verdict)
        assert verdict.networks[0].by_shift[0] >= int(recipe) / 100


@pytest.mark.parametrize("name", mark_most_long(NORMALISED))
def test_a_right_batch_normalisation_passes_too(name: str, tmp_path: Path) -> None:
    verdict = train_gate(submit(tmp_path, NORMALISED[name]), "04/01", "98", epochs=5)
    assert verdict.passed, list_faults(verdict)


@pytest.mark.parametrize("gate", mark_most_long(["03/01", "04/01"]))
def test_a_student_who_patches_operations_passes(gate: str) -> None:
    verdict = train_gate(find(KNOWN_GOOD / "patching"), gate, epochs=6)
    assert verdict.passed, list_faults(verdict)


def test_a_student_with_loops_passes() -> None:
    verdict = train_gate(find(KNOWN_GOOD / "loops"), "03/01", **SHORT)
    assert verdict.passed, list_faults(verdict)


@pytest.mark.parametrize("name", mark_most_long(WRONG))
def test_what_trains_wrongly_is_rejected(name: str, tmp_path: Path) -> None:
    gate, code = WRONG[name]
    verdict = train_gate(submit(tmp_path, code), gate, **SHORT)
    assert not verdict.passed
    assert "is not where right steps lead" in verdict.rejection


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("a convolution cut from the graph", "conv1.weight, conv1.bias, conv2.weight, conv2.bias"),
        ("a bias without gradient", "hidden.bias, output.bias"),
        ("a weight that nobody trains", "hidden.weight, output.weight"),
    ],
)
def test_without_a_reference_parameters_that_stand_still_are_named(
    name: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_gate, "has_reference", lambda course: False)
    gate, code = WRONG[name]
    conditions = list_failed(train_gate(submit(tmp_path, code), gate, **SHORT))
    [reached] = [
        reached for name, reached in conditions.items() if "got a gradient and moved" in name
    ]
    assert reached == f"not {named}"


def test_without_a_reference_a_right_submission_passes_with_two_conditions_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_gate, "has_reference", lambda course: False)
    verdict = train_gate(submit(tmp_path, {}), "03/01")
    assert verdict.passed, list_faults(verdict)
    assert [c.name for c in verdict.conditions if c.passed is None] == [
        "MLP 64-32-10: steps as the reference makes them",
        f"MLP 64-32-10: {PREDICTIONS}",
    ]


@pytest.mark.parametrize("name", mark_most_long(CHEATS))
def test_answers_that_are_not_the_networks_own_are_rejected(name: str, tmp_path: Path) -> None:
    verdict = train_gate(submit(tmp_path, CHEATS[name]), "03/01")
    assert f"MLP 64-32-10: {PREDICTIONS}" in list_failed(verdict)


@pytest.mark.long
def test_a_rival_that_predicts_badly_on_purpose_widens_no_lead(tmp_path: Path) -> None:
    code = {"layers": EVALUATION.format(shape=(64, 32))}
    verdict = train_gate(submit(tmp_path, code), "04/01", epochs=6)
    assert list(list_failed(verdict)) == [f"MLP 64-32-10: {PREDICTIONS}"]


def test_weights_trained_beforehand_cannot_be_exchanged_for_the_networks(
    elsewhere: State, tmp_path: Path
) -> None:
    code = bring_weights(elsewhere, training=EXCHANGED)
    verdict = train_gate(submit(tmp_path, code), "03/01")
    assert "is not where right steps lead" in verdict.rejection


def test_weights_trained_beforehand_cannot_be_reached_by_a_forged_velocity(
    elsewhere: State, tmp_path: Path
) -> None:
    verdict = train_gate(submit(tmp_path, bring_weights(elsewhere, training=DRIVEN)), "03/01")
    assert "is not where right steps lead" in verdict.rejection


def test_weights_trained_beforehand_cannot_predict_behind_those_that_are_shown(
    elsewhere: State, tmp_path: Path
) -> None:
    hidden = {"layers": 'SPY["brought"] = brought', "tensor": LYING}
    verdict = train_gate(submit(tmp_path, bring_weights(elsewhere, **hidden)), "03/01")
    assert list(list_failed(verdict)) == [f"MLP 64-32-10: {PREDICTIONS}"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> State:
    """Weights from another run, their last columns in the order of the classes."""
    verdict = train_gate(submit(tmp_path_factory.mktemp("elsewhere"), {}), "03/01", seed=7)
    assert verdict.passed
    [network] = verdict.networks
    numbering = np.random.default_rng(7).permutation(10)  # as `draw_secret_run` begins
    return {
        name: value[..., numbering] if name.startswith("output") else value
        for name, value in network.state.items()
    }


BROKEN = {
    "weights that are NaN": (
        make_trainer("self.model.parameters()[0].data = np.full((64, 32), np.nan, np.float32)"),
        "hidden.weight holds NaN or infinity",
    ),
    "weights of another shape": (
        make_trainer("self.model.parameters()[1].data = np.zeros(31, np.float32)"),
        "hidden.bias is float32 of shape (31,), should be float of shape (32,)",
    ),
    "sys.exit at import": (make_trainer("pass", "sys.exit(0)"), "ends the program (SystemExit)"),
    "sys.exit in training": (make_trainer("sys.exit(0)"), "ends the program (SystemExit)"),
    "os._exit at import": (
        make_trainer("pass", "os._exit(0)"),
        "ended the whole process with exit code 0",
    ),
    "os._exit in training": (
        make_trainer("os._exit(0)"),
        "ended the whole process with exit code 0",
    ),
    "endless printing": (make_trainer("while True: print('x' * 1000)"), "printed more than 8 MiB"),
    "no Trainer": ({"training": "del Trainer"}, "student/training.py has no Trainer"),
}


@pytest.mark.parametrize("name", mark_most_long(BROKEN))
def test_what_breaks_is_rejected_in_one_sentence(name: str, tmp_path: Path) -> None:
    code, sentence = BROKEN[name]
    verdict = train_gate(submit(tmp_path, code), "03/01", **SHORT)
    assert not verdict.passed
    assert verdict.rejection.startswith("MLP 64-32-10: ")
    assert sentence in verdict.rejection


def test_a_crash_in_training_names_file_and_line(tmp_path: Path) -> None:
    submission = submit(tmp_path, make_trainer("1 / 0  # here"))
    lines = (tmp_path / "student" / "training.py").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "# here" in text)
    verdict = train_gate(submission, "03/01", **SHORT)
    place = f"(student/training.py:{line}"
    assert f"ZeroDivisionError: division by zero {place}" in verdict.rejection


def test_a_trainer_that_hangs_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    submission = submit(tmp_path, make_trainer("while True: pass"))
    began = time.monotonic()
    verdict = train_gate(submission, "03/01", minutes=0.05, **SHORT)
    reason = "MLP 64-32-10: training takes longer than the 0.05 minutes there are"
    assert verdict.rejection.startswith(reason)
    assert time.monotonic() - began < 30


def test_the_same_seed_gives_the_same_result(tmp_path: Path) -> None:
    submission = submit(tmp_path, {})
    one, two, other = (train_gate(submission, "03/01", seed=seed, epochs=3) for seed in (3, 3, 4))
    assert one.conditions == two.conditions
    assert np.array_equal(one.networks[0].logits, two.networks[0].logits)
    assert one.networks[0].epochs == two.networks[0].epochs
    assert not np.array_equal(one.networks[0].logits, other.networks[0].logits)


Call = tuple[str, dict[str, Any]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """What the worker is asked, as long as the test runs."""
    asked: list[Call] = []
    call = WorkerClient.call

    def note(worker: WorkerClient, scenario: str, packed: PackedInputs, seed: int) -> Any:
        asked.append((scenario, unpack_inputs(packed.plain, packed.arrays)))
        return call(worker, scenario, packed, seed)

    monkeypatch.setattr(WorkerClient, "call", note)
    return asked


def test_the_worker_is_sent_class_numbers_that_are_new_in_every_run(
    calls: list[Call], tmp_path: Path
) -> None:
    submission = submit(tmp_path, {})
    for seed in (1, 2):
        train_gate(submission, "03/01", seed=seed, **SHORT)
    one, two = [inputs for scenario, inputs in calls if scenario == "take"]
    numberings = [
        dict(zip(DIGITS.train.labels, sent["labels"], strict=True)) for sent in (one, two)
    ]
    for sent, numbering in zip((one, two), numberings, strict=True):
        assert np.array_equal(sent["images"], DIGITS.train.images)
        assert sorted(numbering.values()) == list(range(10))
        assert [numbering[label] for label in DIGITS.train.labels] == sent["labels"].tolist()
        assert list(numbering.values()) != list(numbering)
    assert numberings[0] != numberings[1]


def test_the_worker_is_sent_no_label_of_a_test_image(calls: list[Call], tmp_path: Path) -> None:
    train_gate(submit(tmp_path, {}), "03/01", **SHORT)
    scenarios = {scenario for scenario, _ in calls}
    assert scenarios == {"take", "start", "train", "predict", *COMPUTED}
    for scenario, inputs in calls:
        arrays = [value for value in inputs.values() if isinstance(value, np.ndarray)]
        if scenario in ("predict", "compute_outputs"):
            assert list(inputs) == ["images"]
        elif scenario in ("compute_gradients", "train"):
            [chosen] = arrays
            assert chosen.max() < len(DIGITS.train)
        assert scenario == "take" or "labels" not in inputs
        integers = [len(array) for array in arrays if array.dtype.kind == "i"]
        assert not {*integers} & {len(DIGITS.test), len(DIGITS.validation)}


def list_failed(verdict: Verdict) -> dict[str, str]:
    """Return what was reached of the conditions that failed, by name."""
    assert not verdict.rejection
    return {c.name: c.reached for c in verdict.conditions if c.passed is False}
