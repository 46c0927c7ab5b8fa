"""A failure that an earlier module explains is attributed to it; a module's own mistake is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradgate.grading.root_cause import attribute_failures
from gradgate.results import Cause, CheckResult, ModuleResult
from proof.harness import Run, grade, make_impatient_course, reference, write

SUBTRACTION = (
    "return Tensor.from_op(self.data - other.data,",
    "return Tensor.from_op(other.data - self.data,",
)
BIAS = ("Tensor(np.zeros(out_features)", "Tensor(np.ones(out_features)")


def check(module: str, name: str, *called: str, ok: bool = False, place: str = "") -> CheckResult:
    """Return a result that passed or failed, having called functions such as `tensor:1`."""
    lines = frozenset(
        f"student/{file}.py:{line}:f" for file, line in (c.split(":") for c in called)
    )
    return CheckResult(
        id=f"{module}.{name}",
        title="A title.",
        hint="hint",
        points=1,
        stretch=False,
        outcome="passed" if ok else "failed",
        cause=None if ok else Cause(kind="value", sentence="wrong", place=place),
        called=lines,
    )


def module(number: int, name: str, *checks: CheckResult) -> ModuleResult:
    """Return the results of a module."""
    file = f"student/{name}.py"
    return ModuleResult(number=number, name=name, file=file, names=(), checks=checks, seconds=0.0)


def attribute(*modules: ModuleResult) -> dict[str, str]:
    """Return the module that each check is attributed to."""
    return {c.id: c.because_of for result in attribute_failures(modules) for c in result.checks}


def test_failures_of_a_first_module_are_its_own() -> None:
    assert attribute(module(1, "tensor", check("tensor", "a", "tensor:1"))) == {"tensor.a": ""}


def test_a_failure_is_attributed_to_a_suspicious_function_that_it_called() -> None:
    first = module(1, "tensor", check("tensor", "a", "tensor:1"))
    second = module(2, "layers", check("layers", "b", "layers:1", "tensor:1"))
    assert attribute(first, second)["layers.b"] == "tensor"


def test_a_function_that_a_passing_check_ran_is_not_suspicious() -> None:
    first = module(
        1, "tensor", check("tensor", "a", "tensor:1"), check("tensor", "b", "tensor:1", ok=True)
    )
    second = module(2, "layers", check("layers", "c", "tensor:1"))
    assert attribute(first, second)["layers.c"] == ""


def test_a_failure_that_called_no_suspicious_function_stays_with_its_module() -> None:
    first = module(1, "tensor", check("tensor", "a", "tensor:1"))
    second = module(2, "layers", check("layers", "b", "layers:1", "tensor:2"))
    assert attribute(first, second)["layers.b"] == ""


def test_a_failure_inside_a_failing_module_is_attributed_to_it() -> None:
    first = module(1, "tensor", check("tensor", "a"))
    second = module(2, "layers", check("layers", "b", place="student/tensor.py:7"))
    assert attribute(first, second)["layers.b"] == "tensor"


def test_a_failure_inside_a_module_that_passes_is_not_attributed_to_it() -> None:
    first = module(1, "tensor", check("tensor", "a", ok=True))
    second = module(2, "layers", check("layers", "b", place="student/tensor.py:7"))
    assert attribute(first, second)["layers.b"] == ""


def test_of_several_modules_the_earliest_is_the_root_cause() -> None:
    first = module(1, "tensor", check("tensor", "a", "tensor:1"))
    second = module(2, "layers", check("layers", "b", "layers:1"))
    third = module(3, "losses", check("losses", "c", "layers:1", "tensor:1"))
    assert attribute(first, second, third)["losses.c"] == "tensor"


def test_a_later_module_is_never_the_root_cause() -> None:
    first = module(1, "tensor", check("tensor", "a", "layers:1", place="student/layers.py:1"))
    second = module(2, "layers", check("layers", "b", "layers:1"))
    assert attribute(first, second) == {"tensor.a": "", "layers.b": ""}


def test_what_passes_is_attributed_to_nothing() -> None:
    first = module(1, "tensor", check("tensor", "a", "tensor:1"))
    second = module(2, "layers", check("layers", "b", "tensor:1", ok=True))
    assert attribute(first, second)["layers.b"] == ""


@pytest.fixture(scope="module")
def broken_tensor(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Only subtraction is wrong; the mean squared error suffers from it."""
    folder = write(tmp_path_factory.mktemp("tensor"), reference(tensor=SUBTRACTION))
    return grade(folder, "01-05")


def test_the_broken_module_fails_for_reasons_of_its_own(broken_tensor: Run) -> None:
    failed = {c["id"]: c["because_of"] for c in broken_tensor.checks().values() if "cause" in c}
    assert failed["tensor.subtracts"] == ""
    assert broken_tensor.module("tensor")["status"] == "failed"


@pytest.mark.parametrize("name", ["activations", "layers"])
def test_modules_that_do_not_need_what_is_broken_pass(broken_tensor: Run, name: str) -> None:
    assert broken_tensor.module(name)["status"] == "passed"


def test_modules_that_fail_only_by_it_say_so(broken_tensor: Run) -> None:
    for name in ("losses", "autograd"):
        causes = {c["because_of"] for c in broken_tensor.checks(name).values() if "cause" in c}
        assert causes == {"tensor"}, name
        assert broken_tensor.module(name)["status"] == "fails because of tensor"
    assert "→ 05 autograd fails only because of tensor; fix that first:" in broken_tensor.out


def test_the_root_cause_stands_first_and_is_the_next_step(broken_tensor: Run) -> None:
    lines = [line for line in broken_tensor.out.splitlines() if line.startswith(("✗", "→"))]
    assert lines[0].startswith("✗ 01 tensor")
    assert broken_tensor.out.splitlines()[-1].startswith(
        "Next: module 01 tensor, student/tensor.py"
    )


@pytest.fixture(scope="module")
def two_mistakes(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Subtraction is wrong, and a Linear layer begins with the wrong bias."""
    files = reference(tensor=SUBTRACTION, layers=BIAS)
    return grade(write(tmp_path_factory.mktemp("two"), files), "01-04", "-k", "s")


@pytest.mark.long
def test_a_mistake_of_its_own_is_not_attributed_to_another_module(two_mistakes: Run) -> None:
    layers = [check for check in two_mistakes.checks("layers").values() if "cause" in check]
    assert "layers.linear_shapes" in {check["id"] for check in layers}
    assert {check["because_of"] for check in layers} == {""}


def test_a_module_with_a_stub_inside_is_where_later_failures_are_sent(tmp_path: Path) -> None:
    stub = reference(
        activations=("positive = x.data > 0", "raise NotImplementedError('ReLU.forward')")
    )
    run = grade(write(tmp_path, stub), "02", "05", "-k", "relu")
    assert run.checks()["autograd.relu"]["because_of"] == "activations"


def test_an_autograd_module_that_breaks_recording_is_the_root_cause_of_later_failures(
    tmp_path: Path,
) -> None:
    files = {**reference(), "student/autograd.py": "1 / 0\n"}
    run = grade(write(tmp_path, files), "05", "07", "-k", "accumul")
    failed = [check for check in run.checks("training").values() if "cause" in check]
    assert {check["because_of"] for check in failed} == {"autograd"}


@pytest.mark.long
def test_an_autograd_module_that_never_ends_is_the_root_cause_of_later_failures(
    tmp_path: Path,
) -> None:
    course = make_impatient_course(tmp_path / "course", import_seconds=2.0)
    files = {**reference(), "student/autograd.py": "while True: pass\n"}
    run = grade(write(tmp_path / "code", files), "05", "07", "-k", "accumul", course=course)
    assert {check["because_of"] for check in run.checks("training").values()} == {"autograd"}


@pytest.mark.parametrize("death", ["import os; os._exit(0)", "raise SystemExit", "1 / 0"])
def test_a_module_that_cannot_be_imported_is_the_root_cause_in_those_that_import_it(
    death: str, tmp_path: Path
) -> None:
    run = grade(
        write(tmp_path, {**reference(), "student/tensor.py": death}), "01-02", "-k", "leave"
    )
    assert {check["because_of"] for check in run.checks("activations").values()} == {"tensor"}
