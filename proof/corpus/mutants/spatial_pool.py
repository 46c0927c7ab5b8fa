"""Mistakes in module 09, spatial: `MaxPool2d` and `AvgPool2d`."""

from __future__ import annotations

from proof.mutant import Mutant

POOLING = (
    # both layers
    Mutant(
        "pool_default_stride_one",
        "moves windows by 1 by default, not by the kernel's size",
        "spatial",
        "step = kernel_size if stride is None else stride",
        "step = 1 if stride is None else stride",
    ),
    Mutant(
        "pool_ignores_stride",
        "lays windows side by side whatever stride",
        "spatial",
        "step = kernel_size if stride is None else stride",
        "step = kernel_size",
    ),
    Mutant(
        "pool_ignores_padding",
        "does not pad",
        "spatial",
        "Windows(pair(kernel_size), pair(step), pair(padding))",
        "Windows(pair(kernel_size), pair(step), (0, 0))",
    ),
    Mutant(
        "pool_grad_overlaps_assigned",
        "assigns gradients, so that of overlapping windows the last one counts",
        "windows",
        "view[...] = part if apart else view + part",
        "np.copyto(view, part, where=part != 0)",
        message="only one of several contributions",
    ),
    Mutant(
        "pool_grad_cropped_one_side",
        "crops the padding's gradient off at the end only",
        "windows",
        "        return batch_first(self._inside(canvas))",
        "        return batch_first(canvas[:, : shape[2], : shape[3]])",
        message="only where padding is more than 0",
    ),
    # MaxPool2d, forward
    Mutant(
        "max_pads_with_zeros",
        "pads with zeros, which win over negative numbers",
        "spatial",
        "border=-np.inf",
        "border=0.0",
    ),
    Mutant(
        "max_pads_with_minus_one",
        "takes a number for -inf that is not small enough",
        "spatial",
        "border=-np.inf",
        "border=-1.0",
    ),
    Mutant(
        "max_window_too_small",
        "leaves the last place of every window out",
        "spatial",
        "for view in views[1:]:",
        "for view in views[1:-1]:",
    ),
    Mutant(
        "max_of_magnitudes",
        "compares magnitudes",
        "spatial",
        "np.maximum(peak, view, out=peak)",
        "peak = np.where(abs(view) > abs(peak), view, peak)",
    ),
    Mutant(
        "max_rounds_places_up",
        "rounds the number of places up, so that windows reach over the end",
        "spatial",
        "views = by_position(self.windows.look(x.data, border=-np.inf))",
        "rest = [(0, 0)] * 2 + [(0, step - 1) for step in self.windows.stride]\n"
        "        image = np.pad(x.data, rest, constant_values=-np.inf)\n"
        "        views = by_position(self.windows.look(image, border=-np.inf))",
    ),
    Mutant(
        "max_clears_the_input",
        "marks found maxima in the input itself",
        "spatial",
        "        def to_input(g: Array) -> Array:\n"
        "            return self.windows.scatter(_to_first",
        "        x.data[x.data == x.data.max()] = -np.inf\n\n"
        "        def to_input(g: Array) -> Array:\n"
        "            return self.windows.scatter(_to_first",
    ),
    # MaxPool2d, gradient
    Mutant(
        "max_detached",
        "records no edge to the input",
        "spatial",
        "Tensor.from_op(batch_first(peak), (x, to_input))",
        "Tensor.from_op(batch_first(peak))",
    ),
    Mutant(
        "max_grad_to_first_place",
        "sends the gradient to the first place of each window",
        "spatial",
        "part = left * (view == peak)",
        "part = left",
        message="the first place of each window",
    ),
    Mutant(
        "max_grad_to_whole_window",
        "sends the gradient to every place of the window",
        "spatial",
        "scatter(_to_first(views, peak, batch_last(g)), x.shape)",
        "scatter(repeat(batch_last(g)), x.shape)",
        message="to every place of each window",
    ),
    Mutant(
        "max_grad_to_largest_of_all",
        "compares with the largest number of the whole input, not of the window",
        "spatial",
        "scatter(_to_first(views, peak, batch_last(g)), x.shape)",
        "scatter(_to_first(views, np.full_like(peak, peak.max()), batch_last(g)), x.shape)",
    ),
    Mutant(
        "max_grad_ignores_cotangent",
        "marks the maxima with 1 instead of the cotangent",
        "spatial",
        "scatter(_to_first(views, peak, batch_last(g)), x.shape)",
        "scatter(_to_first(views, peak, np.ones_like(batch_last(g))), x.shape)",
        message="leaves out the gradient that arrives",
    ),
    Mutant(
        "max_grad_to_all_ties",
        "gives the whole gradient to each of several equal maxima",
        "spatial",
        "    for view in views[:-1]:\n"
        "        part = left * (view == peak)\n"
        "        left = left - part\n"
        "        yield part\n"
        "    yield left  # where no other position holds the maximum, the last one does\n",
        "    for view in views:\n        yield left * (view == peak)\n",
    ),
    Mutant(
        "max_grad_lost_in_ties",
        "gives nothing where several numbers of a window are equal maxima",
        "spatial",
        "    left = g\n    for view in views[:-1]:\n",
        "    left = g * (sum((view == peak).astype(int) for view in views) == 1)\n"
        "    for view in views[:-1]:\n",
    ),
    Mutant(
        "max_remembers_last_call_only",
        "keeps the windows in the layer, where the next call replaces them",
        "spatial",
        "        def to_input(g: Array) -> Array:\n"
        "            return self.windows.scatter(_to_first(views, peak, batch_last(g)), x.shape)",
        "        self.views, self.peak = views, peak\n\n"
        "        def to_input(g: Array) -> Array:\n"
        "            parts = _to_first(self.views, self.peak, batch_last(g))\n"
        "            return self.windows.scatter(parts, x.shape)",
    ),
    # AvgPool2d, forward
    Mutant(
        "average_sums",
        "does not divide",
        "spatial",
        "batch_first(total / len(views))",
        "batch_first(total)",
    ),
    Mutant(
        "average_divides_by_side",
        "divides by the side of the kernel, not its area",
        "spatial",
        "batch_first(total / len(views))",
        "batch_first(total / self.windows.kernel[0])",
    ),
    Mutant(
        "average_of_covered_places",
        "divides by the number of places that are not padding",
        "spatial",
        "batch_first(total / len(views))",
        "batch_first(total / sum(by_position(self.windows.look(np.ones_like(x.data)))))",
    ),
    Mutant(
        "average_of_nonzero_places",
        "divides by the number of values that are not zero",
        "spatial",
        "batch_first(total / len(views))",
        "batch_first(total / np.maximum(1, sum((view != 0).astype(int) for view in views)))",
    ),
    Mutant(
        "average_pads_the_input_itself",
        "assigns the padded image to x.data",
        "spatial",
        "        total = sum(views[1:], start=views[0])\n",
        "        total = sum(views[1:], start=views[0])\n"
        "        x.data = np.pad(x.data, [(0, 0)] * 2 + [(p, p) for p in self.windows.padding])\n",
    ),
    # AvgPool2d, gradient
    Mutant(
        "average_detached",
        "records no edge to the input",
        "spatial",
        "batch_first(total / len(views)), (x, to_input))",
        "batch_first(total / len(views)))",
    ),
    Mutant(
        "average_grad_undivided",
        "sends the whole gradient to every place",
        "spatial",
        "repeat(batch_last(g) / len(views))",
        "repeat(batch_last(g))",
        message="the number of places in a window",
    ),
    Mutant(
        "average_grad_to_first_place",
        "sends the gradient to the first place of each window only",
        "spatial",
        "repeat(batch_last(g) / len(views))",
        "[batch_last(g)]",
        message="the first place of each window",
    ),
    Mutant(
        "average_grad_over_covered_places",
        "divides the gradient by the number of places that are not padding",
        "spatial",
        "repeat(batch_last(g) / len(views))",
        "repeat(batch_last(g) / sum(by_position(self.windows.look(np.ones_like(x.data)))))",
        message="that are not padding",
    ),
    Mutant(
        "average_grad_averaged_over_images",
        "divides the gradient by the number of images as well",
        "spatial",
        "repeat(batch_last(g) / len(views))",
        "repeat(batch_last(g) / len(views) / len(g))",
        message="the batch size",
    ),
)
