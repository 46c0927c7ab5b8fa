"""Convolution, pooling and batch normalisation against plain loops."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from reference import windows as windows_module
from reference.activations import ReLU
from reference.spatial import AvgPool2d, BatchNorm2d, Conv2d, MaxPool2d
from reference.tensor import Tensor

STRIDES = [(1, 1, 0), (2, 2, 1), (3, 1, 2), ((2, 3), (1, 2), (1, 0))]  # kernel, stride, padding


def images(*shape: int) -> Tensor:
    """Draw images."""
    return Tensor(np.random.standard_normal(shape))


def windows(x: Any, kernel: Any, stride: Any, padding: Any, border: float) -> Any:
    """Cut every window out with plain loops: (N, C, H', W', kh, kw)."""
    (kh, kw), (sh, sw), (ph, pw) = (np.broadcast_to(v, 2) for v in (kernel, stride, padding))
    n, c, h, w = x.shape
    padded = np.full((n, c, h + 2 * ph, w + 2 * pw), float(border))
    padded[:, :, ph : ph + h, pw : pw + w] = x
    rows, columns = (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    result = np.zeros((n, c, rows, columns, kh, kw))
    for i, j in product(range(rows), range(columns)):
        result[:, :, i, j] = padded[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
    return result


def gradients(layer: Any, x: Tensor) -> list[Any]:
    """Return a layer's output, and its gradients under a cotangent of varied numbers."""
    x = Tensor(x.data, requires_grad=True)
    for parameter in layer.parameters():
        parameter.zero_grad()
    y = layer(x)
    y.backward(np.cos(np.arange(y.size)).reshape(y.shape))
    return [y.data, x.grad, *(parameter.grad for parameter in layer.parameters())]


@pytest.mark.parametrize(("kernel", "stride", "padding"), STRIDES)
def test_convolution_is_cross_correlation(
    kernel: Any, stride: Any, padding: Any, double: None
) -> None:
    x, layer = images(2, 3, 5, 6), Conv2d(3, 4, kernel, stride, padding)
    layer.bias.data = np.arange(4)
    cut = windows(x.data, kernel, stride, padding, 0)
    want = np.einsum("nchwij,ocij->nohw", cut, layer.weight.data)
    np.testing.assert_allclose(layer(x).data, want + np.arange(4)[:, None, None], rtol=1e-10)


@pytest.mark.parametrize("tile", [1, 500, 2000, 6000])  # bytes: from one position to all
@pytest.mark.parametrize(("kernel", "stride", "padding"), STRIDES)
def test_convolution_does_not_depend_on_its_tiles(
    kernel: Any, stride: Any, padding: Any, tile: int, double: None, monkeypatch: Any
) -> None:
    x, layer = images(2, 3, 7, 6), Conv2d(3, 4, kernel, stride, padding)
    at_once = gradients(layer, x)
    monkeypatch.setattr(windows_module, "TILE_BYTES", tile)
    for got, want in zip(gradients(layer, x), at_once, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("kernel", "stride", "padding"), STRIDES[1:])
def test_pooling_over_windows(kernel: Any, stride: Any, padding: Any, double: None) -> None:
    x = Tensor(-np.random.random_sample((2, 3, 5, 6)))  # a border of zeros would win
    padding = np.minimum(padding, 1)
    top = windows(x.data, kernel, stride, padding, -np.inf).max((-2, -1))
    mean = windows(x.data, kernel, stride, padding, 0).mean((-2, -1))
    np.testing.assert_array_equal(MaxPool2d(kernel, stride, padding)(x).data, top)
    np.testing.assert_allclose(AvgPool2d(kernel, stride, padding)(x).data, mean, rtol=1e-12)


def test_pooling_strides_by_its_kernel_unless_told() -> None:
    assert MaxPool2d(2)(images(1, 1, 5, 6)).shape == (1, 1, 2, 3)
    assert AvgPool2d((1, 3))(images(1, 1, 5, 6)).shape == (1, 1, 5, 2)


def test_the_first_of_equal_values_receives_the_gradient_of_a_max_pool() -> None:
    x = Tensor(np.zeros((1, 1, 3, 3)), requires_grad=True)
    MaxPool2d(2, stride=1)(x).backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))
    np.testing.assert_array_equal(x.grad[0, 0], [[1, 2, 0], [3, 4, 0], [0, 0, 0]])


def test_of_equal_values_above_and_below_the_upper_one_receives_the_gradient() -> None:
    x = Tensor([[[[0.0, 1.0], [1.0, 0.0]]]], requires_grad=True)
    MaxPool2d(2)(x).backward(np.full((1, 1, 1, 1), 3.0))
    np.testing.assert_array_equal(x.grad[0, 0], [[0, 3], [0, 0]])


def test_a_constant_channel_is_normalised_to_its_shift() -> None:
    norm, x = BatchNorm2d(1), Tensor(np.full((3, 1, 2, 2), 1.75))
    norm.beta.data = np.array([0.3])
    np.testing.assert_array_equal(norm(x).data, np.full(x.shape, 0.3, np.float32))


def test_batch_normalisation_in_training(double: None) -> None:
    x, norm = images(4, 2, 3, 3), BatchNorm2d(2, eps=0.5, momentum=0.25)
    norm.gamma.data, norm.beta.data = np.array([2.0, 3.0]), np.array([-1.0, 1.0])
    y = norm(x).data
    for channel, values in enumerate(x.data.swapaxes(0, 1)):
        mean, var = values.mean(), values.var()
        want = (values - mean) / math.sqrt(var + 0.5) * (2 + channel) + 2 * channel - 1
        np.testing.assert_allclose(y[:, channel], want, rtol=1e-10)


def test_running_statistics_move_towards_those_of_each_batch(double: None) -> None:
    norm = BatchNorm2d(2, momentum=0.25)
    first, second = images(4, 2, 3, 3), images(2, 2, 1, 3)
    norm(first)
    norm(second)
    mean, var = np.zeros(2), np.ones(2)
    for x in (first.data, second.data):
        mean = 0.75 * mean + 0.25 * x.mean((0, 2, 3))
        var = 0.75 * var + 0.25 * x.var((0, 2, 3))
    np.testing.assert_allclose(norm.running_mean, mean, rtol=1e-12)
    np.testing.assert_allclose(norm.running_var, var, rtol=1e-12)


def test_batch_normalisation_starts_as_the_identity() -> None:
    norm = BatchNorm2d(2)
    assert (norm.eps, norm.momentum, norm.training) == (1e-5, 0.1, True)
    assert norm.parameters() == [norm.gamma, norm.beta]
    assert all(parameter.requires_grad for parameter in norm.parameters())
    norm.eval()
    x = images(2, 2, 3, 3)
    np.testing.assert_allclose(norm(x).data, x.data, rtol=1e-5)


def test_batch_normalisation_in_evaluation(double: None) -> None:
    norm = BatchNorm2d(1, eps=0)
    norm.running_mean, norm.running_var = np.array([1.0]), np.array([4.0])
    norm.eval()
    np.testing.assert_array_equal(norm(Tensor(np.full((1, 1, 1, 2), 5.0))).data, [[[[2, 2]]]])
    assert (norm.running_mean, norm.running_var) == (1, 4)
    norm.train()
    np.testing.assert_array_equal(norm(Tensor([[[[4.0, 6.0]]]])).data, [[[[-1, 1]]]])


@pytest.mark.parametrize(
    "layer",
    [Conv2d(2, 3, 2), MaxPool2d(2), AvgPool2d(2), BatchNorm2d(2)],
    ids=lambda v: str(type(v)),
)
def test_images_must_have_four_axes(layer: Any) -> None:
    for shape in [(2, 4, 4), (2,), (1, 1, 2, 4, 4)]:
        with pytest.raises(ValueError, match="images"):
            layer(images(*shape))


def test_channels_must_match() -> None:
    for layer in (Conv2d(2, 3, 2), BatchNorm2d(2)):
        with pytest.raises(ValueError, match="channels"):
            layer(images(1, 3, 4, 4))


@pytest.mark.parametrize("kernel", [5, (5, 1), (1, 5)])
def test_a_kernel_larger_than_the_image_is_refused(kernel: Any) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Conv2d(1, 1, kernel, stride=3)(images(1, 1, 4, 4))


def test_convolution_lists_its_parameters() -> None:
    layer = Conv2d(1, 2, (2, 3))
    assert layer.weight.shape == (2, 1, 2, 3)
    assert layer.parameters() == [layer.weight, layer.bias]
    assert all(parameter.requires_grad for parameter in layer.parameters())
    bare = Conv2d(1, 2, 3, bias=False)
    assert bare.bias is None
    assert bare.parameters() == [bare.weight]


def test_the_batch_stays_innermost_in_memory_between_layers() -> None:
    x = images(6, 2, 4, 4)
    for layer in (Conv2d(2, 3, 3, padding=1), BatchNorm2d(3), ReLU(), MaxPool2d(2), AvgPool2d(2)):
        x = layer(x)
        assert x.data.strides[0] == x.data.itemsize


@pytest.mark.parametrize("samples", [1, 7, 8, 19])
def test_images_in_either_memory_order_are_the_same(samples: int, double: None) -> None:
    x = images(samples, 2, 4, 4)
    inner = Tensor.from_op(np.asfortranarray(x.data))
    for layer in (Conv2d(2, 3, 2), BatchNorm2d(2), MaxPool2d(2)):
        np.testing.assert_array_equal(layer(inner).data, layer(x).data)
    order = windows_module.batch_last(x.data)
    np.testing.assert_array_equal(order, x.data.transpose(1, 2, 3, 0))
    assert np.shares_memory(windows_module.batch_last(windows_module.batch_first(order)), order)


def test_the_cotangent_of_flattened_images_has_their_memory_order() -> None:
    seen = []
    source = Tensor(np.zeros((6, 2, 4, 4)), requires_grad=True)
    data = windows_module.batch_first(windows_module.batch_last(source.data))
    x = Tensor.from_op(data, (source, lambda g: seen.append(g) or g))
    x.flatten(1).sum().backward()
    assert seen[0].strides == data.strides
