"""Asks for a new process by the numbers of the system calls: fork, vfork, clone, clone3.

Fails: `-1 -1 -1 -1`.
"""
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)

def forward(self, x, training=True):
    told = []
    for number, *arguments in ((57,), (58,), (56, 17, 0, 0, 0, 0), (435, None, 0)):
        pid = libc.syscall(number, *arguments)
        if pid == 0:
            os._exit(0)
        told.append(str(pid))
    raise RuntimeError(" ".join(told))

Dropout.forward = forward
