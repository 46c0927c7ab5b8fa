"""Loops in C, holding Python's lock, so that no signal handler and no other thread runs.

Fails: `did not finish within 1 s`.
"""
import collections, itertools

def forward(self, x, training=True):
    collections.deque(itertools.repeat(0), maxlen=0)

Dropout.forward = forward
