"""Mistakes in module 06, optimizers: SGD here; the other files hold the rest."""

from __future__ import annotations

from proof.corpus.mutants.optimizers_adam import MUTANTS as ADAM
from proof.corpus.mutants.optimizers_common import MUTANTS as COMMON
from proof.mutant import Mutant

MOVES = "param.data = param.data - self.lr * self.velocity[index]"
ACCELERATES = "self.velocity[index] = self.momentum * self.velocity[index] + gradient"
DECAYS = "gradient = gradient + self.weight_decay * param.data"

SGD = (
    # SGD: p -= lr v
    Mutant(
        "sgd_ascends", "moves along the gradient", "optimizers", MOVES, MOVES.replace("- ", "+ ")
    ),
    Mutant(
        "sgd_forgets_lr",
        "moves by v, not lr v",
        "optimizers",
        MOVES,
        MOVES.replace("self.lr * ", ""),
    ),
    Mutant(
        "sgd_updates_local_copy",
        "assigns the result to a local name instead of param.data",
        "optimizers",
        MOVES,
        MOVES.replace("param.data =", "data ="),
    ),
    Mutant(
        "sgd_replaces_parameter",
        "puts a new Tensor into the optimizer's own list, so that the layer keeps the old one",
        "optimizers",
        MOVES,
        "moved = param.data - self.lr * self.velocity[index]\n"
        "        self.params[index] = Tensor(moved, requires_grad=True)",
    ),
    Mutant(
        "sgd_records_its_step",
        "computes the step with Tensors, so that p becomes the result of an operation",
        "optimizers",
        MOVES,
        "moved = param - Tensor(self.lr * self.velocity[index])\n"
        "        param.data, param.edges = moved.data, moved.edges",
    ),
    Mutant(
        "sgd_keeps_float64",
        "computes in float64 and does not convert back",
        "optimizers",
        MOVES,
        "param._data = param.data.astype(float) - self.lr * self.velocity[index]",
    ),
    # SGD: v = mu v + g
    Mutant(
        "momentum_dampened",
        "weights the gradient with 1 - momentum",
        "optimizers",
        ACCELERATES,
        ACCELERATES.replace("+ gradient", "+ (1 - self.momentum) * gradient"),
    ),
    Mutant(
        "momentum_negative",
        "subtracts the old velocity",
        "optimizers",
        ACCELERATES,
        ACCELERATES.replace("= self", "= -self"),
    ),
    Mutant(
        "momentum_looks_ahead",
        "makes Nesterov's step",
        "optimizers",
        MOVES,
        "ahead = gradient + self.momentum * self.velocity[index]\n"
        "        param.data = param.data - self.lr * ahead",
    ),
    Mutant(
        "momentum_forgets_velocity",
        "starts every step from a velocity of zero",
        "optimizers",
        ACCELERATES,
        "self.velocity[index] = gradient",
    ),
    Mutant(
        "momentum_counts_first_gradient_twice",
        "starts the velocity as the first gradient and then adds that gradient",
        "optimizers",
        ACCELERATES,
        "if not self.velocity[index].any():\n"
        "            self.velocity[index] = gradient\n"
        "        " + ACCELERATES,
    ),
    Mutant(
        "momentum_remembers_before_lr",
        "keeps lr in the velocity and multiplies by lr again",
        "optimizers",
        ACCELERATES,
        ACCELERATES.replace("+ gradient", "+ self.lr * gradient"),
    ),
    Mutant(
        "momentum_stops_at_zero_gradient",
        "leaves a parameter alone whose gradient is zero, though its velocity is not",
        "optimizers",
        "        " + DECAYS,
        "        if not gradient.any():\n            return\n        " + DECAYS,
    ),
    # SGD: g += wd p
    Mutant(
        "sgd_ignores_decay",
        "takes weight_decay and never uses it",
        "optimizers",
        "        gradient = gradient + self.weight_decay * param.data\n",
        "",
    ),
    Mutant(
        "sgd_decay_needs_momentum",
        "decays only where there is momentum",
        "optimizers",
        DECAYS,
        "gradient = gradient + bool(self.momentum) * self.weight_decay * param.data",
    ),
    Mutant(
        "sgd_decay_decoupled",
        "shrinks p itself, so that the velocity does not see the decay",
        "optimizers",
        DECAYS,
        "param.data = param.data * (1 - self.lr * self.weight_decay)",
    ),
    Mutant(
        "sgd_decay_after_momentum",
        "adds the decay to the velocity's step, not to the velocity",
        "optimizers",
        "        gradient = gradient + self.weight_decay * param.data\n"
        "        self.velocity[index] = self.momentum * self.velocity[index] + gradient\n"
        "        param.data = param.data - self.lr * self.velocity[index]",
        "        self.velocity[index] = self.momentum * self.velocity[index] + gradient\n"
        "        step = self.velocity[index] + self.weight_decay * param.data\n"
        "        param.data = param.data - self.lr * step",
    ),
    Mutant(
        "sgd_decay_doubled",
        "differentiates wd p ** 2, which brings a factor 2",
        "optimizers",
        DECAYS,
        DECAYS.replace("self.w", "2 * self.w"),
    ),
    Mutant(
        "sgd_decay_added_to_gradient",
        "adds the decay into the stored gradient",
        "optimizers",
        DECAYS,
        "gradient += self.weight_decay * param.data",
    ),
    # Defaults
    Mutant(
        "sgd_default_lr",
        "lr is 0.001 by default",
        "optimizers",
        "lr: float = 0.01",
        "lr: float = 0.001",
    ),
    Mutant(
        "sgd_default_momentum",
        "momentum is 0.9 by default",
        "optimizers",
        "momentum: float = 0.0",
        "momentum: float = 0.9",
    ),
    Mutant(
        "sgd_default_decay",
        "SGD decays by default",
        "optimizers",
        "momentum: float = 0.0,\n        weight_decay: float = 0.0",
        "momentum: float = 0.0,\n        weight_decay: float = 0.01",
    ),
)

MUTANTS = (*SGD, *ADAM, *COMMON)
