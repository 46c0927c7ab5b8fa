"""The nine modules as course staff would write them: the oracle that submissions are compared with.

The package itself imports nothing: modules 01-04 stay forward only until `autograd` is imported.
"""


def prepare() -> None:
    """Make the package an oracle: it computes in float64 and records from now on."""
    import numpy as np

    from .autograd import enable_autograd
    from .tensor import Tensor

    Tensor.precision = np.float64
    enable_autograd()
