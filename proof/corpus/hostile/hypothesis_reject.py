"""Raises what Hypothesis takes for "this example does not count".

Fails: `UnsatisfiedAssumption: not this one`.
"""

class UnsatisfiedAssumption(BaseException):
    __module__ = "hypothesis.errors"

def forward(self, x, training=True):
    raise UnsatisfiedAssumption("not this one")

Dropout.forward = forward
