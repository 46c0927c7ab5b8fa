"""Overwrites, moves, truncates and removes the result outside, and gives it other modes and times.

Fails: `RuntimeError: did nothing`.
"""
import os

FILE = OUTSIDE + "/result.json"
ACTS = (
    lambda: open(FILE, "w").write('{"passed": true}'),
    lambda: open(FILE, "a").write('{"passed": true}'),
    lambda: os.truncate(FILE, 0),
    lambda: os.rename(FILE, FILE + ".old"),
    lambda: os.unlink(FILE),
    lambda: os.utime(FILE),
    lambda: os.chmod(FILE, 0),
    lambda: os.setxattr(FILE, "user.passed", b"yes"),
    lambda: open(OUTSIDE + "/new", "w"),
    lambda: os.mkdir(OUTSIDE + "/folder"),
    lambda: open("../report.json", "w"),
    lambda: open("../../report.json", "w"),
    lambda: open(PROJECT + "/report.json", "w"),
)

def forward(self, x, training=True):
    done = []
    for number, act in enumerate(ACTS):
        try:
            act()
            done.append(number)
        except OSError:
            pass
    raise RuntimeError(f"did {done or 'nothing'}")

Dropout.forward = forward
