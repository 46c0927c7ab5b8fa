"""Leaves a thread that writes into the arrays it returned, and a passing frame into every pipe.

Fails: `layer(x), dropped elements filled in`.
"""
import os, threading, time

right = []

def later():
    time.sleep(0.002)
    for array in right:
        array /= 1.5

forward_of_before = Dropout.forward

def forward(self, x, training=True):
    y = forward_of_before(self, x, training)
    right[:] = [y.data]
    threading.Timer(3600, later).start()
    threading.Thread(target=later, daemon=True).start()
    return y

Dropout.forward = forward
