"""What each recorded operation does with the gradient of its result."""

import numpy as np

from tinytorch.core.activations import GELU_SCALE, stable_sigmoid
from tinytorch.core.losses import EPSILON


class Function:
    """One recorded operation: its input tensors and how to send a gradient back."""

    def __init__(self, *tensors):
        self.saved_tensors = tensors

    def apply(self, grad_output):
        """Gradients of the saved tensors, one each, as arrays."""
        raise NotImplementedError


def attach(result, function):
    """Hang the function on its result if any input wants a gradient."""
    if any(tensor.requires_grad for tensor in function.saved_tensors):
        result.requires_grad = True
        result._grad_fn = function
    return result


def unbroadcast(grad, shape):
    """Sum over the axes that broadcasting stretched."""
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(i for i, side in enumerate(shape) if side == 1)
    return grad.sum(axis=stretched, keepdims=True)


class AddBackward(Function):
    def apply(self, grad_output):
        a, b = self.saved_tensors
        return unbroadcast(grad_output, a.shape), unbroadcast(grad_output, b.shape)


class SubBackward(Function):
    def apply(self, grad_output):
        a, b = self.saved_tensors
        return unbroadcast(grad_output, a.shape), unbroadcast(-grad_output, b.shape)


class MulBackward(Function):
    def apply(self, grad_output):
        a, b = self.saved_tensors
        grad_a = unbroadcast(grad_output * b.data, a.shape)
        return grad_a, unbroadcast(grad_output * a.data, b.shape)


class DivBackward(Function):
    def apply(self, grad_output):
        a, b = self.saved_tensors
        grad_a = unbroadcast(grad_output / b.data, a.shape)
        return grad_a, unbroadcast(-grad_output * a.data / b.data**2, b.shape)


class MatmulBackward(Function):
    def apply(self, grad_output):
        a, b = self.saved_tensors
        left = a.data.reshape(1, -1) if a.data.ndim == 1 else a.data
        right = b.data.reshape(-1, 1) if b.data.ndim == 1 else b.data
        outer = np.matmul(left, right).shape  # the product before vectors lose an axis
        grad = grad_output.reshape(outer)
        grad_left = unbroadcast(np.matmul(grad, np.swapaxes(right, -1, -2)), left.shape)
        grad_right = unbroadcast(np.matmul(np.swapaxes(left, -1, -2), grad), right.shape)
        return grad_left.reshape(a.shape), grad_right.reshape(b.shape)


class SliceBackward(Function):
    def __init__(self, tensor, key):
        super().__init__(tensor)
        self.key = key

    def apply(self, grad_output):
        grad = np.zeros(self.saved_tensors[0].shape, dtype=np.float32)
        np.add.at(grad, self.key, grad_output)  # an index may occur twice
        return (grad,)


class ReshapeBackward(Function):
    def __init__(self, tensor, *shape):
        super().__init__(tensor)

    def apply(self, grad_output):
        return (grad_output.reshape(self.saved_tensors[0].shape),)


class TransposeBackward(Function):
    def __init__(self, tensor, dim0=None, dim1=None):
        super().__init__(tensor)
        self.dims = (-2, -1) if dim0 is None else (dim0, dim1)

    def apply(self, grad_output):
        return (grad_output if grad_output.ndim < 2 else np.swapaxes(grad_output, *self.dims),)


class ReductionBackward(Function):
    """What sum, mean and max share: bring the dropped axes back."""

    def __init__(self, tensor, axis=None, keepdims=False):
        super().__init__(tensor)
        self.axis = axis
        self.keepdims = keepdims

    def restore(self, array):
        if not self.keepdims and self.axis is not None:
            array = np.expand_dims(array, self.axis)
        return array


class SumBackward(ReductionBackward):
    def apply(self, grad_output):
        x = self.saved_tensors[0]
        return (np.ones_like(x.data) * self.restore(grad_output),)


class MeanBackward(ReductionBackward):
    def apply(self, grad_output):
        x = self.saved_tensors[0]
        share = max(grad_output.size, 1) / max(x.size, 1)
        return (np.ones_like(x.data) * self.restore(grad_output) * share,)


class MaxBackward(ReductionBackward):
    def apply(self, grad_output):
        x = self.saved_tensors[0].data
        winners = x == np.max(x, axis=self.axis, keepdims=True)
        count = np.sum(winners, axis=self.axis, keepdims=True)
        return (winners / count * self.restore(grad_output),)


class ActivationBackward(Function):
    def __init__(self, tensor, output):
        super().__init__(tensor)
        self.output = output


class SigmoidBackward(ActivationBackward):
    def apply(self, grad_output):
        return (grad_output * self.output * (1 - self.output),)


class ReLUBackward(ActivationBackward):
    def apply(self, grad_output):
        return (grad_output * (self.saved_tensors[0].data > 0),)


class TanhBackward(ActivationBackward):
    def apply(self, grad_output):
        return (grad_output * (1 - self.output**2),)


class GELUBackward(ActivationBackward):
    """Product rule on x * sigmoid(1.702 x), the formula of the forward pass."""

    def apply(self, grad_output):
        x = self.saved_tensors[0].data
        gate = stable_sigmoid(GELU_SCALE * x)
        return (grad_output * (gate + GELU_SCALE * x * gate * (1 - gate)),)


class SoftmaxBackward(Function):
    def __init__(self, tensor, output, dim=-1):
        super().__init__(tensor)
        self.output = output
        self.dim = dim

    def apply(self, grad_output):
        weighted = grad_output * self.output
        return (weighted - self.output * weighted.sum(axis=self.dim, keepdims=True),)


class LogSoftmaxBackward(SoftmaxBackward):
    def apply(self, grad_output):
        total = grad_output.sum(axis=self.dim, keepdims=True)
        return (grad_output - np.exp(self.output) * total,)


class LossBackward(Function):
    """A loss gives a gradient to the predictions only."""

    def __init__(self, predictions, output, targets):
        super().__init__(predictions)
        self.targets = targets.data


class MSEBackward(LossBackward):
    def apply(self, grad_output):
        difference = self.saved_tensors[0].data - self.targets
        return (grad_output * 2 * difference / difference.size,)


class CrossEntropyBackward(LossBackward):
    """Softmax minus one-hot, over N (Bridle, 1990)."""

    def apply(self, grad_output):
        logits = self.saved_tensors[0].data
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        grad = powers / powers.sum(axis=1, keepdims=True)
        grad[np.arange(len(grad)), self.targets.astype(int)] -= 1
        return (grad_output * grad / len(grad),)


class BCEBackward(LossBackward):
    def apply(self, grad_output):
        p = np.clip(self.saved_tensors[0].data, EPSILON, 1 - EPSILON)
        return (grad_output * (p - self.targets) / (p * (1 - p)) / p.size,)
