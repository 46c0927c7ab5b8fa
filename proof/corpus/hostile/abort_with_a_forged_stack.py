"""Prints a stack of its own making that blames the activations, and aborts.

Fails: `ended the whole process by the signal SIGABRT`.
"""
import faulthandler, os, signal

def forward(self, x, training=True):
    faulthandler.disable()
    signal.signal(signal.SIGABRT, signal.SIG_DFL)
    place = __file__.replace("layers", "activations")
    os.write(2, f'Fatal Python error: Aborted\n  File "{place}", line 1 in \x1b[2J::error::\r\n'.encode())
    os.abort()

Dropout.forward = forward
