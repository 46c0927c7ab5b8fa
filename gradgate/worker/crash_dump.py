"""Where a submission was when its process ended: the stack that Python's faulthandler prints.

It goes to the captured output, is read from its end, and is not shown as something printed.
"""

from __future__ import annotations

import faulthandler
import os
import re

HEADING = re.compile(r"^(Fatal Python error: |Stack \(most recent|Current thread 0x)", re.MULTILINE)
STEP = re.compile(r'^  File "(.+)", line (\d+) in (.+)$', re.MULTILINE)


def enable() -> None:
    """Let this process print its stack before it is ended by a signal or by `os._exit`."""
    faulthandler.enable(2, all_threads=False)
    end = os._exit

    def dump_and_end(status: int) -> None:
        faulthandler.dump_traceback(2, all_threads=False)
        end(status)

    os._exit = dump_and_end  # type: ignore[assignment]


def find_place(printed: str, root: str) -> tuple[str, str]:
    """Return `file:line` below `root` of the innermost step, and its function; or nothing."""
    starts = [match.start() for match in HEADING.finditer(printed)]
    for file, line, function in STEP.findall(printed, starts[0]) if starts else ():
        if file.startswith(root):
            return f"{file[len(root) + 1 :].replace(os.sep, '/')}:{line}", function
    return "", ""


def cut_off(printed: str) -> str:
    """Return what was printed without the stack at its end."""
    return HEADING.split(printed, maxsplit=1)[0]
