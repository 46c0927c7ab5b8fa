"""Returns NaN, which is neither smaller nor larger than any bound.

Fails: `layer(x) holds nan at [`.
"""

def forward(self, x, training=True):
    return Tensor(np.full(x.shape, np.nan))

Dropout.forward = forward
