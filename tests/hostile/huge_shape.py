"""Returns an array of a tera of numbers that takes four bytes.

Fails: `the result is too large to send`.
"""

def forward(self, x, training=True):
    y = Tensor(x.data)
    y.data = np.broadcast_to(np.float32(1), (1 << 20, 1 << 20))
    return y

Dropout.forward = forward
