"""Formulas a wrong gradient may follow: v times something made of the inputs and the output.

They are written as the report's snippet writes them: `out` is the result of the forward.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from gradgate.diagnosis.evidence import Evidence, Impossible, Mistake, equal, find_broadcast_axes
from gradgate.protocol.values import Array

Terms = dict[str, Array]


def list_formulas(wrong: Sequence[Evidence]) -> Iterator[Mistake]:
    """Yield formulas in v, the inputs and the output that a gradient may come from."""
    yield "is v - exp(out)", lambda e: e.v - np.exp(_find_terms(e)["out"])
    for text, slope in _list_slopes(sorted({name for e in wrong for name in e.arrays})):
        for prefix, factor in FACTORS.items():
            yield f"is {prefix}{text}", partial(_weigh, slope=slope, factor=factor)
            shared = f"is {prefix}{text} / n, where n is the number of elements"
            yield shared, partial(_weigh, slope=slope, factor=factor, shared=True)


FACTORS = {"": 1.0, "-": -1.0, "2 * ": 2.0, "1/2 * ": 0.5}
OF_ONE: dict[str, Callable[[Array], Array]] = {
    "v * {}": lambda t: t,
    "v * {}**2": lambda t: t * t,
    "v / {}": lambda t: 1 / t,
    "v / {}**2": lambda t: 1 / t**2,
    "v * (1 - {})": lambda t: 1 - t,
    "v * (1 - {}**2)": lambda t: 1 - t * t,
    "v * {0} * (1 - {0})": lambda t: t * (1 - t),
    "v * exp({})": np.exp,
    "v * ({} > 0)": lambda t: t > 0,
}
OF_TWO: dict[str, Callable[[Array, Array], Array]] = {
    "v * {} * {}": lambda t, u: t * u,
    "v * {} / {}": lambda t, u: t / u,
    "v * {} / {}**2": lambda t, u: t / u**2,
    "v * ({} - {})": lambda t, u: t - u,
}


def _list_slopes(names: Sequence[str]) -> Iterator[tuple[str, Callable[[Terms], Array]]]:
    """Yield formulas as text, and by what they multiply v; those of the inputs alone first."""
    pairs = list(permutations((*names, "out"), 2))
    entries: list[tuple[str, Callable[..., Array], tuple[str, ...]]] = [
        *((text, slope, (name,)) for text, slope in OF_ONE.items() for name in (*names, "out")),
        *((text, slope, pair) for text, slope in OF_TWO.items() for pair in pairs),
        *((f"v * {text}", slope, ("x",)) for text, slope in KNOWN.items()),
    ]
    for text, function, used in sorted(entries, key=lambda entry: "out" in entry[2]):
        yield text.format(*used), partial(_apply, function=function, names=used)


def _apply(terms: Terms, function: Callable[..., Array], names: Sequence[str]) -> Array:
    return function(*(terms[name] for name in names))


def _find_terms(example: Evidence) -> Terms:
    """Return the inputs, and the output where each of its elements has its own in v."""
    own = {"out": example.output} if example.output.shape == example.v.shape else {}
    return {**example.arrays, **own}


def _weigh(
    example: Evidence, slope: Callable[[Terms], Array], factor: float, shared: bool = False
) -> Array:
    """Return v times a slope, summed over the axes along which the input was broadcast."""
    shape = example.want.shape
    with np.errstate(all="ignore"):
        each = (
            factor * example.v * slope(_find_terms(example)) / (example.want.size if shared else 1)
        )
    if each.ndim < len(shape) or not np.isfinite(each).all():
        raise Impossible
    added, from_1 = find_broadcast_axes(each.shape, shape)
    return np.reshape(each.sum(axis=(*added, *from_1)), shape)


def _tanh_gelu(x: Array) -> Array:
    """Differentiate the approximation of GELU with tanh (Hendrycks and Gimpel, 2016)."""
    root = math.sqrt(2 / math.pi)
    t = np.tanh(root * (x + 0.044715 * x**3))
    slope: Array = (1 + t) / 2 + x * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x) / 2
    return slope


def _sigmoid_gelu(x: Array) -> Array:
    """Differentiate the approximation of GELU with sigmoid (Hendrycks and Gimpel, 2016)."""
    y = 1 / (1 + np.exp(-1.702 * x))
    slope: Array = y + 1.702 * x * y * (1 - y)
    return slope


def _exact_gelu(x: Array) -> Array:
    """Differentiate GELU itself, x Phi(x) (Hendrycks and Gimpel, 2016)."""
    below = np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2)) / 2 + 0.5
    slope: Array = below + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return slope


KNOWN: dict[str, Callable[[Array], Array]] = {
    "the slope of GELU with tanh": _tanh_gelu,
    "the slope of GELU with sigmoid": _sigmoid_gelu,
    "the slope of GELU with erf": _exact_gelu,
}


# Sums of powers of the only input: what a tensor that is used several times receives.

POWERS = {"1": 0, "{}": 1, "{}**2": 2}


def list_miscounts(wrong: Sequence[Evidence]) -> Iterator[Mistake]:
    """Yield what of a sum of contributions is missing, or is there too much."""
    for name, now, should in _fit_sums(wrong):
        rest = [b - a for a, b in zip(now, should, strict=True)]
        doubled = all(b and a % b == 0 for a, b in zip(now, should, strict=True) if a)
        if min(*rest, *now) >= 0:
            yield f"is {_write_sum(now, name)}: it lacks {_write_sum(rest, name)}", lambda e: e.got
        elif max(rest) <= 0 and not doubled:
            excess = _write_sum([-c for c in rest], name)
            yield f"is {_write_sum(now, name)}: {excess} is too much", lambda e: e.got


def list_sums_of_powers(wrong: Sequence[Evidence]) -> Iterator[Mistake]:
    """Yield what v is multiplied by and should be, if both are sums of powers of the input."""
    for name, now, should in _fit_sums(wrong):
        words = f"is {_write_sum(now, name)}, should be {_write_sum(should, name)}"
        yield words, lambda e: e.got


def _fit_sums(wrong: Sequence[Evidence]) -> Iterator[tuple[str, list[int], list[int]]]:
    name = wrong[0].name
    if all(e.got.shape == e.want.shape and [*e.arrays] == [name] for e in wrong):
        now, should = (_fit_coefficients(wrong, side) for side in ("got", "want"))
        if any(now) and any(should):
            yield name, now, should


def _fit_coefficients(wrong: Sequence[Evidence], side: str) -> list[int]:
    """Return whole numbers c such that all gradients are v * (c[0] + c[1] * x + ...), or none."""
    if any(e.inputs["v"].shape != e.want.shape for e in wrong if "v" in e.inputs):
        return []
    gradients = [getattr(example, side) for example in wrong]
    terms = [np.stack([e.v * e.array(e.name) ** p for p in POWERS.values()]) for e in wrong]
    columns = np.concatenate([term.reshape(len(POWERS), -1) for term in terms], axis=1).T
    right = np.concatenate([gradient.ravel() for gradient in gradients])
    found, _, rank, _ = np.linalg.lstsq(columns, right, rcond=None)
    whole = np.rint(found)
    pairs = zip(terms, gradients, strict=True)
    fits = rank == len(POWERS) and all(equal(np.tensordot(whole, t, 1), g) for t, g in pairs)
    return [int(c) for c in whole] if fits else []


def _write_sum(coefficients: Sequence[int], name: str) -> str:
    """Write v times a sum of powers as one would type it."""
    pairs = [(c, power.format(name)) for c, power in zip(coefficients, POWERS, strict=True) if c]
    terms = [_write_product(c, power) for c, power in reversed(pairs)]
    if terms == ["1"]:
        return "v"
    return f"v * ({' + '.join(terms)})" if len(terms) > 1 else f"v * {''.join(terms)}"


def _write_product(count: int, power: str) -> str:
    return str(count) if power == "1" else power if count == 1 else f"{count} * {power}"
