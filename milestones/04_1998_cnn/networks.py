"""The convolutional networks of milestone 04."""

from __future__ import annotations

from typing import Any

from ..definition import (
    Architecture,
    Shape,
    flatten,
    global_average,
    list_conv3x3_shapes,
    list_linear_shapes,
)


def _build_tiny(api: Any) -> dict[str, Any]:
    return {
        "conv1": api.Conv2d(1, 8, 3, padding=1),
        "relu1": api.ReLU(),
        "pool1": api.MaxPool2d(2),
        "conv2": api.Conv2d(8, 16, 3, padding=1),
        "relu2": api.ReLU(),
        "pool2": api.MaxPool2d(2),
        "flatten": flatten,
        "output": api.Linear(64, 10),
    }


TINY = Architecture(
    title="CNN 8-16",
    build=_build_tiny,
    shapes=list_conv3x3_shapes("conv1", 1, 8)
    | list_conv3x3_shapes("conv2", 8, 16)
    | list_linear_shapes("output", 64, 10),
    statistics={},
)


def make_deep_cnn(
    *channels: int, pooled: tuple[int, ...], colours: int = 3, side: int = 32
) -> Architecture:
    """Return blocks of convolution, pooling, normalisation and ReLU, and a linear layer.

    `channels` are those of the blocks; blocks whose numbers, from 1, are in `pooled` halve the
    image's sides. A convolution before a normalisation needs no bias.
    """
    side >>= len(pooled)
    pairs = list(zip((colours, *channels[:-1]), channels, strict=True))

    def build(api: Any) -> dict[str, Any]:
        layers: dict[str, Any] = {}
        for block, (inputs, outputs) in enumerate(pairs, start=1):
            layers[f"conv{block}"] = api.Conv2d(inputs, outputs, 3, padding=1, bias=False)
            if block in pooled:
                layers[f"pool{block}"] = api.MaxPool2d(2)
            layers[f"norm{block}"] = api.BatchNorm2d(outputs)
            layers[f"relu{block}"] = api.ReLU()
        return layers | {"flatten": flatten, "output": api.Linear(channels[-1] * side**2, 10)}

    shapes: dict[str, Shape] = {}
    statistics: dict[str, Shape] = {}
    for block, (inputs, outputs) in enumerate(pairs, start=1):
        shapes |= list_conv3x3_shapes(f"conv{block}", inputs, outputs, bias=False)
        shapes |= {f"norm{block}.gamma": (outputs,), f"norm{block}.beta": (outputs,)}
        statistics |= {f"norm{block}.running_mean": (outputs,)}
        statistics |= {f"norm{block}.running_var": (outputs,)}
    shapes |= list_linear_shapes("output", channels[-1] * side**2, 10)
    return Architecture(
        title=f"CNN {'-'.join(map(str, channels))} BN",
        build=build,
        shapes=shapes,
        statistics=statistics,
    )


def _build_anywhere(api: Any) -> dict[str, Any]:
    return {
        "conv1": api.Conv2d(1, 8, 3, padding=1),
        "relu1": api.ReLU(),
        "pool1": api.MaxPool2d(2),
        "conv2": api.Conv2d(8, 16, 3, padding=1),
        "relu2": api.ReLU(),
        "average": global_average,
        "output": api.Linear(16, 10),
    }


ANYWHERE = Architecture(
    title="CNN 8-16 averaged",
    build=_build_anywhere,
    shapes=list_conv3x3_shapes("conv1", 1, 8)
    | list_conv3x3_shapes("conv2", 8, 16)
    | list_linear_shapes("output", 16, 10),
    statistics={},
)
NORMALISED = make_deep_cnn(8, 16, pooled=(1, 2), colours=1, side=8)
