"""What the command line of the milestones, and their scripts, take, reject, print and return."""

from __future__ import annotations

import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpora import mark_most_long
from milestone_runs import Place, list_graded, make_place, read_reasons, read_states, submit

from gradgate.worker.fork_server import serve
from milestones.definition import Gate, Milestone
from milestones.definition.gate_catalog import load_milestones
from proof.harness import PROJECT, Run, contents, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc are needed")

EVERY_MODULE = 9
INTERRUPTED = "gradgate: interrupted; run the command again"
SCRIPTS = {
    gate.id: (milestone, gate) for milestone in load_milestones() for gate in milestone.gates
}
DIGITS = "03_1986_mlp/01_rumelhart_tinydigits.py"
EVERY_SCRIPT = pytest.mark.parametrize(("milestone", "gate"), SCRIPTS.values(), ids=SCRIPTS)

# Right wherever it is checked; on digits its first layer never learns anything.
FROZEN = "(Tensor(self.weight.data) if self.weight.shape[0] == 64 else self.weight)"


@dataclass(frozen=True, kw_only=True)
class Story:
    """A correct submission, listed, trained for milestone 03 and listed again."""

    place: Place
    mine: Path
    before: Run
    trained: Run
    after: Run

    def copy(self, root: Path) -> tuple[Place, Path]:
        """The place and the submission as they are afterwards, to be changed."""
        copied = self.place.copy(root)
        return copied, copied.root / "mine"


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    here = make_place(tmp_path_factory.mktemp("milestones"))
    mine = submit(here.root / "mine")
    wanted = ([], ["3", "--seed", "1"], [])
    before, trained, after = (here.run(*gate, "--submission", str(mine)) for gate in wanted)
    return Story(place=here, mine=mine, before=before, trained=trained, after=after)


def test_the_list_says_that_gates_are_open_and_how_to_train(story: Story) -> None:
    assert story.before.code == 0
    assert len(list_graded(story.before)) == EVERY_MODULE
    assert read_states(story.before) == {"03/01": "open", "04/01": "open", "04/02": "open"}
    assert read_reasons(story.before)["04/01"].startswith("train it: nox -s milestone -- 04/01")


def test_exit_code_0_says_that_the_gates_asked_for_are_passed(story: Story) -> None:
    assert story.trained.code == 0
    assert "at least 80.0 %" in story.trained.out
    assert "03/01 passed. " in story.trained.out
    assert "FAILED" not in story.trained.out


def test_after_a_pass_the_list_says_so_with_the_figure_the_day_and_the_seed(story: Story) -> None:
    assert read_states(story.after) == {"03/01": "passed", "04/01": "open", "04/02": "open"}
    figure, _, rest = read_reasons(story.after)["03/01"].partition(" % on ")
    assert float(figure) >= 80
    assert rest.endswith(", seed 1")


def test_modules_on_record_are_not_graded_again(story: Story) -> None:
    assert list_graded(story.trained) == list_graded(story.after) == []


def test_progress_is_a_line_per_epoch_where_there_is_no_terminal(story: Story) -> None:
    lines = story.trained.err.splitlines()
    assert len(lines) == 12
    assert lines[-1].startswith("MLP 64-32-10: epoch 12/12, loss 0.")
    assert lines[-1].endswith(" % of validation")


def test_nothing_is_left_behind(story: Story) -> None:
    for run in (story.before, story.trained, story.after):
        assert (run.still_running, run.left_behind) == ([], [])
    assert [file.suffix for file in story.place.records.iterdir()] == [".json"]


@pytest.mark.long
def test_a_gate_is_judged_alike_for_the_same_seed(story: Story) -> None:
    again = story.place.run("3", "--seed", "1", "--submission", str(story.mine))
    verdicts = [run.out.partition(" Trained in ")[0] for run in (again, story.trained)]
    assert verdicts[0] == verdicts[1]


@pytest.mark.long
def test_once_a_byte_of_the_submission_changes_a_passed_gate_is_open_again(
    story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    with (mine / "student" / "losses.py").open("a") as file:
        file.write("#")
    listed = here.run("--submission", str(mine))
    assert read_states(listed)["03/01"] == "open"
    assert len(list_graded(listed)) == EVERY_MODULE


@pytest.mark.long
def test_once_a_module_breaks_a_passed_gate_is_locked_until_it_is_fixed(
    story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    losses = mine / "student" / "losses.py"
    before = losses.read_bytes()
    losses.write_text("")
    listed = here.run("--submission", str(mine))
    assert read_states(listed) == dict.fromkeys(SCRIPTS, "locked")
    assert read_reasons(listed)["03/01"].startswith("04 losses: not started, 0 of ")
    losses.write_bytes(before)
    assert read_states(here.run("--submission", str(mine)))["03/01"] == "passed"


@pytest.mark.parametrize("source", mark_most_long(["import os; os._exit(0)", "def broken(:"]))
def test_milestone_03_is_open_where_convolution_is_broken_and_04_is_locked(
    source: str, story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    (mine / "student" / "spatial.py").write_text(source)
    listed = here.run("--submission", str(mine))
    assert listed.code == 0
    assert read_states(listed) == {"03/01": "open", "04/01": "locked", "04/02": "locked"}
    assert read_reasons(listed)["04/01"].startswith("09 spatial: ")


def test_a_locked_gate_says_what_is_missing_and_the_command_and_trains_nothing(
    story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    (mine / "student" / "spatial.py").write_text("import sys; sys.exit(0)")
    (mine / "student" / "dataloader.py").write_text("")
    run = here.run("04/01", "--submission", str(mine))
    assert run.code == 1
    locked, loader, spatial, command = run.out.splitlines()
    assert locked == "Milestone 04 is locked: it needs modules 01 tensor to 09 spatial."
    assert loader.startswith("  08 dataloader   not started, 0 of ")
    assert spatial.startswith("  09 spatial      failed, 0 of ")
    assert command.startswith("Begin with 08: nox -s check -- 08 --submission ")
    assert str(mine) in command
    assert "epoch" not in run.err
    assert not list((here.project / "milestones").rglob("results"))


@pytest.mark.long
def test_the_command_to_run_next_is_right_wherever_it_was_asked_from(
    tmp_path: Path, story: Story
) -> None:
    here, _ = story.copy(tmp_path / "here")
    mine = write(tmp_path / "my work", {"student/tensor.py": ""})
    run = here.run("3", "--submission", "my work", folder=tmp_path)
    assert run.out.endswith(f'nox -s check -- 01 --submission "{mine}"\n')


@pytest.mark.long
def test_exit_code_1_says_that_a_gate_is_not_passed(story: Story, tmp_path: Path) -> None:
    here, _ = story.copy(tmp_path)
    mine = submit(tmp_path / "idle", layers=("@ self.weight", f"@ {FROZEN}"))
    run = here.run("3", "--submission", str(mine))
    assert run.code == 1
    assert "03/01 not passed. " in run.out
    assert "hidden.weight" in run.out
    assert read_states(here.run("--submission", str(mine)))["03/01"] == "open"


@pytest.mark.parametrize(
    "arguments",
    [
        ["99"],
        ["04", "--recipe", "nonsense"],
        ["--submission", "nowhere"],
        ["--seed", "-1"],
    ],
)
def test_exit_code_2_says_that_nothing_was_trained_and_why(
    arguments: list[str], story: Story
) -> None:
    run = story.place.run("--submission", str(story.mine), *arguments)
    assert (run.code, run.out) == (2, "")
    assert "Traceback" not in run.err
    assert run.err.splitlines()[-1].startswith(("gradgate: ", "Error: "))


@pytest.mark.long
def test_missing_photographs_are_reported_with_the_command_after_the_gates_before(
    story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    run = here.run("04", "--submission", str(mine))
    assert run.code == 2
    assert "04/01 passed. " in run.out
    assert run.err.splitlines()[-1].startswith("gradgate: CIFAR-10 is not in ")
    assert run.err.endswith("fetch CIFAR-10 with: nox -s data -- cifar10\n")
    assert "Traceback" not in run.err
    assert read_states(here.run("--submission", str(mine)))["04/01"] == "passed"


@pytest.mark.long
def test_missing_photographs_are_fetched_to_where_they_were_looked_for(story: Story) -> None:
    lost = story.place.root / "no data"
    run = story.place.run("4/2", "--data-dir", str(lost), "--submission", str(story.mine))
    assert run.code == 2
    assert run.err.endswith(f'nox -s data -- cifar10 --data-dir "{lost}"\n')


@pytest.mark.long
def test_verdicts_and_errors_are_in_order_where_both_go_to_one_file(
    story: Story, tmp_path: Path
) -> None:
    words = [sys.executable, *story.place.command, "3", "4/2", "--submission", str(story.mine)]
    command = f"{shlex.join(words)} 2>&1"
    done = subprocess.run(
        command,
        shell=True,
        cwd=tmp_path,
        env=story.place.environment(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert -1 < done.stdout.find("03/01 passed. ") < done.stdout.find("gradgate: CIFAR-10 is not")


@pytest.mark.parametrize(
    ("how", "group"),
    mark_most_long([(signal.SIGINT, True), (signal.SIGTERM, False)]),
    ids=["Ctrl-C, to all its processes", "a request to end, to itself"],
)
def test_interrupted_training_leaves_nothing_and_records_nothing(
    how: signal.Signals, group: bool, story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    before = contents(here.project), contents(here.records)
    run = here.interrupt("epoch 1/", how, group, "4/1", "--submission", str(mine))
    assert run.code == 2
    assert [line for line in run.err.splitlines()[1:] if line] == [INTERRUPTED]
    assert run.out == ""
    assert (run.still_running, run.left_behind) == ([], [])
    assert (contents(here.project), contents(here.records)) == before


@pytest.mark.long
@pytest.mark.parametrize("module", ["", " 05 autograd"])
def test_interrupted_grading_leaves_nothing_and_records_nothing(
    module: str, story: Story, tmp_path: Path
) -> None:
    here, mine = story.copy(tmp_path)
    before = contents(here.project), contents(here.records)
    arguments = ("--fresh", "--submission", str(mine))
    run = here.interrupt(f"graded{module}", signal.SIGINT, True, *arguments)
    assert run.code == 2
    *others, last = run.err.splitlines()
    assert last == INTERRUPTED
    assert [line for line in others if line and not line.startswith("graded ")] == []
    assert (run.still_running, run.left_behind) == ([], [])
    assert (contents(here.project), contents(here.records)) == before


@pytest.mark.parametrize("folder", mark_most_long(["milestones/03_1986_mlp", "elsewhere"]))
def test_a_script_runs_its_gate_from_any_folder(folder: str, story: Story) -> None:
    where = story.place.project / folder if folder != "elsewhere" else None
    run = story.place.run("--submission", str(story.mine), script=DIGITS, folder=where)
    assert run.code == 0
    assert "03/01 passed. " in run.out
    assert "04/" not in run.out
    assert (run.still_running, run.left_behind) == ([], [])


@pytest.mark.long
def test_a_script_grades_where_processes_are_not_forked(story: Story, tmp_path: Path) -> None:
    """As on Windows, where the processes that grade import the script anew."""
    code = "import multiprocessing\nmultiprocessing.get_all_start_methods = lambda: ['spawn']\n"
    here, mine = story.copy(tmp_path)
    write(here.root / "path", {"sitecustomize.py": code})
    run = here.run("--fresh", "--submission", str(mine), script=DIGITS)
    assert (run.code, len(list_graded(run))) == (0, 8)
    assert "03/01 passed. " in run.out


@EVERY_SCRIPT
def test_a_script_without_the_dependencies_says_in_one_line_how_to_get_them(
    milestone: Milestone, gate: Gate, tmp_path: Path
) -> None:
    script = milestone.folder / gate.script
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", script],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    missing, _, command = done.stderr.partition(" is not installed; run: ")
    assert missing.isidentifier()
    assert command == f"nox -s milestone -- {gate.id}\n"


def test_the_process_that_starts_workers_ends_quietly_where_its_judge_is_gone() -> None:
    ours, theirs = socket.socketpair()
    theirs.send(b"a process id that nobody reads")
    ours.close()
    with theirs:
        serve(theirs, PROJECT)
