"""Returns numbers of another dtype, with metadata and a byte order of their own.

Fails: `layer(x) is a Tensor of dtype >f4, should be a Tensor`.
"""

class Held(Tensor):
    data = None

    def __init__(self, data):
        self.data = data

def forward(self, x, training=True):
    return Held(x.data.astype(np.dtype(">f4", metadata={"passed": True})))

Dropout.forward = forward
