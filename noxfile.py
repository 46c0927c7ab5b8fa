"""The commands of the project; `nox -l` lists them."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv|venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["check"]

PROJECT = nox.project.load_toml("pyproject.toml")
DEPENDENCIES = PROJECT["project"]["dependencies"]


@nox.session
def check(session: nox.Session) -> None:
    """Grade a submission: `nox -s check -- [MODULE ...] [-k WORD] [--submission PATH] ...`."""
    install(session, *DEPENDENCIES)
    run(session, "gradgate", "check")


@nox.session
def milestone(session: nox.Session) -> None:
    """Run milestones: `nox -s milestone -- 04`; without one, list them."""
    install(session, *DEPENDENCIES, *group("pictures"))
    run(session, "gradgate", "milestone")


@nox.session
def data(session: nox.Session) -> None:
    """Fetch a data set: `nox -s data -- cifar10 [--data-dir DIR]`."""
    install(session, *DEPENDENCIES, *group("data"))
    run(session, "gradgate", "data")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the project's own tests; with `-- --all`, the long ones too."""
    # The tests start Python a thousand times; without bytecode, each of them would compile.
    session.env["UV_COMPILE_BYTECODE"] = "1"
    session.env["PYTHONDONTWRITEBYTECODE"] = ""
    install(session, *DEPENDENCIES, *group("tests"))
    session.run("python", "-m", "pytest", "-n", "2", "--dist", "worksteal", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, and the order of imports."""
    install(session, *DEPENDENCIES, *group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")


@nox.session
def record(session: nox.Session) -> None:
    """Record the reference's answers, for copies without it (course staff)."""
    install(session, *DEPENDENCIES)
    run(session, "gradgate", "record")


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel in dist/: the engine and this course, with its answers recorded."""
    install(session, *DEPENDENCIES, *group("build"))
    session.run("python", "-m", "gradgate.handout.wheel", "dist")


@nox.session
def handout(session: nox.Session) -> None:
    """Make a student's repository (course staff): `nox -s handout -- DIR [--zip FILE] ...`."""
    install(session, *DEPENDENCIES, *group("build"))
    run(session, "gradgate", "handout")


@nox.session
def grade_class(session: nox.Session) -> None:
    """Grade the repositories of a roster (course staff): `-- roster.csv RESULTS`."""
    install(session, *DEPENDENCIES)
    session.run("python", ".github/grade_class.py", *session.posargs)


@nox.session
def false_alarms(session: nox.Session) -> None:
    """Count the examples on which a correct submission fails: `-- [SUBMISSION] [EXAMPLES]`."""
    install(session, *DEPENDENCIES)
    session.run("python", "-m", "benchmarks.false_alarms", *session.posargs)


@nox.session
def proof(session: nox.Session) -> None:
    """Grade the mutants and the known-good submissions: `-- [MODULE ...] [--every N] ...`."""
    install(session, *DEPENDENCIES)
    run(session, "proof", "mutants")


@nox.session
def hostile(session: nox.Session) -> None:
    """Grade the hostile submissions, and say what came of each: `-- [NAME ...] [--write]`."""
    install(session, *DEPENDENCIES)
    run(session, "proof", "hostile")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send mutated frames to the decoder, and kill workers at random moments."""
    install(session, *DEPENDENCIES, *group("fuzz"))
    session.run("python", "-m", "proof", "fuzz")
    session.run("python", "-m", "proof", "faults")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure grading, the milestones' recipes, and the reference beside PyTorch."""
    install(session, *DEPENDENCIES, "torch==2.13.0")  # of all sessions, in this one only
    session.run("python", "-m", "benchmarks.grading")
    session.run("python", "-m", "benchmarks.milestones")
    session.run("python", "-m", "benchmarks.against_pytorch")


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group."""
    return list(nox.project.dependency_groups(PROJECT, name))


def run(session: nox.Session, *command: str) -> None:
    """Run a module of Python with the session's arguments; exits 2 where it does."""
    try:
        clean = {"PYTHONOPTIMIZE": ""}  # it takes docstrings away, and with them titles
        session.run("python", "-m", *command, *session.posargs, env=clean)
    except CommandFailed as failed:
        if "code 2" in str(failed):  # an error of ours or in the usage; nox itself knows only 1
            sys.exit(2)
        raise


def install(session: nox.Session, *requirements: str) -> None:
    """Install once per set of requirements: a reused session then starts at once."""
    wanted = hashlib.sha256("\n".join(requirements).encode()).hexdigest()
    stamp = Path(session.virtualenv.location) / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.install(*requirements)
        stamp.write_text(wanted)
