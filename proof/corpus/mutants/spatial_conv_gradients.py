"""Mistakes in module 09, spatial: the gradients of `Conv2d`."""

from __future__ import annotations

from proof.mutant import Mutant

CONVOLUTION_GRADIENTS = (
    # gradient of the input
    Mutant(
        "conv_input_detached",
        "records no edge to the input",
        "spatial",
        "edges = [(x, to_input), (self.weight, to_weight)]",
        "edges = [(self.weight, to_weight)]",
    ),
    Mutant(
        "conv_input_grad_over_batch_size",
        "divides the input's gradient by the number of images",
        "spatial",
        "return batch_first(_correlate(kernels.swapaxes(0, 1), windows.look_back(g, x.shape)))",
        "seen = windows.look_back(g, x.shape)\n"
        "            return batch_first(_correlate(kernels.swapaxes(0, 1), seen)) / len(g)",
        message="the batch size",
    ),
    Mutant(
        "conv_input_grad_not_flipped",
        "correlates the cotangent with the kernel as it is, not turned by 180 degrees",
        "windows",
        "seen = _slide(canvas, self.kernel, (1, 1))[:, ::-1, ::-1]",
        "seen = _slide(canvas, self.kernel, (1, 1))",
        message="if weight were turned by 180",
    ),
    Mutant(
        "conv_input_grad_kernel_transposed",
        "exchanges rows and columns of the kernel in the input's gradient",
        "spatial",
        "_correlate(kernels.swapaxes(0, 1), windows",
        "_correlate(kernels.transpose(1, 0, 3, 2), windows",
        message="if weight were transposed",
    ),
    Mutant(
        "conv_input_grad_channels_not_exchanged",
        "does not exchange the input and output channels of the kernel",
        "spatial",
        "_correlate(kernels.swapaxes(0, 1), windows",
        "_correlate(kernels, windows",
        message="the first two axes of weight",
    ),
    Mutant(
        "conv_input_grad_ignores_stride",
        "lays the cotangents side by side whatever stride",
        "windows",
        ":, above : above + down * rows : down, before : before + right * columns : right",
        ":, above : above + rows, before : before + columns",
        message="only where stride is more than 1",
    ),
    Mutant(
        "conv_input_grad_overlaps_assigned",
        "assigns each window's contribution, so that the last window replaces the others",
        "spatial",
        "return batch_first(_correlate(kernels.swapaxes(0, 1), windows.look_back(g, x.shape)))",
        "(down, right), (top, left) = windows.stride, windows.padding\n"
        "            (height, width), (kh, kw) = x.shape[2:], kernels.shape[2:]\n"
        "            spread = np.zeros((*x.shape[:2], height + 2 * top, width + 2 * left))\n"
        "            for r, c in np.ndindex(g.shape[2:]):\n"
        "                part = np.tensordot(g[:, :, r, c], kernels, 1)\n"
        "                i, j = r * down, c * right\n"
        "                spread[:, :, i : i + kh, j : j + kw] = part\n"
        "            return spread[:, :, top : top + height, left : left + width]",
        message="only one of several contributions",
    ),
    Mutant(
        "conv_input_grad_cropped_one_side",
        "crops the padding off at the end only",
        "windows",
        "return seen[..., top : top + height, left : left + width, :]",
        "return seen[..., :height, :width, :]",
        message="only where padding is more than 0",
    ),
    Mutant(
        "conv_input_grad_uncovered_dropped",
        "returns a gradient without the rows and columns that no window covers",
        "windows",
        "        height, width = shape[2:]\n        size",
        "        height = down * (rows - 1) + self.kernel[0] - 2 * top\n"
        "        width = right * (columns - 1) + self.kernel[1] - 2 * left\n"
        "        size",
        message="is cut off",
    ),
    Mutant(
        "conv_input_grad_uncovered_filled",
        "repeats the last covered row's gradient in the rows that no window covers",
        "spatial",
        "return batch_first(_correlate(kernels.swapaxes(0, 1), windows.look_back(g, x.shape)))",
        "dx = batch_first(_correlate(kernels.swapaxes(0, 1), windows.look_back(g, x.shape)))\n"
        "            covered = windows.stride[0] * (g.shape[2] - 1) + kernels.shape[2]\n"
        "            end = max(1, covered - windows.padding[0])\n"
        "            dx[:, :, end:] = dx[:, :, end - 1 : end]\n"
        "            return dx",
        message="reaches places that it should not",
    ),
    Mutant(
        "conv_input_grad_replaces",
        "assigns the input's gradient with = instead of adding to it",
        "spatial",
        "        def to_input(g: Array) -> Array:\n            return batch_first(_correlate",
        "        def to_input(g: Array) -> Array:\n"
        "            x.grad = None\n"
        "            return batch_first(_correlate",
    ),
    # gradient of the weight
    Mutant(
        "conv_weight_grad_averaged",
        "divides the weight's gradient by the number of images",
        "spatial",
        "seen).reshape(kernels.shape)",
        "seen).reshape(kernels.shape) / len(g)",
        message="the batch size",
    ),
    Mutant(
        "conv_weight_grad_of_last_image",
        "assigns the images' contributions, so that the last one replaces the others",
        "spatial",
        "_correlate_with_cotangent(batch_last(g), seen)",
        "_correlate_with_cotangent(batch_last(g)[..., -1:], seen[..., -1:])",
        message="only the last of the gradients",
    ),
    Mutant(
        "conv_weight_grad_flipped",
        "turns the weight's gradient by 180 degrees",
        "spatial",
        "seen).reshape(kernels.shape)",
        "seen).reshape(kernels.shape)[:, :, ::-1, ::-1]",
        message="is turned by 180",
    ),
    Mutant(
        "conv_weight_grad_transposed",
        "exchanges the rows and columns of the weight's gradient",
        "spatial",
        "seen).reshape(kernels.shape)",
        "seen).reshape(kernels.shape).swapaxes(2, 3).reshape(kernels.shape)",
        message="is transposed",
    ),
    Mutant(
        "conv_weight_grad_ignores_stride",
        "takes the patches next to each other whatever stride",
        "spatial",
        "            return _correlate_with_cotangent(batch_last(g), seen)",
        "            seen = Windows(windows.kernel, (1, 1), windows.padding).look(x.data)\n"
        "            seen = seen[..., : g.shape[2], : g.shape[3], :]\n"
        "            return _correlate_with_cotangent(batch_last(g), seen)",
        message="only where stride is more than 1",
    ),
    Mutant(
        "conv_weight_grad_ignores_padding",
        "takes the patches from the image as if the padding were all at its end",
        "spatial",
        "            return _correlate_with_cotangent(batch_last(g), seen)",
        "            ends = [(0, 2 * p) for p in windows.padding]\n"
        "            padded = np.pad(x.data, [(0, 0)] * 2 + ends)\n"
        "            seen = Windows(windows.kernel, windows.stride, (0, 0)).look(padded)\n"
        "            return _correlate_with_cotangent(batch_last(g), seen)",
        message="only where padding is more than 0",
    ),
    Mutant(
        "conv_weight_grad_only_with_input_grad",
        "records nothing where the input requires no gradient",
        "spatial",
        "        return Tensor.from_op(batch_first(result), *edges)",
        "        if not x.requires_grad:\n"
        "            edges = []\n"
        "        return Tensor.from_op(batch_first(result), *edges)",
    ),
    Mutant(
        "conv_weight_grad_only_with_bias",
        "records nothing where there is no bias",
        "spatial",
        "        if self.bias is not None:\n            edges.append",
        "        if self.bias is None:\n"
        "            edges = []\n"
        "        else:\n"
        "            edges.append",
    ),
    Mutant(
        "conv_weight_grad_replaces",
        "assigns the weight's gradient with = instead of adding to it",
        "spatial",
        "            return _correlate_with_cotangent(batch_last(g), seen)",
        "            self.weight.grad = None\n"
        "            return _correlate_with_cotangent(batch_last(g), seen)",
    ),
    Mutant(
        "conv_remembers_last_call_only",
        "keeps the patches in the layer, where the next call replaces them",
        "spatial",
        "        def to_weight(g: Array) -> Array:\n"
        "            return _correlate_with_cotangent(batch_last(g), seen)",
        "        self.seen = seen\n\n"
        "        def to_weight(g: Array) -> Array:\n"
        "            return _correlate_with_cotangent(batch_last(g), self.seen)",
    ),
    # gradient of the bias
    Mutant(
        "conv_bias_detached",
        "records no edge to the bias",
        "spatial",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1)))",
        "pass",
    ),
    Mutant(
        "conv_bias_grad_averaged",
        "takes the mean of the cotangents instead of their sum",
        "spatial",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1)))",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).mean(axis=1)))",
        message="the number of places whose gradients it adds up",
    ),
    Mutant(
        "conv_bias_grad_over_batch_size",
        "divides the bias's gradient by the number of images",
        "spatial",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1)))",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1) / len(g)))",
        message="the batch size",
    ),
    Mutant(
        "conv_bias_grad_of_first_place",
        "sums over the images only and takes the first place",
        "spatial",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1)))",
        "edges.append((self.bias, lambda g: g.sum(axis=0)[:, 0, 0]))",
        message="only the first place of each image",
    ),
    Mutant(
        "conv_bias_grad_over_channels",
        "sums over the channels as well",
        "spatial",
        "edges.append((self.bias, lambda g: _rows(batch_last(g)).sum(axis=1)))",
        "edges.append((self.bias, lambda g: np.full(g.shape[1], g.sum())))",
        message="the sum of the right one over all places",
    ),
)
