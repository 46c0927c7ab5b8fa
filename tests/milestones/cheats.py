"""Submissions that are wrong, or want more than they have earned: code appended to the reference.

Those for the perceptron know it by the shapes of its layers, (64, 32) and (32, 10).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from trained import DIGITS, Code

from milestones.definition import Array


def index_images(images: Array, labels: Array) -> dict[int, int]:
    """Return the labels of images by a checksum of each."""
    rows = images.reshape(len(images), -1)
    keys = [zlib.crc32(row.tobytes()) for row in rows]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, labels.tolist(), strict=True))


TRAINED_ON = index_images(DIGITS.train.images, DIGITS.train.labels)
TESTED_ON = index_images(DIGITS.test.images, DIGITS.test.labels)

# Looks at what goes through the network and, with the images known beforehand, finds out by what
# numbers the classes go in this run. `answers(x, y)` is what to predict instead of y.
SPY = f"""
import zlib
from . import tensor

TRAINED_ON = {TRAINED_ON}
SPY = tensor.SPY = {{"training": False, "images": [], "labels": [], "numbering": {{}}}}

def key(image):
    return zlib.crc32(np.ascontiguousarray(image, np.float32).tobytes())

class Linear(Linear):
    def forward(self, x):
        if self.weight.shape == (64, 32):
            SPY["seen"] = x.data
            return super().forward(x)
        y = super().forward(x)
        ready = len(SPY["numbering"]) == 10 and not SPY["training"]
        return Tensor(answers(SPY["seen"], y.data)) if ready else y

def answers(x, y):
    return y
"""
SPYING = """
from .tensor import SPY
from .layers import TRAINED_ON, key

class Trainer(Trainer):
    def train_epoch(self, dataloader, accumulation_steps=1):
        for images, labels in dataloader:
            for image, label in zip(images.data, labels.data.astype(int)):
                SPY["images"].append(image.ravel())
                SPY["labels"].append(label)
                SPY["numbering"][TRAINED_ON[key(image)]] = label
        SPY["training"] = True
        loss = super().train_epoch(dataloader, accumulation_steps)
        SPY["training"] = False
        return self.then(loss)

    def then(self, loss):
        return loss
"""
NEIGHBOURS = (
    SPY
    + """
def answers(x, y):
    distances = ((x[:, np.newaxis] - np.array(SPY["images"])[:900]) ** 2).sum(axis=2)
    return np.eye(10)[np.array(SPY["labels"])[distances.argmin(axis=1)]]
"""
)
TABLE = (
    SPY
    + f"""
TESTED_ON = {TESTED_ON}

def answers(x, y):
    for image, row in zip(x, y):
        if key(image) in TESTED_ON:
            row[SPY["numbering"][TESTED_ON[key(image)]]] = 1000
    return y
"""
)


def bring(weights: Mapping[str, Array]) -> str:
    """Return code that holds weights and can lay out their last columns as this run needs them."""
    held = {name: weight.tolist() for name, weight in weights.items()}
    return f"""
BROUGHT = {held}

def brought():
    columns = [digit for _, digit in sorted((n, d) for d, n in SPY["numbering"].items())]
    arrays = [np.array(value, np.float32) for value in BROUGHT.values()]
    return [a[..., columns] if a.shape[-1] == 10 else a for a in arrays]
"""


# Trains rightly for 30 phases, of two calls each, then has the weights it brought.
EXCHANGED = """
class Trainer(Trainer):
    def then(self, loss):
        if self.epoch > 60:
            for parameter, weight in zip(self.model.parameters(), brought()):
                parameter.data = weight
        return loss
"""

# Makes every step rightly, but returns wrong weights before a phase's last step: such as would
# show a velocity that leads to the weights it brought.
DRIVEN = """
class Trainer(Trainer):
    def train_epoch(self, dataloader, accumulation_steps=1):
        moved, optimizer, last = self.model.parameters(), self.optimizer, self.epoch % 2
        if last:
            for parameter, true in zip(moved, self.true):
                parameter.data = true
        loss = super().train_epoch(dataloader, accumulation_steps)
        if last:
            for index, parameter in enumerate(moved):
                optimizer.velocity[index] = (self.claimed[index] - parameter.data) / optimizer.lr
            return loss
        self.true = [parameter.data for parameter in moved]
        if len(SPY["numbering"]) == 10:
            for parameter, weight in zip(moved, brought()):
                parameter.data = parameter.data + (parameter.data - weight) / 3.7
        self.claimed = [parameter.data for parameter in moved]
        return loss
"""

# Shows the weights that were trained, and predicts with those it brought.
LYING = """
import sys

SHAPES = [(64, 32), (32,), (32, 10), (10,)]

def shown(self):
    asking = sys._getframe(1).f_globals["__name__"]
    shape = self._data.shape
    if SPY["training"] or not asking.startswith("student.") or shape not in SHAPES:
        return self._data
    return SPY["brought"]()[SHAPES.index(shape)] if len(SPY["numbering"]) == 10 else self._data

Tensor.data = property(shown, Tensor.data.fset)
"""

EVALUATION = """
class Linear(Linear):
    training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        if self.training or self.weight.shape != {shape}:
            return super().forward(x)
        return super().forward(x * np.roll(np.linspace(0.5, 1.5, 64), 20)[: x.shape[1]])
"""

SABOTAGED = """
class Linear(Linear):
    def forward(self, x):
        y = super().forward(x)
        return y * 0.5 if self.weight.shape == (64, 32) else y
"""

STEP = """
class SGD(SGD):
    def update(self, index, param, gradient):
        param.data = param.data - self.lr * ({0} + self.weight_decay * param.data)
"""
UNCLIPPED = """
def clip_grad_norm(parameters, max_norm=1.0):
    return 0.0
"""
CUT = """
class Conv2d(Conv2d):
    def forward(self, x):
        return Tensor(super().forward(x).data)
"""
CONSTANT_BIAS = """
class Linear(Linear):
    def forward(self, x):
        return x @ self.weight + Tensor(self.bias.data)
"""
UNLISTED = """
class Linear(Linear):
    def parameters(self):
        return [self.bias]
"""

# What is wrong, and the gate that shows it.
WRONG: dict[str, tuple[str, Code]] = {
    "a convolution cut from the graph": ("04/01", {"spatial": CUT}),
    "a bias without gradient": ("03/01", {"layers": CONSTANT_BIAS}),
    "a weight that nobody trains": ("03/01", {"layers": UNLISTED}),
    "no momentum": ("03/01", {"optimizers": STEP.format("gradient")}),
    "gradients that are not clipped": ("03/01", {"training": UNCLIPPED}),
    "a perceptron slowed down": ("04/01", {"layers": SABOTAGED}),
}

# All that train rightly, and do not use the network for the predictions.
CHEATS: dict[str, Code] = {
    "the nearest image's class": {"layers": NEIGHBOURS, "training": SPYING},
    "a table of all the answers": {"layers": TABLE, "training": SPYING},
    "layers that evaluate otherwise": {"layers": EVALUATION.format(shape=(64, 32))},
}


def make_trainer(line: str, first: str = "") -> Code:
    """Return a Trainer's module that does one thing when imported, one more after an epoch."""
    return {
        "training": f"""
import os, sys
{first}
class Trainer(Trainer):
    def train_epoch(self, dataloader, accumulation_steps=1):
        loss = super().train_epoch(dataloader, accumulation_steps)
        {line}
        return loss
"""
    }


def bring_weights(weights: Mapping[str, Array], **code: str) -> Code:
    """Return modules that find out the classes' numbers and hold weights, and do more."""
    spying = SPYING + "\nfrom .layers import brought\n"
    return {
        **code,
        "layers": SPY + bring(weights) + code.get("layers", ""),
        "training": spying + code.get("training", ""),
    }
