"""The wheelhouse: all packages of a handout's first run, for a start without a network."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

from gradgate.errors import HarnessError
from gradgate.handout.tree import write_sums

# Beside the grader, what its noxfile asks for: nox itself, and pytest for the test explorer.
BESIDE = ("nox", "pytest>=8")
EXTRAS = ("data", "pictures")


def describe_platform() -> str:
    """Say for which Python and system the packages are."""
    system = {"Darwin": "macOS"}.get(platform.system(), platform.system())
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} on {system} ({platform.machine()})"


def fill_wheelhouse(python: Path, wheel: Path, folder: Path) -> None:
    """Put the packages that a wheel needs, and their sums, into the new folder `folder`.

    `python` is one that has pip. Raises HarnessError where they cannot be fetched.
    """
    grader = f"gradgate[{','.join(EXTRAS)}] @ {wheel.resolve().as_uri()}"
    command = [str(python), "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(folder)]
    done = subprocess.run(
        [*command, grader, *BESIDE],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise HarnessError(f"the packages could not be fetched:\n{done.stderr.strip()}")
    (folder / wheel.name).unlink()  # it lies beside
    write_sums(folder)
