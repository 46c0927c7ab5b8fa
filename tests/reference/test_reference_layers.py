"""Activations, layers and losses: their values, their extremes, their parameters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.activations import GELU, ReLU, Sigmoid, Softmax, Tanh
from reference.layers import Dropout, Layer, Linear, Sequential
from reference.losses import BinaryCrossEntropyLoss, CrossEntropyLoss, MSELoss, log_softmax
from reference.spatial import BatchNorm2d, Conv2d
from reference.tensor import Tensor


def images(*shape: int) -> Tensor:
    """Draw images."""
    return Tensor(np.random.standard_normal(shape))


@pytest.mark.filterwarnings("error")
def test_sigmoid_is_finite_and_silent_far_out(double: None) -> None:
    y = Sigmoid()(Tensor([-1e4, -40.0, 0.0, 40.0, 1e4])).data
    np.testing.assert_allclose(y, [0, math.exp(-40), 0.5, 1, 1], rtol=1e-12)


def test_gelu_is_the_sigmoid_approximation(double: None) -> None:
    x = np.array([-2.0, 0.5, 3.0])
    np.testing.assert_allclose(GELU()(Tensor(x)).data, x / (1 + np.exp(-1.702 * x)), rtol=1e-12)


def test_softmax_sums_to_one_even_for_large_inputs() -> None:
    y = Softmax()(Tensor([[1e4, 0.0], [-1e4, -1e4]]), dim=1).data
    np.testing.assert_array_equal(y, [[1, 0], [0.5, 0.5]])


def test_only_layers_have_parameters() -> None:
    assert all(block().parameters() == [] for block in (Sigmoid, ReLU, Tanh, GELU, Softmax))
    assert Dropout().parameters() == []
    assert isinstance(Linear(1, 1), Layer)


def test_linear_keeps_leading_axes_and_lists_its_parameters() -> None:
    layer = Linear(3, 2)
    assert layer.parameters() == [layer.weight, layer.bias]
    assert all(parameter.requires_grad for parameter in layer.parameters())
    assert layer(images(4, 5, 3)).shape == (4, 5, 2)
    assert layer(images(3)).shape == (2,)
    bare = Linear(3, 2, bias=False)
    assert bare.bias is None
    assert bare.parameters() == [bare.weight]


def test_weights_have_the_variance_of_their_scheme() -> None:
    np.testing.assert_allclose(Linear(100, 400).weight.data.var(), 1 / 100, rtol=0.03)
    np.testing.assert_allclose(Conv2d(16, 200, 3).weight.data.var(), 2 / (16 * 9), rtol=0.03)
    assert not Linear(3, 2).bias.data.any()
    assert not Conv2d(3, 2, 1).bias.data.any()


def test_dropout_scales_what_it_keeps_and_draws_anew() -> None:
    drop, x = Dropout(0.25), Tensor(np.ones(10_000))
    first, second = drop(x).data, drop(x).data
    assert set(np.unique(first)) == {0, np.float32(4 / 3)}
    assert np.count_nonzero(first) == pytest.approx(7500, abs=200)
    assert (first != second).any()


def test_dropout_at_its_ends() -> None:
    x = images(2, 3)
    np.testing.assert_array_equal(Dropout(0)(x).data, x.data)
    np.testing.assert_array_equal(Dropout(0.5)(x, training=False).data, x.data)
    np.testing.assert_array_equal(Dropout(1)(x).data, np.zeros((2, 3)))
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="probability"):
            Dropout(p)


def test_sequential_hands_its_mode_on() -> None:
    norm, x = BatchNorm2d(2), images(2, 2, 3, 3)
    model = Sequential(norm, Sequential(Dropout(1)), ReLU())
    assert model.parameters() == norm.parameters()
    assert model.training
    model.training = False
    assert not model.training
    assert not norm.training
    np.testing.assert_array_equal(model(x).data, np.maximum(norm(x).data, 0))
    model.training = True
    assert norm.training
    assert not model(x).data.any()


def test_losses_match_their_definitions(double: None) -> None:
    logits, ids = np.random.standard_normal((4, 3)), np.array([0, 2, 1, 1])
    each = [
        -math.log(math.exp(row[i]) / sum(map(math.exp, row)))
        for row, i in zip(logits, ids, strict=True)
    ]
    loss = CrossEntropyLoss()(Tensor(logits), Tensor(ids))
    assert loss.shape == ()
    assert loss.data == pytest.approx(sum(each) / 4, rel=1e-12)
    assert MSELoss()(Tensor([[1.0, 2.0]]), Tensor([[3.0, 5.0]])).data == 6.5
    binary = BinaryCrossEntropyLoss()(Tensor([0.25, 0.5]), Tensor([1.0, 0.0]))
    assert binary.data == pytest.approx((math.log(4) + math.log(2)) / 2, rel=1e-12)


def test_losses_stay_finite_at_extremes() -> None:
    logits = Tensor([[1e4, -1e4], [-1e4, 1e4]])
    assert CrossEntropyLoss()(logits, Tensor([0, 0])).data == 1e4
    np.testing.assert_array_equal(log_softmax(logits).data, [[0, -2e4], [-2e4, 0]])
    saturated = BinaryCrossEntropyLoss()(Tensor([0.0, 1.0]), Tensor([1.0, 0.0]))
    assert saturated.data == pytest.approx(-math.log(1e-7), rel=0.02)


def test_clipped_probabilities_have_no_gradient() -> None:
    p = Tensor([0.0, 0.5, 1.0], requires_grad=True)
    BinaryCrossEntropyLoss()(p, Tensor([1.0, 1.0, 0.0])).backward()
    np.testing.assert_allclose(p.grad, [0, -2 / 3, 0], rtol=1e-6)
