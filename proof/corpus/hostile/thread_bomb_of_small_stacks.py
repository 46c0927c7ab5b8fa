"""Starts threads of the smallest stack, until the machine has no room for another process.

Fails: `started more than 256 threads`.
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
