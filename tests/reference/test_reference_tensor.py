"""Tensor operations against NumPy, copies instead of aliases, and the errors named."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from reference.activations import ReLU, Sigmoid, Softmax, Tanh
from reference.losses import log_softmax
from reference.tensor import Tensor


def images(*shape: int) -> Tensor:
    """Draw images."""
    return Tensor(np.random.standard_normal(shape))


def test_a_tensor_copies_what_it_is_given() -> None:
    array = np.ones(3, dtype=np.float32)
    tensor = Tensor(array)
    array[0] = 5
    np.testing.assert_array_equal(tensor.data, [1, 1, 1])


def test_attributes() -> None:
    tensor = Tensor([[1, 2, 3]], requires_grad=True)
    assert (tensor.shape, tensor.size, tensor.dtype) == ((1, 3), 3, np.float32)
    assert (tensor.requires_grad, tensor.grad) == (True, None)
    assert tensor.numpy() is tensor.data
    assert repr(Tensor(2)) == "Tensor(2.0, shape=())"
    assert repr(tensor) == "Tensor([[1. 2. 3.]], shape=(1, 3), requires_grad=True)"


@pytest.mark.parametrize(
    "operation",
    [
        lambda a: a + 0,
        lambda a: a * 1,
        lambda a: a.reshape(3, 2),
        lambda a: a.reshape(2, 3),
        lambda a: a.transpose(),
        lambda a: a.transpose(0, 0),
        lambda a: a[:],
        lambda a: a[0],
        lambda a: a.flatten(),
        lambda a: a.sum(axis=()),
        lambda a: a.max(axis=()),
    ],
)
def test_results_never_share_memory_with_their_operand(operation: Any) -> None:
    a = images(2, 3)
    before = a.data.copy()
    result = operation(a)
    assert not np.shares_memory(result.data, a.data)
    np.testing.assert_array_equal(a.data, before)


@pytest.mark.parametrize(
    ("operation", "formula"),
    [
        (lambda a: a[1, :, [0, 2, 2]], lambda x: x[1, :, [0, 2, 2]]),
        (lambda a: a[Tensor([1.0, -1.0]).data > 0], lambda x: x[:1]),
        (lambda a: a.reshape(4, -1), lambda x: x.reshape(4, 6)),
        (lambda a: a.reshape((3, 8)), lambda x: x.reshape(3, 8)),
        (lambda a: a.transpose().reshape(-1), lambda x: x.swapaxes(1, 2).ravel()),
        (lambda a: a.transpose(), lambda x: x.swapaxes(1, 2)),
        (lambda a: a.transpose(0, -1), lambda x: x.swapaxes(0, 2)),
        (lambda a: a.flatten(), lambda x: x.ravel()),
        (lambda a: a.flatten(1), lambda x: x.reshape(2, 12)),
        (lambda a: a.sum(), lambda x: x.sum()),
        (lambda a: a.sum((0, 2)), lambda x: x.sum((0, 2))),
        (lambda a: a.mean(1, keepdims=True), lambda x: x.mean(1, keepdims=True)),
        (lambda a: a.mean(), lambda x: x.mean()),
        (lambda a: a.max(), lambda x: x.max()),
        (lambda a: a.max(axis=(-1, 0)), lambda x: x.max((0, 2))),
        (lambda a: a.max(axis=1, keepdims=True), lambda x: x.max(1, keepdims=True)),
        (lambda a: a @ a.transpose(), lambda x: x @ x.swapaxes(1, 2)),
        (lambda a: a.matmul(Tensor([1, 2, 3, 4])), lambda x: x @ np.arange(1, 5)),
        (lambda a: Tensor([1, 2, 3]) @ a, lambda x: np.arange(1, 4) @ x),
        (lambda a: -a, lambda x: -x),
        (lambda a: a**2, lambda x: x * x),
        (lambda a: a.exp(), np.exp),
        (lambda a: (a * a).log(), lambda x: np.log(x * x)),
        (Tanh(), np.tanh),
        (ReLU(), lambda x: np.where(x < 0, 0, x)),
        (Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
        (Softmax(), lambda x: np.exp(x) / np.exp(x).sum(2, keepdims=True)),
        (log_softmax, lambda x: x - np.log(np.exp(x).sum(2, keepdims=True))),
    ],
)
def test_values_are_those_of_numpy(operation: Any, formula: Any, double: None) -> None:
    a = images(2, 3, 4)
    got, want = operation(a).data, formula(a.data)
    assert got.shape == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=1e-12)


@pytest.mark.parametrize("shape", [(), (3,)])
def test_transposing_a_scalar_or_vector_copies(shape: tuple[int, ...]) -> None:
    a = images(*shape)
    result = a.transpose()
    np.testing.assert_array_equal(result.data, a.data)
    assert not np.shares_memory(result.data, a.data)


@pytest.mark.parametrize("other", [2, 2.0, np.float64(2), np.full((2, 3), 2), Tensor(2)])
def test_operands_may_be_numbers_arrays_and_tensors(other: Any) -> None:
    a = Tensor(np.arange(6).reshape(2, 3) + 1)
    pairs = [(a + other, a.data + 2), (a - other, a.data - 2), (a * other, a.data * 2)]
    pairs += [(a / other, a.data / 2), (other + a, a.data + 2), (other - a, 2 - a.data)]
    pairs += [(other * a, a.data * 2), (other / a, 2 / a.data)]
    for got, want in pairs:
        assert isinstance(got, Tensor)
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got.data, want)


@pytest.mark.parametrize("other", [2, [1.0, 2.0], np.ones((2, 2))])
def test_matmul_refuses_what_is_not_a_tensor(other: Any) -> None:
    with pytest.raises(TypeError, match="Tensor"):
        Tensor(np.ones((2, 2))) @ other


@pytest.mark.parametrize(
    ("left", "right"), [((2, 3), (2, 3)), ((3,), (2,)), ((), (3,)), ((2, 2, 3), (3, 3, 2))]
)
def test_matmul_names_both_shapes_when_they_do_not_fit(left: Any, right: Any) -> None:
    both = f"{re.escape(str(left))}.*{re.escape(str(right))}"
    with pytest.raises(ValueError, match=both):
        Tensor(np.ones(left)).matmul(Tensor(np.ones(right)))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda a: a.reshape(-1, -1), "one unknown dimension"),
        (lambda a: a.reshape(4, 2), "cannot reshape"),
        (lambda a: a.reshape((5, -1)), "cannot reshape"),
        (lambda a: a.transpose(0), "both dim0 and dim1"),
        (lambda a: a.transpose(dim1=1), "both dim0 and dim1"),
    ],
)
def test_wrong_shapes_are_refused(wrong: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wrong(images(2, 3))


def test_assigned_data_takes_on_the_precision() -> None:
    tensor = Tensor([1.0])
    tensor.data = np.array([2.0, 3.0], dtype=np.float64)
    assert tensor.dtype == np.float32
