"""Mistakes in module 08, dataloader: random flips and crops, and their composition."""

from __future__ import annotations

from proof.mutant import Mutant

TRANSFORMS = (
    # arrays and Tensors
    Mutant(
        "crop_swaps_height_and_width",
        "takes the first number of the size for the width",
        "dataloader",
        "height, width = self.size",
        "width, height = self.size",
    ),
    Mutant(
        "transform_takes_tensors_only",
        "reads image.data, which is something else for an array",
        "dataloader",
        "        if isinstance(image, Tensor):\n            return",
        "        if image is not None:\n            return",
    ),
    Mutant(
        "transform_takes_arrays_only",
        "does not unwrap Tensors",
        "dataloader",
        "        if isinstance(image, Tensor):\n",
        "        if image is None:\n",
    ),
    Mutant(
        "transform_truncates",
        "turns the image into integers",
        "dataloader",
        "return Tensor.from_op(self.change(image.data))",
        "return Tensor.from_op(self.change(image.data).astype(int))",
    ),
    # RandomHorizontalFlip
    Mutant(
        "flip_up_and_down",
        "mirrors the rows instead of the columns",
        "dataloader",
        "image[..., ::-1]",
        "image[..., ::-1, :]",
    ),
    Mutant(
        "flip_axis_2",
        "mirrors axis 2, which an image without channels does not have",
        "dataloader",
        "image[..., ::-1]",
        "np.flip(image, 2)",
    ),
    Mutant(
        "flip_with_one_minus_p",
        "mirrors when the random number is above p",
        "dataloader",
        "np.random.random_sample() < self.p",
        "np.random.random_sample() >= self.p",
    ),
    Mutant(
        "flip_always_by_default",
        "has 1 for the default of p",
        "dataloader",
        "p: float = 0.5",
        "p: float = 1.0",
    ),
    Mutant(
        "flip_half_of_the_time",
        "flips a fair coin whatever p",
        "dataloader",
        "np.random.random_sample() < self.p",
        "self.p == 1 or (self.p > 0 and np.random.random_sample() < 0.5)",
    ),
    Mutant(
        "flip_decides_once",
        "draws the random number when the transform is made",
        "dataloader",
        "        self.p = p\n",
        "        self.p = float(np.random.random_sample() < p)\n",
    ),
    Mutant(
        "flip_row_by_row",
        "decides for every row by itself",
        "dataloader",
        "return np.array(image[..., ::-1] if np.random.random_sample() < self.p else image)",
        "chosen = np.random.random_sample((*image.shape[:-1], 1)) < self.p\n"
        "        return np.where(chosen, image[..., ::-1], image)",
    ),
    Mutant(
        "flip_in_place",
        "writes the mirror image into the image it was given",
        "dataloader",
        "return np.array(image[..., ::-1] if np.random.random_sample() < self.p else image)\n",
        "if np.random.random_sample() < self.p:\n"
        "            image[...] = image[..., ::-1].copy()\n"
        "        return image\n",
    ),
    # RandomCrop: padding
    Mutant(
        "crop_ignores_padding",
        "does not pad",
        "dataloader",
        "padded = np.pad(image, border)",
        "padded = np.pad(image, 0)",
    ),
    Mutant(
        "crop_pads_by_default_value",
        "pads by 4 whatever padding is given",
        "dataloader",
        "        self.padding = padding\n",
        "        self.padding = 4\n",
    ),
    Mutant(
        "crop_default_padding",
        "pads by 2 by default",
        "dataloader",
        "padding: int = 4",
        "padding: int = 2",
    ),
    Mutant(
        "crop_pads_one_side",
        "pads at the bottom and on the right only",
        "dataloader",
        "[(self.padding, self.padding)] * 2",
        "[(0, 2 * self.padding)] * 2",
    ),
    Mutant(
        "crop_pads_channels",
        "pads the axis of the channels as well",
        "dataloader",
        "[(0, 0)] * (image.ndim - 2) + [(self.padding, self.padding)] * 2",
        "[(self.padding, self.padding)] * image.ndim",
    ),
    Mutant(
        "crop_needs_channels",
        "takes every image for (C, H, W)",
        "dataloader",
        "[(0, 0)] * (image.ndim - 2)",
        "[(0, 0)]",
    ),
    Mutant(
        "crop_repeats_the_edge",
        "pads with the values at the edge instead of zeros",
        "dataloader",
        "np.pad(image, border)",
        'np.pad(image, border, mode="edge")',
    ),
    Mutant(
        "crop_pads_with_ones",
        "pads with ones",
        "dataloader",
        "np.pad(image, border)",
        "np.pad(image, border, constant_values=1)",
    ),
    # RandomCrop: the window
    Mutant(
        "crop_ignores_size",
        "cuts out windows of the image's own size",
        "dataloader",
        "        height, width = self.size\n",
        "        height, width = image.shape[-2:]\n",
    ),
    Mutant(
        "crop_range_ignores_size",
        "lets windows begin where they reach over the end and come out short",
        "dataloader",
        "np.random.randint(padded.shape[-2] - height + 1)",
        "np.random.randint(padded.shape[-2])",
    ),
    Mutant(
        "crop_range_ignores_padding",
        "lets windows begin only as far as in the image without padding",
        "dataloader",
        "np.random.randint(padded.shape[-2] - height + 1)",
        "np.random.randint(max(0, image.shape[-2] - height) + 1)",
    ),
    Mutant(
        "crop_never_at_the_end",
        "forgets that randint leaves out its upper end",
        "dataloader",
        "np.random.randint(padded.shape[-1] - width + 1)",
        "np.random.randint(max(1, padded.shape[-1] - width))",
    ),
    Mutant(
        "crop_on_the_diagonal",
        "takes the same random number for row and column",
        "dataloader",
        "left = np.random.randint(padded.shape[-1] - width + 1)",
        "left = min(top, padded.shape[-1] - width)",
    ),
    Mutant(
        "crop_at_the_centre",
        "cuts the window out of the middle",
        "dataloader",
        "        top = np.random.randint(padded.shape[-2] - height + 1)\n"
        "        left = np.random.randint(padded.shape[-1] - width + 1)\n",
        "        top = (padded.shape[-2] - height) // 2\n"
        "        left = (padded.shape[-1] - width) // 2\n",
    ),
    Mutant(
        "crop_range_of_rows_for_columns",
        "takes the image's height for its width",
        "dataloader",
        "np.random.randint(padded.shape[-1] - width + 1)",
        "np.random.randint(padded.shape[-2] - height + 1)",
    ),
    Mutant(
        "crop_draws_once",
        "draws the place once and cuts there for ever",
        "dataloader",
        "        top = np.random.randint(padded.shape[-2] - height + 1)\n"
        "        left = np.random.randint(padded.shape[-1] - width + 1)\n",
        "        top = np.random.randint(padded.shape[-2] - height + 1)\n"
        "        left = np.random.randint(padded.shape[-1] - width + 1)\n"
        '        top, left = vars(self).setdefault("corner", (top, left))\n',
    ),
    Mutant(
        "crop_each_channel_elsewhere",
        "draws another window for every channel",
        "dataloader",
        "        border = [(0, 0)] * (image.ndim - 2)",
        "        if image.ndim == 3:\n"
        "            return np.stack([self.change(channel) for channel in image])\n"
        "        border = [(0, 0)] * (image.ndim - 2)",
    ),
    Mutant(
        "crop_blackens_the_image",
        "writes zeros into the image it was given",
        "dataloader",
        "        padded = np.pad(image, border)\n",
        "        padded = np.pad(image, border)\n"
        "        image[..., :1, :] = image[..., -1:, :] = 0\n",
    ),
    # Compose
    Mutant(
        "compose_backwards",
        "applies the last transform first, as one writes functions",
        "dataloader",
        "for transform in self.transforms:",
        "for transform in reversed(self.transforms):",
    ),
    Mutant(
        "compose_only_last",
        "gives every transform the original image, so that only the last one counts",
        "dataloader",
        "            image = transform(image)\n        return image",
        "            changed = transform(image)\n        return changed",
    ),
    Mutant(
        "compose_uses_transforms_up",
        "takes the transforms out of the list, so that the next image meets none",
        "dataloader",
        "        for transform in self.transforms:\n            image = transform(image)\n",
        "        while self.transforms:\n            image = self.transforms.pop(0)(image)\n",
    ),
)
