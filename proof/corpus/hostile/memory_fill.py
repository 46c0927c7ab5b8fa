"""Takes memory until there is none.

Fails: `needs more than 2 GiB of memory`.
"""

def forward(self, x, training=True):
    kept = []
    while True:
        kept.append(np.empty(1 << 24))

Dropout.forward = forward
