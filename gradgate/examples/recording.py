"""The file of a module's recorded examples and answers: frames, packed by gzip.

`data/recorded/<module>.gz` begins with the digest of each check it was recorded with; then comes a
frame for each example, the smallest of a check first: its inputs and every accepted answer. Of a
large array it holds what generates it, and the answers to it in float32.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from gradgate.authoring.check import Check
from gradgate.authoring.inputs import Inputs, Large
from gradgate.course import Course, Module
from gradgate.course.check_digest import digest_check
from gradgate.errors import HarnessError
from gradgate.examples.example import Example, make_example
from gradgate.protocol import frames
from gradgate.protocol.values import Answer

LARGE = "large"  # in the place of an input's value or array


class Recorded(NamedTuple):
    """An example, and every accepted answer to it, the usual one first."""

    example: Example
    answers: Sequence[Answer]


class Recording(NamedTuple):
    """What a file holds: each check's digest, and its examples by their keys, in order."""

    digests: dict[str, str]
    examples: dict[str, dict[bytes, Recorded]]


def find_recordings(course: Path) -> Path:
    """Return the folder of a course's recorded answers, whether or not it is there."""
    return course / "data" / "recorded"


def write_recording(
    file: Path, course: Course, module: Module, recorded: Iterable[tuple[str, Recorded]]
) -> None:
    """Write a module's examples, each with its check's id; equal ones give equal bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(file, "wb", mtime=0) as packed:  # no time: the same bytes every time
        pipe = cast(BinaryIO, packed)
        digests = {check.id: digest_check(check, course.package) for check in module.checks}
        frames.send(pipe, {"digests": digests})
        for check, one in recorded:
            frames.send(pipe, *_pack(check, one))


def list_recorded(course: Course, check: Check, seed: int) -> dict[bytes, Recorded]:
    """Return a check's recorded examples by their keys, the smallest first.

    `seed` is the run's. Raises HarnessError where they cannot be read, where there are none, or
    where they belong to the check as it was before a change.
    """
    recording = _read_recording(find_recordings(course.folder) / f"{check.module}.gz", seed)
    if check.id not in recording.examples:
        raise HarnessError("no answers are recorded for this check")
    if recording.digests[check.id] != _digest_now(course, check.id):
        raise HarnessError("its recorded answers belong to another version of the check")
    return recording.examples[check.id]


@cache
def _digest_now(course: Course, check: str) -> str:
    return digest_check(course.checks[check], course.package)


@cache
def _read_recording(file: Path, seed: int) -> Recording:
    examples: dict[str, dict[bytes, Recorded]] = {}
    try:
        with gzip.open(file, "rb") as packed:
            pipe = cast(BinaryIO, packed)
            digests = frames.receive(pipe)[0]["digests"]
            for check, recorded in _read_examples(pipe, seed):
                examples.setdefault(check, {})[recorded.example.key] = recorded
    except (OSError, KeyError, frames.ProtocolError) as error:
        raise HarnessError(f"{file} cannot be read ({error}); fetch it again") from error
    return Recording(digests, examples)


def _pack(check: str, recorded: Recorded) -> tuple[dict[str, Any], list[Any]]:
    example = recorded.example
    small = {name: value for name, value in example.inputs.items() if name not in example.large}
    plain, arrays = frames.pack_inputs(small)
    packed = [frames.pack_answer(answer) for answer in recorded.answers]
    answered = [array for _, own in packed for array in own]
    header = {
        "check": check,
        "inputs": plain,
        LARGE: {name: asdict(value) for name, value in example.large.items()},
        "order": list(example.inputs),
        "own": len(arrays),
        "answers": [[rows, len(own)] for rows, own in packed],
    }
    return header, [*arrays, *(map(_narrow, answered) if example.large else answered)]


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _read_examples(pipe: BinaryIO, seed: int) -> Iterator[tuple[str, Recorded]]:
    while True:
        try:
            header, arrays = frames.receive(pipe)
        except EOFError:
            return
        start, answers = header["own"], []
        for rows, count in header["answers"]:
            answers.append(frames.unpack_answer(rows, arrays[start : start + count]))
            start += count
        example = make_example(_unpack_inputs(header, arrays), seed)
        yield header["check"], Recorded(example, answers)


def _unpack_inputs(header: dict[str, Any], arrays: Sequence[NDArray[Any]]) -> Inputs:
    small = frames.unpack_inputs(header["inputs"], arrays)
    large = {name: _make_large(fields) for name, fields in header[LARGE].items()}
    both = {**small, **large}
    return {name: both[name] for name in header["order"]}


def _make_large(fields: dict[str, Any]) -> Large:
    return Large(tuple(fields["shape"]), fields["seed"], fields["top"])
