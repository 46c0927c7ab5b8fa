"""Leaves the process in the middle of a call, with the exit code of success.

Fails: `ended the whole process with exit code 0`.
"""
import os

def forward(self, x, training=True):
    os._exit(0)

Dropout.forward = forward
