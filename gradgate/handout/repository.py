"""The one commit of a handout, made with nothing of the settings of whoever makes it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from gradgate import __version__
from gradgate.errors import HarnessError, UsageError

SETTINGS = {
    "commit.gpgSign": "false",
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.logAllRefUpdates": "false",
    "user.email": "gradgate@localhost",
    "user.name": "gradgate",
}


def require_git() -> None:
    """Raise UsageError where git is not installed."""
    if shutil.which("git") is None:
        raise UsageError("git is not installed, and a handout is a git repository; install it")


def commit_all(tree: Path) -> None:
    """Make a folder a git repository of one commit that holds all its files."""
    run_git(tree, "init", "--quiet", "--template=", "--initial-branch=main")  # without hooks
    run_git(tree, "add", "--all", "--force")  # whatever a person's own ignore file says
    message = f"The course as it is handed out, with gradgate {__version__}"
    run_git(tree, "commit", "--quiet", f"--message={message}")


def amend_commit(tree: Path) -> None:
    """Put the files that were added since into the one commit; none other is left."""
    run_git(tree, "add", "--all", "--force")
    run_git(tree, "commit", "--quiet", "--amend", "--no-edit")
    run_git(tree, "prune", "--expire=now")


def run_git(tree: Path, *words: str) -> None:
    """Run git in a folder; raises HarnessError where it fails."""
    outside = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1"}
    settings = [word for name, text in SETTINGS.items() for word in ("-c", f"{name}={text}")]
    done = subprocess.run(
        ["git", *settings, *words],
        cwd=tree,
        env={**outside, **own},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise HarnessError(f"git {words[0]} fails in {tree}: {done.stderr.strip()}")
