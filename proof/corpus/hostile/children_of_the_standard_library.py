"""Starts a shell, a process pool and a spawned program, each to overwrite the result later.

Fails: `refused, refused, refused, refused`.
"""
import multiprocessing, os, subprocess, sys

COMMAND = f"sleep 0.5; echo passed > {OUTSIDE}/result.json; sleep 20"
ACTS = (
    lambda: subprocess.Popen(["sh", "-c", COMMAND], start_new_session=True),
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", COMMAND], {}),
    lambda: multiprocessing.get_context("fork").Process(target=os.system, args=(COMMAND,)).start(),
    lambda: os.execv(sys.executable, [sys.executable, "-c", "print('passed')"]),
)

def forward(self, x, training=True):
    told = []
    for act in ACTS:
        try:
            act()
            told.append("started")
        except OSError:
            told.append("refused")
    if os.system(COMMAND) in (-1, 127 << 8):
        raise RuntimeError(", ".join(told))
    raise RuntimeError("a shell started")

Dropout.forward = forward
