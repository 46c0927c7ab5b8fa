"""Announces a frame of four gigabytes, so that the judge takes as much memory.

Fails: `interfered with the grader's own pipe (a frame longer than allowed)`.
"""
import os, struct

def forward(self, x, training=True):
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF))
        except OSError:
            pass
    return x

Dropout.forward = forward
