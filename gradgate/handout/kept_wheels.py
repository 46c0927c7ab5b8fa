"""Copies of the wheels that were handed out, in this person's own folder.

The wheel that lies in a handout may have become anybody's; the copy with its digest is ours.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from platformdirs import user_state_path

from gradgate.handout.prove import Say
from gradgate.handout.tree import hash_file

FOLDER = user_state_path("gradgate") / "wheels"


def keep_wheel(wheel: Path, say: Say) -> None:
    """Keep a copy of a wheel that is handed out, or say what follows where that is impossible."""
    folder = FOLDER / hash_file(wheel)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, folder)
    except OSError as error:
        say(
            f"no copy of the wheel can be kept in {FOLDER} ({error.strerror}); "
            "keep it yourself: gradgate handout --update needs it as --previous WHEEL"
        )


def find_kept(digest: str) -> Path | None:
    """Return the copy of the wheel with a SHA-256 in hex, if it is there and still that wheel."""
    wheels = (FOLDER / digest).glob("*.whl")
    return next((wheel for wheel in wheels if hash_file(wheel) == digest), None)
