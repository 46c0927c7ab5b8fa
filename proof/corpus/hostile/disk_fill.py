"""Fills the disk with files.

Fails: `wrote more than 256 MiB of files`.
"""

import os

def forward(self, x, training=True):
    for number in range(10_000):
        with open(f"file{number}", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 32 << 20)

Dropout.forward = forward
