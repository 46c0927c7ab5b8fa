"""Returns arrays of a class of its own, whose comparisons are always true.

Fails: `layer(x) is a Tensor whose data is a Liar, should be a Tensor`.
"""

class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *given, **named):
        return np.ones(self.shape, bool)

    def tobytes(self, order="C"):
        raise SystemExit(0)

    __eq__ = __le__ = lambda self, other: True

class Held(Tensor):
    data = None

    def __init__(self, data):
        self.data = data

def forward(self, x, training=True):
    return Held(x.data.view(Liar))

Dropout.forward = forward
