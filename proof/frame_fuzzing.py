"""Fuzzing: mutated frames against the decoder of what a worker sends."""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import numpy as np

from gradgate.protocol import frames, replies, values
from gradgate.protocol.values import DTYPES, Value
from gradgate.supervisor.worker_client import read_greeting

MEMORY_MIB = 256  # more than two payloads of the largest kind, beyond what Python itself takes
SEPARATOR = b"\0\0"
READERS = (replies.read_reply, read_greeting)
REFUSALS = (frames.ProtocolError, EOFError)
CRASH = dict.fromkeys(("type", "message", "file", "function", "scenario"), "a")


def is_read(data: bytes) -> bool:
    """Decode bytes, a frame or what is to be framed; returns whether they say anything.

    Raises whatever the decoder raises that is not one of `REFUSALS`.
    """
    frame = data[1:]
    if data[:1] != b"F":
        head, _, payload = data.partition(SEPARATOR)
        frame = frames.LENGTHS.pack(len(head), len(payload)) + head + payload
    understood = False
    with suppress(*REFUSALS):
        header, arrays = frames.receive(io.BytesIO(frame))
        for read in READERS:
            with suppress(*REFUSALS):
                read(header, arrays)
                understood = True
    return understood


def seeds() -> Iterator[bytes]:
    """Yield good frames of every kind, raw and as header and arrays."""
    answer = {
        "y": Value(kind="holder", array=np.ones((2, 3), np.float32)),
        "n": Value(kind="number", array=np.array(3)),
        "t": Value(kind="text", text="a text"),
        "e": Value(kind="raised", text="KeyError", bases=("KeyError", "LookupError"), message="x"),
    }
    rows, arrays = frames.pack_answer(answer)
    crash = {"status": "raised", "bases": ["A"], "line": 1, **CRASH}
    kinds = [np.zeros(2, name) for name in sorted(DTYPES)]
    for header, held in (
        ({"status": "ok", "values": rows, "called": ["a"]}, arrays),
        ({**crash, "called": [], "activation": crash}, []),
        ({"status": "missing", "name": "a", "called": []}, []),
        ({"status": "ok", "activation": None}, kinds),
    ):
        pipe = io.BytesIO()
        frames.send(pipe, header, held)
        yield b"F" + pipe.getvalue()
        described = [[array.dtype.str, array.shape] for array in held]
        head = json.dumps({**header, "arrays": described}).encode()
        yield head + SEPARATOR + b"".join(array.tobytes() for array in held)


def mutate(data: bytes, words: Sequence[bytes], draw: random.Random) -> bytes:
    """Return bytes of which some are changed, taken out, doubled, or replaced by a known word."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(changed) + 1)
        end = min(len(changed), at + draw.choice((0, 1, 1, 2, 4, 16)))
        new = (draw.randbytes(draw.randint(0, 4)), draw.choice(words), bytes(changed[at:end]) * 2)
        changed[at:end] = draw.choice(new)
    return bytes(changed)


WORDS = (
    b'null true false NaN Infinity -1 0 1e999 99999999999999999999 [] {} [[[[ "<f4" "|O" '
    b'"arrays" "values" "status" "raised" "holder" "none" \\ud800 \xff'
).split()


def fuzz_at_random(count: int) -> int:
    """Try so many frames, mutated from the good ones, the same each time; returns how many read."""
    draw, good = random.Random(0), [*seeds()]
    return sum(is_read(mutate(draw.choice(good), WORDS, draw)) for _ in range(count))


def fuzz_guided(atheris: ModuleType, count: int) -> None:
    """Try so many frames that libFuzzer chooses by what they cover; ends the process."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        for number, data in enumerate(seeds()):
            (Path(folder) / str(number)).write_bytes(data)
        limits = [f"-rss_limit_mb={resident_mib() + MEMORY_MIB}", "-max_len=4096", "-timeout=5"]
        for module in (frames, replies, values):
            for name, item in vars(module).items():
                if callable(item) and getattr(item, "__module__", "") == module.__name__:
                    with suppress(TypeError, AttributeError):
                        setattr(module, name, atheris.instrument_func(item))
        arguments = [sys.argv[0], f"-runs={count}", "-seed=1", *limits, folder]
        atheris.Setup(arguments, lambda data: is_read(data) and None)
        atheris.Fuzz()


def resident_mib() -> int:
    """Return the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
