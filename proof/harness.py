"""Grading from outside: write a submission, run the command line on it, look at what is left."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gradgate.limits import Limits
from proof.mutant import Mutant, build_package
from proof.project import COURSE, PROJECT

MODULES = tuple(module.name for module in COURSE.modules)
CHECKS = tuple(check.id for module in COURSE.modules for check in module.checks)

# Runs the command line, on some of the cores only if asked to. Like the installed command, and
# unlike `python -m`, it imports nothing from the current folder.
START = """
import os, runpy, sys
sys.path.remove("")
if {0}: os.sched_setaffinity(0, {0})
runpy.run_module("gradgate", run_name="__main__", alter_sys=True)
"""
TABLE = re.compile(r"^\[+ *([\w.-]+)", re.MULTILINE)  # the head of a table in TOML
COURSE_PARTS = ("checks", "reference", "milestones", "student", "data")

Files = Mapping[str, "str | bytes"]
"""The files of a submission, by their path in its folder."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of the command line: what it returned, said and left behind."""

    code: int
    out: str
    err: str
    data: dict[str, Any] = field(default_factory=dict)
    still_running: Sequence[str] = ()
    left_behind: Sequence[str] = ()

    def module(self, name: str) -> dict[str, Any]:
        """Return the report's entry of a module."""
        return next(entry for entry in self.data["modules"] if entry["name"] == name)

    def checks(self, module: str = "") -> dict[str, dict[str, Any]]:
        """Return the entries of a module's checks, or of all, by id."""
        entries = (entry for m in self.data["modules"] for entry in m["checks"])
        return {entry["id"]: entry for entry in entries if entry["id"].startswith(module)}

    def outcomes(self, module: str = "") -> dict[str, str]:
        """Return the outcomes of a module's checks, or of all, by id."""
        return {name: entry["outcome"] for name, entry in self.checks(module).items()}

    def sentences(self, module: str = "") -> set[str]:
        """Return everything that the causes of a module's checks, or of all, say."""
        return {c["cause"]["sentence"] for c in self.checks(module).values() if "cause" in c}


def grade(
    submission: Path | None,
    *arguments: str,
    course: Path | None = PROJECT,
    harness: Path = PROJECT,
    folder: Path | None = None,
    cores: Sequence[int] = (),
    **variables: str,
) -> Run:
    """Run `gradgate check` in an empty folder, or in `folder`; returns what came of it.

    `course` is what `--course` names; None leaves it to the command line to find one. `harness` is
    the folder that the package `gradgate` is imported from.
    """
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        place = Path(name).resolve()
        report, temporary = place / "report.json", place / "temporary"
        temporary.mkdir()
        words = [*arguments, "--json", str(report)]
        # Whether this is CI decides which course is used; a test that wants it says so.
        environment = {name: text for name, text in os.environ.items() if name != "CI"}
        if course:
            words += ["--course", str(course)]
        if submission:
            words += ["--submission", str(submission)]
        done = subprocess.run(
            [sys.executable, "-c", START.format(cores), "check", *words],
            cwd=folder or place,
            env={**environment, "TMPDIR": str(temporary), "PYTHONPATH": str(harness), **variables},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        running = running_below(place)
        data = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        left = {str(path.relative_to(place)) for path in place.rglob("*")}
        return Run(
            code=done.returncode,
            out=done.stdout,
            err=done.stderr,
            data=data,
            still_running=running,
            left_behind=sorted(left - {"report.json", "temporary"}),
        )


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
    """Return the reference as a student's files; `layers=(old, new)` replaces text in one."""
    mutants = (Mutant("edited", "", module, old, new) for module, (old, new) in edits.items())
    return build_package(*mutants)


def write(folder: Path, files: Files) -> Path:
    """Write files into a folder, and return the folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def timeless(entry: Any) -> Any:
    """Return a report, or a part of one, without what differs from run to run."""
    if isinstance(entry, dict):
        return {key: timeless(value) for key, value in entry.items() if key != "seconds"}
    return [*map(timeless, entry)] if isinstance(entry, list) else entry


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return everything in a folder: when each file was written, in ns, and what it holds."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def make_impatient_course(folder: Path, **limits: float | str) -> Path:
    """Make a course of this one's parts with other limits, such as `call_seconds=0.5`.

    The parts are links, so what changes in the project changes in the course. Returns the folder;
    pass it to `grade` as `course`. Raises ValueError for a limit that does not exist.
    """
    unknown = limits.keys() - {known.name for known in fields(Limits)}
    if unknown:
        raise ValueError(f"there is no limit {unknown.pop()!r}")
    folder.mkdir(parents=True, exist_ok=True)
    for part in COURSE_PARTS:
        (folder / part).symlink_to(PROJECT / part)
    settings = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(_with_limits(settings, limits), encoding="utf-8")
    return folder


def _with_limits(settings: str, limits: Mapping[str, float | str]) -> str:
    """Return the tables [tool.gradgate...] of a pyproject.toml, with some limits changed."""
    starts = [*TABLE.finditer(settings)]
    ends = [*(start.start() for start in starts[1:]), len(settings)]
    tables = {s[1]: settings[s.start() : end] for s, end in zip(starts, ends, strict=True)}
    kept = {name: text for name, text in tables.items() if name.startswith("tool.gradgate")}
    own = kept.pop("tool.gradgate.limits", "[tool.gradgate.limits]\n")
    lines = [line for line in own.splitlines() if line.partition("=")[0].strip() not in limits]
    changed = [f"{name} = {value}" for name, value in limits.items()]
    return "\n".join([*kept.values(), *lines, *changed, ""])
