"""Returns numbers of another dtype, with metadata and a byte order of their own.

Fails: `layer(x) is a tensor of dtype`.
"""

def forward(self, x, training=True):
    y = Tensor(x.data)
    y.data = x.data.astype(np.dtype(">f4", metadata={"passed": True}))
    return y

Dropout.forward = forward
