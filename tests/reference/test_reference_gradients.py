"""Every gradient of the reference agrees with a numerical derivative of its forward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.activations import GELU, ReLU, Sigmoid, Softmax, Tanh
from reference.layers import Dropout, Linear, Sequential
from reference.losses import BinaryCrossEntropyLoss, CrossEntropyLoss, MSELoss, log_softmax
from reference.spatial import AvgPool2d, BatchNorm2d, Conv2d, MaxPool2d
from reference.tensor import Tensor

Shape = tuple[int, ...]
Prover = Callable[..., None]

BROADCASTS = [
    ((), ()),
    ((1,), (1,)),
    ((4,), ()),
    ((), (2, 3)),
    ((2, 3), (3,)),
    ((2, 1), (1, 3)),
    ((1, 3), (2, 3)),
    ((2, 3, 4), (3, 1)),
    ((1, 3, 4), (3, 1)),
    ((1, 1), (3,)),
]
AXES = [
    ((), None),
    ((3,), 0),
    ((2, 3), None),
    ((2, 3), -1),
    ((2, 3, 4), 1),
    ((2, 3, 4), (0, 2)),
    ((2, 3, 4), (-1, 0)),
    ((1, 3), 0),
]
KERNELS = [  # height, width, kernel, stride, padding
    (3, 3, 1, 1, 0),
    (3, 3, 3, 1, 0),
    (4, 5, (2, 3), 1, 1),
    (5, 4, 2, 2, 0),  # the last row is covered by no window
    (6, 6, 3, 2, 0),
    (5, 5, 3, (2, 1), (0, 1)),
    (4, 4, 2, 3, 1),  # rows between the windows are skipped
]


def values(*shape: int) -> np.ndarray[Any, Any]:
    """Draw values of either sign, away from zero."""
    size = np.random.uniform(0.2, 1.2, shape)
    return size * np.where(np.random.random_sample(shape) < 0.5, -1, 1)


def distinct(*shape: int) -> np.ndarray[Any, Any]:
    """Draw distinct odd multiples of 1/16: no ties, and no kink within reach of a step."""
    count = int(np.prod(shape))
    return ((np.random.permutation(count) - count // 2) / 8 + 1 / 16).reshape(shape)


@pytest.mark.parametrize(("left", "right"), BROADCASTS)
@pytest.mark.parametrize("symbol", ["+", "-", "*", "/"])
def test_arithmetic_broadcasts(
    symbol: str, left: Shape, right: Shape, prove_by_complex_step: Prover
) -> None:
    operation = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }[symbol]
    prove_by_complex_step(operation, values(*left), values(*right))


@pytest.mark.parametrize(
    "operation",
    [
        lambda a: 2 + a * 3 - 1,
        lambda a: (1 - a) / 4,
        lambda a: 2 / a + 3 * a,
        lambda a: np.array([[1.0, 2.0, 3.0]]) * a - np.array([[1.0], [2.0]]),
        lambda a: -a,
        lambda a: a**3,
        lambda a: a**-1,
        lambda a: a**1,
        lambda a: a**0,
        lambda a: (a * a) ** 0.5,
        lambda a: a.exp(),
        lambda a: (a * a).log(),
        lambda a: a * a + a,
    ],
)
def test_arithmetic_with_numbers_and_arrays(operation: Any, prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(operation, values(2, 3))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3,), (3,)),
        ((1,), (1,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((1, 1), (1, 1)),
        ((2, 3, 4), (2, 4, 2)),
        ((2, 3, 4), (4, 2)),
        ((3, 4), (2, 4, 2)),
        ((2, 1, 3, 2), (3, 2, 4)),
        ((1, 2, 3), (4, 3, 2)),
        ((2, 3, 4), (4,)),
        ((4,), (2, 4, 3)),
    ],
)
def test_matmul_of_vectors_matrices_and_batches(
    left: Shape, right: Shape, prove_by_complex_step: Prover
) -> None:
    prove_by_complex_step(lambda a, b: a @ b, values(*left), values(*right))


@pytest.mark.parametrize(
    "key",
    [
        1,
        -1,
        slice(0, 2),
        slice(None, None, -1),
        (1, 2),
        (slice(None), 1),
        (..., 0),
        None,
        np.array([0, 2, 0, 0]),
        [2, 2],
        (np.array([0, 1, 0]), np.array([2, 2, 2])),
        (slice(None), np.array([1, 1])),
        np.array([True, False, True]),
        np.array([False, False, False]),
    ],
)
def test_indexing_accumulates_repeated_indices(key: Any, prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(lambda a: a[key], values(3, 4))


@pytest.mark.parametrize(
    "operation",
    [
        lambda a: a.reshape(6, -1),
        lambda a: a.reshape((3, 2, 4)),
        lambda a: a.flatten(),
        lambda a: a.flatten(1),
        lambda a: a.transpose(),
        lambda a: a.transpose(0, 2),
        lambda a: a.transpose(-1, 0).reshape(-1),
        lambda a: a.transpose(1, 1),
    ],
)
def test_movement(operation: Any, prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(operation, values(2, 3, 4))


@pytest.mark.parametrize("shape", [(), (3,)])
def test_transpose_of_scalars_and_vectors(shape: Shape, prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(lambda a: a.transpose(), values(*shape))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(("shape", "axis"), AXES)
@pytest.mark.parametrize("name", ["sum", "mean"])
def test_sum_and_mean(
    name: str, shape: Shape, axis: Any, keepdims: bool, prove_by_complex_step: Prover
) -> None:
    prove_by_complex_step(lambda a: getattr(a, name)(axis, keepdims), values(*shape))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(("shape", "axis"), AXES)
def test_max(shape: Shape, axis: Any, keepdims: bool, prove_by_differences: Prover) -> None:
    prove_by_differences(lambda a: a.max(axis, keepdims), distinct(*shape))


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (2, 1, 3, 2)])
@pytest.mark.parametrize("activation", [Sigmoid, Tanh, GELU])
def test_smooth_activations(activation: Any, shape: Shape, prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(activation(), 3 * values(*shape))


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (2, 1, 3, 2)])
def test_relu(shape: Shape, prove_by_differences: Prover) -> None:
    prove_by_differences(ReLU(), distinct(*shape))


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -2])
@pytest.mark.parametrize("function", [Softmax(), log_softmax])
def test_softmax_along_any_axis(function: Any, dim: int, prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(lambda x: function(x, dim=dim), values(2, 3, 4))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3)])
def test_linear(shape: Shape, prove_by_complex_step: Prover) -> None:
    def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        layer = Linear(3, 2)
        layer.weight, layer.bias = weight, bias
        return layer(x)

    prove_by_complex_step(forward, values(*shape), values(3, 2), values(2))


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_dropout(p: float, prove_by_complex_step: Prover) -> None:
    def forward(x: Tensor) -> Tensor:
        np.random.seed(5)  # the same mask in every call
        return Dropout(p)(x * 1)

    prove_by_complex_step(forward, values(4, 5))


def test_mean_squared_error(prove_by_complex_step: Prover) -> None:
    prove_by_complex_step(MSELoss(), values(3, 2), values(3, 2))


@pytest.mark.parametrize("targets", [[0], [2, 0, 2, 1]])
def test_cross_entropy(targets: list[int], prove_by_complex_step: Prover) -> None:
    ids = np.array(targets)
    prove_by_complex_step(
        lambda logits: CrossEntropyLoss()(logits, Tensor(ids)), 4 * values(len(ids), 3)
    )


def test_binary_cross_entropy(prove_by_complex_step: Prover) -> None:
    labels = np.array([[0.0, 1.0], [1.0, 0.25]])
    prove_by_complex_step(
        lambda p: BinaryCrossEntropyLoss()(p, Tensor(labels)), np.random.uniform(0.1, 0.9, (2, 2))
    )


@pytest.mark.parametrize(("height", "width", "kernel", "stride", "padding"), KERNELS)
def test_convolution(
    height: int, width: int, kernel: Any, stride: Any, padding: Any, prove_by_complex_step: Prover
) -> None:
    def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        layer = Conv2d(2, 3, kernel, stride, padding)
        layer.weight, layer.bias = weight, bias
        return layer(x)

    weight = values(*Conv2d(2, 3, kernel).weight.shape)
    prove_by_complex_step(forward, values(2, 2, height, width), weight, values(3))


def test_convolution_without_bias(prove_by_complex_step: Prover) -> None:
    def forward(x: Tensor, weight: Tensor) -> Tensor:
        layer = Conv2d(1, 2, 2, bias=False)
        layer.weight = weight
        return layer(x)

    prove_by_complex_step(forward, values(1, 1, 3, 3), values(2, 1, 2, 2))


@pytest.mark.parametrize(("height", "width", "kernel", "stride", "padding"), KERNELS)
def test_average_pooling(
    height: int, width: int, kernel: Any, stride: Any, padding: Any, prove_by_complex_step: Prover
) -> None:
    prove_by_complex_step(AvgPool2d(kernel, stride, padding), values(2, 3, height, width))


@pytest.mark.parametrize(("height", "width", "kernel", "stride", "padding"), KERNELS[:-1])
def test_max_pooling(
    height: int, width: int, kernel: Any, stride: Any, padding: Any, prove_by_differences: Prover
) -> None:
    prove_by_differences(MaxPool2d(kernel, stride, padding), distinct(2, 3, height, width))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(3, 2, 2, 3), (1, 2, 3, 1), (2, 1, 1, 1)])
def test_batch_normalisation(training: bool, shape: Shape, prove_by_complex_step: Prover) -> None:
    mean, var = values(shape[1]), np.random.uniform(0.5, 2, shape[1])

    def forward(x: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        layer = BatchNorm2d(shape[1])
        layer.gamma, layer.beta, layer.training = gamma, beta, training
        layer.running_mean, layer.running_var = mean, var
        return layer(x)

    prove_by_complex_step(forward, values(*shape), values(shape[1]), values(shape[1]))


def test_a_network_of_everything_smooth(prove_by_complex_step: Prover) -> None:
    def forward(x: Tensor, weight: Tensor) -> Tensor:
        np.random.seed(6)  # the same initial weights in every call
        net = Sequential(Conv2d(1, 2, 3, padding=1), BatchNorm2d(2), Tanh(), AvgPool2d(2), GELU())
        features = net(x).flatten(1)
        return CrossEntropyLoss()(features @ weight, Tensor([0, 2]))

    prove_by_complex_step(forward, values(2, 1, 4, 4), values(8, 3))
