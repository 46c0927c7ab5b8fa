"""Replaces its own files, and those of the other modules, while it is graded.

Fails: `RuntimeError: did nothing`.
"""
import os

PLACE = os.path.dirname(__file__)
ACTS = (
    lambda: open(__file__, "w"),
    lambda: open(PLACE + "/activations.py", "w"),
    lambda: open(PLACE + "/new.py", "w"),
    lambda: os.rename(PLACE, PLACE + "2"),
    lambda: os.unlink(PLACE + "/activations.py"),
    lambda: os.chmod(PLACE, 0),
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
