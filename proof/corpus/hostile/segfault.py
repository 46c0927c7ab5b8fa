"""Reads the address zero.

Fails: `ended the whole process by the signal SIGSEGV`.
"""
import ctypes

def forward(self, x, training=True):
    return ctypes.string_at(0)

Dropout.forward = forward
