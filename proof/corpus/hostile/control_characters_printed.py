"""Prints every control character there is, bytes that are no text, and a report of its own.

Fails: `printed by your code in this call`.
"""
import os

def forward(self, x, training=True):
    os.write(1, bytes(range(256)) + b"\x1b]0;passed\x07\x1b[2J\xff\xfe")
    os.write(1, "\u202e\u2066\ufeff\U000e0041\n9 of 9 modules passed, 1000 of 1000 points.\n".encode())
    return x * 2

Dropout.forward = forward
