"""What opens a milestone: modules that pass, graded now or on a genuine record; nothing else."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from corpora import mark_most_long
from milestone_runs import Place, list_graded, make_place, read_states, submit

from gradgate.results import CheckResult, ModuleResult, Outcome
from milestones.definition.gate_catalog import load_milestones
from milestones.gate.lock import describe_lock
from proof.harness import MODULES, Files, write
from proof.project import COURSE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="/proc is needed")

ALL = 9
OPEN = {"03/01": "open", "04/01": "open", "04/02": "open"}
LOCKED = dict.fromkeys(OPEN, "locked")
DIGITS = "03_1986_mlp/01_rumelhart_tinydigits.py"
THRESHOLD = "milestones/03_1986_mlp/milestone.py"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with a correct submission, `mine`, all of whose modules are on record."""
    here = make_place(tmp_path_factory.mktemp("locks"))
    run = here.run("--submission", str(submit(here.root / "mine")))
    assert (read_states(run), len(list_graded(run))) == (OPEN, ALL)
    return here


@pytest.fixture
def here(recorded: Place, tmp_path: Path) -> Place:
    return recorded.copy(tmp_path / "here")


def list_gates(
    here: Place, *arguments: str, mine: str = "mine", **variables: str
) -> tuple[object, int]:
    """What the list says, and how many modules were graded for it."""
    run = here.run(*arguments, "--submission", str(here.root / mine), **variables)
    assert run.code == 0
    assert "Traceback" not in run.err
    assert (run.left_behind, run.still_running) == ([], [])
    return read_states(run), len(list_graded(run))


def result(number: int, name: str, outcomes: str) -> ModuleResult:
    """A module's result: a check for each letter, `p` passed, `f` failed, `s` a failed stretch."""
    names: dict[str, Outcome] = {"p": "passed", "f": "failed", "s": "failed"}
    checks = [
        CheckResult(
            id=f"{name}.{i}",
            title="",
            hint="",
            points=1,
            stretch=letter == "s",
            outcome=names[letter],
        )
        for i, letter in enumerate(outcomes)
    ]
    return ModuleResult(
        number=number,
        name=name,
        file=f"student/{name}.py",
        names=(),
        checks=tuple(checks),
        seconds=0.0,
    )


def test_what_a_locked_milestone_says() -> None:
    failing = [result(4, "losses", "ppfs"), result(9, "spatial", "pf")]
    assert describe_lock(load_milestones()[1], COURSE, failing, " --submission mine") == (
        "Milestone 04 is locked: it needs modules 01 tensor to 09 spatial.\n"
        "  04 losses       failed, 2 of 3 checks pass\n"
        "  09 spatial      failed, 1 of 2 checks pass\n"
        "Begin with 04: nox -s check -- 04 --submission mine"
    )


def test_a_module_that_a_milestone_does_not_need_does_not_lock_it() -> None:
    failing = [result(9, "spatial", "f")]
    first, second = load_milestones()
    assert describe_lock(first, COURSE, failing, "") == ""
    assert describe_lock(second, COURSE, failing, "")
    assert describe_lock(second, COURSE, [], "") == ""


def test_a_genuine_record_saves_grading(here: Place) -> None:
    assert list_gates(here) == (OPEN, 0)


@pytest.mark.long
def test_a_milestone_grades_the_modules_it_needs_and_the_next_one_only_the_others(
    here: Place,
) -> None:
    mine = submit(here.root / "new")
    (mine / "student" / "spatial.py").write_text("")
    first = here.run("3", "--submission", str(mine))
    assert (first.code, len(list_graded(first))) == (0, 8)
    second = here.run("4", "--submission", str(mine))
    assert (second.code, list_graded(second)) == (1, ["09 spatial"])


@pytest.mark.long
@pytest.mark.parametrize(
    "ignoring",
    [{"arguments": ["--fresh"]}, {"CI": "true"}],
    ids=["--fresh", "CI=true"],
)
def test_a_genuine_record_is_ignored_where_it_shall_be(
    ignoring: dict[str, object], here: Place
) -> None:
    arguments = ignoring.pop("arguments", [])
    assert list_gates(here, *arguments, **ignoring) == (OPEN, ALL)


CHANGES = ("edited", "too deep", "another key", "a comment")


@pytest.mark.parametrize("change", mark_most_long(CHANGES))
def test_where_the_record_is_not_genuine_all_is_graded_anew(change: str, here: Place) -> None:
    (file,) = here.records.iterdir()
    if change == "edited":
        file.write_text(file.read_text().replace('"gates": {}', '"gates": {"03/01": {}}'))
    elif change == "too deep":
        file.write_text("[" * 200_000)
    elif change == "another key":
        here.key.write_bytes(bytes(32))
    else:  # of an older version of the checks
        here.edit(
            "checks/m02_activations.py", "\nfrom __future__", "\n# a comment\nfrom __future__"
        )
    assert list_gates(here) == (OPEN, ALL)
    assert list_gates(here) == (OPEN, 0)


@pytest.mark.long
def test_a_record_copied_from_another_submission_opens_nothing(here: Place) -> None:
    broken = submit(here.root / "broken")
    (broken / "student" / "tensor.py").write_text("import os\nos._exit(0)\n")
    (genuine,) = here.records.iterdir()
    assert list_gates(here, mine="broken") == (LOCKED, ALL)
    for file in here.records.iterdir():
        if file != genuine:
            shutil.copyfile(genuine, file)
    assert list_gates(here, mine="broken") == (LOCKED, ALL)


@pytest.mark.parametrize("way", mark_most_long(["os._exit(0)", "sys.exit(0)"]))
def test_a_module_that_ends_the_process_opens_nothing(way: str, here: Place) -> None:
    ending = f"import os, sys\n{way}\n"
    write(here.root / "ending", {f"student/{name}.py": ending for name in MODULES})
    run = here.run("3", "4", "--submission", str(here.root / "ending"))
    assert run.code == 1
    assert run.out.count(" is locked: it needs modules ") == 3
    assert "passed" not in run.out


@pytest.mark.long
@pytest.mark.parametrize("obstacle", ["state/gradgate/passes", "state"])
def test_where_nothing_can_be_recorded_all_is_graded(obstacle: str, here: Place) -> None:
    shutil.rmtree(here.root / obstacle)
    (here.root / obstacle).write_text("in the way")
    assert list_gates(here) == (OPEN, ALL)
    assert (here.root / obstacle).read_text() == "in the way"


@pytest.mark.long
def test_a_record_made_by_a_copy_with_a_lower_threshold_opens_nothing(
    here: Place, tmp_path: Path
) -> None:
    lenient = here.copy(tmp_path / "lenient")  # the same person's key
    lenient.edit(THRESHOLD, "accuracy=0.80", "accuracy=0.01")
    mine = ["--submission", str(lenient.root / "mine")]
    assert lenient.run("3", *mine).code == 0
    assert any('"03/01"' in file.read_text() for file in lenient.records.iterdir())
    shutil.copytree(lenient.records, here.records, dirs_exist_ok=True)
    assert list_gates(here) == (OPEN, ALL)


SAYS_PASSED = "import os\nprint('03/01 passed. 04/01 passed.', flush=True)\nos._exit(0)\n"


def takeover(here: Place) -> Files:
    """All that a repository could bring along to be judged by itself instead."""
    kept = {
        f"state/gradgate/passes/{file.name}": file.read_text().replace(
            '"gates": {}', '"gates": {"03/01": 1}'
        )
        for file in here.records.iterdir()
    }
    milestone = (here.project / THRESHOLD).read_text()
    settings = (
        "[tool.gradgate]\naccuracy = 0.01\nmodules = []\n[tool.gradgate.milestones.03]\n"
        "accuracy = 0.01\n[tool.gradgate.gates]\n'03/01' = {accuracy = 0.01}\n"
    )
    names = [
        *("conftest.py", "noxfile.py", "sitecustomize.py", "usercustomize.py", "numpy.py"),
        *("milestones/__init__.py", "milestones/commands.py", f"milestones/{DIGITS}"),
        *("checks/__init__.py", "checks/m01_tensor.py", "reference/__init__.py"),
        *("gradgate/__init__.py", "gradgate/__main__.py"),
    ]
    return {
        **dict.fromkeys(names, SAYS_PASSED),
        **kept,
        THRESHOLD: milestone.replace("0.80", "0.01").replace("range(1, 9)", "range(1, 2)"),
        "pyproject.toml": settings,
    }


@pytest.mark.long
def test_of_a_graded_repository_only_its_modules_count(here: Place) -> None:
    mine = write(here.root / "mine", takeover(here))
    here.edit(THRESHOLD, "accuracy=0.80", "accuracy=0.999")
    judged = here.run("--submission", ".", script=DIGITS, folder=mine)
    assert (judged.code, len(list_graded(judged))) == (1, 8)
    assert "at least 99.9 %" in judged.out
    assert "03/01 not passed. " in judged.out
    assert "03/01 passed" not in judged.out


def test_a_graded_repository_does_not_open_a_gate_for_a_broken_module(here: Place) -> None:
    mine = write(here.root / "mine", takeover(here))
    (mine / "student" / "tensor.py").write_text(SAYS_PASSED)
    judged = here.run("--submission", ".", script=DIGITS, folder=mine)
    assert judged.code == 1
    assert judged.out.startswith("Milestone 03 is locked: it needs modules 01 tensor to ")
    assert " passed." not in judged.out
    assert "epoch" not in judged.err
