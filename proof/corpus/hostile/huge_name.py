"""Returns an object of a class whose name takes ten megabytes.

Fails: `the result is too large to send`.
"""
Huge = type("x" * 10_000_000, (), {})

def forward(self, x, training=True):
    return Huge()

Dropout.forward = forward
