"""Flips, crops, and composing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gradgate.authoring import Inputs, as_axis, check, values

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw


def pixels(draw: Draw) -> Inputs:
    """An image (C, H, W) or (H, W) without zeros, all values different, to be wrapped or not."""
    shape = *draw.choice(((), (1,), (3,))), draw.choice((2, 3, 4)), draw.choice((2, 3, 4))
    return {"x": draw.distinct(shape) + np.float32(1 / 16), "wrap": draw.choice((False, True))}


@check(inputs=pixels, hint="Left and right are the ends of the last axis.")
def flips_surely(api: Any, x: Any, wrap: bool) -> dict[str, Any]:
    """RandomHorizontalFlip mirrors an array or Tensor left to right if p is 1, never if it is 0."""
    image = api.Tensor(x) if wrap else x
    always, never = api.RandomHorizontalFlip(1.0), api.RandomHorizontalFlip(0.0)
    return {"image, p=0": values(never(image)), "image, p=1": values(always(image))}


def share_of_flips(answer: dict[str, Any], x: Any, p: float | None) -> dict[str, Any]:
    """Count: 800 flips stray by 0.12 from p once in 10**10 runs."""
    seen, chance = answer["800 results"].array, 0.5 if p is None else p
    flipped, kept = ((seen == side).all(axis=(1, 2)) for side in (x[:, ::-1], x))
    share = {"about p of them are mirror images": bool(abs(flipped.mean() - chance) < 0.12)}
    return {"each is the image or its mirror image": bool((flipped | kept).all())} | share


@check(
    inputs=lambda draw: {"x": draw.distinct((2, 3)), "p": draw.choice((None, 0.25, 0.75))},
    hint="Compare one random number from [0, 1) with p, once per call.",
    view=share_of_flips,
    examples=8,
)
def flips_sometimes(api: Any, x: Any, p: float | None) -> dict[str, Any]:
    """RandomHorizontalFlip mirrors with probability p, by default 0.5."""
    flip = api.RandomHorizontalFlip() if p is None else api.RandomHorizontalFlip(p)
    return {"800 results": np.stack([values(flip(x.copy())) for _ in range(800)])}


def places(crop: Any, x: Any, padding: int) -> Any:
    """Tell for each place of a window in the padded image whether the crop was cut there."""
    edges = [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2
    windows = sliding_window_view(np.pad(x, edges), crop.shape[-2:], axis=(-2, -1))
    same = (windows == crop[..., None, None, :, :]).all(axis=(-2, -1))
    return same.reshape(-1, *same.shape[-2:]).all(axis=0)


def is_window(answer: dict[str, Any], x: Any, padding: int, **inputs: Any) -> dict[str, Any]:
    """Look for the result in the padded image."""
    found = places(answer["cropped"].array, x, padding)
    return {"it is a window of the zero-padded image": bool(found.any())}


@check(
    inputs=lambda draw: (
        pixels(draw) | {"size": draw.choice((1, 2, [1, 2], [2, 1])), "padding": draw.integer(0, 2)}
    ),
    hint="Pad only the last two axes, and cut the same window out of all channels.",
    view=is_window,
)
def crops_windows(api: Any, x: Any, wrap: bool, size: Any, padding: int) -> dict[str, Any]:
    """RandomCrop(size, padding) cuts a window out of a zero-padded array or Tensor."""
    image = api.Tensor(x) if wrap else x
    return {"cropped": values(api.RandomCrop(as_axis(size), padding)(image))}


def edges_in_use(answer: dict[str, Any], x: Any) -> dict[str, Any]:
    """Collect where crops begin; 300 of them miss a row or column once in 10**14 runs."""
    found = sum(places(crop, x, 4).astype(int) for crop in answer["300 crops"].array)
    edges = {"rows where crops begin": found.any(axis=1), "columns": found.any(axis=0)}
    return edges | {"rows and columns are drawn apart": bool(found[~np.eye(9, dtype=bool)].any())}


@check(
    inputs=lambda draw: {"x": np.arange(1, 26, dtype=np.float32).reshape(1, 5, 5)},
    hint="H rows, padded, have H + 2 * padding - size + 1 places for a window: draw one per call.",
    view=edges_in_use,
)
def crops_anywhere(api: Any, x: Any) -> dict[str, Any]:
    """RandomCrop pads by 4 by default, and its windows begin anywhere they fit."""
    crop = api.RandomCrop(5)
    return {"300 crops": np.stack([values(crop(x.copy())) for _ in range(300)])}


@check(inputs=pixels, hint="Reversing and padding make new arrays: write nothing into the old.")
def transforms_copy(api: Any, x: Any, wrap: bool) -> dict[str, Any]:
    """RandomHorizontalFlip and RandomCrop do not modify the image they are given."""
    image = api.Tensor(x) if wrap else x
    flipped = values(api.RandomHorizontalFlip(1.0)(image))
    crop = values(api.RandomCrop(2, padding=1)(image))
    return {"flipped": flipped, "shape of the crop": crop.shape, "image afterwards": image}


@check(
    inputs=lambda draw: pixels(draw) | {"steps": draw.choice(([1, 2], [2, 1], [2], [2, 1, 1, 2]))},
    hint="Hand the result of each transform to the next.",
)
def composes_in_order(api: Any, x: Any, wrap: bool, steps: list[int]) -> dict[str, Any]:
    """Compose applies its transforms one after another, the first one first, to every image."""
    image, transforms = api.Tensor(x) if wrap else x, {1: lambda t: t + 1.0, 2: lambda t: t * 2.0}
    compose = api.Compose([transforms[step] for step in steps])
    return {"result": values(compose(image)), "result again": values(compose(image))}
