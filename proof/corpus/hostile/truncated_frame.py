"""Begins a frame and ends the process.

Fails: `ended the whole process with exit code 0`.
"""
import os, struct

def forward(self, x, training=True):
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", 1000, 0) + b'{"status": "ok"')
        except OSError:
            pass
    os._exit(0)

Dropout.forward = forward
