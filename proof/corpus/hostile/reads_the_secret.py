"""Reads the secret outside, and lists everything on the way to it.

Fails: `PermissionError: [Errno 13] Permission denied`.
"""
import os

def forward(self, x, training=True):
    for act in (
        lambda: os.listdir("/"),
        lambda: os.listdir("/tmp"),
        lambda: os.listdir(os.path.dirname(os.getcwd())),
        lambda: os.listdir(OUTSIDE),
        lambda: open("/etc/passwd").read(),
        lambda: open("/proc/self/root" + OUTSIDE + "/secret").read(),
        lambda: open(OUTSIDE + "/secret").read(),
    ):
        try:
            raise RuntimeError(f"read: {act()}")
        except OSError as error:
            last = error
    raise last

Dropout.forward = forward
