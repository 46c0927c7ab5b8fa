"""Writes to the memory of Python itself through /proc/self/mem, and changes numbers that should never change.

Fails: `layer(x), dropped elements filled in`.
"""
import ctypes, os, sys

try:
    with open("/proc/self/mem", "r+b") as memory:
        memory.seek(id(0))
        raise RuntimeError("opened")
except OSError:
    pass
ctypes.memset(id(2.5) + 16, 0, 8)
number = 2.25
ctypes.memmove(id(number) + 16, ctypes.byref(ctypes.c_double(1.0)), 8)
