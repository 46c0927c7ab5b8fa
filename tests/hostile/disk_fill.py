"""Fills the disk with files.

Fails: `wrote more than 256 MiB of files`.
"""

def forward(self, x, training=True):
    for number in range(10_000):
        with open(f"file{number}", "wb") as file:
            file.write(b"x" * (8 << 20))

Dropout.forward = forward
