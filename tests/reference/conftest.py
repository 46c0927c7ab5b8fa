"""Numerical derivatives that prove the reference's gradients, as fixtures.

The complex step (Squire and Trapp, 1998) has no cancellation, so it is exact to rounding wherever
the forward is analytic; central differences serve the piecewise operations. Both go entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest

import reference.autograd  # noqa: F401  (turns recording on)
from reference.tensor import Tensor

Array: TypeAlias = npt.NDArray[Any]
Forward: TypeAlias = Callable[..., Tensor]
Prover: TypeAlias = Callable[..., None]

COMPLEX_STEP, COMPLEX_TOLERANCE = 1e-20, 1e-12
REAL_STEP, REAL_TOLERANCE = 1e-5, 1e-8


@contextmanager
def precision(dtype: npt.DTypeLike) -> Iterator[None]:
    """Let everything run in another precision for a while."""
    before = Tensor.precision
    Tensor.precision = dtype
    try:
        yield
    finally:
        Tensor.precision = before


@pytest.fixture(autouse=True)
def _seeded() -> None:
    np.random.seed(0)


@pytest.fixture
def double() -> Iterator[None]:
    """Run the test in float64, as the oracle does."""
    with precision(np.float64):
        yield


@pytest.fixture
def prove_by_complex_step() -> Prover:
    """Compare every gradient entry of an analytic function with the complex step."""
    return _prove_by_complex_step


@pytest.fixture
def prove_by_differences() -> Prover:
    """Compare every gradient entry of a piecewise smooth function with central differences."""
    return _prove_by_differences


def _prove_by_complex_step(forward: Forward, *arrays: Array) -> None:
    cotangent, gradients = _gradients(forward, arrays)
    with precision(np.complex128):
        numerical = _entry_by_entry(
            arrays,
            lambda moved: (cotangent * forward(*map(Tensor, moved)).data.imag).sum(),
            lambda value, entry: value(entry, COMPLEX_STEP * 1j) / COMPLEX_STEP,
        )
    _assert_equal_gradients(gradients, numerical, cotangent, COMPLEX_TOLERANCE)


def _prove_by_differences(forward: Forward, *arrays: Array) -> None:
    cotangent, gradients = _gradients(forward, arrays)
    with precision(np.float64):
        numerical = _entry_by_entry(
            arrays,
            lambda moved: (cotangent * forward(*map(Tensor, moved)).data).sum(),
            lambda value, entry: (
                (value(entry, REAL_STEP) - value(entry, -REAL_STEP)) / (2 * REAL_STEP)
            ),
        )
    _assert_equal_gradients(gradients, numerical, cotangent, REAL_TOLERANCE)


def _gradients(forward: Forward, arrays: tuple[Array, ...]) -> tuple[Array, list[Array]]:
    """Draw a cotangent and return it with the gradients of all inputs under it."""
    with precision(np.float64):
        inputs = [Tensor(array, requires_grad=True) for array in arrays]
        result = forward(*inputs)
        cotangent = np.random.default_rng(1).standard_normal(result.shape)
        result.backward(cotangent)
        return np.asarray(cotangent), [tensor.grad for tensor in inputs]


def _entry_by_entry(
    arrays: tuple[Array, ...],
    projected: Callable[[list[Array]], Any],
    quotient: Callable[[Callable[[tuple[int, ...], complex], Any], tuple[int, ...]], Any],
) -> list[Array]:
    """Differentiate with respect to each entry of each array."""
    result = []
    for position, array in enumerate(arrays):

        def value(entry: tuple[int, ...], step: complex, position: int = position) -> Any:
            moved = [np.array(other, dtype=Tensor.precision) for other in arrays]
            moved[position][entry] += step
            return projected(moved)

        derivative = np.zeros(array.shape)
        for entry in np.ndindex(array.shape):
            derivative[entry] = quotient(value, entry)
        result.append(derivative)
    return result


def _assert_equal_gradients(
    gradients: list[Array], numerical: list[Array], cotangent: Array, tolerance: float
) -> None:
    for gradient, expected in zip(gradients, numerical, strict=True):
        assert gradient.shape == expected.shape
        # Where the gradient nearly vanishes, the cotangent still sets the scale of rounding.
        scale = np.linalg.norm(expected) + np.linalg.norm(cotangent)
        np.testing.assert_allclose(gradient, expected, rtol=0, atol=tolerance * scale)
