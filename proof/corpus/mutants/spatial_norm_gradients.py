"""Mistakes in module 09, spatial: the gradients of `BatchNorm2d`."""

from __future__ import annotations

from proof.mutant import Mutant

NORMALISATION_GRADIENTS = (
    # gradient of the input
    Mutant(
        "norm_detached",
        "records no edge to the input",
        "spatial",
        "            (x, to_input),\n",
        "",
    ),
    Mutant(
        "norm_grad_ignores_statistics",
        "takes mean and variance for constants in training",
        "spatial",
        "            if from_batch:  # the statistics depend on x as well\n",
        "            if False:\n",
        message="v times one number in each channel",
    ),
    Mutant(
        "norm_grad_ignores_mean",
        "forgets that the mean depends on x",
        "spatial",
        "                result -= _column(scale * rows.mean(axis=1))\n",
        "",
        message="the same number everywhere in a channel",
    ),
    Mutant(
        "norm_grad_ignores_variance",
        "forgets that the variance depends on x",
        "spatial",
        "result -= centred * _column(scale * slope**2 * _mean_product(rows, centred))",
        "pass",
        message="a multiple of x - mean",
    ),
    Mutant(
        "norm_grad_of_training_in_eval",
        "lets running statistics depend on x after eval()",
        "spatial",
        "            if from_batch:  # the statistics depend on x as well\n",
        "            if True:\n",
        message="only where mode is 'eval'",
    ),
    Mutant(
        "norm_grad_without_gamma",
        "forgets gamma in the gradient of x",
        "spatial",
        "            rows = _rows(batch_last(g))\n            result",
        "            rows, scale = _rows(batch_last(g)), slope\n            result",
        message="leaves gamma out",
    ),
    Mutant(
        "norm_eval_grad_not_divided",
        "forgets to divide by the running deviation in the gradient after eval()",
        "spatial",
        "            rows = _rows(batch_last(g))\n            result = rows * _column(scale)\n",
        "            rows = _rows(batch_last(g))\n"
        "            result = rows * _column(scale if from_batch else self.gamma.data)\n",
        message="is the right one times 0.7071.",
    ),
    Mutant(
        "norm_grad_power_of_deviation",
        "divides the variance's part by the deviation once too little",
        "spatial",
        "scale * slope**2 * _mean_product",
        "scale * slope * _mean_product",
        message="a multiple of x - mean",
    ),
    Mutant(
        "norm_grad_unbiased",
        "divides the variance's part by n - 1",
        "spatial",
        "scale * slope**2 * _mean_product(rows, centred)",
        "scale * slope**2 * (rows * centred).sum(axis=1) / (rows.shape[1] - 1)",
        message="a multiple of x - mean",
    ),
    Mutant(
        "norm_running_in_the_graph",
        "keeps running statistics with their graph, so that gradients flow into earlier batches",
        "spatial",
        "        return Tensor.from_op(\n            _images(result, x.shape),\n",
        "        if from_batch:\n"
        "            self.earlier = x\n"
        "        past = vars(self).get('earlier', x)\n\n"
        "        def to_past(g: Array) -> Array:\n"
        "            share = self.momentum * scale * _rows(batch_last(g)).sum(axis=1)\n"
        "            return -_column(_column(share)) / past.data[:, 0].size + 0 * past.data\n\n"
        "        return Tensor.from_op(\n"
        "            _images(result, x.shape),\n"
        "            *([] if past is x else [(past, to_past)]),\n",
    ),
    Mutant(
        "norm_remembers_last_call_only",
        "keeps the centred batch in the layer, where the next call replaces it",
        "spatial",
        "        def to_gamma(g: Array) -> Array:\n            total: Array = slope",
        "        self.centred = centred\n\n"
        "        def to_gamma(g: Array) -> Array:\n"
        "            centred = self.centred\n"
        "            total: Array = slope",
    ),
    # gradients of gamma and beta
    Mutant(
        "norm_gamma_grad_averaged",
        "takes the mean instead of the sum for gamma",
        "spatial",
        "slope * rows.shape[1] * _mean_product",
        "slope * _mean_product",
        message="the number of places whose gradients it adds up",
    ),
    Mutant(
        "norm_gamma_grad_not_normalised",
        "multiplies by the centred input for gamma, not by the normalised one",
        "spatial",
        "slope * rows.shape[1] * _mean_product",
        "rows.shape[1] * _mean_product",
    ),
    Mutant(
        "norm_gamma_grad_not_centred",
        "multiplies by the scaled input for gamma without subtracting the mean",
        "spatial",
        "_mean_product(_rows(batch_last(g)), centred)",
        "_mean_product(_rows(batch_last(g)), rows)",
    ),
    Mutant(
        "norm_gamma_detached",
        "records no edge to gamma",
        "spatial",
        "            (self.gamma, to_gamma),\n",
        "",
    ),
    Mutant(
        "norm_gamma_grad_only_with_input_grad",
        "records nothing where the input requires no gradient",
        "spatial",
        "            (self.gamma, to_gamma),\n",
        "            *([(self.gamma, to_gamma)] if x.requires_grad else []),\n",
    ),
    Mutant(
        "norm_beta_grad_averaged",
        "takes the mean instead of the sum for beta",
        "spatial",
        "(self.beta, lambda g: _rows(batch_last(g)).sum(axis=1)),",
        "(self.beta, lambda g: _rows(batch_last(g)).mean(axis=1)),",
        message="the number of places whose gradients it adds up",
    ),
    Mutant(
        "norm_beta_detached",
        "records no edge to beta",
        "spatial",
        "            (self.beta, lambda g: _rows(batch_last(g)).sum(axis=1)),\n",
        "",
    ),
)
