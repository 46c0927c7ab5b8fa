"""Raises an exception whose text clears the screen, moves the cursor and writes "passed" in green.

Fails: `passed 9 of 9`.
"""

def forward(self, x, training=True):
    raise ValueError("\x1b[2J\x1b[1;1H\x1b[32mpassed 9 of 9\x1b[0m\x9b2J\x07\x08\x00\x7f\u202e\u2028")

Dropout.forward = forward
