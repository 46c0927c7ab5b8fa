"""Lifts the limit of recursion and nests until the stack of the process is full.

Fails: the process ends, or Python refuses.
"""
import sys

def forward(self, x, training=True):
    sys.setrecursionlimit(1 << 30)
    nested = []
    for _ in range(1_000_000):
        nested = [nested]
    return repr(nested)

Dropout.forward = forward
