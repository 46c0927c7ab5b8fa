"""Raises an exception whose text calls itself.

Fails: `(its message could not be printed)`.
"""

class Deep(Exception):
    def __str__(self):
        return str(self)

    __repr__ = __str__

def forward(self, x, training=True):
    raise Deep

Dropout.forward = forward
