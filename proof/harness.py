"""Grading from a test: write a submission, run the command line on it, look at what is left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradgate.course import catalog
from proof.mutant import PROJECT, Bug, package

MODULES = tuple(module.name for module in catalog.modules())
CHECKS = tuple(check.id for module in catalog.modules() for check in module.checks)

# Runs the command line, on some of the cores only if asked to.
START = """
import os, runpy
if {0}: os.sched_setaffinity(0, {0})
runpy.run_module("checks", run_name="__main__", alter_sys=True)
"""

Files = Mapping[str, "str | bytes"]
"""The files of a submission, by their path in its folder."""


@dataclass(frozen=True)
class Run:
    """One run of the command line: what it returned, said and left behind."""

    code: int
    out: str
    err: str
    data: dict[str, Any] = field(default_factory=dict)
    still_running: Sequence[str] = ()
    left_behind: Sequence[str] = ()

    def module(self, name: str) -> dict[str, Any]:
        """The report's entry of a module."""
        return next(entry for entry in self.data["modules"] if entry["name"] == name)

    def checks(self, module: str = "") -> dict[str, dict[str, Any]]:
        """The entries of a module's checks, or of all, by id."""
        entries = (entry for m in self.data["modules"] for entry in m["checks"])
        return {entry["id"]: entry for entry in entries if entry["id"].startswith(module)}

    def outcomes(self, module: str = "") -> dict[str, str]:
        """The outcomes of a module's checks, or of all, by id."""
        return {name: entry["outcome"] for name, entry in self.checks(module).items()}

    def sentences(self, module: str = "") -> set[str]:
        """Everything the causes of a module's checks, or of all, say."""
        return {c["cause"]["sentence"] for c in self.checks(module).values() if "cause" in c}


def grade(
    submission: Path | None,
    *arguments: str,
    harness: Path = PROJECT,
    folder: Path | None = None,
    cores: Sequence[int] = (),
    **variables: str,
) -> Run:
    """Run `python -m checks` in a folder of its own, or in `folder`; return what came of it."""
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        place = Path(name).resolve()
        report, temporary = place / "report.json", place / "temporary"
        temporary.mkdir()
        chosen = ["--submission", str(submission)] if submission else []
        done = subprocess.run(
            [sys.executable, "-c", START.format(cores), *arguments, *chosen, "--json", str(report)],
            cwd=folder or place,
            env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(harness), **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        running = running_below(place)
        data = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        left = [str(path.relative_to(place)) for path in place.rglob("*")]
        behind = sorted({*left} - {"report.json", "temporary"})
        return Run(done.returncode, done.stdout, done.stderr, data, running, behind)


def running_below(place: Path, patience: float = 2.0) -> list[str]:
    """List the processes that work in `place` and do not end within some seconds."""
    deadline = time.monotonic() + patience
    while (found := [*_working_in(place)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def _working_in(place: Path) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            folder = str((process / "cwd").readlink())
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # gone, or somebody else's
            continue
        if folder.startswith(str(place)):
            yield f"{process.name} in {folder}: {command}"


def reference(**edits: tuple[str, str]) -> dict[str, str]:
    """The reference as a student's files; `layers=(old, new)` replaces text in one of them."""
    return package(*(Bug("edited", "", module, old, new) for module, (old, new) in edits.items()))


def write(folder: Path, files: Files) -> Path:
    """Write files into a folder, and return the folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def timeless(entry: Any) -> Any:
    """A report, or a part of one, without what differs from run to run."""
    if isinstance(entry, dict):
        return {key: timeless(value) for key, value in entry.items() if key != "seconds"}
    return [*map(timeless, entry)] if isinstance(entry, list) else entry


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything in a folder: when each file was written and what it holds."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def impatient_harness(folder: Path, **limits: str) -> Path:
    """Copy the harness with other limits, such as `call_seconds="0.5"`, to keep tests short."""
    for part in ("checks", "reference"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / part, folder / part, ignore=ignored)
    lines = (PROJECT / "pyproject.toml").read_text().splitlines()
    for name, value in limits.items():
        places = [n for n, line in enumerate(lines) if line.startswith(f"{name} =")]
        assert len(places) == 1, f"the table of limits has no {name}"
        lines[places[0]] = f"{name} = {value}"
    (folder / "pyproject.toml").write_text("\n".join(lines) + "\n")
    return folder
