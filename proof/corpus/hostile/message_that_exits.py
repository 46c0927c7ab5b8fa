"""Raises an exception whose text leaves the process, by two ways.

Fails: `ended the whole process with exit code 0`.
"""
import os

class Leaving(Exception):
    def __str__(self):
        os._exit(0)

def forward(self, x, training=True):
    raise Leaving

Dropout.forward = forward
