"""Running milestones from a test: with a course of their own, and a state folder of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from proof.harness import PROJECT, Run, reference, running_below, write

COPIED = ("checks", "milestones", "gradgate")  # what tests edit, and what finds its own place
LINKED = ("reference", "data")

# What the course's checks are otherwise, so that a run takes a second: a few of few examples each.
QUICK = """

def _shorten(names, found):
    from dataclasses import replace

    checks = [name for name in names if type(found[name]).__name__ == "Check"]
    for name in checks[4:]:
        del found[name]
    for name in checks[:4]:
        found[name] = replace(found[name], examples=min(found[name].examples, 2))


_shorten([*globals()], globals())
"""
NO_MATPLOTLIB = "raise ModuleNotFoundError('there are no pictures here', name='matplotlib')\n"

LIST = re.compile(r"^(\d\d/\d\d) +.+? {2,}(locked|open|passed) +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A folder in which there are a project, with its course, and all that a run may write to."""

    root: Path

    @property
    def project(self) -> Path:
        """The project; what it has in common with this one is linked."""
        return self.root / "project"

    @property
    def records(self) -> Path:
        """Where passes are on record."""
        return self.root / "state" / "gradgate" / "passes"

    @property
    def key(self) -> Path:
        """The key that seals records."""
        return self.root / "state" / "gradgate" / "key"

    def run(
        self, *arguments: str, script: str = "", folder: Path | None = None, **variables: str
    ) -> Run:
        """Run the command line, or a script of a milestone, to its end."""
        with self._start(arguments, script, folder, variables) as process:
            out, err = process.communicate()
        return self._finish(process, out, err)

    def interrupt(self, after: str, how: signal.Signals, group: bool, *arguments: str) -> Run:
        """Run the command line, and end it after it has printed a text."""
        lines: list[str] = []
        with self._start(arguments, "", None, {}) as process:
            assert process.stderr
            guard = threading.Timer(60, process.kill)
            guard.start()
            for line in process.stderr:
                lines.append(line)
                if after in line:
                    (os.killpg if group else os.kill)(process.pid, how)
                    break
            out, err = process.communicate()
            guard.cancel()
        return self._finish(process, out, "".join(lines) + err)

    def copy(self, root: Path) -> Place:
        """Copy the place with what is on record in it, and the key."""
        shutil.copytree(self.root, root, symlinks=True, dirs_exist_ok=True)
        return Place(root)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the copy."""
        text = (self.project / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {file}"
        (self.project / file).write_text(text.replace(old, new), encoding="utf-8")

    def _start(
        self,
        arguments: Sequence[str],
        script: str,
        folder: Path | None,
        variables: Mapping[str, str],
    ) -> subprocess.Popen[str]:
        for name in ("temporary", "elsewhere"):
            (self.root / name).mkdir(exist_ok=True)
        what = [str(self.project / "milestones" / script)] if script else self.command
        return subprocess.Popen(
            [sys.executable, *what, *arguments],
            cwd=folder or self.root / "elsewhere",
            env={**self.environment(alone=bool(script)), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    @property
    def command(self) -> list[str]:
        """What runs milestones, after the name of Python."""
        return ["-m", "gradgate", "milestone", "--course", str(self.project)]

    def environment(self, alone: bool = False) -> dict[str, str]:
        """What a person's shell has; a script finds the engine by itself."""
        ours = {"CI", "PYTHONUNBUFFERED", "PYTHONPATH", "GRADGATE_DATA_DIR"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        own: dict[str, object] = {"HOME": self.root, "XDG_STATE_HOME": self.root / "state"}
        path = [self.root / "path", *([] if alone else [self.project])]
        own |= {"TMPDIR": self.root / "temporary", "PYTHONPATH": os.pathsep.join(map(str, path))}
        return kept | {name: str(value) for name, value in own.items()}

    def _finish(self, process: subprocess.Popen[str], out: str, err: str) -> Run:
        left = [p for name in ("temporary", "elsewhere") for p in (self.root / name).rglob("*")]
        running = running_below(self.root / "temporary")
        behind = sorted(str(path.relative_to(self.root)) for path in left)
        return Run(
            code=process.returncode, out=out, err=err, still_running=running, left_behind=behind
        )


def make_place(root: Path) -> Place:
    """Make a place whose course has few checks, and which has no library for pictures."""
    place, ignored = Place(root), shutil.ignore_patterns("__pycache__", "results")
    for part in COPIED:
        shutil.copytree(PROJECT / part, place.project / part, ignore=ignored)
    for part in LINKED:
        (place.project / part).symlink_to(PROJECT / part)
    shutil.copy(PROJECT / "pyproject.toml", place.project)
    for file in (place.project / "checks").rglob("*.py"):
        if re.match(r"m\d\d_", file.relative_to(place.project / "checks").parts[0]):
            file.write_text(file.read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    write(root / "path", {"matplotlib.py": NO_MATPLOTLIB})
    return place


def submit(root: Path, **edits: tuple[str, str]) -> Path:
    """Write the reference as a submission; `layers=(old, new)` replaces text in a module."""
    return write(root, reference(**edits))


def list_graded(run: Run) -> list[str]:
    """Return the modules that a run graded, in course order."""
    return sorted(re.findall(r"^graded (.+)$", run.err, re.MULTILINE))


def read_states(run: Run) -> dict[str, str]:
    """Return what the list says of each gate: locked, open or passed."""
    return {gate: state for gate, state, _ in LIST.findall(run.out)}


def read_reasons(run: Run) -> dict[str, str]:
    """Return the reasons that the list gives for each gate."""
    return {gate: why for gate, _, why in LIST.findall(run.out)}
