"""Recorded answers: the oracle of a student's copy, which has no `reference/`.

`data/recorded/<module>.gz` holds frames: first the digest of the checks they were recorded with,
then one frame per example with its inputs and every accepted answer, smallest example first.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

import checks
from gradgate.protocol import frames as wire
from gradgate.course.catalog import Module
from gradgate.authoring.check import Check, Inputs
from gradgate.errors import HarnessError
from gradgate.oracle.live import LiveOracle, Oracle, available
from gradgate.judging.counterexample import key_of, size_of
from gradgate.protocol.values import Answer

FOLDER = Path(__file__).resolve().parents[2] / "data" / "recorded"

# Of the engine, what the inputs and the answers of a check depend on.
SHAPING = ("draw.py", "gradient.py", "scenario.py", "values.py")

Example = tuple[Inputs, list[Answer]]


class RecordedOracle:
    """Replays the recorded examples, smallest first, and knows the answers to these only."""

    name = "recorded"

    def search(self, check: Check, seed: int, fails: Callable[[Inputs], bool]) -> None:
        """Put the recorded examples to `fails` until one fails: the smallest that does."""
        for inputs, _ in _examples(check.module)[check.id].values():
            if fails(inputs):
                return

    def answers(self, check: Check, inputs: Inputs, seed: int) -> Sequence[Answer]:
        """Return the recorded answers; raises HarnessError for inputs that were not recorded."""
        example = _examples(check.module)[check.id].get(key_of(inputs))
        if example is None:
            raise HarnessError(f"no answer is recorded for these inputs of {check.id}")
        return example[1]


def best_oracle() -> Oracle:
    """Return the reference where it is present, else the recorded answers."""
    return LiveOracle() if available() else RecordedOracle()


def oracle_name() -> str:
    """Return the name of the oracle that answers here."""
    return LiveOracle.name if available() else RecordedOracle.name


def record(module: Module, oracle: LiveOracle, folder: Path = FOLDER) -> Path:
    """Draw examples of every check of a module and write them with the oracle's answers."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{module.name}.gz"
    with gzip.GzipFile(file, "wb", mtime=0) as packed:  # no time: the same bytes every time
        pipe = cast(BinaryIO, packed)
        wire.send(pipe, {"digest": digest()})
        for check in module.checks:
            for inputs in _drawn(check, oracle):
                _write(pipe, check, inputs, oracle.answers(check, inputs, 0))
    return file


@cache
def digest() -> str:
    """Return a digest of the checks and of how inputs are drawn, whatever the line endings."""
    folder = Path(checks.__path__[0])
    total = hashlib.sha256()
    engine = [folder / "engine" / name for name in SHAPING]
    for file in [*sorted(folder.glob("*.py")), *engine]:
        total.update(file.read_text(encoding="utf-8").encode())
    return total.hexdigest()


def _drawn(check: Check, oracle: LiveOracle) -> list[Inputs]:
    examples: dict[bytes, Inputs] = {}

    def keep(inputs: Inputs) -> bool:
        examples[key_of(inputs)] = inputs
        return False

    oracle.search(check, 0, keep)
    return sorted(examples.values(), key=size_of)


def _write(pipe: BinaryIO, check: Check, inputs: Inputs, answers: Sequence[Answer]) -> None:
    plain, arrays = wire.pack_inputs(inputs)
    packed = [wire.pack_answer(answer) for answer in answers]
    header = {"check": check.id, "inputs": plain, "own": len(arrays)}
    header["answers"] = [[rows, len(own)] for rows, own in packed]
    wire.send(pipe, header, [*arrays, *(array for _, own in packed for array in own)])


@cache
def _examples(module: str) -> dict[str, dict[bytes, Example]]:
    """Return each check's examples by the bytes of their inputs, in the order of the file."""
    file = FOLDER / f"{module}.gz"
    found: dict[str, dict[bytes, Example]] = defaultdict(dict)
    try:
        with gzip.open(file, "rb") as packed:
            pipe = cast(BinaryIO, packed)
            if wire.receive(pipe)[0]["digest"] != digest():
                raise HarnessError(f"{file} is not of these checks; fetch the course's copy again")
            while read := _read(pipe):
                check, example = read
                found[check][key_of(example[0])] = example
    except (OSError, KeyError, wire.ProtocolError) as error:
        raise HarnessError(f"{file} cannot be read ({error}); fetch it again") from error
    return found


def _read(pipe: BinaryIO) -> tuple[str, Example] | None:
    try:
        header, arrays = wire.receive(pipe)
    except EOFError:
        return None
    own, answers = header["own"], []
    for rows, count in header["answers"]:
        answers.append(wire.unpack_answer(rows, arrays[own : own + count]))
        own += count
    return header["check"], (wire.unpack_inputs(header["inputs"], arrays), answers)
