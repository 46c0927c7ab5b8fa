"""Mistakes in module 06, optimizers: Adam and AdamW."""

from __future__ import annotations

from proof.mutant import Mutant

FIRST = "first = beta1 * self.first_moment[index] + (1 - beta1) * gradient"
SECOND = "second = beta2 * self.second_moment[index] + (1 - beta2) * gradient * gradient"
MEAN = "mean = first / (1 - beta1**self.step_count)"
SQUARE = "square = second / (1 - beta2**self.step_count)"
MOVES = "param.data = param.data - self.lr * mean / (np.sqrt(square) + self.eps)"
COUPLED = "self._adam_step(index, param, gradient + self.weight_decay * param.data)"
SHRINKS = "param.data = param.data * (1 - self.lr * self.weight_decay)"
DECOUPLED = f"        {SHRINKS}\n        self._adam_step(index, param, gradient)"

MUTANTS = (
    # Adam's moments
    Mutant(
        "adam_mean_not_weighted",
        "adds the whole gradient to the first moment, as momentum does",
        "optimizers",
        FIRST,
        "first = beta1 * self.first_moment[index] + gradient",
    ),
    Mutant(
        "adam_gradient_not_squared",
        "averages the size of the gradient where its square is due",
        "optimizers",
        SECOND,
        "second = beta2 * self.second_moment[index] + (1 - beta2) * abs(gradient)",
    ),
    Mutant(
        "adam_squares_mean",
        "squares the first moment instead of the gradient",
        "optimizers",
        SECOND,
        "second = beta2 * self.second_moment[index] + (1 - beta2) * first * first",
    ),
    Mutant(
        "adam_betas_swapped",
        "takes the rates of the two moments in the wrong order",
        "optimizers",
        "beta1, beta2 = self.betas",
        "beta2, beta1 = self.betas",
    ),
    # Bias correction
    Mutant(
        "adam_first_moment_not_corrected",
        "corrects the bias of the second moment only",
        "optimizers",
        MEAN,
        "mean = first",
    ),
    Mutant(
        "adam_second_moment_not_corrected",
        "corrects the bias of the first moment only",
        "optimizers",
        SQUARE,
        "square = second",
    ),
    Mutant(
        "adam_not_corrected",
        "corrects neither bias",
        "optimizers",
        f"        {MEAN}\n        {SQUARE}\n",
        "        mean, square = first, second\n",
    ),
    Mutant(
        "adam_corrects_with_first_step",
        "corrects as in the first step for ever",
        "optimizers",
        f"        {MEAN}\n        {SQUARE}\n",
        "        mean, square = first / (1 - beta1), second / (1 - beta2)\n",
    ),
    Mutant(
        "adam_corrects_a_step_late",
        "counts the step before it is one, from the third on",
        "optimizers",
        MEAN,
        "mean = first / (1 - beta1 ** max(1, self.step_count - 1))",
    ),
    Mutant(
        "adam_keeps_corrected_moment",
        "stores the corrected mean as the moment, so that it is corrected again",
        "optimizers",
        MEAN,
        MEAN + "\n        self.first_moment[index] = mean",
    ),
    # eps
    Mutant(
        "adam_eps_under_root",
        "adds eps before taking the root",
        "optimizers",
        "(np.sqrt(square) + self.eps)",
        "np.sqrt(square + self.eps)",
    ),
    Mutant(
        "adam_eps_before_correction",
        "adds eps to the root of the uncorrected moment",
        "optimizers",
        "(np.sqrt(square) + self.eps)",
        "(np.sqrt(second) + self.eps) * np.sqrt(1 - beta2**self.step_count)",
    ),
    Mutant(
        "adam_eps_as_lower_bound",
        "takes eps for the least that the root may be",
        "optimizers",
        "(np.sqrt(square) + self.eps)",
        "np.maximum(np.sqrt(square), self.eps)",
    ),
    Mutant(
        "adam_eps_forgotten",
        "writes 1e-8 instead of the eps it was given",
        "optimizers",
        "self.eps = eps",
        "self.eps = 1e-8",
    ),
    # Adam's decay
    Mutant(
        "adam_decay_decoupled",
        "decays as AdamW does",
        "optimizers",
        COUPLED,
        SHRINKS + "\n        self._adam_step(index, param, gradient)",
    ),
    Mutant(
        "adam_decay_after_moments",
        "adds the decay to the mean when the moments are done",
        "optimizers",
        f"        {COUPLED}\n",
        "        before = param.data\n"
        "        self._adam_step(index, param, gradient)\n"
        "        square = self.second_moment[index] / (1 - self.betas[1] ** self.step_count)\n"
        "        decay = self.weight_decay * before / (np.sqrt(square) + self.eps)\n"
        "        param.data = param.data - self.lr * decay\n",
    ),
    Mutant(
        "adam_ignores_decay",
        "takes weight_decay and never uses it",
        "optimizers",
        COUPLED,
        "self._adam_step(index, param, gradient)",
    ),
    Mutant(
        "adam_decay_added_to_gradient",
        "adds the decay into the stored gradient",
        "optimizers",
        COUPLED,
        "gradient += self.weight_decay * param.data\n"
        "        self._adam_step(index, param, gradient)",
    ),
    # AdamW's decay
    Mutant(
        "adamw_decay_coupled",
        "adds the decay to the gradient as Adam does",
        "optimizers",
        DECOUPLED,
        f"        {COUPLED.replace('+ self.w', '+ 1 * self.w')}",
    ),
    Mutant(
        "adamw_decay_without_lr",
        "shrinks p by 1 - weight_decay, whatever the learning rate",
        "optimizers",
        SHRINKS,
        "param.data = param.data * (1 - self.weight_decay)",
    ),
    Mutant(
        "adamw_decays_twice",
        "decays in both ways, coupled and decoupled",
        "optimizers",
        DECOUPLED,
        f"        {SHRINKS}\n        super().update(index, param, gradient)",
    ),
    Mutant(
        "adamw_ignores_decay",
        "shrinks a copy of p",
        "optimizers",
        SHRINKS,
        "shrunk = param.data * (1 - self.lr * self.weight_decay)",
    ),
    Mutant(
        "adamw_decays_what_it_skips",
        "decays all parameters ahead of the step, those without a gradient, too",
        "optimizers",
        DECOUPLED,
        "        self._adam_step(index, param, gradient)\n\n"
        "    def step(self):\n"
        "        for param in self.params:\n"
        f"            {SHRINKS}\n"
        "        super().step()",
    ),
    # Defaults
    Mutant(
        "adamw_default_lr",
        "AdamW's lr is 0.01 by default, as SGD's is",
        "optimizers",
        "        super().__init__(params, lr, betas, eps, weight_decay)",
        "        lr = 0.01 if lr == 1e-3 else lr\n"
        "        super().__init__(params, lr, betas, eps, weight_decay)",
    ),
    Mutant(
        "adam_default_betas",
        "the second moment's rate is 0.99 by default",
        "optimizers",
        "betas: tuple[float, float] = (0.9, 0.999),\n        eps: float = 1e-8,\n"
        "        weight_decay: float = 0.0,",
        "betas: tuple[float, float] = (0.9, 0.99),\n        eps: float = 1e-8,\n"
        "        weight_decay: float = 0.0,",
    ),
    Mutant(
        "adamw_default_eps",
        "AdamW's eps is 1e-6 by default",
        "optimizers",
        "eps: float = 1e-8,\n        weight_decay: float = 0.01",
        "eps: float = 1e-6,\n        weight_decay: float = 0.01",
    ),
    Mutant(
        "adam_default_decay",
        "Adam decays by 0.01 by default, as AdamW does",
        "optimizers",
        "eps: float = 1e-8,\n        weight_decay: float = 0.0,",
        "eps: float = 1e-8,\n        weight_decay: float = 0.01,",
    ),
    Mutant(
        "adamw_default_decay",
        "AdamW does not decay by default",
        "optimizers",
        "weight_decay: float = 0.01,",
        "weight_decay: float = 0.0,",
    ),
    # Several parameters, several optimizers, stored gradients
    Mutant(
        "moments_found_by_shape",
        "looks the moments up by the shape of the parameter",
        "optimizers",
        "        beta1, beta2 = self.betas\n",
        "        index = [p.shape for p in self.params].index(param.shape)\n"
        "        beta1, beta2 = self.betas\n",
    ),
    Mutant(
        "moments_belong_to_class",
        "keeps the moments on the class",
        "optimizers",
        "        self.first_moment = self._zeros()\n",
        "        Adam.first_moment = self._zeros()\n",
    ),
    Mutant(
        "moments_belong_to_parameter",
        "keeps the moment on the parameter, where the next optimizer finds it",
        "optimizers",
        FIRST,
        "self.first_moment[index] = getattr(param, 'moment', self.first_moment[index])\n"
        f"        {FIRST}\n"
        "        param.moment = first",
    ),
    Mutant(
        "adam_squares_gradient_in_place",
        "squares the gradient in place for the second moment",
        "optimizers",
        SECOND,
        "gradient *= gradient\n"
        "        second = beta2 * self.second_moment[index] + (1 - beta2) * gradient",
    ),
)
