"""The usual mistakes in a gradient are named, and nothing is said that is not so."""

from __future__ import annotations

import pytest

from proof.bug import Bug
from proof.trial import Case, outcome

SUBTRACT = "(other, lambda g: -g))\n\n    def __mul__"
LIKELIHOOD = "return -log_likelihood.mean()"
SQUARES = "return (difference * difference).mean()"
NAMED = {
    "the sign is lost": (
        "autograd.subtract",
        Bug("", "", "tensor", SUBTRACT, SUBTRACT.replace("-g", "g")),
        "Your gradient of b has the wrong sign.",
    ),
    "nothing passes": (
        "autograd.subtract",
        Bug("", "", "tensor", SUBTRACT, SUBTRACT.replace("-g", "0 * g")),
        "Your gradient of b is zero everywhere.",
    ),
    "no division by the batch size": (
        "autograd.cross_entropy",
        Bug(
            "",
            "",
            "losses",
            LIKELIHOOD,
            "return -Tensor.from_op(log_likelihood.data.mean(), (log_likelihood,"
            " lambda g: g * np.ones_like(log_likelihood.data)))",
        ),
        "Your gradient of x is the right one times 2, the batch size.",
    ),
    "no division by the number of elements": (
        "autograd.mse",
        Bug(
            "",
            "",
            "losses",
            SQUARES,
            "return Tensor.from_op((difference.data**2).mean(), (difference,"
            " lambda g: 2 * g * difference.data))",
        ),
        ", the number of elements.",
    ),
    "the factor 2 of a square is lost": (
        "autograd.mse",
        Bug(
            "",
            "",
            "losses",
            SQUARES,
            "return Tensor.from_op((difference.data**2).mean(), (difference,"
            " lambda g: g * difference.data / difference.size))",
        ),
        "Your gradient of x is the right one times 0.5, in every example.",
    ),
    "no mask": (
        "autograd.relu",
        Bug("", "", "activations", "lambda g: g * positive", "lambda g: g"),
        "Your gradient of x is the gradient that arrives from above (v), unchanged.",
    ),
    "v is left out": (
        "autograd.tanh",
        Bug("", "", "activations", "lambda g: g * (1 - y * y)", "lambda g: 1 - y * y"),
        "Your gradient of x leaves out the gradient that arrives from above (v).",
    ),
}
UNNAMED = {
    "the square of the divisor is lost": (
        "autograd.divide",
        Bug("", "", "tensor", "-g * a / (b * b)", "-g * a / b"),
    ),
    "the sum over the axis is lost": (
        "autograd.log_softmax",
        Bug(
            "", "", "losses", "g - np.exp(y) * g.sum(axis=dim, keepdims=True)", "g - np.exp(y) * g"
        ),
    ),
}


@pytest.mark.parametrize(("check", "bug", "told"), NAMED.values(), ids=NAMED)
def test_a_usual_mistake_is_named(check: str, bug: Bug, told: str) -> None:
    (failed,) = outcome(Case("autograd", "", (bug,), checks=(check,))).failed
    assert told in failed.explanation


@pytest.mark.parametrize(("check", "bug"), UNNAMED.values(), ids=UNNAMED)
def test_no_mistake_is_named_where_none_explains_all_examples(check: str, bug: Bug) -> None:
    (failed,) = outcome(Case("autograd", "", (bug,), checks=(check,))).failed
    assert "Your gradient of" not in failed.explanation
