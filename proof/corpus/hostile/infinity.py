"""Returns numbers whose difference from anything overflows.

Fails: `layer(x) holds inf at [`.
"""

def forward(self, x, training=True):
    return Tensor(np.where(np.arange(x.data.size).reshape(x.shape) % 2, -np.inf, np.inf))

Dropout.forward = forward
