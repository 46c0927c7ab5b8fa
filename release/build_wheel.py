"""Build the wheel: `python -m release.build_wheel DIR`, which is `nox -s build`.

It holds the engine and this course with the reference's answers, recorded now. It is built in a
copy of what is shipped, so that nothing gets in which a run has left between.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gradgate.course import load_course
from gradgate.examples.recording import find_recordings
from gradgate.oracle.live import LiveOracle
from gradgate.oracle.recorded_answers import record_answers

PROJECT = Path(__file__).resolve().parents[1]
FOLDERS = ("gradgate", "checks", "milestones", "student", "data")
FILES = ("pyproject.toml", "README.md", "LICENSE")
LEFT_OUT = ("__pycache__", "results", "cifar10", "recorded")


def build_wheel(target: Path) -> Path:
    """Build the wheel in the folder `target`; returns its file.

    Raises CalledProcessError where the build fails.
    """
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        stage = Path(name)
        copy_shipped(stage)
        course = load_course(PROJECT)
        oracle, recordings = LiveOracle(course), find_recordings(stage)
        for module in course.modules:
            record_answers(course, module, oracle, recordings)
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", name]
        subprocess.run(command, cwd=stage, check=True)
        (built,) = stage.glob("*.whl")
        return Path(shutil.copy(built, target))


def copy_shipped(stage: Path) -> None:
    """Copy what the wheel is made of."""
    for folder in FOLDERS:
        left_out = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(PROJECT / folder, stage / folder, ignore=left_out)
    for file in FILES:
        shutil.copy(PROJECT / file, stage / file)


if __name__ == "__main__":
    print(build_wheel(Path(sys.argv[1])))
