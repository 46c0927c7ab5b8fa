"""Module 05: gradients, patched into the classes of modules 01 to 04."""

import functools

import numpy as np

from tinytorch.core import activations, functions, losses
from tinytorch.core.functions import Function, attach
from tinytorch.core.tensor import Tensor

__all__ = ["Function", "attach", "enable_autograd"]


def backward(self, gradient=None):
    """Send a gradient from this tensor to every leaf that wants one."""
    if not self.requires_grad:
        return
    if gradient is None:
        if self.data.size != 1:
            raise ValueError(f"backward() on shape {self.shape} needs a gradient")
        gradient = np.ones_like(self.data)
    if isinstance(gradient, Tensor):
        gradient = gradient.data
    pending = {id(self): np.array(np.broadcast_to(gradient, self.shape), dtype=np.float32)}
    for tensor in _from_root_to_leaves(self):
        grad = pending.pop(id(tensor))
        if tensor._grad_fn is None:
            tensor.grad = grad.copy() if tensor.grad is None else np.asarray(tensor.grad + grad)
        else:
            _propagate(tensor._grad_fn, grad, pending)


def _propagate(function, grad, pending):
    for tensor, share in zip(function.saved_tensors, function.apply(grad)):
        if tensor.requires_grad:
            share = np.asarray(share, dtype=np.float32)
            known = pending.get(id(tensor))
            pending[id(tensor)] = share if known is None else known + share


def _inputs(tensor):
    function = tensor._grad_fn
    return [] if function is None else [t for t in function.saved_tensors if t.requires_grad]


def _from_root_to_leaves(root):
    """Kahn (1962): a tensor's turn comes when all its users have had theirs."""
    users = {id(root): 0}
    stack = [root]
    while stack:
        for tensor in _inputs(stack.pop()):
            if id(tensor) not in users:
                users[id(tensor)] = 0
                stack.append(tensor)
            users[id(tensor)] += 1
    ready = [root]
    while ready:
        tensor = ready.pop()
        yield tensor
        for parent in _inputs(tensor):
            users[id(parent)] -= 1
            if users[id(parent)] == 0:
                ready.append(parent)


def zero_grad(self):
    self.grad = None


def _patch_init():
    original = Tensor.__init__

    @functools.wraps(original)
    def init(self, data, requires_grad=False):
        original(self, data, requires_grad)
        self._grad_fn = None

    Tensor._grad_fn = None  # for tensors that are older than this patch
    Tensor.__init__ = init


def _patch_binary(name, function):
    original = getattr(Tensor, name)

    @functools.wraps(original)
    def tracked(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        return attach(original(self, other), function(self, other))

    setattr(Tensor, name, tracked)


def _patch_method(name, function):
    """For methods whose arguments the Function takes too."""
    original = getattr(Tensor, name)

    @functools.wraps(original)
    def tracked(self, *args, **kwargs):
        return attach(original(self, *args, **kwargs), function(self, *args, **kwargs))

    setattr(Tensor, name, tracked)


def _patch_matmul():
    original = Tensor.matmul

    @functools.wraps(original)
    def tracked(self, other):
        result = original(self, other)  # checks the type of other first
        return attach(result, functions.MatmulBackward(self, other))

    Tensor.matmul = tracked


def _patch_forward(cls, function):
    original = cls.forward

    @functools.wraps(original)
    def tracked(self, x, *args, **kwargs):
        result = original(self, x, *args, **kwargs)
        return attach(result, function(x, result.data, *args, **kwargs))

    cls.forward = tracked


OPERATORS = {
    "__add__": functions.AddBackward,
    "__sub__": functions.SubBackward,
    "__mul__": functions.MulBackward,
    "__truediv__": functions.DivBackward,
}

METHODS = {
    "__getitem__": functions.SliceBackward,
    "reshape": functions.ReshapeBackward,
    "transpose": functions.TransposeBackward,
    "sum": functions.SumBackward,
    "mean": functions.MeanBackward,
    "max": functions.MaxBackward,
}

FORWARDS = {
    activations.Sigmoid: functions.SigmoidBackward,
    activations.ReLU: functions.ReLUBackward,
    activations.Tanh: functions.TanhBackward,
    activations.GELU: functions.GELUBackward,
    activations.Softmax: functions.SoftmaxBackward,
    losses.LogSoftmax: functions.LogSoftmaxBackward,
    losses.MSELoss: functions.MSEBackward,
    losses.CrossEntropyLoss: functions.CrossEntropyBackward,
    losses.BinaryCrossEntropyLoss: functions.BCEBackward,
}


def enable_autograd(quiet=False):
    """Replace the forward-only methods by recording ones; the second call does nothing."""
    if hasattr(Tensor, "_autograd_enabled"):
        return
    _patch_init()
    for name, function in OPERATORS.items():
        _patch_binary(name, function)
    for name, function in METHODS.items():
        _patch_method(name, function)
    _patch_matmul()
    for cls, function in FORWARDS.items():
        _patch_forward(cls, function)
    Tensor.backward = backward
    Tensor.zero_grad = zero_grad
    Tensor._autograd_enabled = True
    if not quiet:
        print("autograd enabled: tensors now remember how they were made")


enable_autograd()
