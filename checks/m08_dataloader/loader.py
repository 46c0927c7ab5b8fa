"""Batches: sizes, order, shuffling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gradgate.authoring import Inputs, check, values

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw
from .cases import in_batches, part


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
    return {
        "order of the first epoch": "shuffled" if (first != x).any() else "that of the data set",
        "samples of each batch": "mixed" if mixed else "those that are neighbours in the data set",
        "order of the second epoch": "new" if (first != second).any() else "that of the first",
    }


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
    first = iter(loader)
    begun, second = [next(first)], iter(loader)
    begun, meanwhile = [*begun, next(first)], list(second)
    return {"second iterator": part(meanwhile, 0), "first iterator": part([*begun, *first], 0)}
