"""Module 02, activations: the nonlinear functions between layers.

Without them, layers stacked on each other would be one big matrix product. Each activation is an
object you call like a function, `ReLU()(x)`, and has nothing to learn.

May use: module 01.
Grade it: `nox -s check -- 02`
Start with: `ReLU.forward`, then `Activation.__call__`, so that `ReLU()(x)` works.

Every `forward` returns a new float32 Tensor of the shape of `x` and leaves `x` as it was. Only
forward values are graded here; the gradients belong to module 05. They are given below, because
each is easiest to understand beside its function; g is the gradient that arrives from above.
"""

from __future__ import annotations

from .tensor import Tensor


class Activation:
    """What the five activations share, so that you write it once."""

    def __call__(self, x: Tensor) -> Tensor:
        """Return what `forward(x)` returns."""
        raise NotImplementedError(
            "Module 02: implement Activation.__call__ in student/activations.py"
        )

    def forward(self, x: Tensor) -> Tensor:
        """Apply the function to every element; each activation has its own."""
        raise NotImplementedError(
            "Module 02: implement Activation.forward in student/activations.py"
        )

    def parameters(self) -> list[Tensor]:
        """Return the tensors to train: an activation has none, so an empty list."""
        raise NotImplementedError(
            "Module 02: implement Activation.parameters in student/activations.py"
        )


class Sigmoid(Activation):
    """The logistic function, which maps any number into (0, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return sigmoid(x) = 1 / (1 + exp(-x)), elementwise.

        Results must be finite for |x| up to 1e4, and NumPy must not warn about overflow. The
        formula as it stands overflows for x = -1000, because exp(1000) is not a float32. For
        negative x use its equal, exp(x) / (1 + exp(x)), and make sure that the branch not wanted
        is never evaluated on a number too large for it.

        Example: x = [-1000, 0, 1000] gives [0, 0.5, 1].
        Gradient (Rumelhart, Hinton and Williams 1986): g * y * (1 - y), where y = sigmoid(x).
        """
        raise NotImplementedError("Module 02: implement Sigmoid.forward in student/activations.py")


class ReLU(Activation):
    """The rectified linear unit (Nair and Hinton 2010)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return max(0, x), elementwise.

        Example: x = [-2, 0, 3] gives [0, 0, 3].
        Gradient: g where x > 0, and 0 elsewhere; at x = 0 itself, 0 is the usual choice.
        """
        raise NotImplementedError("Module 02: implement ReLU.forward in student/activations.py")


class Tanh(Activation):
    """The hyperbolic tangent: like the sigmoid, but centred on zero, from -1 to 1."""

    def forward(self, x: Tensor) -> Tensor:
        """Return tanh(x), elementwise.

        Example: x = [-1, 0, 1] gives about [-0.7616, 0, 0.7616].
        Gradient: g * (1 - y**2), where y = tanh(x). Easy to forget in module 05.
        """
        raise NotImplementedError("Module 02: implement Tanh.forward in student/activations.py")


class GELU(Activation):
    """The Gaussian error linear unit (Hendrycks and Gimpel 2016)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sigmoid approximation, x * sigmoid(1.702 * x), elementwise.

        It stands for the exact form x * P(Z <= x), Z a standard normal variable, that is
        x / 2 * (1 + erf(x / sqrt(2))). You may write the exact form instead. For the approximation
        take the sigmoid that does not overflow.

        Example: x = 1 gives 0.8458 (the exact form: 0.8413).
        Gradient, with s = sigmoid(1.702 * x): g * (s + 1.702 * x * s * (1 - s)).
        Easy to get wrong: the gradient must be that of the formula you chose here. The gradient of
        the exact form, or of the tanh approximation, does not fit this forward.
        """
        raise NotImplementedError("Module 02: implement GELU.forward in student/activations.py")


class Softmax(Activation):
    """Turns scores into probabilities along one axis (Bridle 1990)."""

    def __call__(self, x: Tensor, dim: int = -1) -> Tensor:
        """Return what `forward(x, dim)` returns."""
        raise NotImplementedError("Module 02: implement Softmax.__call__ in student/activations.py")

    def forward(self, x: Tensor, dim: int = -1) -> Tensor:
        """Return y with y_i = exp(x_i) / (sum over j of exp(x_j)), where j runs along `dim`.

        Args:
            x: scores of any shape with at least one axis.
            dim: any axis of x; negatives count from the end.

        The result is positive or zero and sums to 1 along `dim`. It must be right for large scores
        too: softmax does not change when the same number is subtracted from all scores along
        `dim`, so subtract their maximum before the exponential.

        Example: [0, log 3] gives [0.25, 0.75], and so does [1000, 1000 + log 3], up to rounding.
        Gradient: y * (g - sum of g * y along `dim`).
        """
        raise NotImplementedError("Module 02: implement Softmax.forward in student/activations.py")
