"""Frames cross a pipe unchanged, and what is no frame raises ProtocolError or EOFError."""

from __future__ import annotations

import inspect
import io
import json
from contextlib import suppress
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradgate.protocol import frames
from gradgate.protocol.frames import ProtocolError
from gradgate.protocol.replies import COMPARED_LIMIT, read_crash, read_reply
from gradgate.protocol.values import DTYPES, Value
from gradgate.text import TEXT_LIMIT, printable, visible
from proof.project import COURSE

ARRAYS = {
    "a number": np.float32(3.5).reshape(()),
    "an empty array": np.zeros((0, 3), np.float32),
    "booleans": np.array([True, False]),
    "integers": np.array([[-1], [2**62]]),
    "unsigned bytes": np.arange(256, dtype=np.uint8),
    "complex numbers": np.array([1 + 2j]),
    "not a number, infinity and minus zero": np.array([np.nan, np.inf, -np.inf, -0.0]),
    "every second column of a transposed array": np.arange(24.0).reshape(4, 6).T[:, ::2],
    "rows backwards": np.arange(6, dtype=np.float32).reshape(3, 2)[::-1],
    "one number broadcast": np.broadcast_to(np.float32(1), (3, 2)),
    "Fortran order": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    "sixteen axes": np.ones((1,) * 16, np.float32),
    "a million numbers": np.arange(1_000_000, dtype=np.float32),
}
HEADER = {"status": "ok", "text": "Größe \u0000 \U0001f600", "list": [1, None, True, {"a": []}]}
SETTINGS = settings(
    max_examples=2000,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def make_frame(header: dict[str, Any], *arrays: Any) -> bytes:
    """Return the bytes of a frame."""
    pipe = io.BytesIO()
    frames.send(pipe, header, arrays)
    return pipe.getvalue()


def receive(data: bytes) -> tuple[dict[str, Any], list[Any]]:
    """Return what bytes are received as."""
    return frames.receive(io.BytesIO(data))


def forge(header: Any, payload: bytes = b"") -> bytes:
    """Return a frame with any header and any array bytes."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return frames.LENGTHS.pack(len(head), len(payload)) + head + payload


def test_a_header_comes_back_as_it_was() -> None:
    header, arrays = receive(make_frame(HEADER))
    assert {name: header[name] for name in HEADER} == HEADER
    assert arrays == []


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_comes_back_as_it_was(name: str) -> None:
    sent = ARRAYS[name]
    _, (got,) = receive(make_frame({}, sent))
    assert (got.shape, got.dtype) == (sent.shape, sent.dtype)
    assert got.tobytes() == sent.tobytes()


def test_several_arrays_come_back_in_order() -> None:
    sent = [*ARRAYS.values()]
    got = receive(make_frame({}, *sent))[1]
    assert [array.tobytes() for array in got] == [array.tobytes() for array in sent]


def test_frames_follow_one_another() -> None:
    pipe = io.BytesIO(make_frame({"n": 1}, np.ones(3)) + make_frame({"n": 2}))
    assert [frames.receive(pipe)[0]["n"] for _ in range(2)] == [1, 2]
    with pytest.raises(EOFError):
        frames.receive(pipe)


@given(hnp.arrays(st.sampled_from(sorted(DTYPES)), hnp.array_shapes(min_dims=0, min_side=0)))
@settings(SETTINGS, max_examples=300)
def test_any_array_of_an_allowed_dtype_comes_back_as_it_was(sent: Any) -> None:
    _, (got,) = receive(make_frame({}, sent))
    assert (got.shape, got.dtype, got.tobytes()) == (sent.shape, sent.dtype, sent.tobytes())


def test_inputs_come_back_as_they_were_and_writable() -> None:
    inputs = {"x": np.ones(2), "axis": None, "v": np.zeros(()), "sizes": [1, 2], "p": 0.5}
    got = frames.unpack_inputs(*frames.pack_inputs(inputs))
    assert list(got) == list(inputs)
    assert [got[name] for name in ("axis", "sizes", "p")] == [None, [1, 2], 0.5]
    got["x"][0] = 5
    assert inputs["x"].tolist() == [1, 1]


def test_an_answer_comes_back_as_it_was() -> None:
    bases = ("KeyError", "LookupError")
    answer = {
        "y": Value(kind="holder", array=np.ones((2, 1), np.float32)),
        "name": Value(kind="text", text="a text"),
        "error": Value(kind="raised", text="KeyError", bases=bases, message="'x'"),
        "nothing": Value(kind="none"),
        "n": Value(kind="number", array=np.array(3)),
        "grad of x": Value(kind="array", array=np.ones(2), gradient_of="x"),
    }
    got = frames.unpack_answer(*frames.pack_answer(answer))
    assert list(got) == list(answer)
    assert repr(got) == repr(answer)


def test_what_is_too_large_is_not_sent() -> None:
    with pytest.raises(ProtocolError, match="too large"):
        make_frame({}, np.zeros(frames.PAYLOAD_LIMIT // 8 + 1))
    with pytest.raises(ProtocolError, match="too large"):
        make_frame({"text": "x" * frames.HEADER_LIMIT})
    with pytest.raises(ProtocolError, match="too large"):  # before it takes 8 TiB of memory
        make_frame({}, np.broadcast_to(np.float64(1), (1 << 20, 1 << 20)))


@pytest.mark.parametrize(
    "lengths",
    [(frames.HEADER_LIMIT + 1, 0), (2, frames.PAYLOAD_LIMIT + 1), (2**32 - 1, 2**32 - 1)],
)
def test_a_frame_that_announces_too_much_is_refused_before_it_is_read(
    lengths: tuple[int, int],
) -> None:
    with pytest.raises(ProtocolError, match="longer than allowed"):
        receive(frames.LENGTHS.pack(*lengths))


@pytest.mark.parametrize("cut", [0, 1, 7, 8, 9, 40, -1])
def test_a_frame_cut_short_is_the_end_of_the_pipe(cut: int) -> None:
    with pytest.raises(EOFError):
        receive(make_frame({"status": "ok"}, np.ones(8))[:cut])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"3",
        b'"arrays"',
        b"{}",
        b'{"arrays": null}',
        b'{"arrays": 1}',
        b'{"arrays": [1]}',
        b'{"arrays": [[]]}',
        b'{"arrays": [["<f4"]]}',
        b'{"arrays": [["<f4", 1]]}',
        b'{"arrays": [["<f4", null]]}',
        b'{"arrays": [["<f4", "12"]]}',
        b'{"arrays": [["<f4", {"1": 1}]]}',
        b'{"arrays": [[["<f4"], [0]]]}',
        b'{"arrays": [[{}, [0]]]}',
        b'{"arrays": {"ab": "<f4"}}',
        b'{"arrays": "ab"}',
        b'{"arrays": [["<f4", [0], 1]]}',
        b'{"arrays": [["<f4", [NaN]]]}',
        b'{"arrays": [["<f4", [1e400]]]}',
        b"[" * 100_000,
        b'{"arrays": ' + b"[" * 100_000,
        b'{"arrays": [["<f4", [' + b"9" * 5000 + b"]]]}",
    ],
)
def test_a_header_that_is_none_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolError):
        receive(forge(head))


@pytest.mark.parametrize(
    "dtype", ["O", "|O", "object", "U4", "<U4", "S4", "V8", "M8[s]", ">f4", "f"]
)
def test_an_array_of_another_dtype_is_refused(dtype: str) -> None:
    with pytest.raises(ProtocolError, match="dtype"):
        receive(forge({"arrays": [[dtype, [1]]]}, b"12345678"))


@pytest.mark.parametrize(
    "shape",
    [[-1], [2, -2], [-1, -1], [1] * 17, [True], [1.0], ["1"], [None], [2**40], [2**26] * 16, [[1]]],
)
def test_an_array_of_an_impossible_shape_is_refused(shape: list[Any]) -> None:
    with pytest.raises(ProtocolError):
        receive(forge({"arrays": [["<f4", shape]]}, b"1234"))


@pytest.mark.parametrize(
    ("arrays", "size"),
    [
        ([], 1),
        ([["<f4", [1]]], 3),
        ([["<f4", [1]]], 5),
        ([["<f4", [0]]], 4),
        ([["<f4", [2]]] * 2, 8),
    ],
)
def test_array_bytes_must_fit_their_header_exactly(arrays: list[Any], size: int) -> None:
    with pytest.raises(ProtocolError):
        receive(forge({"arrays": arrays}, b"\0" * size))


def test_an_array_of_no_numbers_with_a_huge_side_takes_no_memory() -> None:
    _, (got,) = receive(forge({"arrays": [["<f4", [0, frames.PAYLOAD_LIMIT]]]}))
    assert got.size == 0


ROWS = [
    [],
    [1],
    ["y", "holder"],
    ["y", "none", False, "", [], ""],
    ["y", "none", False, "", [], "", "", ""],
    ["y", "holder", False, "", [], "", ""],
    ["y", "holder", True, "", [], "", ""],
    ["y", "none", True, "", [], "", ""],
    ["y", "verdict", False, "", [], "", ""],
    ["y", "tensor", False, "", [], "", ""],
    ["y", ["holder"], False, "", [], "", ""],
    ["y", "text", False, "", None, "", ""],
    ["y", "text", False, "", 5, "", ""],
    {"name": "y"},
    {0: "y"},
    None,
    "holder",
    "seventh",
]


def test_a_row_that_is_one_is_read() -> None:
    answer = frames.unpack_answer([["y", "none", False, "", [], "", ""]], [])
    assert answer == {"y": Value(kind="none")}


@pytest.mark.parametrize("kind", ["none", "text", "raised", "other"])
def test_a_kind_that_holds_no_array_comes_with_none(kind: str) -> None:
    row = ["y", kind, True, "", [], "", ""]
    with pytest.raises(ProtocolError):
        frames.unpack_answer([row], [np.ones(1)])


@pytest.mark.parametrize("row", ROWS)
def test_an_answer_that_is_none_is_refused(row: Any) -> None:
    with pytest.raises(ProtocolError):
        frames.unpack_answer([row], [])


@pytest.mark.parametrize("rows", [None, 5, {"y": 1}, "rows"])
def test_rows_that_are_none_are_refused(rows: Any) -> None:
    with pytest.raises(ProtocolError):
        frames.unpack_answer(rows, [])


CRASH = {
    "status": "raised",
    "type": "KeyError",
    "bases": ["KeyError"],
    "message": "x",
    "file": "a.py",
    "line": 1,
    "function": "f",
    "scenario": "",
    "called": [],
}


def test_a_reply_is_read_with_its_texts_made_printable() -> None:
    crash = read_reply({**CRASH, "message": "\x1b[31mred\x07 at 0x7f1234567890"}, []).crash
    assert crash is not None
    assert crash.message == "�[31mred� at 0x…"


@pytest.mark.parametrize(
    "change",
    [
        {"bases": None},
        {"bases": 3},
        {"line": None},
        {"line": "seven"},
        {"line": float("inf")},
        {"called": None},
        {"status": "ok"},
        {"status": "ok", "values": None},
        {"status": "ok", "values": [[]]},
        {"status": "missing"},
        {"type": ...},
    ],
)
def test_a_reply_that_is_none_is_refused(change: dict[str, Any]) -> None:
    reply = {key: value for key, value in {**CRASH, **change}.items() if value is not ...}
    with pytest.raises(ProtocolError):
        read_reply(reply, [])


def test_a_crash_without_its_parts_is_no_crash() -> None:
    for name in set(CRASH) - {"status", "called"}:
        with pytest.raises(KeyError):
            read_crash({key: value for key, value in CRASH.items() if key != name})


def test_of_a_scenario_its_line_is_quoted_from_the_file_of_the_course() -> None:
    scenario = COURSE.checks["tensor.adds"].scenario
    lines, start = inspect.getsourcelines(scenario)
    at = next(n for n, line in enumerate(lines) if "return" in line)
    place = f"{scenario.__module__}:{start + at}"
    assert read_crash({**CRASH, "scenario": place}).scenario == lines[at].strip()


@pytest.mark.parametrize(
    "place",
    [
        "",
        "forged text",
        "os:1",
        "{0}:3",
        "{0}.reference.tensor:3",
        "{0}.checks.absent:3",
        "{0}.checks.m02_activations",
        "{0}.checks.m02_activations:0",
        "{0}.checks.m02_activations:999999",
        "{0}.checks.m02_activations:1234567",
        "{0}.checks.m02_activations:1:1",
        "/etc/passwd:1",
        "gradgate_course_../checks:1",
    ],
)
def test_no_line_of_any_other_file_is_quoted(place: str) -> None:
    import_module(f"{COURSE.package}.reference.tensor")
    place = place.format(COURSE.package)
    assert read_crash({**CRASH, "scenario": place}).scenario == ""


def test_what_a_result_is_the_gradient_of_is_not_taken_from_a_reply() -> None:
    rows = [["grad of x", "none", False, "", [], "", "x"]]
    reply = read_reply({"status": "ok", "values": rows, "called": []}, [])
    assert reply.answer["grad of x"].gradient_of == ""


def test_texts_are_cut() -> None:
    assert printable("x" * 10 * TEXT_LIMIT) == "x" * TEXT_LIMIT
    assert printable(["no", "text"]) == "['no', 'text']"


def test_a_text_that_is_compared_is_cut_too() -> None:
    rows = [["t", "text", False, "x" * 10 * COMPARED_LIMIT, [], "", ""]]
    reply = read_reply({"status": "ok", "values": rows, "called": []}, [])
    assert len(reply.answer["t"].text) == COMPARED_LIMIT


def test_names_of_one_line_stay_on_one_line() -> None:
    crash = read_reply({**CRASH, "type": "A\nB", "function": "f\r\n::error::"}, []).crash
    assert crash is not None
    assert (crash.type, crash.function.isprintable()) == ("A B", True)


@pytest.mark.parametrize(
    "text", ["::error::x", "x\n  ::add-mask::x", "a ##[error]x", "##vso[task.complete]", "\r::x"]
)
def test_no_text_that_is_shown_is_a_command_to_a_runner_of_workflows(text: str) -> None:
    shown = visible(text)
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    assert not any(word in shown for word in ("##[", "##vso["))


@pytest.mark.parametrize("text", ["x[::2], a::b", "# a heading", "(:, 1)\n\n  two", "## [x]"])
def test_what_acts_on_nothing_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@st.composite
def mutate(draw: st.DrawFn) -> bytes:
    """Return a good frame with some bytes changed, taken out or put in."""
    rows, arrays = frames.pack_answer(
        {"y": Value(kind="holder", array=np.ones((2, 3), np.float32))}
    )
    data = bytearray(make_frame({"status": "ok", "values": rows, "called": ["a"]}, *arrays))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        end = at + draw(st.integers(0, 3))
        data[at:end] = draw(st.binary(max_size=3))
    return bytes(data)


@given(mutate())
@settings(SETTINGS, max_examples=1000)
def test_a_damaged_frame_is_read_or_refused_but_nothing_else(data: bytes) -> None:
    with suppress(ProtocolError, EOFError):
        read_reply(*receive(data))


plain_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = plain_values | st.lists(plain_values | st.lists(plain_values, max_size=6), max_size=3)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys((*CRASH, "values", "arrays", "name"), json_values),
    ),
    st.binary(max_size=20),
)
@settings(SETTINGS, max_examples=1000)
def test_a_forged_frame_is_read_or_refused_but_nothing_else(header: Any, payload: bytes) -> None:
    try:
        got, arrays = receive(forge(header, payload))
        read_reply(got, arrays)
    except (ProtocolError, EOFError):
        return
    assert got == header or repr(got) == repr(header)
