"""A wheel installed apart from everything else, and grading with it."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradgate.errors import HarnessError
from gradgate.reporting.json_report import as_data
from gradgate.results import Report


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a report says: the points, whether each module passed, the outcome of each check."""

    oracle: str
    points: int
    possible: int
    modules: Mapping[str, bool]
    outcomes: Mapping[str, str]


def install_wheel(wheel: Path, folder: Path) -> Path:
    """Install a wheel in a new environment in `folder`; returns the environment's Python.

    The packages it depends on are those of this process; none of its path is added, so no source
    of the project is there. Raises HarnessError where the environment cannot be made.
    """
    _run([sys.executable, "-m", "venv", str(folder)], "python3-venv may not be installed")
    scripts = {"win32": "Scripts/python.exe"}.get(sys.platform, "bin/python")
    python = folder / scripts
    options = ["--quiet", "--isolated", "--no-deps", "--no-index"]
    _run([str(python), "-I", "-m", "pip", "install", *options, str(wheel)], "is it a wheel?")
    (site,) = folder.rglob("site-packages")
    borrowed = dict.fromkeys(map(sysconfig.get_path, ("purelib", "platlib")))
    (site / "dependencies.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return python


def grade_with(python: Path, submission: Path, folder: Path) -> Verdict:
    """Grade a submission with an installed grader, started in `folder`.

    Raises HarnessError where it gives no verdict.
    """
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        report = Path(name, "report.json")
        command = [str(python), "-I", "-m", "gradgate", "check"]
        command += ["--submission", str(submission), "--json", str(report)]
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if not report.exists():
            raise HarnessError(f"{submission} could not be graded: {done.stderr.strip()}")
        return read_verdict(json.loads(report.read_text(encoding="utf-8")))


def summarize(report: Report) -> Verdict:
    """Return the verdict of a report of this process."""
    return read_verdict(as_data(report))


def read_verdict(data: Mapping[str, Any]) -> Verdict:
    """Return the verdict of a report as data."""
    checks = [check for module in data["modules"] for check in module["checks"]]
    return Verdict(
        oracle=data["oracle"],
        points=data["points"],
        possible=data["possible"],
        modules={module["name"]: module["passed"] for module in data["modules"]},
        outcomes={check["id"]: check["outcome"] for check in checks},
    )


def _run(command: list[str], advice: str) -> None:
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        output = f"{done.stdout}{done.stderr}".strip()
        raise HarnessError(f"the wheel could not be installed; {advice}\n{output}")
