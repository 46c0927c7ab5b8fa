"""Asks to outlive its parent, to be dumpable, to gain rights, to adopt orphans and to be traced.

Fails: `RuntimeError: set nothing`.
"""
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
OPTIONS = {
    "PDEATHSIG": (1, 0), "DUMPABLE": (4, 1), "KEEPCAPS": (8, 1), "SECCOMP": (22, 1, 0),
    "CAPBSET": (24, 0), "CHILD_SUBREAPER": (36, 1), "PTRACER": (0x59616D61, -1),
    "SET_MM": (35, 1, 0), "TIMERSLACK": (29, 1), "NO_NEW_PRIVS": (38, 0),
}

def forward(self, x, training=True):
    got = [n for n, call in OPTIONS.items() if libc.prctl(*map(ctypes.c_long, call)) != -1]
    raise RuntimeError(f"set {got or 'nothing'}")

Dropout.forward = forward
