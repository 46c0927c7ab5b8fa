"""Whatever a submission does, each check gets its own fair verdict."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from corpora import mark_most_long

from gradgate.grading.grade import Job, Task, Tools, grade_module
from gradgate.oracle.choose import choose_oracle
from gradgate.results import CheckResult, ModuleResult
from gradgate.submission.copying import copy_submission
from gradgate.submission.layout import find_submission
from gradgate.supervisor.launcher import ForkServer, FreshStart, Launcher
from proof.harness import Run, grade, make_impatient_course, reference, write
from proof.project import COURSE, PROJECT


def tensor(body: str, before: str = "") -> dict[str, str]:
    """Return the reference, whose Tensor adds as the lines given say."""
    files = reference()
    source = files["student/tensor.py"]
    start = re.search(r"^    def __add__\(.*\n(        \"\"\".*\n)?", source, re.MULTILINE)
    assert start is not None
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    edited = source[: start.end()] + lines + source[start.end() :]
    future = "from __future__ import annotations\n"
    files["student/tensor.py"] = edited.replace(future, f"{future}import os, sys\n{before}\n")
    return files


def find_cause(run: Run, check: str) -> dict[str, str]:
    """Return why a check failed."""
    found: dict[str, str] = run.checks()[check]["cause"]
    return found


def test_the_reference_passes_and_nothing_is_wrong() -> None:
    run = grade(PROJECT / "reference", "01", "-k", "adds")
    assert run.outcomes() == {"tensor.adds": "passed", "tensor.sums": "passed"}
    assert run.sentences() == set()
    assert run.code == 0


def test_a_check_that_meets_an_endless_loop_fails_and_the_others_keep_their_points(
    tmp_path: Path,
) -> None:
    course = make_impatient_course(
        tmp_path / "course", call_seconds=1.0, call_seconds_after_timeout=1.0
    )
    start = "        scale = math.sqrt(1 / in_features)\n"
    hangs = reference(layers=(start, f"        while not bias: pass\n{start}"))
    run = grade(write(tmp_path / "code", hangs), "03", course=course)
    failed = {name for name, outcome in run.outcomes().items() if outcome == "failed"}
    assert failed == {"layers.linear_without_bias"}
    assert "did not finish" in find_cause(run, "layers.linear_without_bias")["sentence"]


@pytest.mark.parametrize("death", ["os._exit(0)", "os.abort()"])
def test_a_check_that_ends_the_process_fails_and_the_others_keep_their_points(
    death: str, tmp_path: Path
) -> None:
    folder = write(tmp_path, tensor(f"if self.shape == (): {death}"))
    run = grade(folder, "01", "-k", "element by")
    assert find_cause(run, "tensor.adds")["kind"] == "stopped"
    others = {outcome for name, outcome in run.outcomes().items() if name != "tensor.adds"}
    assert others == {"passed"}


def test_what_is_printed_stands_under_the_check_that_printed_it(tmp_path: Path) -> None:
    chatty = tensor("print('adding', self.shape)\nreturn Tensor(self.data)")
    run = grade(write(tmp_path, chatty), "01", "-k", "element by")
    printed = {name: check.get("printed", "") for name, check in run.checks().items()}
    assert re.fullmatch(r"adding \(.*\)(\nadding \(.*\))*", printed.pop("tensor.adds"))
    assert set(printed.values()) == {""}


def test_a_submission_that_remembers_calls_is_called_unstable(tmp_path: Path) -> None:
    forgetful = tensor("calls.append(1)\nif len(calls) > 3: return self", "calls = []")
    run = grade(write(tmp_path, forgetful), "01", "-k", "adds")
    assert find_cause(run, "tensor.adds")["kind"] == "unstable"
    assert "not in a fresh process" in find_cause(run, "tensor.adds")["sentence"]


@pytest.mark.parametrize("wrong", mark_most_long([100, 150, 200]))
def test_a_submission_that_is_wrong_at_random_fails_without_harness_error(
    wrong: int, tmp_path: Path
) -> None:
    flaky = tensor(f"if os.urandom(1)[0] < {wrong}: return Tensor(self.data + 1)")
    run = grade(write(tmp_path, flaky), "01", "-k", "element by")
    assert set(run.outcomes().values()) == {"passed", "failed"}
    assert find_cause(run, "tensor.adds")["kind"] in ("value", "shape", "unstable")
    assert run.code == 1


@pytest.mark.parametrize(
    "body",
    mark_most_long(
        [
            "return type('\\x1b[2J', (), {})()",
            "raise ValueError('\\udc80\\x1b[2J', object())",
            "raise type('\\x1b[2J', (Exception,), {})(object())",
            "print('\\udc80\\x1b[2J'.encode('utf-8', 'replace').decode(), '\\x1b[2J', object())",
        ]
    ),
)
def test_texts_of_a_submission_are_made_printable(body: str, tmp_path: Path) -> None:
    files = tensor(f"{body}\nreturn Tensor(self.data + 7)")
    run = grade(write(tmp_path, files), "01", "-k", "adds")
    assert run.code == 1
    for text in (run.out, json.dumps(run.data, ensure_ascii=False)):
        assert "\x1b" not in text
        assert "\\u001b" not in text
        assert not re.search("0x[0-9a-f]{6}", text)


@pytest.mark.parametrize("name", ["\\x1b[2J", "\\udc80"])
def test_texts_of_promised_exceptions_are_made_printable_too(name: str, tmp_path: Path) -> None:
    wrong = f"raise type('Bad \\x1b[2J', (Exception,), {{}})('{name}' + str(object()))"
    target = "target = shape[0] if len(shape) == 1 else shape"
    files = reference(tensor=(target, f"{target}\n        if shape == (-1, -1): {wrong}"))
    run = grade(write(tmp_path, files), "01", "-k", "refuses_wrong_sizes")
    sentence = find_cause(run, "tensor.refuses_wrong_sizes")["sentence"]
    assert "should raise ValueError" in sentence
    assert sentence.isprintable()
    assert not re.search("0x[0-9a-f]{6}", sentence)
    assert run.out.count("✗ 01 tensor") == 1


def test_float64_data_fails_by_its_dtype(tmp_path: Path) -> None:
    leaking = reference(
        tensor=("asarray(values, dtype=Tensor.precision)", "asarray(values, np.float64)")
    )
    run = grade(write(tmp_path, leaking), "01", "-k", "adds")
    assert (
        find_cause(run, "tensor.adds")["sentence"] == "a + b has dtype float64, should be float32"
    )


@pytest.mark.long
def test_every_module_has_a_process_of_its_own(tmp_path: Path) -> None:
    raises = "raise RuntimeError(f'process {os.getpid()}')"
    run = grade(write(tmp_path, tensor(raises)), "01-04")
    ids = [
        {
            found
            for sentence in run.sentences(name)
            for found in re.findall("process (\\d+)", sentence)
        }
        for name in ("tensor", "layers")
    ]
    assert all(ids)
    assert not set.intersection(*ids)


BROKEN_CHECKS = '''

@check(inputs=lambda draw: {"x": draw.grid((2,)) @ 1}, hint="A hint.")
def draws_wrong_relu(api: Any, x: Any) -> dict[str, Any]:
    """Drawing the inputs of this check of ReLU fails."""
    return {"x": x}


@check(hint="A hint.")
def asks_wrong_relu(api: Any) -> dict[str, Any]:
    """The reference fails this check of ReLU."""
    return {"x": api.ReLU().backwards()}


@check(hint="A hint.", view=lambda answer: {"x": answer["y"]})
def looks_wrong_relu(api: Any) -> dict[str, Any]:
    """What this check of ReLU looks at is not there."""
    return {"x": api.ReLU()(api.Tensor(1.0))}
'''


def test_a_check_that_is_wrong_itself_says_so_and_the_others_are_judged(tmp_path: Path) -> None:
    course = make_impatient_course(tmp_path / "course")
    (course / "checks").unlink()
    shutil.copytree(PROJECT / "checks", course / "checks")
    with (course / "checks" / "m02_activations.py").open("a") as file:
        file.write(BROKEN_CHECKS)
    run = grade(write(tmp_path / "code", reference()), "02", "-k", "relu", course=course)
    broken = (
        "activations.draws_wrong_relu",
        "activations.asks_wrong_relu",
        "activations.looks_wrong_relu",
    )
    assert run.outcomes() == {
        "activations.relu": "passed",
        **dict.fromkeys(broken, "could not check"),
    }
    assert run.code == 2
    assert "tell the course staff" in run.err


def make_fresh_start(course: Path) -> FreshStart:
    """Return what starts every worker as a new Python process."""
    return FreshStart()


def judge_tensor(folder: Path, submission: Path, start: Callable[[Path], Launcher]) -> ModuleResult:
    """Judge the first checks of a submission's tensor, its workers started as given."""
    folder.mkdir()
    found = find_submission(submission, COURSE)
    task = Task(course=PROJECT, submission=found, folder=folder, seed=0, limits=COURSE.limits)
    copy_submission(found, task.root, task.limits)
    job = Job("tensor", tuple(check.id for check in COURSE.module("tensor").checks[:10]))
    source, oracle = choose_oracle(COURSE)
    seen: list[CheckResult] = []
    with closing(start(PROJECT)) as launcher:
        result = grade_module(task, job, Tools(launcher, source, oracle), seen.append)
    assert tuple(seen) == result.checks
    return result


@pytest.mark.long
def test_both_ways_to_start_a_process_lead_to_the_same_verdicts(tmp_path: Path) -> None:
    wrong = tensor("if self.size > 2: os._exit(1)\nif self.shape: return self")
    folder = write(tmp_path / "code", wrong)
    forked, fresh = (
        judge_tensor(tmp_path / name, folder, start)
        for name, start in (("forked", ForkServer), ("fresh", make_fresh_start))
    )
    assert len(forked.checks) == 10
    assert [replace(check, seconds=0) for check in forked.checks] == [
        replace(check, seconds=0) for check in fresh.checks
    ]
    assert not forked.passed
