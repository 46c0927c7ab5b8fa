"""A batch file of CIFAR-10: a pickled dict of images, one row each, and labels.

A pickle is a program, and one from the network may not run. So a file is no batch if it holds
an opcode that pickled lists, dicts and arrays do without, a memo entry that could make a small file
costly, or a global other than NumPy's constructors. Each of these is replaced by a function of our
own that builds uint8 arrays out of bytes that are there. Files of Python 2 and 3 and of NumPy 1 and
2 are read.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

PIXELS = 3 * 32 * 32
CLASSES = 10

PUTS = {"BINPUT", "LONG_BINPUT", "MEMOIZE"}
GETS = {"BINGET", "LONG_BINGET"}
ATOMS = {  # what leaves no tuple behind, hence may be taken from the memo
    *("GLOBAL", "STACK_GLOBAL", "REDUCE", "BINUNICODE", "SHORT_BINUNICODE"),
    *("SHORT_BINSTRING", "SHORT_BINBYTES"),
}  # fmt: skip
OPCODES = PUTS | GETS | ATOMS | {
    *("PROTO", "FRAME", "STOP", "MARK", "BUILD", "NONE", "NEWTRUE", "NEWFALSE"),
    *("EMPTY_DICT", "SETITEM", "SETITEMS", "EMPTY_LIST", "APPEND", "APPENDS"),
    *("EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "BININT", "BININT1", "BININT2"),
    *("BINSTRING", "BINBYTES", "BYTEARRAY8"),
}  # fmt: skip


class Unusable(Exception):
    """A file that is not what it should be; the text says why."""


def compute_size_limit(images: int) -> int:
    """Return how many bytes a batch of so many images may have: a third more than it needs."""
    return images * (PIXELS + 1024) + 65_536


def read(content: bytes, images: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return a batch's rows (images, 3072) and labels (images,); raises Unusable otherwise."""
    record = _unpickle(content)
    if type(record) is not dict:
        raise Unusable("is no CIFAR-10 batch")
    rows = _require_rows(_get_entry(record, "data"), images)
    return rows, _require_labels(_get_entry(record, "labels"), images)


def _get_entry(record: dict[object, object], name: str) -> object:
    return record.get(name.encode(), record.get(name))  # Python 2 writes its names as bytes


def _require_rows(array: object, images: int) -> NDArray[np.uint8]:
    if not isinstance(array, _Array) or array.values is None:
        raise Unusable("holds no array of images")
    if array.values.shape != (images, PIXELS):
        raise Unusable(f"holds images of shape {array.values.shape}, not {(images, PIXELS)}")
    return array.values


def _require_labels(labels: object, images: int) -> NDArray[np.int64]:
    if not isinstance(labels, list) or len(labels) != images:
        raise Unusable(f"does not hold a list of {images} labels")
    if not all(type(label) is int and 0 <= label < CLASSES for label in labels):
        raise Unusable(f"holds labels that are not whole numbers from 0 to {CLASSES - 1}")
    return np.array(labels, np.int64)


def _unpickle(content: bytes) -> object:
    try:
        _scan(content)
        return _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
    except Unusable:
        raise
    except Exception as error:  # what is no pickle makes the unpickler raise nearly anything
        raise Unusable("is truncated, damaged or no CIFAR-10 batch") from error


def _scan(content: bytes) -> None:
    """Reject opcodes that no batch has, lengths beyond the end, and costly use of the memo.

    A memo index far ahead would have the unpickler allocate all places before it; tuples of tuples
    taken from the memo can take exponential time to hash. So indices come in order, and only names
    and what our own functions return are taken from the memo.
    """
    memo: dict[int, str] = {}
    top = ""
    for opcode, argument, _ in pickletools.genops(content):
        if opcode.name not in OPCODES:
            raise Unusable(f"holds {opcode.name}, which no CIFAR-10 batch does")
        if opcode.name in PUTS:
            place = len(memo) if argument is None else int(str(argument))
            if place > len(memo) + 1:
                raise Unusable("is no CIFAR-10 batch: its memo has gaps")
            memo[place] = top
            continue
        if opcode.name in GETS and memo.get(int(str(argument))) not in ATOMS:
            raise Unusable("is no CIFAR-10 batch: it repeats more than names")
        top = opcode.name


class _BatchUnpickler(pickle.Unpickler):
    """An unpickler that knows the globals of an array of uint8, and no other."""

    def find_class(self, module: str, name: str) -> Any:
        """Return our stand-in for a global; raises Unusable for any other."""
        if (module, name) not in GLOBALS:
            raise Unusable(f"asks for {f'{module}.{name}'!a:.80}, which no CIFAR-10 batch needs")
        return GLOBALS[module, name]


class _Function:
    """What a pickle gets for a global: it can be called, and no attribute can be set on it."""

    __slots__ = ("_body",)

    def __init__(self, body: Callable[..., object]) -> None:
        self._body = body

    def __call__(self, *arguments: object) -> object:
        return self._body(*arguments)

    def __setstate__(self, state: object) -> None:
        raise Unusable("is no CIFAR-10 batch: it changes a function")


class _Uint8:
    """Stands for the only dtype there is; its state (byte order, fields) says nothing of it."""

    __slots__ = ()

    def __setstate__(self, state: object) -> None:
        """Leave the state alone."""


class _Array:
    """An array whose shape and bytes follow as its state."""

    __slots__ = ("values",)

    def __init__(self, values: NDArray[np.uint8] | None = None) -> None:
        self.values = values

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _version, shape, dtype, fortran, raw = state
        self.values = _make_array(raw, dtype, shape, "F" if fortran else "C")


def _make_array(
    raw: object, dtype: object, shape: object, order: Literal["C", "F"]
) -> NDArray[np.uint8]:
    """Return bytes as an array; a shape that asks for more or fewer bytes raises ValueError."""
    if not isinstance(dtype, _Uint8) or not isinstance(raw, (bytes, bytearray)):
        raise Unusable("holds an array that is not of unsigned bytes")
    if not isinstance(shape, tuple) or len(shape) != 2:
        raise Unusable("holds an array that is not of two dimensions")
    return np.frombuffer(raw, np.uint8).reshape(shape, order=order)


def _make_dtype(code: object, *_flags: object) -> _Uint8:
    if code not in ("u1", b"u1"):
        raise Unusable("holds an array that is not of unsigned bytes")
    return _Uint8()


def _encode(text: str, encoding: str) -> bytes:
    """Return the bytes that Python 3 wrote as text, for readers that know no bytes."""
    if encoding != "latin1":
        raise Unusable("is no CIFAR-10 batch: its bytes are encoded another way")
    return text.encode("latin1")


def _reject_call(*_arguments: object) -> None:
    raise Unusable("is no CIFAR-10 batch: it makes an array from nothing")


GLOBALS = {
    ("numpy", "ndarray"): _Function(_reject_call),
    ("numpy", "dtype"): _Function(_make_dtype),
    ("_codecs", "encode"): _Function(_encode),
    **{
        (f"numpy.{core}.{module}", name): _Function(body)
        for core in ("core", "_core")
        for module, name, body in (
            ("multiarray", "_reconstruct", lambda _class, _shape, _code: _Array()),
            ("numeric", "_frombuffer", lambda *state: _Array(_make_array(*state))),
        )
    },
}
