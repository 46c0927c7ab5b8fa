"""Checks of module 04, losses: log_softmax and the three losses, forward only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import EXACT, Inputs, Tolerance, check

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw
    from gradgate.protocol.values import Answer

NAMES = ("log_softmax", "MSELoss", "CrossEntropyLoss", "BinaryCrossEntropyLoss")

# x - (max + log of the sum) is stable too, but float32 rounds its bracket by up to 2^-11 < 5e-4 for
# scores up to 1e4, half the distance of neighbouring numbers there.
OF_LARGE_SCORES = Tolerance(1e-4, 1e-3)


def two_arrays(draw: Draw) -> Inputs:
    """Predictions and targets of one shape."""
    shape = draw.shape(1, 3)
    return {"prediction": draw.grid(shape), "target": draw.grid(shape)}


def classified(draw: Draw, *, large: bool = False) -> Inputs:
    """Scores of one to four samples for two to four classes, and the true classes."""
    shape = draw.integer(1, 4), draw.integer(2, 4)
    logits = draw.far_rows(*shape) if large else draw.grid(shape, top=32)
    return {"logits": logits, "targets": draw.ids(*shape)}


def labelled(draw: Draw) -> Inputs:
    """Probabilities from 1/16 to 15/16, and labels 0 or 1."""
    shape = draw.shape(1, 3)
    return {"p": np.abs(draw.odd(shape, top=8)), "y": draw.mask(shape).astype(np.float32)}


@check(
    inputs=lambda draw: {"x": draw.grid(draw.shape(1, 3), top=32)},
    hint="x minus the logarithm of the sum of exp(x) along the last axis, kept with keepdims=True.",
)
def log_softmax_along_last_axis(api: Any, x: Any) -> dict[str, Any]:
    """log_softmax(x) is the natural logarithm of softmax along the last axis."""
    return {"log_softmax(x)": api.log_softmax(api.Tensor(x))}


@check(
    inputs=lambda draw: draw.scores(),
    hint="The maximum and the sum both run along dim, with keepdims=True.",
)
def log_softmax_along_any_axis(api: Any, x: Any, dim: int) -> dict[str, Any]:
    """log_softmax(x, dim) runs along dim, whichever axis that is."""
    return {"log_softmax(x, dim=dim)": api.log_softmax(api.Tensor(x), dim=dim)}


@check(
    inputs=lambda draw: {"x": draw.far_rows(*draw.shape(2, 2))},
    hint="Subtract each row's own maximum first, and never take the logarithm of a softmax.",
    tolerance=OF_LARGE_SCORES,
)
def log_softmax_of_large_scores(api: Any, x: Any) -> dict[str, Any]:
    """log_softmax(x) is finite and right for scores of thousands."""
    return {"log_softmax(x)": api.log_softmax(api.Tensor(x))}


@check(inputs=two_arrays, hint="Average the squares over all elements, not over the rows.")
def mean_squared_error(api: Any, prediction: Any, target: Any) -> dict[str, Any]:
    """MSELoss()(prediction, target) is the mean of the squared differences, of shape ()."""
    return {"loss": api.MSELoss()(api.Tensor(prediction), api.Tensor(target))}


@check(
    inputs=classified,
    hint="Pick -log_softmax(logits) at each sample's class, as an integer, and average over N.",
)
def cross_entropy(api: Any, logits: Any, targets: Any) -> dict[str, Any]:
    """CrossEntropyLoss()(logits, targets) is the mean of -log softmax at the targets."""
    return {"loss": api.CrossEntropyLoss()(api.Tensor(logits), api.Tensor(targets))}


@check(
    inputs=lambda draw: classified(draw, large=True),
    hint="Build it on a stable log_softmax: adding 1e-12 to a softmax only hides the loss.",
    tolerance=OF_LARGE_SCORES,
)
def cross_entropy_of_large_scores(api: Any, logits: Any, targets: Any) -> dict[str, Any]:
    """CrossEntropyLoss is finite and right for scores of thousands, also where it is large."""
    return {"loss": api.CrossEntropyLoss()(api.Tensor(logits), api.Tensor(targets))}


@check(inputs=labelled, hint="Both terms count: y * log(p) and (1 - y) * log(1 - p).")
def binary_cross_entropy(api: Any, p: Any, y: Any) -> dict[str, Any]:
    """BinaryCrossEntropyLoss()(p, y) is the mean of -(y log p + (1 - y) log(1 - p)), shape ()."""
    return {"loss": api.BinaryCrossEntropyLoss()(api.Tensor(p), api.Tensor(y))}


def certain(draw: Draw) -> Inputs:
    """Probabilities that are exactly 0 or 1, right or wrong, and labels."""
    shape = draw.shape(1, 2)
    p, y = draw.mask(shape), draw.mask(shape)
    return {"p": p.astype(np.float32), "y": y.astype(np.float32)}


def judge_size(answer: Answer, p: Any, y: Any) -> dict[str, Any]:
    """Say whether the loss is that of some margin from the smallest float64 to 1e-6.

    A wrong element then costs from -log(1e-6), 13.80 after rounding 1 - 1e-6 to float32, to
    -log(5e-324) = 744.4; a right one costs about as much as the margin, less than 2e-6.
    """
    loss, wrong = float(np.asarray(answer["loss"].array)), float(np.mean(p != y))
    fits = 13.8 * wrong - 1e-5 <= loss <= 745 * wrong + 2e-6
    expected = "13.8 or more for each wrong element, near 0 for each right one"
    others = {name: value.array for name, value in answer.items() if name != "loss"}
    return {**others, "loss": expected if fits else f"{loss:.6g} on average"}


@check(
    inputs=certain,
    hint="Clip p to [1e-7, 1 - 1e-7] before the logarithms, and not by 1e-5 or more.",
    view=judge_size,
)
def binary_cross_entropy_of_certainties(api: Any, p: Any, y: Any) -> dict[str, Any]:
    """BinaryCrossEntropyLoss is finite for p = 0 and p = 1, and large where y says otherwise."""
    return {"loss": api.BinaryCrossEntropyLoss()(api.Tensor(p), api.Tensor(y))}


@check(
    inputs=certain,
    hint="np.clip returns a new array: keep it beside p, do not store it in p.",
    view=judge_size,
    tolerance=EXACT,
)
def binary_cross_entropy_leaves_inputs_alone(api: Any, p: Any, y: Any) -> dict[str, Any]:
    """BinaryCrossEntropyLoss clips a copy: the data of p and y stay as they are."""
    t, u = api.Tensor(p), api.Tensor(y)
    return {"loss": api.BinaryCrossEntropyLoss()(t, u), "p afterwards": t, "y afterwards": u}


@check(inputs=classified, hint="Operators such as -= write into the input: compute new arrays.")
def cross_entropy_leaves_inputs_alone(api: Any, logits: Any, targets: Any) -> dict[str, Any]:
    """CrossEntropyLoss does not change the data of logits and targets."""
    t, u = api.Tensor(logits), api.Tensor(targets)
    loss = api.CrossEntropyLoss()(t, u)
    return {"logits afterwards": t, "targets afterwards": u, "loss": loss}


@check(inputs=two_arrays, hint="Operators such as -= write into the input: compute new arrays.")
def mean_squared_error_leaves_inputs_alone(
    api: Any, prediction: Any, target: Any
) -> dict[str, Any]:
    """MSELoss does not change the data of prediction and target."""
    t, u = api.Tensor(prediction), api.Tensor(target)
    loss = api.MSELoss()(t, u)
    return {"prediction afterwards": t, "target afterwards": u, "loss": loss}


def two_batches(draw: Draw) -> Inputs:
    """Scores and classes of two batches, of the same size or not."""
    first = classified(draw)
    shape = draw.choice((first["logits"].shape, (draw.integer(1, 4), draw.integer(2, 4))))
    return first | {"logits2": draw.grid(shape, top=32), "targets2": draw.ids(*shape)}


@check(inputs=two_batches, hint="Keep nothing of a batch, such as its size, on the loss object.")
def losses_can_be_used_again(
    api: Any, logits: Any, targets: Any, logits2: Any, targets2: Any
) -> dict[str, Any]:
    """A loss object forgets one batch when it is given the next."""
    cross_entropy, mse, bce = api.CrossEntropyLoss(), api.MSELoss(), api.BinaryCrossEntropyLoss()
    t, p, y = (api.Tensor(x) for x in (logits, 1 / (2 + abs(logits)), 0 * logits))
    cross_entropy(t, api.Tensor(targets)), mse(t, y), bce(p, y)
    t, p, y = (api.Tensor(x) for x in (logits2, 1 / (2 + abs(logits2)), 0 * logits2))
    return {
        "CrossEntropyLoss": cross_entropy(t, api.Tensor(targets2)),
        "MSELoss": mse(t, y),
        "BinaryCrossEntropyLoss": bce(p, y),
    }
