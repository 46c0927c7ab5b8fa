"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_atomically(file: Path, content: str | bytes) -> None:
    """Replace `file` by `content` in one step; a reader sees the old file or the new one.

    Text is written as UTF-8. Raises OSError where the folder cannot be written, and leaves no
    unfinished file behind.
    """
    data = content.encode() if isinstance(content, str) else content
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    # O_EXCL: never through a file or link that somebody else has put there.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
