"""Leaves by the system call itself, past every function of Python's that could be watched.

Fails: `ended the whole process with exit code 0`.
"""
import ctypes

def forward(self, x, training=True):
    ctypes.CDLL(None)._exit(0)

Dropout.forward = forward
