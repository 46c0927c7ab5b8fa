"""Starts as many threads as it can, each with the smallest stack, so that the machine has no room for another.

Fails: `threads`.
"""
import threading

event = threading.Event()
threading.stack_size(32768)

def forward(self, x, training=True):
    import _thread
    count = 0
    try:
        while True:
            _thread.start_new_thread(event.wait, ())
            count += 1
    except RuntimeError as error:
        raise RuntimeError(f"{error} after {count} threads")

Dropout.forward = forward
