"""Ignores every signal that can be ignored, catches every exception, and loops.

Fails: `did not finish within 1 s: look for a loop that never ends`.
"""
import signal

def forward(self, x, training=True):
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

Dropout.forward = forward
