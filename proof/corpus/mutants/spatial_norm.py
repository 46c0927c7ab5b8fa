"""Mistakes in module 09, spatial: `BatchNorm2d`, its forward, running statistics and modes."""

from __future__ import annotations

from proof.mutant import Mutant

NORMALISATION = (
    # parameters and defaults
    Mutant(
        "norm_gamma_not_trained",
        "makes gamma without requires_grad",
        "spatial",
        "self.gamma = Tensor(np.ones(num_features), requires_grad=True)",
        "self.gamma = Tensor(np.ones(num_features))",
    ),
    Mutant(
        "norm_beta_not_trained",
        "makes beta without requires_grad",
        "spatial",
        "self.beta = Tensor(np.zeros(num_features), requires_grad=True)",
        "self.beta = Tensor(np.zeros(num_features))",
    ),
    Mutant(
        "norm_default_eps",
        "has a default eps of 1e-3",
        "spatial",
        "eps: float = 1e-5",
        "eps: float = 1e-3",
    ),
    Mutant(
        "norm_default_momentum",
        "has a default momentum of 0.9",
        "spatial",
        "momentum: float = 0.1",
        "momentum: float = 0.9",
    ),
    # forward in training
    Mutant(
        "norm_one_mean_for_all_channels",
        "subtracts the mean over all channels",
        "spatial",
        "mean = rows.mean(axis=1) if from_batch",
        "mean = np.full(len(rows), rows.mean()) if from_batch",
    ),
    Mutant(
        "norm_mean_of_first_image",
        "takes the mean of one image, not of the batch",
        "spatial",
        "mean = rows.mean(axis=1) if from_batch",
        "mean = rows[:, :: len(x.data)].mean(axis=1) if from_batch",
    ),
    Mutant(
        "norm_not_centred",
        "does not subtract the mean",
        "spatial",
        "centred = rows - _column(mean)",
        "centred = rows - 0 * _column(mean)",
    ),
    Mutant(
        "norm_unbiased_variance",
        "divides by n - 1 in the variance that normalises",
        "spatial",
        "            var = _mean_product(centred, centred)\n",
        "            var = rows.var(axis=1, ddof=1)\n",
    ),
    Mutant(
        "norm_divides_by_variance",
        "forgets the square root",
        "spatial",
        "slope = 1 / np.sqrt(var + self.eps)",
        "slope = 1 / (var + self.eps)",
    ),
    Mutant(
        "norm_without_eps",
        "does not add eps",
        "spatial",
        "slope = 1 / np.sqrt(var + self.eps)",
        "slope = 1 / np.sqrt(var)",
    ),
    Mutant(
        "norm_eps_outside_root",
        "adds eps to the standard deviation, not to the variance",
        "spatial",
        "slope = 1 / np.sqrt(var + self.eps)",
        "slope = 1 / (np.sqrt(var) + self.eps)",
    ),
    Mutant(
        "norm_ignores_eps_given",
        "always adds 1e-5",
        "spatial",
        "slope = 1 / np.sqrt(var + self.eps)",
        "slope = 1 / np.sqrt(var + 1e-5)",
    ),
    Mutant(
        "norm_without_gamma",
        "does not multiply by gamma",
        "spatial",
        "result = centred * _column(scale)\n        result +=",
        "result = centred * _column(slope)\n        result +=",
    ),
    Mutant(
        "norm_without_beta",
        "does not add beta",
        "spatial",
        "        result += _column(self.beta.data)\n",
        "",
    ),
    Mutant(
        "norm_centres_the_input_itself",
        "subtracts the mean from x.data in place",
        "spatial",
        "centred = rows - _column(mean)",
        "centred = rows - _column(mean)\n        x.data -= mean[:, np.newaxis, np.newaxis]",
    ),
    # running statistics
    Mutant(
        "norm_running_never_moved",
        "does not update the running statistics",
        "spatial",
        "            self._move(mean, var)\n",
        "",
    ),
    Mutant(
        "norm_running_mean_not_moved",
        "updates the running variance only",
        "spatial",
        "        self.running_mean = keep * self.running_mean + self.momentum * mean\n",
        "",
    ),
    Mutant(
        "norm_running_var_not_moved",
        "updates the running mean only",
        "spatial",
        "        self.running_var = keep * self.running_var + self.momentum * var\n",
        "",
    ),
    Mutant(
        "norm_running_shares_swapped",
        "gives the batch the share that the running statistics should keep",
        "spatial",
        "        keep = 1 - self.momentum\n"
        "        self.running_mean = keep * self.running_mean + self.momentum * mean\n"
        "        self.running_var = keep * self.running_var + self.momentum * var\n",
        "        keep = 1 - self.momentum\n"
        "        self.running_mean = self.momentum * self.running_mean + keep * mean\n"
        "        self.running_var = self.momentum * self.running_var + keep * var\n",
    ),
    Mutant(
        "norm_running_adds_up",
        "adds to the running statistics without letting them decay",
        "spatial",
        "keep = 1 - self.momentum",
        "keep = 1.0",
    ),
    Mutant(
        "norm_running_replaced",
        "keeps the last batch's statistics instead of a running average",
        "spatial",
        "        self.running_mean = keep * self.running_mean + self.momentum * mean\n"
        "        self.running_var = keep * self.running_var + self.momentum * var\n",
        "        self.running_mean, self.running_var = mean, var\n",
    ),
    Mutant(
        "norm_running_deviation",
        "averages standard deviations instead of variances",
        "spatial",
        "self.momentum * var\n",
        "self.momentum * np.sqrt(var)\n",
    ),
    Mutant(
        "norm_running_var_starts_at_zero",
        "starts with a running variance of 0",
        "spatial",
        "self.running_var = np.ones(num_features, dtype=Tensor.precision)",
        "self.running_var = np.zeros(num_features, dtype=Tensor.precision)",
    ),
    Mutant(
        "norm_running_moved_in_eval",
        "updates the running statistics after eval() as well",
        "spatial",
        "        slope = 1 / np.sqrt(var + self.eps)\n",
        "        else:\n"
        "            self._move(rows.mean(axis=1), rows.var(axis=1))\n"
        "        slope = 1 / np.sqrt(var + self.eps)\n",
    ),
    # train() and eval()
    Mutant(
        "norm_modes_swapped",
        "uses the running statistics in training and the batch's after eval()",
        "spatial",
        "from_batch = _rows(batch_last(x.data)), self.training",
        "from_batch = _rows(batch_last(x.data)), not self.training",
    ),
    Mutant(
        "norm_eval_does_nothing",
        "normalises by the batch after eval() too",
        "spatial",
        "        self.training = False\n",
        "        pass\n",
    ),
    Mutant(
        "norm_train_does_nothing",
        "stays in evaluation after train()",
        "spatial",
        "        self.training = True\n",
        "        pass\n",
    ),
    Mutant(
        "norm_train_forgets",
        "starts the running statistics anew in train()",
        "spatial",
        "        self.training = True\n",
        "        self.training = True\n"
        "        self.running_mean = np.zeros_like(self.running_mean)\n"
        "        self.running_var = np.ones_like(self.running_var)\n",
    ),
    Mutant(
        "norm_eval_with_batch_mean",
        "takes the running variance, but the batch's mean after eval()",
        "spatial",
        "mean = rows.mean(axis=1) if from_batch else self.running_mean",
        "mean = rows.mean(axis=1)",
    ),
    Mutant(
        "norm_eval_with_batch_variance",
        "takes the running mean, but the batch's variance after eval()",
        "spatial",
        "        var = self.running_var\n"
        "        if from_batch:\n"
        "            var = _mean_product(centred, centred)\n",
        "        var = _mean_product(centred, centred)\n        if from_batch:\n",
    ),
    Mutant(
        "norm_trains_with_running_variance",
        "divides by the running deviation in training",
        "spatial",
        "slope = 1 / np.sqrt(var + self.eps)",
        "slope = 1 / np.sqrt(self.running_var + self.eps)",
    ),
)
