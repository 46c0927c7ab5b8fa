"""Asks to be another user, for other groups, for rights of root and for another root folder.

Fails: `RuntimeError: became nothing`.
"""
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
ACTS = (
    lambda: os.setuid(0),
    lambda: os.setuid(1000),
    lambda: os.setgid(0),
    lambda: os.setresuid(0, 0, 0),
    lambda: os.setgroups([0]),
    lambda: os.chroot("."),
    lambda: os.setsid(),
    lambda: os.nice(-5),
)

def forward(self, x, training=True):
    done = []
    for number, act in enumerate(ACTS):
        try:
            act()
            done.append(number)
        except OSError:
            pass
    raise RuntimeError(f"became {done or 'nothing'}")

Dropout.forward = forward
