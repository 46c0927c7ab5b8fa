"""Writes to the memory of Python itself through /proc/self/mem, and changes what integers are.

Fails: the judge's integers are its own.
"""
import ctypes, os, sys

try:
    with open("/proc/self/mem", "r+b") as memory:
        memory.seek(id(0))
        raise RuntimeError("opened")
except OSError:
    pass
ctypes.memset(id(1.5) + 16, 0, 8)
three_halves = 1.5
ctypes.memmove(id(three_halves) + 16, ctypes.byref(ctypes.c_double(1.0)), 8)
