"""Sequential: beyond what is asked for; it never gates."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check

from .cases import affine


@check(
    inputs=lambda draw: affine(draw, 1),
    hint="Keep the layers in a list; forward hands each one's output to the next.",
    stretch=True,
)
def sequential(api: Any, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """Sequential(f, g)(x) is g(f(x)), and parameters() those of f and then those of g."""
    f, g = api.Linear(*w.shape), api.Linear(*w.T.shape)
    f.weight.data[...], g.weight.data[...] = w, w.T
    f.bias.data[...] = b
    model = api.Sequential(f, g)
    sizes = [parameter.size for parameter in model.parameters()]
    return {"model(x)": model(api.Tensor(x)), "sizes of parameters()": sizes}
