"""No verdict is lost to a worker that is killed, or to bytes on its pipe (more: `nox -s fuzz`)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradgate.sandbox.libraries import can_confine
from proof.frame_fuzzing import is_read, seeds
from proof.project import PROJECT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the proof in a process of its own."""
    command = [sys.executable, "-m", "proof", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8", check=False)


def test_workers_killed_at_random_moments_change_no_verdict_and_leave_nothing() -> None:
    if not can_confine():
        pytest.skip("no Landlock, or no seccomp, on this machine")
    done = run("faults", "10")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 gradings, " in done.stdout


def test_mutated_frames_are_read_or_refused() -> None:
    done = run("fuzz", "20000")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20000" in done.stdout + done.stderr


def test_the_frames_that_are_mutated_are_good_ones() -> None:
    assert all(is_read(data) for data in seeds())
