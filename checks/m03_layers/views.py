"""What is compared of module 03's results, where chance decides: weights and dropout masks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gradgate.protocol.values import Answer


def only_bias(answer: Answer, **inputs: Any) -> dict[str, Any]:
    """Leave the random weight out, once its kind and shape are right."""
    return {"bias": answer["bias"].array}


def judge_variances(answer: Answer) -> dict[str, Any]:
    """Say whether each variance, in units of 1/in, fits a true one from 1 to 2.

    With n normal weights of variance s, n * (their mean square) / s is chi-squared: it lies below
    n(1 - 2t) or above n(1 + 2t + 2t^2) with probability at most exp(-n t^2) each (Laurent and
    Massart 2000, lemma 1). The band here is wider than allowed by sqrt(2) on either side, that is t
    > 0.14, and n >= 16384: both a false alarm and missing a factor of 2 have probability below
    exp(-300). The mean of n weights strays by a tenth of their spread, 12.8 standard deviations of
    a mean of 16384, with probability below exp(-80). For uniform weights Hoeffding (1963) gives the
    same. Glorot's 2 / (in + out) is at most 1.9/in for these sizes, and 1/out, the wrong side, at
    least 4/in.
    """
    *shares, (centre, mean) = ((n, float(np.asarray(v.array))) for n, v in answer.items())
    lies = "about 0" if abs(mean) < 0.1 else f"{mean:.3g}"
    return {name: _fit(share) for name, share in shares} | {centre: lies}


def _fit(share: float) -> str:
    return "from 1 to 2, give or take" if 0.5**0.5 <= share <= 2 * 2**0.5 else f"{share:.3g}"


def tell_apart(answer: Answer) -> dict[str, Any]:
    """Compare the weights of two layers: 64 random numbers are never all the same."""
    first, second, bias = (np.asarray(value.array) for value in answer.values())
    relation = "the same" if np.array_equal(first, second) else "different"
    return {"the weights are": relation, "second.bias": bias}


def expect_zeros(answer: Answer, **inputs: Any) -> dict[str, Any]:
    """Replace the random result; none of 64 elements is dropped with probability 2^-64."""
    others = {name: value.array for name, value in answer.items() if name != "layer(ones)"}
    dropped = np.asarray(answer["layer(ones)"].array) == 0
    return others | {"elements that layer(ones) drops": "some" if dropped.any() else "none"}


def fill_in_dropped(answer: Answer, x: Any, p: float = 0.5) -> dict[str, Any]:
    """Replace what was dropped, which is left to chance, by what it would be if kept."""
    y = np.asarray(answer["layer(x)"].array)
    others = {name: value.array for name, value in answer.items() if name != "layer(x)"}
    return others | {
        "layer(x), dropped elements filled in": np.where(y == 0, x / (1 - p), y),
        "elements kept": "some" if y.any() else "none",
        "elements dropped": "none" if y.all() else "some",
    }


def judge_shares(answer: Answer, p: float) -> dict[str, Any]:
    """Say whether as many elements are dropped, and neighbours share a fate as often, as by chance.

    By Hoeffding (1963) a share of n independent events is off by 0.08 or more with probability at
    most 2 exp(-2 n 0.08^2): with the n = 2048 pairs, or more, below 1e-11.
    """
    dropped = np.asarray(answer["layer(ones)"].array) == 0
    in_rows, in_columns = dropped[:, ::2] == dropped[:, 1::2], dropped[::2] == dropped[1::2]
    return {
        "share of equal neighbours in a row": _near(in_rows, p * p + (1 - p) ** 2),
        "share of equal neighbours in a column": _near(in_columns, p * p + (1 - p) ** 2),
        "share of elements dropped": _near(dropped, p),
    }


def compare_calls(answer: Answer, p: float) -> dict[str, Any]:
    """Say whether an element meets the same fate in both calls as often as by chance."""
    first, second = (np.asarray(value.array) == 0 for value in answer.values())
    return {"share of elements treated alike": _near(first == second, p * p + (1 - p) ** 2)}


def compare_counts(answer: Answer, p: float) -> dict[str, Any]:
    """Say whether the number dropped of 4 differs among 40 calls.

    Each call drops the likeliest number with probability 27/64 at most, all 40 with 1e-14.
    """
    (kept,) = (np.asarray(value.array) for value in answer.values())
    dropped = (kept == 0).sum(axis=1)
    varies = (dropped != dropped[0]).any()
    return {"elements dropped of 4": "it varies" if varies else f"{dropped[0]} in every call"}


def _near(events: Any, expected: float) -> str:
    share = float(events.mean())
    return f"about {expected:.3g}" if abs(share - expected) < 0.08 else f"{share:.3g}"
