"""Reads the whole memory of its process, which began as a copy of another, for the secret.

Fails: `RuntimeError: found nothing`.
"""
import ctypes, os

def forward(self, x, training=True):
    found = []
    secret = ("the-secret" + "-that-nobody").encode()
    try:
        lines = open("/proc/self/maps").readlines()
    except OSError:
        lines = []
    libc = ctypes.CDLL(None)
    start = libc.sbrk
    start.restype = ctypes.c_void_p
    end, size = start(0), 8 << 20
    heap = ctypes.string_at(end - (1 << 16), 1 << 16)
    if lines or heap.count(secret):
        found.append("memory")
    raise RuntimeError(f"found {found or 'nothing'}")

Dropout.forward = forward
