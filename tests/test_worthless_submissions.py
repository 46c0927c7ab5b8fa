"""No check passes on a submission that holds nothing right; untouched stubs are shown a start."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpora import mark_most_long
from packages import WORTHLESS, idle

from proof.harness import CHECKS, MODULES, Run, grade, write


@pytest.fixture(scope="module", params=mark_most_long(WORTHLESS))
def worthless(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return grade(write(tmp_path_factory.mktemp("worthless"), WORTHLESS[request.param]))


@pytest.mark.parametrize("module", MODULES)
def test_a_worthless_submission_fails_every_check(worthless: Run, module: str) -> None:
    checks = {check: "failed" for check in CHECKS if check.startswith(f"{module}.")}
    assert worthless.outcomes(module) == checks


def test_a_worthless_submission_earns_no_point(worthless: Run) -> None:
    assert [module["points"] for module in worthless.data["modules"]] == [0] * len(MODULES)
    assert not any(module["passed"] for module in worthless.data["modules"])
    assert worthless.code == 1


@pytest.mark.parametrize("module", mark_most_long(MODULES))
def test_a_module_that_does_nothing_fails_every_check_though_the_others_are_right(
    module: str, tmp_path: Path
) -> None:
    run = grade(write(tmp_path, idle(module)), module)
    assert set(run.outcomes().values()) == {"failed"}, run.outcomes()


untouched = pytest.mark.parametrize("worthless", ["stubs"], indirect=True)


@untouched
def test_untouched_stubs_are_nine_rows_not_started(worthless: Run) -> None:
    rows = [line for line in worthless.out.splitlines() if "not started" in line]
    assert len(rows) == len(MODULES) == 9
    assert {module["status"] for module in worthless.data["modules"]} == {"not started"}


@untouched
def test_the_report_on_untouched_stubs_names_the_first_function_to_write(worthless: Run) -> None:
    last = worthless.out.splitlines()[-1]
    assert last == "Next: module 01 tensor, student/tensor.py: start with Tensor.__init__."


@untouched
def test_the_report_on_untouched_stubs_shows_no_traceback_and_no_failure(worthless: Run) -> None:
    assert "Traceback" not in worthless.out + worthless.err
    assert "✗" not in worthless.out
    assert worthless.code == 1
