"""Optimizer steps against numbers worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from reference.optimizers import SGD, Adam, AdamW, Optimizer
from reference.tensor import Tensor

pytestmark = pytest.mark.usefixtures("double")


def parameter(value: float) -> Tensor:
    """Make a parameter of one entry."""
    return Tensor([value], requires_grad=True)


def run(optimizer: Optimizer, gradients: list[float]) -> list[float]:
    """Take one step per gradient on the only parameter and list its values."""
    (param,) = optimizer.params
    values = []
    for gradient in gradients:
        param.grad = np.array([gradient])
        optimizer.step()
        values.append(param.data.item())
    return values


def test_sgd_moves_against_the_gradient() -> None:
    assert run(SGD([parameter(1.0)], lr=0.5), [0.25, -1.0]) == [0.875, 1.375]


def test_sgd_momentum_gathers_velocity() -> None:
    # v = 1, 1.5, 0.75
    assert run(SGD([parameter(0.0)], lr=1.0, momentum=0.5), [1, 1, 0]) == [-1, -2.5, -3.25]


def test_sgd_decay_enters_the_velocity() -> None:
    # g + wd p = 1 + 0.5 * 2 = 2, p = 1; then g + wd p = 0.5, v = 0.5 * 2 + 0.5 = 1.5, p = 0.25
    optimizer = SGD([parameter(2.0)], lr=0.5, momentum=0.5, weight_decay=0.5)
    assert run(optimizer, [1, 0]) == [1, 0.25]


def test_adam_corrects_the_bias_of_its_moments() -> None:
    # Step 1: m / (1 - 1/2) = 2, v / (1 - 3/4) = 4: the gradient and its square themselves.
    # Step 2: m = 0.5, v = 0.75, divided by 3/4 and 7/16.
    optimizer = Adam([parameter(1.0)], lr=0.5, betas=(0.5, 0.75), eps=0.5)
    first = 1 - 0.5 * 2 / (2 + 0.5)
    second = first - 0.5 * (0.5 / 0.75) / (math.sqrt(0.75 / (7 / 16)) + 0.5)
    assert run(optimizer, [2, 0]) == pytest.approx([first, second], rel=1e-14)


def test_adam_decay_is_coupled() -> None:
    # The moments see 1 + 0.5 * 2 = 2.
    optimizer = Adam([parameter(2.0)], lr=1.0, eps=2.0, weight_decay=0.5)
    assert run(optimizer, [1]) == pytest.approx([1.5], rel=1e-14)


def test_adamw_decay_bypasses_the_moments() -> None:
    # p = 2 * (1 - 0.5 * 0.5) - 0.5 * 1 / (1 + 1)
    optimizer = AdamW([parameter(2.0)], lr=0.5, eps=1.0, weight_decay=0.5)
    assert run(optimizer, [1]) == pytest.approx([1.25], rel=1e-14)


def test_defaults() -> None:
    params = [parameter(1.0)]
    sgd, adam, adamw = SGD(params), Adam(params), AdamW(params)
    assert (sgd.lr, sgd.momentum, sgd.weight_decay) == (0.01, 0, 0)
    assert (adam.lr, adam.betas, adam.eps, adam.weight_decay) == (1e-3, (0.9, 0.999), 1e-8, 0)
    assert (adamw.lr, adamw.betas, adamw.eps) == (adam.lr, adam.betas, adam.eps)
    assert adamw.weight_decay == 0.01


@pytest.mark.parametrize("rule", [SGD, Adam, AdamW])
def test_a_parameter_without_gradient_is_skipped(rule: Any) -> None:
    moved, still = parameter(1.0), parameter(1.0)
    optimizer = rule([moved, still], weight_decay=0.5)
    moved.grad = np.array([1.0])
    optimizer.step()
    assert moved.data != 1
    assert still.data == 1
    assert optimizer.step_count == 1


@pytest.mark.parametrize("kind", [np.array, Tensor])
@pytest.mark.parametrize("rule", [SGD, Adam, AdamW])
def test_stored_gradients_may_be_tensors_and_stay_as_they_are(rule: Any, kind: Any) -> None:
    param = parameter(1.0)
    param.grad = gradient = kind([2.0])
    optimizer = rule(iter([param]), weight_decay=0.5)
    optimizer.step()
    assert param.grad is gradient
    assert np.asarray(getattr(gradient, "data", gradient)) == 2
    assert param.data < 1
    optimizer.zero_grad()
    assert param.grad is None


def test_a_parameter_must_require_grad() -> None:
    for rule in (Optimizer, SGD, Adam, AdamW):
        with pytest.raises(ValueError, match="requires_grad"):
            rule([parameter(1.0), Tensor([1.0])])


def test_the_learning_rate_can_change_between_steps() -> None:
    optimizer = SGD([parameter(0.0)], lr=1.0)
    run(optimizer, [1])
    optimizer.lr = 0.5
    assert run(optimizer, [1]) == [-1.5]
