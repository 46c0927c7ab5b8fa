"""The file of a module's recorded examples and answers: frames, packed by gzip.

`data/recorded/<module>.gz` begins with a digest of the checks it was recorded with; then comes a
frame for each example, the smallest of a check first: its inputs and every accepted answer.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from gradgate.course.digest import digest_checks
from gradgate.errors import HarnessError
from gradgate.examples.example import Example, make_example
from gradgate.protocol import frames
from gradgate.protocol.values import Answer


class Recorded(NamedTuple):
    """An example, and every accepted answer to it, the usual one first."""

    example: Example
    answers: Sequence[Answer]


def find_recordings(course: Path) -> Path:
    """Return the folder of a course's recorded answers, whether or not it is there."""
    return course / "data" / "recorded"


def write_recording(file: Path, course: Path, recorded: Iterable[tuple[str, Recorded]]) -> None:
    """Write examples, each with its check's id; equal ones give equal bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(file, "wb", mtime=0) as packed:  # no time: the same bytes every time
        pipe = cast(BinaryIO, packed)
        frames.send(pipe, {"digest": digest_checks(course)})
        for check, one in recorded:
            frames.send(pipe, *_pack(check, one))


@cache
def read_recording(course: Path, module: str, seed: int) -> dict[str, dict[bytes, Recorded]]:
    """Return each check's recorded examples by their keys, in the order of the file.

    `seed` is the run's. Raises HarnessError for a file that is missing, damaged, or of other
    checks.
    """
    file = find_recordings(course) / f"{module}.gz"
    found: dict[str, dict[bytes, Recorded]] = defaultdict(dict)
    try:
        with gzip.open(file, "rb") as packed:
            pipe = cast(BinaryIO, packed)
            if frames.receive(pipe)[0]["digest"] != digest_checks(course):
                raise HarnessError(f"{file} is not of these checks; fetch the course's copy again")
            while one := _read(pipe, seed):
                check, recorded = one
                found[check][recorded.example.key] = recorded
    except (OSError, KeyError, frames.ProtocolError) as error:
        raise HarnessError(f"{file} cannot be read ({error}); fetch it again") from error
    return found


def _pack(check: str, recorded: Recorded) -> tuple[dict[str, Any], list[Any]]:
    plain, arrays = recorded.example.packed
    packed = [frames.pack_answer(answer) for answer in recorded.answers]
    header = {
        "check": check,
        "inputs": plain,
        "own": len(arrays),
        "answers": [[rows, len(own)] for rows, own in packed],
    }
    return header, [*arrays, *(array for _, own in packed for array in own)]


def _read(pipe: BinaryIO, seed: int) -> tuple[str, Recorded] | None:
    try:
        header, arrays = frames.receive(pipe)
    except EOFError:
        return None
    start, answers = header["own"], []
    for rows, count in header["answers"]:
        answers.append(frames.unpack_answer(rows, arrays[start : start + count]))
        start += count
    inputs = frames.unpack_inputs(header["inputs"], arrays)
    return header["check"], Recorded(make_example(inputs, seed), answers)
