"""Frames between the judge and a worker: a JSON header, then raw array bytes; never pickle.

Every length is checked against a bound before anything is allocated for it.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gradgate.protocol.values import DTYPES, KINDS, Answer, Value

LENGTHS = struct.Struct("<II")  # of the header and of the array bytes
HEADER_LIMIT = 1 << 20
PAYLOAD_LIMIT = 64 << 20
AXES_LIMIT = 16
HOLDING = ("holder", "array", "number", "tuple")  # the kinds that come with an array


class ProtocolError(Exception):
    """A frame that is not one: too long, cut short, or not what its header says."""


def send(pipe: BinaryIO, header: Mapping[str, Any], arrays: Sequence[NDArray[Any]] = ()) -> None:
    """Write one frame; the arrays' dtypes and shapes are added to the header."""
    kinds = [[array.dtype.str, array.shape] for array in arrays]
    head = json.dumps({**header, "arrays": kinds}).encode()
    # Before they are laid out: an array of one number, broadcast, can have any size.
    if len(head) > HEADER_LIMIT or sum(array.nbytes for array in arrays) > PAYLOAD_LIMIT:
        raise ProtocolError("the result is too large to send")
    payload = b"".join([array.tobytes() for array in arrays])
    pipe.write(LENGTHS.pack(len(head), len(payload)) + head + payload)
    pipe.flush()


def receive(pipe: BinaryIO) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """Read one frame; raises ProtocolError for a malformed one and EOFError at the end."""
    head_length, payload_length = LENGTHS.unpack(_read(pipe, LENGTHS.size))
    if head_length > HEADER_LIMIT or payload_length > PAYLOAD_LIMIT:
        raise ProtocolError("a frame longer than allowed")
    try:
        header = json.loads(_read(pipe, head_length))
        arrays = _arrays(header["arrays"], _read(pipe, payload_length))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProtocolError("a frame that cannot be read") from error
    return header, arrays


def _read(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError("the pipe was closed")
    return data


def _arrays(kinds: list[Any], payload: bytes) -> list[NDArray[Any]]:
    arrays, offset = [], 0
    for name, shape in kinds:
        if name not in DTYPES or len(shape) > AXES_LIMIT:
            raise ProtocolError("an array of a dtype or rank that is not allowed")
        if not all(type(side) is int and 0 <= side <= PAYLOAD_LIMIT for side in shape):
            raise ProtocolError("an array of an impossible shape")
        count, dtype = math.prod(shape), np.dtype(name)
        if count * dtype.itemsize > len(payload) - offset:
            raise ProtocolError("an array longer than its frame")
        arrays.append(np.frombuffer(payload, dtype, count, offset).reshape(shape))
        offset += count * dtype.itemsize
    if offset != len(payload):
        raise ProtocolError("bytes that belong to no array")
    return arrays


class PackedInputs(NamedTuple):
    """Inputs as they travel: JSON values, and the arrays that these refer to by index."""

    plain: dict[str, Any]
    arrays: list[NDArray[Any]]


def pack_inputs(inputs: Mapping[str, Any]) -> PackedInputs:
    """Split inputs into JSON values and arrays."""
    arrays = [value for value in inputs.values() if isinstance(value, np.ndarray)]
    index = iter(range(len(arrays)))
    plain = {
        name: {"array": next(index)} if isinstance(value, np.ndarray) else {"value": value}
        for name, value in inputs.items()
    }
    return PackedInputs(plain, arrays)


def unpack_inputs(plain: Mapping[str, Any], arrays: Sequence[NDArray[Any]]) -> dict[str, Any]:
    """Undo `pack_inputs`; the arrays are writable copies."""
    return {
        name: arrays[item["array"]].copy() if "array" in item else item["value"]
        for name, item in plain.items()
    }


def pack_answer(answer: Answer) -> tuple[list[Any], list[NDArray[Any]]]:
    """Split an answer into JSON rows and the arrays of the rows that have one, in order."""
    rows = [
        [
            *(name, value.kind, value.array is not None, value.text),
            *(value.bases, value.message, value.gradient_of),
        ]
        for name, value in answer.items()
    ]
    return rows, [value.array for value in answer.values() if value.array is not None]


def unpack_answer(rows: Sequence[Any], arrays: Sequence[NDArray[Any]]) -> Answer:
    """Undo `pack_answer`; raises ProtocolError for rows that are not what a worker sends."""
    remaining = iter(arrays)
    try:
        answer = {str(row[0]): _unpack_row(row, remaining) for row in rows}
    except (ValueError, TypeError, KeyError, IndexError, StopIteration) as error:
        raise ProtocolError("an answer that cannot be read") from error
    for value in answer.values():
        if type(value.kind) is not str or value.kind not in KINDS:
            raise ProtocolError("an answer of a kind that does not exist")
        if (value.array is None) == (value.kind in HOLDING):
            raise ProtocolError("an answer of a kind that does not exist")
    return answer


def _unpack_row(row: Sequence[Any], arrays: Iterator[NDArray[Any]]) -> Value:
    _, kind, has_array, text, bases, message, gradient_of = row
    return Value(
        kind=kind,
        array=next(arrays) if has_array else None,
        text=str(text),
        bases=tuple(bases),
        message=str(message),
        gradient_of=str(gradient_of),
    )
