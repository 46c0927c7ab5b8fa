"""Data sets."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check, raised, values

from .cases import samples


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
