"""Module 03, layers: the parts of a network that hold weights, and Dropout.

May use: modules 01 and 02.
Grade it: `nox -s check -- 03`
Start with: `Linear.__init__`, then `Linear.forward`, then `Layer.__call__`.

Random numbers, here and in every later module: draw from NumPy's global generator (the functions of
`numpy.random`) or from the standard module `random`. Do not seed them and do not create a generator
of your own: the checks seed these two, so that a failure can be repeated.
"""

from __future__ import annotations

from typing import Any

from .tensor import Tensor


class Layer:
    """The base class of layers: call it, ask for its parameters."""

    def __call__(self, x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        """Return what `forward` returns for the same arguments."""
        raise NotImplementedError("Module 03: implement Layer.__call__ in student/layers.py")

    def forward(self, x: Tensor) -> Tensor:
        """Compute the layer's output; each layer has its own.

        The base class has nothing to compute, so raising NotImplementedError is right here.
        """
        raise NotImplementedError("Module 03: implement Layer.forward in student/layers.py")

    def parameters(self) -> list[Tensor]:
        """Return the tensors to train; an empty list for a layer that has none."""
        raise NotImplementedError("Module 03: implement Layer.parameters in student/layers.py")


class Linear(Layer):
    """The fully connected layer y = x @ weight + bias.

    Attributes:
        weight: a Tensor of shape (in_features, out_features).
        bias: a Tensor of shape (out_features,), or None.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        """Create the weight at random, with mean 0, and the bias as zeros.

        Args:
            in_features: the size of the last axis of the input.
            out_features: the size of the last axis of the output.
            bias: False makes a layer whose `bias` is None.

        Weights that are too large make the signal explode from layer to layer, weights that are too
        small make it vanish. Keep their variance between 1 / in_features (LeCun et al. 1998, and
        what Glorot and Bengio 2010 ask for when the layer is as wide as its input) and
        2 / in_features (He et al. 2015, for ReLU). The distribution, normal or uniform, is yours; a
        uniform one on [-r, r] has variance r**2 / 3.

        Both tensors have `requires_grad=True`. Two layers built one after the other differ.
        """
        raise NotImplementedError("Module 03: implement Linear.__init__ in student/layers.py")

    def forward(self, x: Tensor) -> Tensor:
        """Return x @ weight + bias.

        Args:
            x: shape (..., in_features), with any leading axes: (N, in), (N, T, in), ...

        Returns:
            shape (..., out_features), with the same leading axes.

        Example: weight [[1, 2], [3, 4]], bias [10, 20], x = [[1, 1]] gives [[14, 26]].
        Use Tensor's own `@` and `+`; module 05 will then record them without any change here.
        """
        raise NotImplementedError("Module 03: implement Linear.forward in student/layers.py")

    def parameters(self) -> list[Tensor]:
        """Return [weight, bias], or [weight] without a bias: the very tensors, not copies."""
        raise NotImplementedError("Module 03: implement Linear.parameters in student/layers.py")


class Dropout(Layer):
    """Switches elements off at random while training (Srivastava et al. 2014)."""

    def __init__(self, p: float = 0.5) -> None:
        """Store the probability with which an element is switched off.

        Raises:
            ValueError: p is not within [0, 1]; both ends are allowed.
        """
        raise NotImplementedError("Module 03: implement Dropout.__init__ in student/layers.py")

    def forward(self, x: Tensor, training: bool = True) -> Tensor:
        """Return x with elements dropped and the others scaled up, or x's values when not training.

        In training, each element becomes 0 with probability p and x / (1 - p) otherwise ("inverted"
        scaling: the mean of the output is x, so nothing needs rescaling later). The choice is
        independent for every element, and new in every call.

        The values of x come back unchanged when `training` is False or p = 0. With p = 1 everything
        is zero; take care not to compute 1 / (1 - p) then.

        Example: p = 0.5 and x = [1, 2, 3, 4] may give [2, 0, 0, 8].
        Gradient (module 05): g / (1 - p) where the element was kept, 0 where it was dropped. The
        mask must be the one of this call, so keep it with the result, not on the layer.
        """
        raise NotImplementedError("Module 03: implement Dropout.forward in student/layers.py")

    def parameters(self) -> list[Tensor]:
        """Return an empty list: there is nothing to train."""
        raise NotImplementedError("Module 03: implement Dropout.parameters in student/layers.py")


class Sequential(Layer):
    """Layers and activations applied one after the other. Stretch (never graded against you)."""

    def __init__(self, *layers: Any) -> None:
        """Keep the layers in the order given: `Sequential(Linear(4, 8), ReLU(), Linear(8, 2))`."""
        raise NotImplementedError("Module 03: implement Sequential.__init__ in student/layers.py")

    def forward(self, x: Tensor) -> Tensor:
        """Give x to the first layer, its result to the second, and return the last result."""
        raise NotImplementedError("Module 03: implement Sequential.forward in student/layers.py")

    def parameters(self) -> list[Tensor]:
        """Return the parameters of all layers, in order."""
        raise NotImplementedError("Module 03: implement Sequential.parameters in student/layers.py")
