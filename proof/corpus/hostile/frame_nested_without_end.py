"""Sends a frame whose JSON is nested a hundred thousand deep.

Fails: `interfered with the grader's own pipe (a frame that cannot be read)`.
"""
import os, struct

def forward(self, x, training=True):
    head = b"[" * 60_000
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", len(head), 0) + head)
        except OSError:
            pass
    return x

Dropout.forward = forward
