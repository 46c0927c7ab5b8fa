"""Build the wheel: `python -m gradgate.handout.wheel DIR`, which is `nox -s build`.

It holds the engine and a course with the reference's answers, recorded now. It is built in a copy
of what is shipped, so that nothing gets in which a run has left between.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gradgate.course import Course, load_course
from gradgate.course.find import BUILT_IN
from gradgate.errors import HarnessError
from gradgate.examples.recording import find_recordings
from gradgate.handout.sources import (
    BUILDER,
    PROJECT,
    PROJECT_FILES,
    name_stubs,
    require_sources,
)
from gradgate.oracle.live import LiveOracle
from gradgate.oracle.recorded_answers import record_answers

COURSE_FOLDERS = ("checks", "milestones", "data")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "results", "cifar10", "recorded")


def build_wheel(course: Course, target: Path) -> Path:
    """Build the wheel of a course in the folder `target`; returns its file.

    The same sources give the same bytes. Raises UsageError where there is nothing to build from,
    HarnessError where the build fails.
    """
    require_sources(course)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        stage = Path(name)
        copy_engine(stage)
        built_in = stage / Path(BUILT_IN).name  # as pyproject.toml says
        copy_course(course, built_in)
        oracle, recordings = LiveOracle(course), find_recordings(built_in)
        for module in course.modules:
            record_answers(course, module, oracle, recordings)
        command = [sys.executable, "-m", BUILDER, "build", "-t", "wheel", "-d", name]
        done = subprocess.run(
            command, cwd=stage, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        if done.returncode:
            raise HarnessError(f"the wheel could not be built:\n{done.stdout}{done.stderr}")
        (built,) = stage.glob("*.whl")
        return Path(shutil.copy(built, target))


def copy_engine(stage: Path) -> None:
    """Copy the engine, and what the project says of its wheel."""
    shutil.copytree(PROJECT / "gradgate", stage / "gradgate", ignore=LEFT_OUT)
    for file in PROJECT_FILES:
        shutil.copy(PROJECT / file, stage / file)


def copy_course(course: Course, into: Path) -> None:
    """Copy what a course needs where its reference is not."""
    into.mkdir(parents=True)
    for folder in (*map(Path, COURSE_FOLDERS), name_stubs(course)):
        if (course.folder / folder).is_dir():
            shutil.copytree(course.folder / folder, into / folder, ignore=LEFT_OUT)
    shutil.copy(course.folder / "pyproject.toml", into)


if __name__ == "__main__":
    print(build_wheel(load_course(PROJECT), Path(sys.argv[1])))
