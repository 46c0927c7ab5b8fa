"""Signals its process group, every process there is, and the parent by a thread's number.

Fails: `refused, refused, refused, refused`.
"""
import ctypes, os, signal

libc = ctypes.CDLL(None, use_errno=True)
ACTS = (
    lambda: os.killpg(0, signal.SIGCONT),
    lambda: os.kill(-1, signal.SIGCONT),
    lambda: os.killpg(os.getppid(), signal.SIGTERM),
    lambda: libc.syscall(200, os.getppid(), signal.SIGTERM) == 0 or os.kill(1, 0),
)

def forward(self, x, training=True):
    told = []
    for act in ACTS:
        try:
            act()
            told.append("sent")
        except OSError:
            told.append("refused")
    raise RuntimeError(", ".join(told))

Dropout.forward = forward
