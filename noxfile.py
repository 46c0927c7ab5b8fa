"""The commands of the project; `nox -l` lists them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nox

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
    session.run("python", "-m", "checks", *session.posargs, success_codes=[0])


@nox.session
def tests(session: nox.Session) -> None:
    """Run the project's own tests."""
    install(session, *DEPENDENCIES, *nox.project.dependency_groups(PROJECT, "tests"))
    session.run("python", "-m", "pytest", "-n", "2", "--dist", "worksteal", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install(session, *DEPENDENCIES, *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


def install(session: nox.Session, *requirements: str) -> None:
    """Install once per set of requirements: a reused session then starts at once."""
    wanted = hashlib.sha256("\n".join(requirements).encode()).hexdigest()
    stamp = Path(session.virtualenv.location) / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.install(*requirements)
        stamp.write_text(wanted)
