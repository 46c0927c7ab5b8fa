"""A batch is read whoever wrote it, and no pickle does anything but hold arrays of bytes."""

from __future__ import annotations

import os
import pickle
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_cifar import IMAGES, LABELS, ROWS, pickled, python_2_pickle, record

from milestones.data import batch
from milestones.data.batch import Unusable

RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n"
NDARRAY = b"cnumpy\nndarray\n"
DTYPE = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.call


def read_reason(content: bytes) -> str:
    """Return why a batch is rejected."""
    with pytest.raises(Unusable) as caught:
        batch.read(content, IMAGES)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def batch_with(data: bytes) -> bytes:
    """The pickle of a batch whose images are what some opcodes leave behind."""
    return b"\x80\x02}(U\x04data" + data + b"U\x06labels](K\x03K\x07eu."


def array_with(shape: bytes, raw: bytes = b"U\x02ab") -> bytes:
    """The opcodes of an array of some shape, as Python 2 writes it."""
    return (
        RECONSTRUCT
        + NDARRAY
        + b"K\x00\x85U\x01b\x87R(K\x01"
        + shape
        + DTYPE
        + b"\x89"
        + raw
        + b"tb"
    )


def assert_read(content: bytes) -> None:
    rows, labels = batch.read(content, IMAGES)
    assert rows.dtype == np.uint8
    assert np.array_equal(rows, ROWS)
    assert labels.dtype == np.int64
    assert labels.tolist() == LABELS


def test_a_batch_written_by_python_2_is_read() -> None:
    assert_read(python_2_pickle())


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_batch_written_by_this_python_is_read(protocol: int) -> None:
    assert_read(pickled(protocol=protocol))


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_batch_with_names_as_bytes_is_read(protocol: int) -> None:
    as_bytes = {name.encode(): value for name, value in record(filenames=[b"a", b"b"]).items()}
    assert_read(pickle.dumps(as_bytes, protocol))


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize(("of", "other"), [(b"_core", b"core"), (b"core", b"_core")])
def test_a_batch_written_by_the_other_numpy_is_read(of: bytes, other: bytes, protocol: int) -> None:
    theirs = pickled(protocol=protocol)
    for module in (b"multiarray", b"numeric"):
        was, becomes = b"numpy." + of + b"." + module, b"numpy." + other + b"." + module
        if protocol == 4:  # the name's length stands before it, the frame's at the start
            was, becomes = bytes([len(was)]) + was, bytes([len(becomes)]) + becomes
        size = int.from_bytes(theirs[3:11], "little") + len(becomes) - len(was)
        if was in theirs:
            theirs = theirs.replace(was, becomes)
            if protocol == 4:
                theirs = theirs[:3] + size.to_bytes(8, "little") + theirs[11:]
    assert_read(theirs)


@pytest.mark.parametrize("protocol", [2, 5])
def test_an_array_in_column_order_is_read(protocol: int) -> None:
    assert_read(pickled(protocol=protocol, data=np.asfortranarray(ROWS)))


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "function", [os.system, eval, exec, open, getattr, __import__, np.load, np.zeros, type]
)
def test_no_function_is_called(
    function: Callable[..., Any], protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "batch" in read_reason(
        pickled(protocol=protocol, data=Calls(function, "touch caught", "w"))
    )
    assert list(tmp_path.iterdir()) == []


def test_a_refused_function_is_named() -> None:
    content = pickled(data=Calls(os.system, "true"))
    assert (
        read_reason(content)
        == f"asks for '{os.system.__module__}.system', which no CIFAR-10 batch needs"
    )


def test_a_name_with_dots_or_line_breaks_leads_nowhere() -> None:
    for module, name in (("numpy", "ndarray.tofile"), ("numpy\n", "os.system"), ("os", "x" * 9999)):
        names = b"".join(b"X" + struct.pack("<I", len(n)) + n.encode() for n in (module, name))
        text = read_reason(b"\x80\x04" + names + b"\x93.")
        assert text.startswith("asks for")
        assert len(text) < 200


@pytest.mark.parametrize(
    "opcode", [b"Pid\n", b"NQ", b"\x82\x01", b"(i__main__\nx\n", b"}}\x92", b"\x97"]
)
def test_other_ways_to_an_object_are_closed(opcode: bytes) -> None:
    assert read_reason(b"\x80\x05" + opcode + b".").startswith("holds ")


@pytest.mark.parametrize(
    "target", [RECONSTRUCT, NDARRAY, b"cnumpy\ndtype\n", b"c_codecs\nencode\n"]
)
def test_the_functions_a_pickle_gets_cannot_be_changed(target: bytes) -> None:
    poison = target + b"N}U\x0c__defaults__K\x00\x85s\x86b"
    assert "changes a function" in read_reason(batch_with(poison))
    assert_read(python_2_pickle())


@pytest.mark.parametrize(
    "data",
    [
        np.array([[None] * 3072] * IMAGES),
        ROWS.astype(np.int64),
        ROWS.astype(np.float32),
        ROWS.view(np.int8),
        ROWS.astype("S1"),
        np.zeros(IMAGES, [("a", np.uint8, 3072)]),
        ROWS.astype(">u2"),
    ],
    ids=lambda data: str(data.dtype)[:20],
)
@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_only_unsigned_bytes_are_read(data: Any, protocol: int) -> None:
    assert "batch" in read_reason(pickled(data=data, protocol=protocol)) or "bytes" in read_reason(
        pickled(data=data, protocol=protocol)
    )


@pytest.mark.parametrize(
    "data", [ROWS[:1], ROWS.reshape(-1), ROWS.reshape(2, 3, 32, 32), ROWS.T, ROWS[:, :-1], ROWS[:0]]
)
def test_an_array_of_another_shape_is_refused(data: Any) -> None:
    assert (
        "images of shape" in (text := read_reason(pickled(data=data))) or "two dimensions" in text
    )


@pytest.mark.parametrize(
    "shape",
    [
        b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86",
        b"K\x02M\x00\x0c\x86",
        b"J\xff\xff\xff\xffK\x02\x86",
        b"NN\x86",
        b"]]\x86",
        b"K\x02",
        b"(" + b"K\x00" * 5000 + b"t",
    ],
)
def test_a_shape_that_its_bytes_do_not_fill_allocates_nothing(shape: bytes) -> None:
    read_reason(batch_with(array_with(shape)))


def test_an_array_without_its_bytes_is_refused() -> None:
    bare = RECONSTRUCT + NDARRAY + b"K\x00\x85U\x01b\x87R"
    assert read_reason(batch_with(bare)) == "holds no array of images"
    assert "from nothing" in read_reason(batch_with(NDARRAY + b"J\xff\xff\xff\x7f\x85R"))
    assert "not of unsigned bytes" in read_reason(
        batch_with(array_with(b"K\x01K\x01\x86", b"](K\x01e"))
    )


@pytest.mark.parametrize("value", [None, b"bytes", "text", ROWS.tolist(), {}, 7])
def test_images_that_are_no_array_are_refused(value: object) -> None:
    assert read_reason(pickled(data=value)) == "holds no array of images"


@pytest.mark.parametrize("labels", [[3], [3, 7, 1], [], (3, 7), None, "37", b"37", {3: 7}])
def test_anything_but_a_list_of_as_many_labels_is_refused(labels: object) -> None:
    assert read_reason(pickled(labels=labels)) == "does not hold a list of 2 labels"


@pytest.mark.parametrize("label", [10, -1, 255, None, "3", [3], True])
def test_a_label_outside_0_to_9_is_refused(label: object) -> None:
    assert "whole numbers from 0 to 9" in read_reason(pickled(labels=[3, label]))


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_batch_cut_anywhere_is_refused(protocol: int) -> None:
    content = pickled(protocol=protocol)
    for end in [*range(0, 300, 7), *range(300, len(content), 997), len(content) - 1]:
        read_reason(content[:end])


def test_anything_else_is_refused() -> None:
    for content in (
        b"",
        b".",
        b"N.",
        b"].",
        b"\x80\x04.",
        b"not a pickle",
        bytes(1000),
        b"\x80\x09N.",
    ):
        assert "batch" in read_reason(content)


def test_a_memo_index_far_ahead_allocates_nothing() -> None:
    assert "memo has gaps" in read_reason(b"\x80\x02}r" + struct.pack("<I", 2**31 - 1) + b".")


@pytest.mark.parametrize("length", [b"\x8e", b"\x96", b"B", b"X", b"T"])
def test_a_length_beyond_the_end_allocates_nothing(length: bytes) -> None:
    size = struct.pack("<Q", 2**40) if length in b"\x8e\x96" else struct.pack("<I", 2**31 - 1)
    read_reason(b"\x80\x05" + length + size + b"x.")


def test_a_tuple_of_tuples_costs_no_time() -> None:
    doubled = b"".join(b"q" + bytes([i]) + b"h" + bytes([i]) + b"\x86" for i in range(60))
    start = time.perf_counter()
    assert "repeats more than names" in read_reason(b"\x80\x02}K\x00" + doubled + b"Ns.")
    assert time.perf_counter() - start < 5
