"""The workflows that grade, run step by step by a stand-in for a runner of GitHub Actions."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from git_repositories import commit, make_repository, run_git
from packages import take_fewer_examples
from workflow_runner import Action, Job, list_commands, load_workflow, run_job

from gradgate.sandbox.libraries import can_confine
from proof.harness import Files, grade, reference, write
from proof.project import PROJECT

pytestmark = pytest.mark.skipif(not can_confine(), reason="nothing is confined here")

WORKFLOWS = PROJECT / ".github" / "workflows"
GRADE, CLASS = WORKFLOWS / "grade.yml", WORKFLOWS / "grade-class.yml"

# Two modules, so that grading them takes seconds: one right, one wrong.
STUDENT = {
    "student/__init__.py": "",
    "student/tensor.py": reference()["student/tensor.py"],
    "student/activations.py": reference(
        activations=("np.maximum(x.data, 0)", "np.maximum(x.data, 1)")
    )["student/activations.py"],
}
PASSING = {
    "schema": "gradgate-report",
    "version": 2,
    "passed": True,
    "points": 179,
    "possible": 179,
    "modules": [],
}
FORGED_FILES = {
    "checks/__init__.py": "",
    "checks/m01_tensor.py": "NAMES = ('Tensor',)\n",
    "reference/__init__.py": "",
    "reference/tensor.py": "from student.tensor import *\n",
    "gradgate/__init__.py": "open('ran', 'w')\n",
    "gradgate/__main__.py": "open('ran', 'w')\n",
    "pip/__main__.py": "open('ran', 'w')\n",
    "noxfile.py": "open('ran', 'w')\n",
    "conftest.py": "open('ran', 'w')\n",
    "sitecustomize.py": "open('ran', 'w')\n",
    "venv.py": "open('ran', 'w')\n",
    "pyproject.toml": "[tool.gradgate]\npackages = ['student']\n"
    "[tool.gradgate.limits]\ncall_seconds = 0.001\n",
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n",
    ".python-version": "2.7\n",
    ".github/workflows/grade.yml": "on: push\njobs: {}\n",
    ".grader/SHA256SUMS": "",
    ".gitattributes": "student/* export-ignore\n*.py filter=run\n",
    "report.json": json.dumps(PASSING),
}


@pytest.fixture(scope="module")
def grader(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the wheel, as a handout does."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    files: Files = {
        f".grader/{wheel.name}": wheel.read_bytes(),
        ".grader/SHA256SUMS": f"{digest}  {wheel.name}\n",
    }
    return make_repository(tmp_path_factory.mktemp("grader"), files)


def make_actions(repositories: Mapping[str, Path], wheel: Path | None = None) -> dict[str, Action]:
    """Return what the actions do: check out these repositories, offer this Python, keep files."""

    def check_out(job: Job, given: Mapping[str, str]) -> None:
        assert given["persist-credentials"] == "false"
        name = given.get("repository", job.contexts["github"]["repository"])
        target = job.workspace / given.get("path", ".")
        run_git(job.root, "clone", "--quiet", str(repositories[name]), str(target))
        if given.get("ref"):
            run_git(target, "checkout", "--quiet", given["ref"])

    def set_up_python(job: Job, given: Mapping[str, str]) -> None:
        assert set(given) == {"python-version"}, "a cache or a file may be the student's"
        job.path.append(str(make_tools(job.root / "tools", wheel)))

    def upload(job: Job, given: Mapping[str, str]) -> None:
        if Path(given["path"]).exists():
            job.artifacts[given["name"]] = Path(given["path"])

    return {
        "actions/checkout": check_out,
        "actions/setup-python": set_up_python,
        "actions/upload-artifact": upload,
    }


def make_tools(folder: Path, wheel: Path | None) -> Path:
    """Make a `python` whose environments hold what this one has, and a `nox` without its own."""
    packages = sysconfig.get_path("purelib")
    script = f"""#!/bin/sh
        case "$*" in *" nox=="*) exit 0 ;; esac
        "{sys.executable}" "$@" || exit $?
        if [ "$2" = venv ]; then
            echo "{packages}" > "$(echo "$3"/lib/python*/site-packages)/dependencies.pth"
        fi
        """
    nox = f"""#!/bin/sh
        case "$*" in
            "-s build") mkdir dist && cp "{wheel}" dist ;;
            "-s grade_class --install-only") test -z "$STUDENT_REPOSITORIES_TOKEN" ;;
            "-R -s grade_class -- "*) shift 4; exec python .github/grade_class.py "$@" ;;
            *) exit 99 ;;
        esac
        """
    write(folder, {"python": script, "nox": nox})
    for file in folder.iterdir():
        file.chmod(0o755)
    return folder


def run_grade(
    root: Path,
    grader: Path,
    submission: Path,
    *,
    github: Mapping[str, Any] | None = None,
    job: Mapping[str, str] | None = None,
    **inputs: Any,
) -> Job:
    """Run grade.yml for a pushed repository; pip takes nothing but the wheel."""
    contexts = {
        "github": {"repository": "ada/work", "sha": "main", "event": {}, **(github or {})},
        "job": {"workflow_repository": "uni/grader", "workflow_sha": "main"}
        if job is None
        else job,
        "inputs": {"cifar10": False, "grader-repository": "", "grader-ref": "", **inputs},
    }
    actions = make_actions({"uni/grader": grader, "ada/work": submission})
    variables = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return run_job(GRADE, root, contexts, actions, variables)


def read_artifact(job: Job) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(job.artifacts["report"].read_text(encoding="utf-8"))
    return data


def list_outcomes(report: Mapping[str, Any]) -> dict[str, str]:
    return {check["id"]: check["outcome"] for m in report["modules"] for check in m["checks"]}


@pytest.mark.long
def test_a_repository_that_brings_a_grader_of_its_own_gets_the_true_verdict(
    grader: Path, tmp_path: Path
) -> None:
    prints = "print('::error::forged\\n::set-output name=code::0\\n::stop-commands::x')\n"
    tensor = {"student/tensor.py": STUDENT["student/tensor.py"] + prints}
    submission = make_repository(tmp_path / "pushed", {**STUDENT, "README.md": "begun"})
    write(submission, {**tensor, **FORGED_FILES})
    (submission / "student" / "layers.py").symlink_to(PROJECT / "reference" / "layers.py")
    head = commit(submission)
    merged = run_git(submission, "rev-parse", "HEAD~1")  # stands for what the merge would be

    event = {"pull_request": {"head": {"sha": head, "repo": {"fork": True}}}}
    job = run_grade(tmp_path / "run", grader, submission, github={"event": event, "sha": merged})

    assert run_git(job.workspace / "submission", "rev-parse", "HEAD") == head
    assert (job.steps["Say the verdict"].code, job.failed) == (1, True)
    report = read_artifact(job)
    assert report["oracle"] == "recorded"
    assert not report["isolation"]["open"]
    alone = grade(write(tmp_path / "alone", {**STUDENT, **tensor}))
    assert list_outcomes(report) == alone.outcomes()
    assert 0 < report["points"] < report["possible"]
    assert "pyproject.toml" in report["differs"]
    assert not [*(tmp_path / "run").rglob("ran")]
    assert job.summary.startswith("## gradgate: not passed\n")
    assert "\nMilestones 03/01 04/01: not all passed; " in job.summary
    commands = list_commands(job.out)
    assert {name for name, _ in commands} == {"error"}
    assert commands[0][1].startswith("ReLU")
    assert not [message for _, message in commands if "forged" in message]


@pytest.mark.long
def test_a_right_repository_passes_with_its_milestones(grader: Path, tmp_path: Path) -> None:
    job = run_grade(tmp_path / "run", grader, make_repository(tmp_path / "right", reference()))
    assert not job.failed, job.out
    assert job.steps["Say the verdict"].out == "Everything passed.\n"
    assert read_artifact(job)["points"] == 179
    assert job.summary.startswith("## gradgate: passed\n")
    assert job.summary.endswith("Milestones 03/01 04/01: passed.\n")
    assert list_commands(job.out) == []


@pytest.mark.long
def test_a_grader_that_is_killed_leaves_no_result_and_no_verdict(
    grader: Path, tmp_path: Path
) -> None:
    slow = {**STUDENT, "student/tensor.py": "import time\ntime.sleep(8)\n", **FORGED_FILES}
    killer = threading.Thread(target=kill_when_there, args=(tmp_path / "run" / "temp",))
    killer.start()
    job = run_grade(
        tmp_path / "run",
        grader,
        make_repository(tmp_path / "pushed", slow),
        job={},  # a server that does not say where the workflow is from
        **{"grader-repository": "uni/grader", "grader-ref": "main"},
    )
    killer.join()
    assert job.steps["Grade the modules"].outputs == {"code": "137"}
    assert job.steps["Run the milestones"].outcome == "skipped"
    assert job.steps["Say the verdict"].code == 2
    assert ("error", COULD_NOT) in list_commands(job.out)
    assert job.artifacts == {}
    assert job.summary == ""
    assert [*(tmp_path / "run" / "temp" / "grading").iterdir()] == []


COULD_NOT = (
    "This is no verdict on the submission. The log of the first step that failed says why; "
    "tell the course staff."
)


def kill_when_there(folder: Path) -> None:
    """Kill the command that grades as soon as it runs."""
    command = f"{folder}/installed/bin/gradgate\0check"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it is gone
                if command.encode() in (process / "cmdline").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
                    return
        time.sleep(0.05)


def test_without_a_grader_nothing_is_checked_out_in_its_place(tmp_path: Path) -> None:
    job = run_grade(tmp_path / "run", tmp_path, tmp_path, job={})
    assert job.steps["Find the grader"].code == 2
    assert "Pass grader-repository and grader-ref" in job.steps["Find the grader"].out
    assert {step.outcome for name, step in job.steps.items() if "checkout" in name} == {"skipped"}
    assert job.steps["Say the verdict"].code == 2


@pytest.mark.parametrize("sums", ["", "0" * 64 + "  {0}\n"])
def test_a_wheel_that_is_not_the_one_that_was_summed_is_not_installed(
    sums: str, tmp_path: Path
) -> None:
    name = "gradgate-0.2.0-py3-none-any.whl"
    files = {f".grader/{name}": "another", ".grader/SHA256SUMS": sums.format(name)}
    grader = make_repository(tmp_path / "grader", files)
    job = run_grade(tmp_path / "run", grader, make_repository(tmp_path / "pushed", STUDENT))
    assert job.steps["Install the grader"].outcome == "failure"
    assert "sha256sum: " in job.steps["Install the grader"].out
    assert job.steps["Grade the modules"].outcome == "skipped"
    assert job.steps["Say the verdict"].code == 2
    assert job.artifacts == {}


@pytest.mark.long
def test_where_the_grader_holds_no_wheel_it_is_built(wheel: Path, tmp_path: Path) -> None:
    grader = make_repository(tmp_path / "grader", {"reference/__init__.py": ""})
    contexts = {
        "github": {"repository": "ada/work", "sha": "main", "event": {}},
        "job": {"workflow_repository": "uni/grader", "workflow_sha": "main"},
        "inputs": {"cifar10": False},
    }
    submission = make_repository(tmp_path / "pushed", {"README.md": "nothing yet"})
    actions = make_actions({"uni/grader": grader, "ada/work": submission}, wheel)
    variables = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
    job = run_job(GRADE, tmp_path / "run", contexts, actions, variables)
    assert job.steps["Say the verdict"].code == 1, job.out
    assert read_artifact(job)["points"] == 0


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The staff's private repository: this project, with its reference, and a roster."""
    folder = tmp_path_factory.mktemp("staff")
    for name in run_git(PROJECT, "ls-files", "--cached", "--others", "--exclude-standard").split():
        if (PROJECT / name).is_file() and not name.startswith(("proof/", "tests/", "docs/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, folder / name)
    take_fewer_examples(folder)  # of three people each
    roster = "person,repository,ref\nada,uni/ada,main\nbob,uni/bob,\neve,uni/nowhere,main\n"
    return make_repository(folder, {"roster.csv": roster})


@pytest.mark.long
def test_a_class_is_graded_as_data_with_a_row_for_everybody(staff: Path, tmp_path: Path) -> None:
    hub, ran = tmp_path / "hub", tmp_path / "ran"
    make_repository(hub / "uni" / "ada", {**STUDENT, **FORGED_FILES})
    make_repository(hub / "uni" / "bob", {"README.md": "nothing yet"})
    write(tmp_path / "home", {".gitconfig": f'[filter "run"]\n\tsmudge = touch {ran}; cat\n'})
    variables = {
        "GITHUB_SERVER_URL": f"file://{hub}",
        "HOME": str(tmp_path / "home"),
        **offer_gh(tmp_path / "gh", "true"),
    }
    actions = make_actions({"uni/staff": staff})
    job = run_job(CLASS, tmp_path / "run", OF_STAFF, actions, variables)
    assert job.steps["Grade everybody"].code == 2, job.out  # one could not be fetched
    header, _, *rows = job.summary.splitlines()
    assert header == "| person | repository | commit | outcome | modules | points | 03/01 | 04/01 |"
    ada, bob, eve = ([cell.strip() for cell in row.split("|")[1:-1]] for row in rows)
    head = run_git(hub / "uni" / "ada", "rev-parse", "HEAD")[:12]
    assert ada[:5] == ["`ada`", "`uni/ada`", head, "not passed", "1/9"]
    assert bob[3:] == ["not passed", "0/9", "0/179", "not passed", "not passed"]
    assert eve[3:] == ["could not be fetched", "", "", "", ""]
    results = job.artifacts["results"]
    reports = [
        json.loads((results / name / "report.json").read_text(encoding="utf-8"))
        for name in ("ada", "bob")
    ]
    assert {report["oracle"] for report in reports} == {"reference"}
    assert {report["seed"] for report in reports} != {0}
    assert len({report["seed"] for report in reports}) == 1
    assert list_outcomes(reports[0]) == grade(write(tmp_path / "alone", STUDENT)).outcomes()
    assert (results / "eve" / "log.txt").read_text(encoding="utf-8")
    assert not ran.exists()
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and says(file, b"s3cret")]


def says(file: Path, words: bytes) -> bool:
    return words in file.read_bytes()


@pytest.mark.parametrize("private", ["false", ""])
def test_a_class_is_not_graded_in_a_repository_that_may_be_public(
    private: str, tmp_path: Path
) -> None:
    variables = offer_gh(tmp_path / "gh", private)
    job = run_job(CLASS, tmp_path / "run", OF_STAFF, make_actions({}), variables)
    assert job.steps["Refuse a public repository"].code == 2
    assert job.steps["Grade everybody"].outcome == "skipped"
    assert not job.artifacts


OF_STAFF = {
    "github": {"repository": "uni/staff", "token": "ghs_0"},
    "secrets": {"STUDENT_REPOSITORIES_TOKEN": "s3cret"},
}


def offer_gh(folder: Path, private: str) -> dict[str, str]:
    """Return variables by which a step finds a `gh` that knows one repository."""
    asked = "api repos/uni/staff --jq .private"
    write(folder, {"gh": f'#!/bin/sh\ntest "$*" = "{asked}" && echo {private}\n'})
    (folder / "gh").chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "GITHUB_REPOSITORY": "uni/staff"}


@pytest.mark.parametrize("file", sorted(WORKFLOWS.glob("*.yml")), ids=lambda file: file.name)
def test_actions_are_pinned_by_hash_and_no_expression_is_text_of_a_shell(file: Path) -> None:
    workflow = load_workflow(file)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            assert "uses" not in step or re.search(r"@[0-9a-f]{40}$", step["uses"])
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_all_workflows_use_the_same_version_of_an_action() -> None:
    used = {
        step["uses"]
        for file in WORKFLOWS.glob("*.yml")
        for job in load_workflow(file)["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    }
    assert len({action.partition("@")[0] for action in used}) == len(used)


def test_the_workflow_for_students_takes_no_secret() -> None:
    called = load_workflow(GRADE)["on"]["workflow_call"]
    assert {*called} == {"inputs"}
    assert {*called["inputs"]} == {"cifar10", "grader-repository", "grader-ref"}
    assert all("default" in given for given in called["inputs"].values())
    assert "secrets" not in GRADE.read_text(encoding="utf-8").replace("no secret", "")


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_finds_nothing() -> None:
    done = subprocess.run(
        ["actionlint"], cwd=PROJECT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
