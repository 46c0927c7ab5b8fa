"""Prints without end, to both outputs.

Fails: `printed more than 8 MiB in one call`.
"""
import os, sys

def forward(self, x, training=True):
    while True:
        os.write(1, b"o" * 65536)
        sys.stderr.write("e" * 65536)

Dropout.forward = forward
