"""What every way to draw shrinks to, what it reaches, and what it never returns."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any, TypeVar

import hypothesis
import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from gradgate.authoring.draw import Draw
from gradgate.examples.search import DrawnExamples
from gradgate.protocol.frames import receive, send, unpack_inputs
from proof.project import COURSE

T = TypeVar("T")
Ask = Callable[[Draw], T]


def make_strategy(ask: Ask[T]) -> st.SearchStrategy[T]:
    """Return a strategy that asks a Draw for something."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> T:
        return ask(Draw(draw))

    return draw_one()


def find_minimum(ask: Ask[T]) -> T:
    """Return what it shrinks to."""
    return find(make_strategy(ask), lambda _: True, settings=settings(database=None, deadline=None))


def sample(ask: Ask[T], count: int = 300) -> list[T]:
    """Return examples of it, always the same ones."""
    found: list[T] = []

    @hypothesis.seed(0)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*hypothesis.HealthCheck],
    )
    @given(make_strategy(ask))
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found


def measure_share(found: list[Any], holds: Callable[[Any], bool]) -> float:
    """Return in which part of the examples something holds."""
    return sum(map(holds, found)) / len(found)


MINIMA: dict[str, tuple[Ask[Any], Any]] = {
    "integer": (lambda d: d.integer(2, 5), 2),
    "choice": (lambda d: d.choice((7, 1, 9)), 7),
    "grid": (lambda d: d.grid((2, 1)), [[0], [0]]),
    "grid of one number": (lambda d: d.grid(()), 0),
    "nonzero": (lambda d: d.nonzero((2,)), [1 / 8, 1 / 8]),
    "powers": (lambda d: d.powers((2,)), [1, 1]),
    "odd": (lambda d: d.odd((2,)), [1 / 16, 1 / 16]),
    "odd, finer": (lambda d: d.odd((1,), step=1 / 128), [1 / 128]),
    "distinct": (lambda d: d.distinct((3,)), [-1 / 8, 0, 1 / 8]),
    "distinct of nothing": (lambda d: d.distinct((0,)), []),
    "ids": (lambda d: d.ids(3, 4), [0, 0, 0]),
    "mask": (lambda d: d.mask((2,)), [False, False]),
    "shape": (lambda d: d.shape(1, 3), (1,)),
    "shape of a number": (lambda d: d.shape(0, 3), ()),
    "shapes that broadcast": (lambda d: d.broadcast_shapes(), ((), ())),
}


@pytest.mark.parametrize("name", MINIMA)
def test_it_shrinks_to_the_simplest_legal_value(name: str) -> None:
    ask, want = MINIMA[name]
    got = find_minimum(ask)
    assert (got.tolist() if isinstance(got, np.ndarray) else got) == want


def test_factors_shrink_to_two_single_zeros() -> None:
    assert {name: a.tolist() for name, a in find_minimum(lambda d: d.factors("mk,kn")).items()} == {
        "a": [[0]],
        "b": [[0]],
    }


def test_scores_shrink_to_one_zero() -> None:
    got = find_minimum(lambda d: d.scores())
    assert (got["x"].tolist(), got["dim"]) == ([0], 0)


ARRAYS: dict[str, Ask[Any]] = {
    "grid": lambda d: d.grid((3, 4)),
    "wide grid": lambda d: d.grid((3, 4), top=32),
    "nonzero": lambda d: d.nonzero((3, 4)),
    "powers": lambda d: d.powers((3, 4)),
    "odd": lambda d: d.odd((3, 4)),
    "fine odd": lambda d: d.odd((3, 4), step=1 / 128),
    "distinct": lambda d: d.distinct((3, 4)),
    "far rows": lambda d: d.far_rows(3, 4),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_float32_of_the_shape_asked_for(name: str) -> None:
    for array in sample(ARRAYS[name], 50):
        assert (array.dtype, array.shape) == (np.float32, (3, 4))
        assert not np.signbit(array[array == 0]).any()


@pytest.mark.parametrize(
    ("name", "step"), [("grid", 8), ("nonzero", 8), ("odd", 16), ("fine odd", 128)]
)
def test_sums_and_products_are_exact_in_float32(name: str, step: int) -> None:
    for array in sample(ARRAYS[name], 100):
        assert (array * step == np.round(array * step)).all()
        wide = array.astype(np.float64)
        assert ((array @ array.T) == (wide @ wide.T)).all()


@pytest.mark.parametrize(
    ("name", "top", "values"),
    [("grid", 2, 33), ("wide grid", 4, 65), ("nonzero", 1, 16), ("powers", 4, 8), ("odd", 2, 32)],
)
def test_every_value_of_a_grid_is_reached_and_none_beyond(name: str, top: int, values: int) -> None:
    found = np.unique(np.concatenate([array.ravel() for array in sample(ARRAYS[name])]))
    assert len(found) == values
    assert found.tolist() == (-found[::-1]).tolist()
    assert abs(found).max() <= top


def test_nonzero_is_never_zero() -> None:
    assert all(array.all() for array in sample(ARRAYS["nonzero"]))


@pytest.mark.parametrize("name", ["odd", "fine odd"])
def test_odd_never_lies_on_a_kink_at_a_multiple_of_an_eighth(name: str) -> None:
    assert all((array * 8 % 1 != 0).all() for array in sample(ARRAYS[name]))


def test_division_by_powers_is_exact() -> None:
    for array in sample(ARRAYS["powers"], 50):
        assert (1 / array * array == 1).all()
        assert (np.log2(abs(array)) % 1 == 0).all()


def test_distinct_has_no_ties_and_puts_the_largest_anywhere() -> None:
    found = sample(ARRAYS["distinct"])
    assert all(np.unique(array).size == array.size for array in found)
    assert len({int(array.argmax()) for array in found}) == 12


def test_ids_reach_every_class_and_none_beyond() -> None:
    found = np.concatenate(sample(lambda d: d.ids(4, 3)))
    assert found.dtype == np.int64
    assert set(found.tolist()) == {0, 1, 2}


def test_masks_are_booleans_of_both_kinds() -> None:
    found = np.concatenate(sample(lambda d: d.mask((5,))))
    assert found.dtype == bool
    assert 0.3 < found.mean() < 0.7


def test_integers_and_choices_reach_everything() -> None:
    assert set(sample(lambda d: d.integer(-2, 3))) == set(range(-2, 4))
    assert set(sample(lambda d: d.choice("abc"))) == set("abc")


def test_shapes_have_all_ranks_and_mostly_unequal_sides_above_one() -> None:
    found = sample(lambda d: d.shape(0, 3))
    assert {len(shape) for shape in found} == {0, 1, 2, 3}
    sides = [side for shape in found for side in shape]
    assert set(sides) == {1, 2, 3, 4}
    assert 0.05 < sides.count(1) / len(sides) < 0.35
    planes = [shape for shape in found if len(shape) == 2]
    assert measure_share(planes, lambda shape: shape[0] != shape[1]) > 0.5


@pytest.fixture(scope="module")
def pairs() -> list[Any]:
    return sample(lambda d: d.broadcast_shapes(), 500)


def test_two_shapes_always_broadcast(pairs: list[Any]) -> None:
    for a, b in pairs:
        assert np.broadcast_shapes(a, b) in (a, b)


def broadcasts_a_side(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Tell whether a side of 1 meets a longer one."""
    return any(1 in sides and max(sides) > 1 for sides in zip(a[::-1], b[::-1], strict=False))


@pytest.mark.parametrize(
    ("what", "least", "holds"),
    [
        ("an axis is added in front", 0.3, lambda a, b: len(a) != len(b)),
        ("a side of 1 is broadcast", 0.15, broadcasts_a_side),
        ("one is a single number", 0.1, lambda a, b: () in (a, b) and a != b),
        ("both are single numbers", 0.002, lambda a, b: a == b == ()),
        ("nothing broadcasts", 0.1, lambda a, b: a == b),
        ("the left one is broadcast", 0.2, lambda a, b: np.prod(a) < np.prod(b)),
        ("the right one is broadcast", 0.2, lambda a, b: np.prod(a) > np.prod(b)),
        ("more than four numbers", 0.4, lambda a, b: max(np.prod(a), np.prod(b)) > 4),
    ],
)
def test_every_kind_of_broadcasting_is_drawn_often(
    what: str, least: float, holds: Callable[..., bool], pairs: list[Any]
) -> None:
    assert measure_share(pairs, lambda pair: holds(*pair)) >= least, what


@pytest.mark.parametrize("pattern", ["mk,kn", "k,k", "k,kn", "bmk,k", "bmk,bkn", "b1mk,ckn"])
def test_factors_fit_and_their_sides_differ(pattern: str) -> None:
    found = sample(lambda d: d.factors(pattern), 100)
    left, right = pattern.split(",")
    for factors in found:
        assert (factors["a"].ndim, factors["b"].ndim) == (len(left), len(right))
        assert np.matmul(factors["a"], factors["b"]).size
    sides = [{*one["a"].shape, *one["b"].shape} for one in found]
    assert measure_share(sides, lambda some: len(some) > 1) > (0.5 if len(pattern) > 3 else -1)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [((2, 3), 1, 0), ((3, 3), 2, 1), ((2, 2), 3, 0)]
)
def test_windows_fit_and_sometimes_miss_the_last_rows(
    kernel: tuple[int, int], stride: int, padding: int
) -> None:
    found = sample(lambda d: d.windows(kernel, stride, padding), 100)
    missed = []
    for image, windows in found:
        spans = [side + 2 * padding - k for side, k in zip(image[2:], kernel, strict=True)]
        assert windows == (*image[:2], *(span // stride + 1 for span in spans))
        assert min(windows) >= 1
        missed.append(any(span % stride for span in spans))
    assert (sum(missed) > 20) == (stride > 1)


def test_far_rows_hold_near_and_far_scores() -> None:
    found = sample(ARRAYS["far rows"], 100)
    spread = [float(np.ptp(array, axis=1).max()) for array in found]
    assert min(spread) <= 8
    assert max(spread) >= 1000
    assert max(abs(array).max() for array in found) > 5000


@pytest.mark.parametrize("name", COURSE.checks)
def test_the_inputs_of_a_check_cross_a_pipe_unchanged(name: str, tmp_path: Any) -> None:
    few = dataclasses.replace(COURSE.checks[name], examples=5)
    for example in DrawnExamples().examples(few, 0):
        inputs, (plain, arrays) = example.inputs, example.packed
        json.dumps(plain, allow_nan=False)
        with (tmp_path / "pipe").open("wb") as pipe:
            send(pipe, {"inputs": plain}, arrays)
        with (tmp_path / "pipe").open("rb") as pipe:
            header, received = receive(pipe)
        got = unpack_inputs(header["inputs"], received)
        assert list(got) == list(inputs)
        assert repr(got) == repr(inputs)
        assert sum(array.size for array in arrays) < 10_000
