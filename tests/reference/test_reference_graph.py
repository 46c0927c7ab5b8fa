"""The graph walk: each node once, after all its consumers; only leaves keep gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from reference.activations import ReLU
from reference.autograd import Function, enable_autograd
from reference.tensor import Tensor


def leaf(*values: float) -> Tensor:
    """Make a vector that requires grad."""
    return Tensor(values, requires_grad=True)


def test_a_tensor_used_k_times_accumulates_k_contributions() -> None:
    x = leaf(2.0, 3.0)
    (x * x + x + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [6, 8])


def test_a_node_passes_on_only_when_all_its_consumers_have_reported() -> None:
    x = leaf(3.0)
    y = x * 2
    late = y
    for _ in range(5):  # the long branch reports after the short one
        late = late * 1
    (y * late).backward()
    np.testing.assert_array_equal(x.grad, [24])


def test_a_diamond_of_depth_forty_is_linear() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(40):
        y = y + y
    y.backward()
    assert x.grad == 2.0**40


def test_each_recorded_edge_is_followed_exactly_once() -> None:
    x = leaf(1.0)
    calls = []

    def counted(y: Tensor) -> Tensor:
        def product(g: Any) -> Any:
            calls.append(g)
            return g

        return Tensor.from_op(y.data + 0, (y, product))

    y = counted(x)
    z = counted(y) + counted(y) * counted(y)
    z.backward()
    assert len(calls) == 4
    assert x.grad == 3


def test_a_chain_of_fifty_thousand_operations_is_walked_and_freed() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(50_000):
        y = y + 1
    y.backward()
    del y
    assert x.grad == 1


def test_two_backward_calls_accumulate_without_stale_parts() -> None:
    x = leaf(2.0)
    y = x * x * x
    y.backward()
    y.backward()
    assert x.grad == 24


def test_two_losses_that_share_a_subgraph_accumulate() -> None:
    x = leaf(2.0)
    shared = x * x
    (shared * 3).backward()
    (shared * 5).backward()
    assert x.grad == 32


def test_zero_grad_forgets() -> None:
    x = leaf(2.0)
    (x * x).backward()
    x.zero_grad()
    assert x.grad is None
    (x * x).backward()
    assert x.grad == 4


def test_a_scalar_starts_from_one_and_a_leaf_from_itself() -> None:
    x = Tensor(3.0, requires_grad=True)
    x.backward()
    assert x.grad.shape == ()
    assert x.grad == 1


@pytest.mark.parametrize("gradient", [None, np.ones(3), np.ones((1, 2)), 1.0])
def test_backward_refuses_a_missing_or_misshapen_gradient(gradient: Any) -> None:
    with pytest.raises(ValueError, match="gradient"):
        (leaf(1.0, 2.0) * 2).backward(gradient)


@pytest.mark.parametrize("kind", [np.array, list, Tensor])
def test_backward_takes_arrays_and_tensors(kind: Any) -> None:
    x = leaf(1.0, 2.0)
    (x * 2).backward(kind([1.0, 10.0]))
    np.testing.assert_array_equal(x.grad, [2, 20])


def test_only_leaves_that_require_grad_get_one() -> None:
    x, constant = leaf(1.0), Tensor([2.0])
    middle = x * constant
    middle.sum().backward()
    assert constant.grad is None
    assert middle.grad is None
    assert not (constant * constant).requires_grad


def test_a_constant_result_has_nothing_to_do() -> None:
    y = Tensor([1.0]) * 2
    y.backward()
    assert y.grad is None


def test_gradients_share_memory_with_nothing() -> None:
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    seed = np.ones(2, dtype=np.float32)
    y = a + b
    y.backward(seed)
    arrays = [a.grad, b.grad, seed, a.data, b.data, y.data]
    for index, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in arrays[index + 1 :])


def test_the_seed_of_a_leaf_is_copied() -> None:
    x, seed = leaf(1.0, 2.0), np.ones(2, dtype=np.float32)
    x.backward(seed)
    x.backward(seed)
    np.testing.assert_array_equal(seed, [1, 1])
    np.testing.assert_array_equal(x.grad, [2, 2])


def test_a_gradient_array_kept_from_before_does_not_change() -> None:
    x = leaf(1.0)
    (x * 2).backward()
    kept = x.grad
    (x * 2).backward()
    assert kept == 2


def test_a_new_value_after_the_forward_leaves_the_graph_intact() -> None:
    x, y = leaf(2.0), leaf(3.0)
    product = x * y
    x.data = x.data + 100
    product.backward()
    assert y.grad == 2


def test_enabling_twice_is_as_once() -> None:
    before = Tensor.backward
    enable_autograd()
    enable_autograd()
    assert Tensor.backward is before
    assert Tensor.recording


def test_relu_has_slope_zero_at_zero() -> None:
    x = leaf(0.0, -0.0, 1.0)
    ReLU()(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 1])


@pytest.mark.parametrize(("axis", "expected"), [(None, [[0.5, 0], [0.5, 0]]), (1, np.eye(2))])
def test_equal_maxima_share_the_gradient(axis: int | None, expected: Any) -> None:
    x = Tensor([[2.0, 1.0], [2.0, 1.0]] if axis is None else np.eye(2), requires_grad=True)
    x.max(axis=axis).sum().backward()
    np.testing.assert_array_equal(x.grad, expected)


def test_a_custom_function_is_recorded_like_any_operation() -> None:
    class Hypotenuse(Function):
        def forward(self, *inputs: Any) -> Any:
            self.a, self.b = inputs
            self.c = np.hypot(self.a, self.b)
            return self.c

        def backward(self, cotangent: Any) -> tuple[Any, ...]:
            return cotangent * self.a / self.c, cotangent * self.b / self.c

    a, b = leaf(3.0), leaf(4.0, 4.0)
    c = Hypotenuse.apply(a, b)
    c.backward([1.0, 2.0])
    np.testing.assert_array_equal(c.data, [5, 5])
    np.testing.assert_allclose(a.grad, [1.8], rtol=1e-6)
    np.testing.assert_allclose(b.grad, [0.8, 1.6], rtol=1e-6)
