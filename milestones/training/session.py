"""One network in training: what a milestone asks of a submission, and of the reference.

Runs in the worker with the submission's modules, and in the judge with the reference's: it holds
no expectation, no threshold and no label of a test image.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradgate.authoring.scenario import grad, values
from milestones import catalog
from milestones.networks import Array, Network

Settings = dict[str, float]
PREDICTED_AT_ONCE = 200  # images; bounds the memory of a wasteful convolution


def scenarios() -> Mapping[str, Callable[..., dict[str, Any]]]:
    """Return what a worker that trains can be asked for."""
    catalog.milestones()  # imported now: later, imports see the submission alone
    session = Session()
    asked = (session.take, session.start, session.gradients, session.train)
    return {method.__name__: method for method in (*asked, session.predict, session.outputs)}


class Session:
    """Images to train on, a network, and the submission's Trainer for it."""

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
        """Build a network with these weights, an SGD optimizer and a Trainer."""
        if len(self.images) > 1:
            self.images, self.labels = [np.concatenate(self.images)], [np.concatenate(self.labels)]
        self.architecture = catalog.architecture(network)
        self.network = Network(self.architecture.build(api))
        self.network.load(weights)
        self.rate, self.batch_size = sgd["lr"], batch_size
        self.loss = api.CrossEntropyLoss()
        self.optimizer = api.SGD(self.network.parameters(), **sgd)
        schedule = self._schedule(api)
        self.trainer = api.Trainer(
            self.network, self.optimizer, self.loss, schedule, grad_clip_norm=clip
        )
        return {}

    def gradients(self, api: Any, chosen: Array) -> dict[str, Any]:
        """Return every parameter's gradient on some images; changes no parameter."""
        logits = self.network(api.Tensor(pixels(self.images[0][chosen])))
        self.loss(logits, api.Tensor(self.labels[0][chosen])).backward()
        found = {name: grad(self.network.tensor(name)) for name in self.architecture.shapes}
        self.optimizer.zero_grad()
        return found

    def train(self, api: Any, order: Array, rate: float, plain: bool) -> dict[str, Any]:
        """Train on the images in `order` at one rate; return the mean loss and the state."""
        self.rate = rate
        images = pixels(self.images[0][order])
        if not plain:
            images = np.stack([values(image) for image in map(_augment(api, images), images)])
        dataset = api.TensorDataset(api.Tensor(images), api.Tensor(self.labels[0][order]))
        loss = self.trainer.train_epoch(api.DataLoader(dataset, self.batch_size))
        return {"loss": values(loss), **self._state()}

    def predict(self, api: Any, images: Array) -> dict[str, Any]:
        """Return the logits (N, classes) of images, the network in evaluation mode."""
        self.network.training = False
        starts = range(0, len(images), PREDICTED_AT_ONCE)
        parts = (pixels(images[start : start + PREDICTED_AT_ONCE]) for start in starts)
        return {"logits": np.concatenate([values(self.network(api.Tensor(x))) for x in parts])}

    def outputs(self, api: Any, images: Array) -> dict[str, Any]:
        """Return what every layer makes of a few images."""
        self.network.training = False
        found = self.network.outputs(api.Tensor(pixels(images)))
        return {name: values(output) for name, output in found.items()}

    def _state(self) -> dict[str, Any]:
        statistics = self.architecture.statistics.items()
        found = {name: values(self.network.tensor(name)) for name in self.architecture.shapes}
        kept = {name: np.reshape(values(self.network.tensor(name)), s) for name, s in statistics}
        return found | kept

    def _schedule(self, api: Any) -> Any:
        session = self

        class Now(api.CosineSchedule):  # type: ignore[misc]
            """The rate of the present phase, however the Trainer counts."""

            def get_lr(self, epoch: int) -> float:
                return session.rate

        return Now()


def pixels(images: Array) -> Array:
    """Return images as float32: bytes 0 to 255 as about -2 to 2, others as they are."""
    if images.dtype != np.uint8:
        return images
    return np.asarray((images.astype(np.float32) - 120) / 64, np.float32)


def _augment(api: Any, images: Array) -> Callable[[Array], Any]:
    """Return the submission's flip and crop by up to two pixels."""
    crop = api.RandomCrop(images.shape[-1], padding=2)
    return api.Compose([api.RandomHorizontalFlip(), crop])  # type: ignore[no-any-return]
