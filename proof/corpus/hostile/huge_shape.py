"""Returns an array of 2 to the 40 numbers that takes four bytes.

Fails: `the result is too large to send`.
"""

class Held(Tensor):
    data = None

    def __init__(self, data):
        self.data = data

def forward(self, x, training=True):
    return Held(np.broadcast_to(np.float32(1), (1 << 20, 1 << 20)))

Dropout.forward = forward
