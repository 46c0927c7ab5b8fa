"""Raises SystemExit(0) in a call, as if the grading were over and well.

Fails: `ends the program (SystemExit); a module must not exit`.
"""
import sys

def forward(self, x, training=True):
    sys.exit(0)

Dropout.forward = forward
