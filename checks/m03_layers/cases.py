"""What the checks of layers draw, and a helper of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradgate.authoring import Inputs

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

RATES = (0.5, 0.25, 0.75)


def array(draw: Draw) -> Inputs:
    """An array of one to three axes, without zeros."""
    return {"x": draw.nonzero(draw.shape(1, 3))}


def affine(draw: Draw, *leading: int) -> Inputs:
    """An input with as many leading axes as one of `leading` says, a weight and a bias."""
    features, outputs = draw.shape(2, 2)
    axes = draw.choice(leading)
    return {
        "x": draw.grid((*draw.shape(axes, axes), features)),
        "w": draw.grid((features, outputs)),
        "b": draw.grid((outputs,)),
    }


def double(layer: Any, x: Any) -> Any:
    """A forward method: x + x."""
    return x + x
