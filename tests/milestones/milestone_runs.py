"""Running milestones from a test: in a copy of the project, with a state folder of its own."""

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

COPIED = ("checks", "milestones", "reference", "data/tinydigits")

# What the copy has otherwise, so that a run takes a second: a few checks of few examples each, and
# no pictures.
QUICK = {
    "checks/engine/check.py": ("examples=examples,", "examples=min(examples, 2),"),
    "checks/engine/catalog.py": ("source.NAMES, own)", "source.NAMES, own[:4])"),
}
NO_MATPLOTLIB = "raise ModuleNotFoundError('there are no pictures here', name='matplotlib')\n"

LIST = re.compile(r"^(\d\d/\d\d) +.+? {2,}(locked|open|passed) +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A folder in which there are a copy of the project, and all that a run may write to."""

    root: Path

    @property
    def project(self) -> Path:
        """The copy of the project."""
        return self.root / "project"

    @property
    def records(self) -> Path:
        """Where passes are on record."""
        return self.project / ".gradgate"

    @property
    def key(self) -> Path:
        """The key that seals records."""
        return self.root / "state" / "gradgate" / "key"

    def run(
        self, *arguments: str, script: str = "", folder: Path | None = None, **variables: str
    ) -> Run:
        """Run the command line, or a script of a milestone, to its end."""
        with self._started(arguments, script, folder, variables) as process:
            out, err = process.communicate()
        return self._ended(process, out, err)

    def interrupted(self, after: str, how: signal.Signals, group: bool, *arguments: str) -> Run:
        """Run the command line, and end it after it has told something."""
        told: list[str] = []
        with self._started(arguments, "", None, {}) as process:
            assert process.stderr
            guard = threading.Timer(60, process.kill)
            guard.start()
            for line in process.stderr:
                told.append(line)
                if after in line:
                    (os.killpg if group else os.kill)(process.pid, how)
                    break
            out, err = process.communicate()
            guard.cancel()
        return self._ended(process, out, "".join(told) + err)

    def copy(self, root: Path) -> Place:
        """Copy the place with what is on record in it, and the key."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Place(root)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the copy."""
        text = (self.project / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {file}"
        (self.project / file).write_text(text.replace(old, new), encoding="utf-8")

    def _started(
        self,
        arguments: Sequence[str],
        script: str,
        folder: Path | None,
        variables: Mapping[str, str],
    ) -> subprocess.Popen[str]:
        for name in ("temporary", "elsewhere"):
            (self.root / name).mkdir(exist_ok=True)
        what = [str(self.project / "milestones" / script)] if script else ["-m", "milestones"]
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

    def environment(self, alone: bool = False) -> dict[str, str]:
        """What a person's shell has; a script finds the project without being told."""
        ours = {"CI", "PYTHONUNBUFFERED", "PYTHONPATH", "GRADGATE_DATA_DIR"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        own = {"HOME": self.root, "XDG_STATE_HOME": self.root / "state"}
        own |= {"TMPDIR": self.root / "temporary"} | ({} if alone else {"PYTHONPATH": self.project})
        return kept | {name: str(path) for name, path in own.items()}

    def _ended(self, process: subprocess.Popen[str], out: str, err: str) -> Run:
        left = [p for name in ("temporary", "elsewhere") for p in (self.root / name).rglob("*")]
        running = running_below(self.root / "temporary")
        behind = sorted(str(path.relative_to(self.root)) for path in left)
        return Run(process.returncode, out, err, {}, running, behind)


def place(root: Path) -> Place:
    """Copy the project to a place, made quick."""
    found, ignored = Place(root), shutil.ignore_patterns("__pycache__", "results")
    for part in COPIED:
        shutil.copytree(PROJECT / part, found.project / part, ignore=ignored)
    shutil.copy(PROJECT / "pyproject.toml", found.project)
    for file, (old, new) in QUICK.items():
        found.edit(file, old, new)
    write(found.project, {"matplotlib.py": NO_MATPLOTLIB})
    return found


def submitted(root: Path, **edits: tuple[str, str]) -> Path:
    """Write the reference as a submission; `layers=(old, new)` replaces text in a module."""
    return write(root, reference(**edits))


def graded(run: Run) -> list[str]:
    """The modules that a run graded, in course order."""
    return sorted(re.findall(r"^graded (.+)$", run.err, re.MULTILINE))


def states(run: Run) -> dict[str, str]:
    """What the list says of each gate: locked, open or passed."""
    return {gate: state for gate, state, _ in LIST.findall(run.out)}


def reasons(run: Run) -> dict[str, str]:
    """Why, according to the list."""
    return {gate: why for gate, _, why in LIST.findall(run.out)}
