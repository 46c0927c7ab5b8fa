"""Raises an exception whose text loops.

Fails: `did not finish within 1 s`.
"""

class Endless(Exception):
    def __str__(self):
        while True:
            pass

def forward(self, x, training=True):
    raise Endless

Dropout.forward = forward
