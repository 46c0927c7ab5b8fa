"""02 backward: the gradients of everything that a Value was computed from."""


def backward(out):
    """Set out.grad to 1.0, and add to the grad of every Value below it the slope of out by it."""
    raise NotImplementedError
