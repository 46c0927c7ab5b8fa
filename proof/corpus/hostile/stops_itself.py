"""Stops its own process with SIGSTOP, so that the judge waits for an answer that never comes.

Fails: `did not finish within 1 s`.
"""
import os, signal

def forward(self, x, training=True):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x

Dropout.forward = forward
