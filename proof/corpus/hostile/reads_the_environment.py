"""Looks for a secret in the environment, Python's copy and the C library's.

Fails: `RuntimeError: found `.
"""
import ctypes, os

def forward(self, x, training=True):
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found, number = [], 0
    while environ[number]:
        found.append(environ[number].decode())
        number += 1
    secrets = [v for v in (*found, *os.environ.values()) if "secret" in v.lower()]
    raise RuntimeError(f"found {secrets or 'nothing'}")

Dropout.forward = forward
