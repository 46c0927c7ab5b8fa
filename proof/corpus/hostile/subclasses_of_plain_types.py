"""Returns a dict, a float and a text of classes of its own, where a Tensor is due.

Fails: `should be a Tensor`.
"""
import itertools

class Number(float):
    __eq__ = __le__ = lambda self, other: True
    __float__ = lambda self: 0.0

class Text(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__

class Table(dict):
    __eq__ = lambda self, other: True
    __getitem__ = __missing__ = lambda self, key: Number(0)

kinds = itertools.cycle([Number(1), Text("passed"), Table(), np.float32(1), True])

def forward(self, x, training=True):
    return next(kinds)

Dropout.forward = forward
