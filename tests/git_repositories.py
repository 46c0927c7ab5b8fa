"""Git repositories for tests, made without the settings of whoever runs them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from proof.harness import Files, write


def make_repository(folder: Path, files: Files) -> Path:
    """Make a git repository of one commit; returns its folder."""
    write(folder, files)
    run_git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def commit(folder: Path) -> str:
    """Commit all there is; returns the commit."""
    run_git(folder, "add", "--all", "--force")
    run_git(folder, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", "all")
    return run_git(folder, "rev-parse", "HEAD")


def run_git(folder: Path, *words: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(folder), *words]
    return subprocess.check_output(command, env=environment, encoding="utf-8").strip()
