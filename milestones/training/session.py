"""One network in training: what a milestone asks of a submission, and of the reference.

Runs in the worker with the submission's modules, and in the judge with the reference's: it holds
no expectation, no threshold and no label of a test image.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradgate.authoring import grad, values

from ..definition import Array
from ..definition.gate_catalog import find_architecture, load_milestones
from .network import Network

Settings = dict[str, float]
IMAGES_PER_PREDICTION = 200  # bounds the memory of a wasteful convolution


def scenarios() -> Mapping[str, Callable[..., dict[str, Any]]]:
    """Return the scenarios of a worker that trains, by name."""
    load_milestones()  # imported now: later, imports see the submission alone
    session = Session()
    methods = (
        *(session.take, session.start, session.compute_gradients),
        *(session.train, session.predict, session.compute_outputs),
    )
    return {method.__name__: method for method in methods}


class Session:
    """Images to train on, a network, and the submission's Trainer for it.

    Each public method is a scenario: `api` offers the submission's names, or the reference's.
    """

    def __init__(self) -> None:
        """Start without images and without a network."""
        self.images: list[Array] = []
        self.labels: list[Array] = []

    def take(self, api: Any, images: Array, labels: Array) -> dict[str, Any]:
        """Add images (N, C, H, W), uint8 or float32, with class ids (N,), to train on."""
        self.images.append(images)
        self.labels.append(labels)
        return {}

    def start(
        self, api: Any, network: str, batch_size: int, sgd: Settings, clip: float, **weights: Array
    ) -> dict[str, Any]:
        """Build a network with these weights, an SGD optimizer and a Trainer.

        Raises ValueError where a layer's parameter has another shape than its weights.
        """
        if len(self.images) > 1:
            self.images, self.labels = [np.concatenate(self.images)], [np.concatenate(self.labels)]
        self.architecture = find_architecture(network)
        self.network = Network(self.architecture.build(api))
        self.network.load(weights)
        self.rate, self.batch_size = sgd["lr"], batch_size
        self.loss = api.CrossEntropyLoss()
        self.descent = api.SGD(self.network.parameters(), **sgd)
        schedule = self._make_schedule(api)
        self.trainer = api.Trainer(
            self.network, self.descent, self.loss, schedule, grad_clip_norm=clip
        )
        return {}

    def compute_gradients(self, api: Any, chosen: Array) -> dict[str, Any]:
        """Return every parameter's gradient on some images; changes no parameter."""
        logits = self.network(api.Tensor(to_pixels(self.images[0][chosen])))
        self.loss(logits, api.Tensor(self.labels[0][chosen])).backward()
        gradients = {name: grad(self.network.get_tensor(name)) for name in self.architecture.shapes}
        self.descent.zero_grad()
        return gradients

    def train(self, api: Any, order: Array, rate: float, plain: bool) -> dict[str, Any]:
        """Train on the images in `order` at one rate; return the mean loss and the state."""
        self.rate = rate
        images = to_pixels(self.images[0][order])
        if not plain:
            augment = _make_augmentation(api, images)
            images = np.stack([values(augment(image)) for image in images])
        dataset = api.TensorDataset(api.Tensor(images), api.Tensor(self.labels[0][order]))
        loss = self.trainer.train_epoch(api.DataLoader(dataset, self.batch_size))
        return {"loss": values(loss), **self._read_state()}

    def predict(self, api: Any, images: Array) -> dict[str, Any]:
        """Return the logits (N, classes) of images, the network in evaluation mode."""
        self.network.training = False
        logits = []
        for start in range(0, len(images), IMAGES_PER_PREDICTION):
            part = to_pixels(images[start : start + IMAGES_PER_PREDICTION])
            logits.append(values(self.network(api.Tensor(part))))
        return {"logits": np.concatenate(logits)}

    def compute_outputs(self, api: Any, images: Array) -> dict[str, Any]:
        """Return what every layer makes of a few images."""
        self.network.training = False
        outputs = self.network.compute_outputs(api.Tensor(to_pixels(images)))
        return {name: values(output) for name, output in outputs.items()}

    def _read_state(self) -> dict[str, Any]:
        """Return the parameters as they are, and the statistics in the shapes they should have."""
        state = {name: values(self.network.get_tensor(name)) for name in self.architecture.shapes}
        for name, shape in self.architecture.statistics.items():
            state[name] = np.reshape(values(self.network.get_tensor(name)), shape)
        return state

    def _make_schedule(self, api: Any) -> Any:
        session = self

        class PresentRate(api.CosineSchedule):  # type: ignore[misc]
            """The rate of the present phase, however the Trainer counts."""

            def get_lr(self, epoch: int) -> float:
                return session.rate

        return PresentRate()


def to_pixels(images: Array) -> Array:
    """Return images as float32: bytes 0 to 255 as about -2 to 2, others as they are."""
    if images.dtype != np.uint8:
        return images
    return np.asarray((images.astype(np.float32) - 120) / 64, np.float32)


def _make_augmentation(api: Any, images: Array) -> Callable[[Array], Any]:
    """Return the submission's flip and crop by up to two pixels."""
    crop = api.RandomCrop(images.shape[-1], padding=2)
    return api.Compose([api.RandomHorizontalFlip(), crop])  # type: ignore[no-any-return]
