"""Running commands of the project as another user of the machine, from a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from proof.project import PROJECT

# Python starts, and starts itself again: what a grader does.
AGAIN = "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'import numpy'])"


def run_as(user: int, *module: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ...` in the project as that user; skips the test where nobody can."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become somebody else, by setpriv")
    as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", sys.executable]
    if subprocess.run([*as_user, "-c", AGAIN], capture_output=True, check=False).returncode:
        pytest.skip("this Python cannot be read by an ordinary user")
    return subprocess.run(
        [*as_user, "-m", *module],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": "/tmp", "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
