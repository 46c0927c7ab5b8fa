"""Mistakes in module 06, optimizers: what all optimizers share."""

from __future__ import annotations

from proof.mutant import Mutant

ACCELERATES = "self.velocity[index] = self.momentum * self.velocity[index] + gradient"
UPDATES = "                self.update(index, param, as_array(param.grad))\n"
RESETS = "            param.grad = None\n"

MUTANTS = (
    # Several parameters
    Mutant(
        "params_are_used_up",
        "looks at all parameters before it keeps them, which uses an iterator up",
        "optimizers",
        "        self.params = list(params)\n",
        "        if not all(param.requires_grad for param in params):\n"
        '            raise ValueError("every parameter must require a gradient")\n'
        "        self.params = list(params)\n",
    ),
    Mutant(
        "adam_keeps_first_lr",
        "steps by the lr that Adam was made with, though optimizer.lr has changed",
        "optimizers",
        "param.data = param.data - self.lr * mean / (np.sqrt(square) + self.eps)",
        'param.data = param.data - self.__dict__.setdefault("first_lr", self.lr) * mean / (\n'
        "            np.sqrt(square) + self.eps\n"
        "        )",
    ),
    Mutant(
        "sgd_keeps_first_lr",
        "steps by the lr that SGD was made with, though optimizer.lr has changed",
        "optimizers",
        "param.data = param.data - self.lr * self.velocity[index]",
        'rate = self.__dict__.setdefault("first_lr", self.lr)\n'
        "        param.data = param.data - rate * self.velocity[index]",
    ),
    Mutant(
        "steps_first_parameter_only",
        "returns from within the loop over the parameters",
        "optimizers",
        UPDATES,
        UPDATES + "                return\n",
    ),
    Mutant(
        "velocity_found_by_shape",
        "looks the velocity up by the shape of the parameter",
        "optimizers",
        ACCELERATES,
        "index = [p.shape for p in self.params].index(param.shape)\n        " + ACCELERATES,
    ),
    # Several optimizers
    Mutant(
        "velocity_belongs_to_class",
        "keeps the velocities on the class",
        "optimizers",
        "        self.velocity = self._zeros()",
        "        SGD.velocity = self._zeros()",
    ),
    Mutant(
        "velocity_belongs_to_parameter",
        "keeps the velocity on the parameter, where the next optimizer finds it",
        "optimizers",
        ACCELERATES,
        "self.velocity[index] = getattr(param, 'velocity', self.velocity[index])\n"
        "        " + ACCELERATES + "\n"
        "        param.velocity = self.velocity[index]",
    ),
    Mutant(
        "params_belong_to_class",
        "keeps the list of parameters on the class",
        "optimizers",
        "        self.params = list(params)",
        "        type(self).params = list(params)",
    ),
    Mutant(
        "step_count_belongs_to_class",
        "counts the steps of all optimizers together",
        "optimizers",
        "        self.step_count += 1\n",
        "        Optimizer.steps = getattr(Optimizer, 'steps', 0) + 1\n"
        "        self.step_count = Optimizer.steps\n",
    ),
    # Parameters without a gradient
    Mutant(
        "none_taken_for_zeros",
        "takes None for a gradient of zeros, so that decay and momentum go on",
        "optimizers",
        "            if param.grad is not None:\n" + UPDATES,
        "            gradient = 0 * param.data if param.grad is None else as_array(param.grad)\n"
        "            self.update(index, param, gradient)\n",
    ),
    Mutant(
        "none_not_expected",
        "does not ask whether there is a gradient",
        "optimizers",
        "if param.grad is not None:",
        "if index >= 0:",
    ),
    Mutant(
        "none_ends_step",
        "stops at the first parameter without a gradient",
        "optimizers",
        "            if param.grad is not None:\n" + UPDATES,
        "            if param.grad is None:\n"
        "                break\n"
        "            self.update(index, param, as_array(param.grad))\n",
    ),
    Mutant(
        "none_shrinks_velocity",
        "lets the velocity of a parameter without a gradient fade",
        "optimizers",
        "            if param.grad is not None:\n",
        "            if param.grad is None and hasattr(self, 'velocity'):\n"
        "                self.velocity[index] = self.momentum * self.velocity[index]\n"
        "            if param.grad is not None:\n",
    ),
    Mutant(
        "zeros_taken_for_none",
        "skips a parameter whose gradient is zero",
        "optimizers",
        "if param.grad is not None:",
        "if param.grad is not None and as_array(param.grad).any():",
    ),
    # Stored gradients
    Mutant(
        "step_clears_gradients",
        "sets the gradients to None at the end of a step",
        "optimizers",
        UPDATES,
        UPDATES + "                param.grad = None\n",
    ),
    # Parameters that do not require a gradient
    Mutant(
        "constants_accepted",
        "does not ask for requires_grad",
        "optimizers",
        "if not all(param.requires_grad for param in self.params):",
        "if not self.params:",
    ),
    Mutant(
        "constants_accepted_beside_others",
        "refuses parameters only where none requires a gradient",
        "optimizers",
        "if not all(",
        "if not any(",
    ),
    Mutant(
        "constants_dropped",
        "leaves parameters out that do not require a gradient instead of refusing them",
        "optimizers",
        "        self.params = list(params)",
        "        self.params = [param for param in params if param.requires_grad]",
    ),
    Mutant(
        "constants_refused_by_assert",
        "refuses a parameter without requires_grad with an assert",
        "optimizers",
        "        if not all(param.requires_grad for param in self.params):\n"
        '            raise ValueError("every parameter given to an optimizer must have '
        'requires_grad=True")\n',
        "        assert all(param.requires_grad for param in self.params)\n",
    ),
    # zero_grad
    Mutant(
        "zero_grad_does_nothing",
        "resets a local name instead of the gradient",
        "optimizers",
        RESETS,
        "            grad = param.grad\n            grad = None\n",
    ),
    Mutant(
        "zero_grad_of_first_only",
        "returns from within the loop",
        "optimizers",
        RESETS,
        RESETS + "            return\n",
    ),
    Mutant(
        "zero_grad_sets_number",
        "sets grad to the number 0 instead of an array of zeros",
        "optimizers",
        RESETS,
        "            param.grad = 0.0\n",
    ),
    Mutant(
        "zero_grad_expects_gradient",
        "writes zeros into the gradient without asking whether there is one",
        "optimizers",
        RESETS,
        "            param.grad[...] = 0\n",
    ),
    Mutant(
        "zero_grad_resets_velocity",
        "forgets the momentum together with the gradients",
        "optimizers",
        RESETS,
        RESETS + "        self.velocity = self._zeros()\n",
    ),
    # step_count
    Mutant(
        "step_count_stays",
        "never counts a step of SGD",
        "optimizers",
        "        self.step_count += 1\n",
        "        self.step_count += isinstance(self, Adam)\n",
    ),
    Mutant(
        "step_count_starts_at_one",
        "counts from 1 and corrects the moments for a step less",
        "optimizers",
        "        self.step_count = 0\n",
        "        self.step_count = 1\n",
    ),
    Mutant(
        "step_count_per_parameter",
        "counts every update of a parameter as a step",
        "optimizers",
        "        self.step_count += 1\n        for index, param in enumerate(self.params):\n",
        "        for index, param in enumerate(self.params):\n            self.step_count += 1\n",
    ),
)
