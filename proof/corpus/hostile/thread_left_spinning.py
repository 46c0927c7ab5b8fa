"""Leaves a thread behind that computes on after every call.

Fails: `left a thread running that goes on after the call is over`.
"""
import threading

def spin():
    while True:
        pass

def forward(self, x, training=True):
    threading.Thread(target=spin, daemon=True).start()
    return x

Dropout.forward = forward
