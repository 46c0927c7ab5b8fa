"""Checks of module 08, dataloader: datasets, batches, shuffling and augmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gradgate.authoring import Inputs, check, raised, values

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

NAMES = ("Dataset", "TensorDataset", "DataLoader", "RandomHorizontalFlip", "RandomCrop", "Compose")


def part(batches: Any, position: int) -> Any:
    """Return the rows of one part of all batches, in the order they come."""
    return np.array([row for batch in batches for row in values(batch[position])])


def samples(draw: Draw, *counts: int) -> Inputs:
    """Samples with a row of features and a label each, all labels different."""
    count, width = draw.choice(counts or (3, 1, 2, 5)), draw.choice((2, 1, 3))
    return {"x": draw.grid((count, width)), "y": draw.distinct((count,))}


def in_batches(draw: Draw, *plans: tuple[int, int]) -> Inputs:
    """Samples, and a batch size: one of the plans (how many, in batches of)."""
    count, size = draw.choice(plans)
    return samples(draw, count) | {"size": size}


@check(
    inputs=lambda draw: samples(draw, 4) | {"i": draw.choice((0, 3, 2))},
    hint="dataset[i] is a tuple: row i of the first tensor, row i of the second, and so on.",
)
def dataset_holds_rows(api: Any, x: Any, y: Any, i: int) -> dict[str, Any]:
    """TensorDataset has a length, and its item i is row i of every tensor."""
    dataset = api.TensorDataset(api.Tensor(x), api.Tensor(y))
    row, label = dataset[i]
    return {"len(dataset)": len(dataset), "row of x": values(row), "row of y": values(label)}


@check(
    inputs=lambda draw: samples(draw) | {"long": draw.grid((draw.choice((6, 7)),))},
    hint="Compare the first sizes of all tensors when the dataset is built.",
)
def dataset_refuses_unequal(api: Any, x: Any, y: Any, long: Any) -> dict[str, Any]:
    """TensorDataset raises ValueError for tensors of unequal first sizes."""
    a, b, c = api.Tensor(x), api.Tensor(y), api.Tensor(long)
    return {
        "len(TensorDataset(a, b))": len(api.TensorDataset(a, b)),
        "TensorDataset(long, a)": raised(lambda: api.TensorDataset(c, a)),
        "TensorDataset(a, b, long)": raised(lambda: api.TensorDataset(a, b, c)),
    }


@check(inputs=samples, hint="Indexing data by an integer raises IndexError, slicing does not.")
def dataset_ends(api: Any, x: Any, y: Any) -> dict[str, Any]:
    """TensorDataset raises IndexError for an index out of range."""
    dataset, count = api.TensorDataset(api.Tensor(x), api.Tensor(y)), len(x)
    return {
        "dataset[count - 1]": values(dataset[count - 1][0]),
        "dataset[count]": raised(lambda: dataset[count]),
        "dataset[count + 3]": raised(lambda: dataset[count + 3]),
        "dataset[-count - 1]": raised(lambda: dataset[-count - 1]),
    }


@check(
    inputs=lambda draw: {"count": draw.integer(1, 9)},
    hint="Derive Dataset from abc.ABC and mark both methods with abc.abstractmethod.",
)
def dataset_is_abstract(api: Any, count: int) -> dict[str, Any]:
    """Dataset, or a subclass without __len__ or __getitem__, cannot be created: TypeError."""
    length, item = {"__len__": lambda self: count}, {"__getitem__": lambda self, index: index}
    return {
        "len of a complete subclass": len(type("Complete", (api.Dataset,), length | item)()),
        "Dataset()": raised(api.Dataset),
        "without __getitem__": raised(type("Partial", (api.Dataset,), length)),
        "without __len__": raised(type("Partial", (api.Dataset,), item)),
    }


@check(
    inputs=lambda draw: in_batches(draw, (4, 2), (1, 1), (3, 2), (2, 3), (4, 3), (5, 4)),
    hint="Round up: math.ceil, or add batch_size - 1 before an integer division.",
)
def loader_has_length(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """len(loader) is the number of batches: n / batch_size, rounded up."""
    return {"len(loader)": len(api.DataLoader(api.TensorDataset(api.Tensor(x)), size))}


@check(
    inputs=lambda draw: in_batches(draw, (4, 2), (2, 1), (6, 3), (6, 2), (3, 3)),
    hint="Without shuffling, take the indices 0, 1, 2, ... in slices of batch_size.",
)
def loads_in_order(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """Without shuffling, the batches hold the samples in order, in every epoch."""
    loader = api.DataLoader(api.TensorDataset(api.Tensor(x), api.Tensor(y)), size)
    first, later = list(loader), list(loader)
    return {"x": part(first, 0), "y": part(first, 1), "x in the next epoch": part(later, 0)}


@check(
    inputs=lambda draw: in_batches(draw, (3, 2), (2, 3), (5, 3), (5, 2), (7, 3)),
    hint="The last slice of the indices may be shorter: yield it all the same.",
)
def keeps_short_batch(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """The last batch is kept when it is short."""
    batches = list(api.DataLoader(api.TensorDataset(api.Tensor(x)), size))
    return {"batch sizes": tuple(len(values(batch[0])) for batch in batches)}


@check(
    inputs=lambda draw: in_batches(draw, (4, 2), (2, 1), (3, 3), (3, 1)),
    hint="Stack each part of the samples along a new first axis, and wrap it in a Tensor.",
)
def stacks_tensors(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """A batch is a tuple: a Tensor per part of a sample, stacked along a new first axis."""
    images = np.repeat(x, 6, axis=1).reshape(len(x), -1, 2, 3)
    dataset = api.TensorDataset(api.Tensor(images), api.Tensor(y), api.Tensor(x))
    batch = next(iter(api.DataLoader(dataset, size)))
    return {"images": batch[0], "y": batch[1], "x": batch[2], "tuple": isinstance(batch, tuple)}


@check(
    inputs=lambda draw: in_batches(draw, (4, 2), (6, 3), (3, 3), (5, 1)),
    hint="Use nothing of the dataset but len(dataset) and dataset[index].",
)
def loads_any_dataset(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """DataLoader takes any Dataset, and loads what its __getitem__ returns."""
    item = {"__getitem__": lambda self, index: (api.Tensor(x[index]), api.Tensor(-y[index]))}
    own = type("Own", (api.Dataset,), {"__len__": lambda self: len(x), **item})()
    batches = list(api.DataLoader(own, size))
    return {"rows of x": part(batches, 0), "rows of -y": part(batches, 1)}


def in_order_of_y(answer: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """Sort the rows by their label, as any order is right."""
    order = np.argsort(answer["y"].array)
    return {name: value.array[order] for name, value in answer.items()}


def shuffled(draw: Draw) -> Inputs:
    """Samples in one or several batches."""
    return in_batches(draw, (6, 2), (3, 1), (8, 4), (6, 6), (5, 2), (7, 4))


@check(inputs=shuffled, hint="Permute the indices; do not draw each anew.", view=in_order_of_y)
def shuffles_each_once(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """With shuffling, each sample comes exactly once per epoch."""
    return {"y": part(api.DataLoader(api.TensorDataset(api.Tensor(y)), size, shuffle=True), 0)}


@check(inputs=shuffled, hint="Shuffle the indices, not the tensors one by one.", view=in_order_of_y)
def shuffles_rows_together(api: Any, x: Any, y: Any, size: int) -> dict[str, Any]:
    """With shuffling, the rows of all tensors stay paired."""
    dataset = api.TensorDataset(api.Tensor(x), api.Tensor(y))
    batches = list(api.DataLoader(dataset, size, shuffle=True))
    return {"x": part(batches, 0), "y": part(batches, 1)}


def orders_differ(answer: dict[str, Any], x: Any, size: int) -> dict[str, Any]:
    """Tell whether the orders differ; those of 24 samples agree once in 10**23 runs."""
    first, second = answer["first epoch"].array, answer["second epoch"].array
    fours = [{frozenset(four) for four in order.reshape(6, 4).tolist()} for order in (first, x)]
    mixed = size != 4 or fours[0] != fours[1]  # the same six batches once in 10**12 runs
    new = {"the first epoch is shuffled": bool((first != x).any()), "its batches are mixed": mixed}
    return new | {"the second epoch has another order": bool((first != second).any())}


@check(
    inputs=lambda draw: {"x": draw.distinct((24,)), "size": draw.choice((4, 1, 24))},
    hint="Draw the permutation in __iter__, not in the constructor, and never seed the generator.",
    view=orders_differ,
    examples=5,
)
def shuffles_anew(api: Any, x: Any, size: int) -> dict[str, Any]:
    """With shuffling, every epoch has a new order."""
    loader = api.DataLoader(api.TensorDataset(api.Tensor(x)), size, shuffle=True)
    return {"first epoch": part(loader, 0), "second epoch": part(loader, 0)}


def in_any_order(answer: dict[str, Any], x: Any, shuffle: bool) -> dict[str, Any]:
    """Sort what was shuffled."""
    return {name: np.sort(v.array) if shuffle else v.array for name, v in answer.items()}


@check(
    inputs=lambda draw: {"x": draw.distinct((8,)), "shuffle": draw.choice((False, True))},
    hint="Let __iter__ make the order and the position anew: a generator keeps its own.",
    view=in_any_order,
)
def iterators_are_independent(api: Any, x: Any, shuffle: bool) -> dict[str, Any]:
    """Two iterators over one loader, in use at once, do not disturb each other."""
    loader = api.DataLoader(api.TensorDataset(api.Tensor(x)), 2, shuffle)
    first, second = iter(loader), iter(loader)
    begun, meanwhile = [next(first), next(first)], list(second)
    return {"second iterator": part(meanwhile, 0), "first iterator": part([*begun, *first], 0)}


def pixels(draw: Draw) -> Inputs:
    """An image (C, H, W) or (H, W) without zeros, all values different, to be wrapped or not."""
    shape = *draw.choice(((), (1,), (3,))), draw.choice((2, 3, 4)), draw.choice((2, 3, 4))
    return {"x": draw.distinct(shape) + np.float32(1 / 16), "wrap": draw.choice((False, True))}


@check(inputs=pixels, hint="Left and right are the ends of the last axis.")
def flips_surely(api: Any, x: Any, wrap: bool) -> dict[str, Any]:
    """RandomHorizontalFlip mirrors an array or Tensor left to right if p is 1, never if it is 0."""
    image = api.Tensor(x) if wrap else x
    always, never = api.RandomHorizontalFlip(1.0), api.RandomHorizontalFlip(0.0)
    return {"with p = 0": values(never(image)), "with p = 1": values(always(image))}


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
    inputs=lambda draw: pixels(draw) | {"size": draw.integer(1, 2), "padding": draw.integer(0, 2)},
    hint="Pad only the last two axes, and cut the same window out of all channels.",
    view=is_window,
)
def crops_windows(api: Any, x: Any, wrap: bool, size: int, padding: int) -> dict[str, Any]:
    """RandomCrop(size, padding) cuts a window out of a zero-padded array or Tensor."""
    image = api.Tensor(x) if wrap else x
    return {"cropped": values(api.RandomCrop(size, padding)(image))}


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
