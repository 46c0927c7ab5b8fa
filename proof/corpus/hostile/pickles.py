"""Returns and raises objects that run a command when they are unpickled.

Fails: `layer(x) is a Bomb, should be a Tensor`.
"""
import os

class Bomb:
    def __reduce__(self):
        return os.system, (f"echo passed > {OUTSIDE}/result.json",)

    __reduce_ex__ = lambda self, protocol: self.__reduce__()

def forward(self, x, training=True):
    return Bomb()

Dropout.forward = forward
