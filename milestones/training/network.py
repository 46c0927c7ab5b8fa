"""A network built of a submission's layers, or of the reference's.

Runs in the worker and in the judge, so it imports nothing but NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..definition import Array


class Network:
    """Layers applied one after another, as the submission's Trainer expects a model."""

    def __init__(self, layers: Mapping[str, Any]) -> None:
        """Take the layers in order."""
        self.layers = layers
        self._switch_layers(training=True)

    @property
    def training(self) -> bool:
        """Whether the layers are in training mode."""
        return self._is_training

    @training.setter
    def training(self, mode: bool) -> None:
        self._switch_layers(training=mode)

    def _switch_layers(self, training: bool) -> None:
        self._is_training = training
        for layer in self.layers.values():
            switch = getattr(layer, "train" if training else "eval", None)
            if switch:
                switch()

    def forward(self, x: Any) -> Any:
        """Map images (N, C, H, W) to logits (N, classes)."""
        for layer in self.layers.values():
            x = layer(x)
        return x

    __call__ = forward

    def compute_outputs(self, x: Any) -> dict[str, Any]:
        """Return what each layer makes of images, by the layer's name."""
        outputs = {}
        for name, layer in self.layers.items():
            x = outputs[name] = layer(x)
        return outputs

    def parameters(self) -> list[Any]:
        """Return what the layers say is to be trained."""
        layers = [layer for layer in self.layers.values() if hasattr(layer, "parameters")]
        return [parameter for layer in layers for parameter in layer.parameters()]

    def get_tensor(self, name: str) -> Any:
        """Return a parameter, or a running statistic, by its name: `conv1.weight`."""
        layer, attribute = name.split(".")
        return getattr(self.layers[layer], attribute)

    def load(self, state: Mapping[str, Array]) -> None:
        """Overwrite parameters and statistics in place; raises ValueError for another shape."""
        for name, value in state.items():
            holder = self.get_tensor(name)
            array = holder if isinstance(holder, np.ndarray) else holder.data
            if array.shape != value.shape:
                raise ValueError(f"{name} has shape {array.shape}, should be {value.shape}")
            array[...] = value
