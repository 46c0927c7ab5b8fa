"""Mistakes in module 09, spatial: the parameters of `Conv2d` and its forward."""

from __future__ import annotations

from proof.mutant import Mutant

CONVOLUTION = (
    # parameters
    Mutant(
        "conv_rectangle_transposed",
        "reads kernel_size as (width, height)",
        "spatial",
        "shape = (out_channels, in_channels, *self.windows.kernel)",
        "shape = (out_channels, in_channels, *self.windows.kernel[::-1])",
    ),
    Mutant(
        "conv_rectangle_made_square",
        "takes the height of a rectangular kernel for its width",
        "spatial",
        "pair(kernel_size), pair(stride), pair(padding))\n        shape",
        "pair(pair(kernel_size)[0]), pair(stride), pair(padding))\n        shape",
    ),
    Mutant(
        "conv_weight_inputs_first",
        "lays the weight out as (I, O, kh, kw)",
        "spatial",
        "shape = (out_channels, in_channels, *self.windows.kernel)",
        "shape = (in_channels, out_channels, *self.windows.kernel)",
    ),
    Mutant(
        "conv_weight_not_trained",
        "makes the weight without requires_grad",
        "spatial",
        "self.weight = Tensor(np.random.standard_normal(shape) * scale, requires_grad=True)",
        "self.weight = Tensor(np.random.standard_normal(shape) * scale)",
    ),
    Mutant(
        "conv_bias_not_trained",
        "makes the bias without requires_grad",
        "spatial",
        "Tensor(np.zeros(out_channels), requires_grad=True) if bias else None",
        "Tensor(np.zeros(out_channels)) if bias else None",
    ),
    Mutant(
        "conv_always_has_bias",
        "ignores bias=False",
        "spatial",
        "Tensor(np.zeros(out_channels), requires_grad=True) if bias else None",
        "Tensor(np.zeros(out_channels), requires_grad=True)",
    ),
    Mutant(
        "conv_parameters_without_bias",
        "leaves the bias out of parameters()",
        "spatial",
        "return [self.weight] if self.bias is None else [self.weight, self.bias]",
        "return [self.weight]",
    ),
    Mutant(
        "conv_parameters_with_none",
        "lists the bias in parameters() although it is None",
        "spatial",
        "return [self.weight] if self.bias is None else [self.weight, self.bias]",
        "return [self.weight, self.bias]",
    ),
    # initial weights
    Mutant(
        "conv_starts_at_zero",
        "starts with a weight of zeros",
        "spatial",
        "np.random.standard_normal(shape) * scale",
        "np.zeros(shape) * scale",
    ),
    Mutant(
        "conv_starts_unscaled",
        "starts with standard normal numbers",
        "spatial",
        "np.random.standard_normal(shape) * scale",
        "np.random.standard_normal(shape)",
    ),
    Mutant(
        "conv_starts_positive",
        "draws from [0, 1) instead of around zero",
        "spatial",
        "np.random.standard_normal(shape) * scale",
        "np.random.random_sample(shape) * scale * 12**0.5",
    ),
    Mutant(
        "conv_fan_in_of_channels",
        "counts the input channels only, not the kernel's area",
        "spatial",
        "math.sqrt(2 / math.prod(shape[1:]))",
        "math.sqrt(2 / shape[1])",
    ),
    Mutant(
        "conv_fan_out",
        "scales by the number of outputs instead of inputs",
        "spatial",
        "math.sqrt(2 / math.prod(shape[1:]))",
        "math.sqrt(2 / (shape[0] * math.prod(shape[2:])))",
    ),
    Mutant(
        "conv_lecun_scale",
        "scales to a variance of 1 / fan-in",
        "spatial",
        "math.sqrt(2 / math.prod(shape[1:]))",
        "math.sqrt(1 / math.prod(shape[1:]))",
    ),
    Mutant(
        "conv_variance_for_deviation",
        "multiplies by the variance, not by its root",
        "spatial",
        "math.sqrt(2 / math.prod(shape[1:]))",
        "2 / math.prod(shape[1:])",
    ),
    Mutant(
        "conv_one_kernel_for_all",
        "draws one kernel and repeats it for all output channels",
        "spatial",
        "np.random.standard_normal(shape) * scale",
        "np.broadcast_to(np.random.standard_normal(shape[1:]), shape) * scale",
    ),
    # what it refuses
    Mutant(
        "conv_takes_single_images",
        "takes an image (C, H, W) for a batch of one",
        "spatial",
        "_require_images(x, channels=self.weight.shape[1])",
        "x = x.reshape(1, *x.shape) if len(x.shape) == 3 else x\n"
        "        _require_images(x, channels=self.weight.shape[1])",
    ),
    Mutant(
        "conv_ignores_further_channels",
        "reads as many channels as the weight has and ignores the others",
        "spatial",
        "        _require_images(x, channels=self.weight.shape[1])\n",
        "        _require_images(x)\n        x = x[:, : self.weight.shape[1]]\n",
    ),
    Mutant(
        "conv_channels_out_of_range",
        "runs into an IndexError where channels are missing",
        "spatial",
        "        _require_images(x, channels=self.weight.shape[1])\n",
        "        if x.shape[1] < self.weight.shape[1]:\n"
        '            raise IndexError("channel out of range")\n'
        "        _require_images(x, channels=self.weight.shape[1])\n",
    ),
    Mutant(
        "conv_raises_type_error",
        "raises TypeError for input that does not have 4 axes",
        "spatial",
        'raise ValueError(f"expected images',
        'raise TypeError(f"expected images',
    ),
    # forward
    Mutant(
        "conv_kernel_flipped",
        "turns the kernel by 180 degrees, as in mathematics",
        "spatial",
        "result = _correlate(kernels, seen)",
        "result = _correlate(kernels[:, :, ::-1, ::-1], seen)",
    ),
    Mutant(
        "conv_kernel_transposed",
        "exchanges the rows and columns of the kernel",
        "spatial",
        "result = _correlate(kernels, seen)",
        "result = _correlate(kernels.swapaxes(2, 3), seen)",
    ),
    Mutant(
        "conv_first_channel_only",
        "does not add up over the input channels",
        "spatial",
        "result = _correlate(kernels, seen)",
        "result = _correlate(kernels[:, :1], seen[:1])",
    ),
    Mutant(
        "conv_bias_not_added",
        "forgets to add the bias",
        "spatial",
        "result += self.bias.data[:, np.newaxis, np.newaxis, np.newaxis]",
        "pass",
    ),
    Mutant(
        "conv_bias_per_input_channel",
        "adds the bias once for every input channel",
        "spatial",
        "result += self.bias.data[:, np.newaxis, np.newaxis, np.newaxis]",
        "result += x.shape[1] * self.bias.data[:, np.newaxis, np.newaxis, np.newaxis]",
    ),
    Mutant(
        "conv_truncates",
        "collects the output in an array of integers",
        "spatial",
        "return Tensor.from_op(batch_first(result), *edges)",
        "return Tensor.from_op(batch_first(result.astype(int)), *edges)",
    ),
    # forward: stride and padding
    Mutant(
        "conv_ignores_stride",
        "moves by 1 whatever stride",
        "spatial",
        "pair(stride), pair(padding))\n        shape",
        "(1, 1), pair(padding))\n        shape",
    ),
    Mutant(
        "conv_stride_of_rows_only",
        "moves by stride from row to row, but by 1 from column to column",
        "spatial",
        "pair(stride), pair(padding))\n        shape",
        "(pair(stride)[0], 1), pair(padding))\n        shape",
    ),
    Mutant(
        "conv_dilates",
        "spreads the kernel by stride instead of moving it by stride",
        "windows",
        "sliding_window_view(canvas, kernel, axis=(1, 2), writeable=True)\n"
        "    return np.transpose(windows[:, :: stride[0], :: stride[1]], (0, 4, 5, 1, 2, 3))",
        "sliding_window_view(\n"
        "        canvas, [(k - 1) * s + 1 for k, s in zip(kernel, stride)],\n"
        "        (1, 2), writeable=True\n"
        "    )\n"
        "    windows = windows[..., :: stride[0], :: stride[1]]\n"
        "    return np.transpose(windows, (0, 4, 5, 1, 2, 3))",
    ),
    Mutant(
        "conv_ignores_padding",
        "does not pad",
        "spatial",
        "pair(stride), pair(padding))\n        shape",
        "pair(stride), (0, 0))\n        shape",
    ),
    Mutant(
        "conv_pads_one_side",
        "pads at the top and on the left only",
        "windows",
        "return canvas[:, top : canvas.shape[1] - top, left : canvas.shape[2] - left]",
        "return canvas[:, 2 * top :, 2 * left :]",
    ),
    Mutant(
        "conv_rounds_places_up",
        "rounds the number of places up, so that windows reach over the end",
        "spatial",
        "seen = windows.look(x.data)",
        "seen = windows.look(np.pad(x.data, [(0, 0)] * 2 + [(0, s - 1) for s in windows.stride]))",
    ),
    Mutant(
        "conv_pads_the_input_itself",
        "assigns the padded image to x.data",
        "spatial",
        "        seen = windows.look(x.data)\n",
        "        seen = windows.look(x.data)\n"
        "        x.data = np.pad(x.data, [(0, 0)] * 2 + [(p, p) for p in windows.padding])\n",
    ),
)
