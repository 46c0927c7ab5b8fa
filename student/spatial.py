"""Module 09, spatial: convolution, pooling and batch normalisation for images.

May use: modules 01 to 08.
Grade it: `nox -s check -- 09`
Start with: `Conv2d.__init__` and a `Conv2d.forward` in plain loops. Make it right, then fast: all
windows in one matrix product are thousands of times faster than nested loops over every pixel, and
the milestones train real networks with it.

Images are (N, C, H, W): sample, channel, row, column. Each forward is an operation of its own:
record it as you did in module 05 (in the patched design, import `autograd` in this file); its
gradients are graded here. g is the gradient that arrives from above, in the shape of the output.

Sizes (Dumoulin and Visin 2016). Padding adds that many rows and columns on every side; the window
of kh rows and kw columns moves in steps of `stride`, and has to lie fully inside the padded image:

    H_out = floor((H + 2 * padding - kh) / stride) + 1, and W_out likewise with kw

Rows and columns at the end that no window covers are ignored, and their gradient is 0. Example:
H = 6, kh = 3 and stride 2 make 2 rows, out of rows 0-2 and 2-4; row 5 is never seen.
"""

from __future__ import annotations

from .layers import Layer
from .tensor import Tensor


class Conv2d(Layer):
    """The convolutional layer (LeCun et al. 1998); precisely, a cross-correlation.

    Attributes:
        weight: a Tensor of shape (out_channels, in_channels, kh, kw).
        bias: a Tensor of shape (out_channels,), or None.

    Stretch (never graded against you): pairs (vertical, horizontal) for `stride` and `padding`.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
    ) -> None:
        """Create the weight at random and the bias, both with `requires_grad=True`.

        Args:
            in_channels: channels of the input.
            out_channels: channels of the output, one filter each.
            kernel_size: (kh, kw), or one number for both.
            stride: by how many pixels the window moves.
            padding: how many zeros are added on each side.
            bias: False makes a layer whose `bias` is None.

        The weight has mean 0 and variance 2 / (in_channels * kh * kw) (He et al. 2015); the bias
        starts at zero.
        """
        raise NotImplementedError("Module 09: implement Conv2d.__init__ in student/spatial.py")

    def forward(self, x: Tensor) -> Tensor:
        """Return the image of every filter, shape (N, out_channels, H_out, W_out).

        Args:
            x: shape (N, in_channels, H, W).

        With xp the zero-padded input and s the stride,

            y[n, o, i, j] = bias[o] + sum over c, u, v of xp[n, c, i*s + u, j*s + v]
                                                          * weight[o, c, u, v]

        Cross-correlation means that the kernel is not flipped.

        Raises:
            ValueError: x is not 4-D, or (easy to forget) its channels are not `in_channels`.

        Example: image [[1, 2], [3, 4]], kernel [[1, 0], [0, 10]], no bias: the output is 41.

        Gradients, for every stride, padding and kernel size:

            bias[o]             sum over n, i, j of g[n, o, i, j]
            weight[o, c, u, v]  sum over n, i, j of g[n, o, i, j] * xp[n, c, i*s + u, j*s + v]
            xp                  each g[n, o, i, j] * weight[o, c, u, v] is added at the place
                                [n, c, i*s + u, j*s + v] it came from; x's is that without the
                                padding
        """
        raise NotImplementedError("Module 09: implement Conv2d.forward in student/spatial.py")

    def parameters(self) -> list[Tensor]:
        """Return [weight, bias], or [weight] without a bias: the very tensors, not copies."""
        raise NotImplementedError("Module 09: implement Conv2d.parameters in student/spatial.py")


class MaxPool2d(Layer):
    """Keeps the largest value of every window, in each channel."""

    def __init__(
        self, kernel_size: int | tuple[int, int], stride: int | None = None, padding: int = 0
    ) -> None:
        """Store the settings.

        Args:
            kernel_size: the window, (kh, kw), or one number for both.
            stride: by how many pixels the window moves; None means by its own size, so that
                windows touch but do not overlap.
            padding: by how many pixels the image grows on each side.
        """
        raise NotImplementedError("Module 09: implement MaxPool2d.__init__ in student/spatial.py")

    def forward(self, x: Tensor) -> Tensor:
        """Return the maximum of every window, shape (N, C, H_out, W_out).

        Args:
            x: shape (N, C, H, W).

        The padding counts as minus infinity, so that it never wins: with zeros, windows of negative
        numbers would come out as 0.

        Example: [[1, 2], [3, 4]] with kernel_size 2 gives [[4]].
        Gradient: each g goes to the place its maximum came from. Where windows overlap, a place
        that wins in several adds up all of theirs. If several places of a window are equally large,
        share its g among them as you like, as long as the shares sum to g.
        """
        raise NotImplementedError("Module 09: implement MaxPool2d.forward in student/spatial.py")

    def parameters(self) -> list[Tensor]:
        """Return an empty list: there is nothing to train."""
        raise NotImplementedError("Module 09: implement MaxPool2d.parameters in student/spatial.py")


class AvgPool2d(Layer):
    """Takes the mean of every window, in each channel."""

    def __init__(
        self, kernel_size: int | tuple[int, int], stride: int | None = None, padding: int = 0
    ) -> None:
        """Store the settings.

        Args:
            kernel_size: the window, (kh, kw), or one number for both.
            stride: by how many pixels the window moves; None means by its own size, so that
                windows touch but do not overlap.
            padding: by how many pixels the image grows on each side.
        """
        raise NotImplementedError("Module 09: implement AvgPool2d.__init__ in student/spatial.py")

    def forward(self, x: Tensor) -> Tensor:
        """Return the mean of every window, shape (N, C, H_out, W_out).

        Args:
            x: shape (N, C, H, W).

        The padding is zeros and they count: always divide by kh * kw.

        Example: [[1, 2], [3, 4]] with kernel_size 2 gives [[2.5]].
        Gradient (easy to forget): every place of a window receives g / (kh * kw), and where windows
        overlap these add up.
        """
        raise NotImplementedError("Module 09: implement AvgPool2d.forward in student/spatial.py")

    def parameters(self) -> list[Tensor]:
        """Return an empty list: there is nothing to train."""
        raise NotImplementedError("Module 09: implement AvgPool2d.parameters in student/spatial.py")


class BatchNorm2d(Layer):
    """Batch normalisation, channel by channel (Ioffe and Szegedy 2015).

    Attributes:
        gamma: the learnt scale, a Tensor of shape (num_features,), ones at first.
        beta: the learnt shift, a Tensor of shape (num_features,), zeros at first.
        running_mean: shape (num_features,), zeros at first; a Tensor or an ndarray, never trained.
        running_var: shape (num_features,), ones at first; likewise.
    """

    gamma: Tensor
    beta: Tensor

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        """Create gamma and beta with `requires_grad=True` and the statistics; start in training.

        Args:
            num_features: the number of channels C.
            eps: added to the variance, so that it can be divided by.
            momentum: the weight of the newest batch in the running statistics.
        """
        raise NotImplementedError("Module 09: implement BatchNorm2d.__init__ in student/spatial.py")

    def train(self) -> None:
        """Switch to training: use the statistics of each batch and keep the running ones."""
        raise NotImplementedError("Module 09: implement BatchNorm2d.train in student/spatial.py")

    def eval(self) -> None:
        """Switch to evaluation: use the running statistics and leave them as they are."""
        raise NotImplementedError("Module 09: implement BatchNorm2d.eval in student/spatial.py")

    def forward(self, x: Tensor) -> Tensor:
        """Return gamma * xhat + beta, where xhat = (x - mean) / sqrt(var + eps), shape of x.

        Args:
            x: shape (N, C, H, W). Everything happens for each channel by itself.

        Training: mean and var are those of the batch, over N, H and W; var is the biased one
        (divide by M = N * H * W, not by M - 1). Also, for mean and var alike,

            running <- (1 - momentum) * running + momentum * batch

        where the variance may be the biased or the unbiased one. Evaluation: mean and var are the
        running ones.

        Example: a channel holding 1 and 3 becomes -1 and 1, up to eps; after that batch its
        running mean is 0.1 * 2 = 0.2.

        Gradients, sums and means over N, H and W (easy to get wrong: both modes need them):

            gamma        sum of g * xhat
            beta         sum of g
            x, training  gamma / sqrt(var + eps) * (g - mean of g - xhat * mean of g * xhat),
                         because the batch's mean and variance depend on x as well
            x, eval      gamma / sqrt(var + eps) * g
        """
        raise NotImplementedError("Module 09: implement BatchNorm2d.forward in student/spatial.py")

    def parameters(self) -> list[Tensor]:
        """Return [gamma, beta]: the very tensors, not copies."""
        raise NotImplementedError(
            "Module 09: implement BatchNorm2d.parameters in student/spatial.py"
        )
