"""Mistakes in module 07, training: schedule and clipping here, the trainer in further files."""

from __future__ import annotations

from proof.corpus.mutants.training_checkpoint import CHECKPOINT
from proof.corpus.mutants.training_evaluation import EVALUATION
from proof.corpus.mutants.training_loop import LOOP
from proof.mutant import Mutant

SCHEDULE = (
    # CosineSchedule
    Mutant(
        "cosine_rises",
        "turns the cosine upside down, so that the rate climbs",
        "training",
        "(1 + math.cos(",
        "(1 - math.cos(",
    ),
    Mutant(
        "cosine_is_a_line",
        "lets the rate fall along a straight line",
        "training",
        "height = (1 + math.cos(math.pi * epoch / self.total_epochs)) / 2",
        "height = 1 - epoch / self.total_epochs",
    ),
    Mutant(
        "cosine_whole_period",
        "runs through a whole period, so that the rate comes back up",
        "training",
        "math.pi * epoch",
        "2 * math.pi * epoch",
    ),
    Mutant(
        "cosine_integer_division",
        "divides epoch by total_epochs with //",
        "training",
        "epoch / self.total_epochs)",
        "epoch // self.total_epochs)",
    ),
    Mutant(
        "cosine_forgets_min_lr",
        "lets the rate fall to zero",
        "training",
        "self.min_lr + (self.max_lr - self.min_lr) * height",
        "self.max_lr * height",
    ),
    Mutant(
        "cosine_starts_above_max_lr",
        "adds min_lr without subtracting it from the height",
        "training",
        "(self.max_lr - self.min_lr) * height",
        "self.max_lr * height",
    ),
    Mutant(
        "cosine_one_epoch_early",
        "counts epochs from 1",
        "training",
        "math.pi * epoch / ",
        "math.pi * (epoch + 1) / ",
    ),
    Mutant(
        "cosine_ends_one_epoch_early",
        "lets the last epoch reach min_lr by dividing by total_epochs - 1",
        "training",
        "epoch / self.total_epochs)",
        "epoch / max(1, self.total_epochs - 1))",
    ),
    Mutant(
        "cosine_not_clamped",
        "goes on along the cosine after total_epochs",
        "training",
        "if epoch >= self.total_epochs:",
        "if epoch < 0:",
    ),
    Mutant(
        "cosine_restarts",
        "starts anew at max_lr after total_epochs",
        "training",
        "        if epoch >= self.total_epochs:\n            return self.min_lr\n",
        "        epoch %= self.total_epochs\n",
    ),
    Mutant(
        "cosine_stops_at_zero",
        "returns 0 instead of min_lr after total_epochs",
        "training",
        "            return self.min_lr\n",
        "            return 0.0\n",
    ),
    Mutant(
        "cosine_default_length",
        "falls over 10 epochs by default",
        "training",
        "total_epochs: int = 100",
        "total_epochs: int = 10",
    ),
    Mutant(
        "cosine_default_min_lr",
        "falls to 0 by default",
        "training",
        "min_lr: float = 0.01",
        "min_lr: float = 0.0",
    ),
    Mutant(
        "schedule_reaches_next_gradients_only",
        "keeps lr in SGD's velocity, so that a new rate does not hold for what was gathered before",
        "optimizers",
        "self.momentum * self.velocity[index] + gradient\n"
        "        param.data = param.data - self.lr * self.velocity[index]",
        "self.momentum * self.velocity[index] + self.lr * gradient\n"
        "        param.data = param.data - self.velocity[index]",
    ),
)

CLIPPING = (
    # clip_grad_norm: what it measures
    Mutant(
        "clip_forgets_the_root",
        "takes the sum of squares for the norm",
        "training",
        "math.sqrt(sum(",
        "float(sum(",
    ),
    Mutant(
        "clip_adds_norms",
        "adds the parameters' norms up without squaring them",
        "training",
        "math.sqrt(sum(float(np.linalg.norm(as_array(p.grad))) ** 2 for p in moved))",
        "sum(float(np.linalg.norm(as_array(p.grad))) for p in moved)",
    ),
    Mutant(
        "clip_sums_magnitudes",
        "measures the sum of magnitudes, the L1 norm",
        "training",
        "math.sqrt(sum(float(np.linalg.norm(as_array(p.grad))) ** 2 for p in moved))",
        "sum(float(np.abs(as_array(p.grad)).sum()) for p in moved)",
    ),
    Mutant(
        "clip_largest_norm",
        "takes the largest of the parameters' norms for the common one",
        "training",
        "math.sqrt(sum(float(np.linalg.norm(as_array(p.grad))) ** 2 for p in moved))",
        "max(float(np.linalg.norm(as_array(p.grad))) for p in moved)",
    ),
    Mutant(
        "clip_counts_no_gradient",
        "does not skip parameters without a gradient",
        "training",
        "[parameter for parameter in parameters if parameter.grad is not None]",
        "list(parameters)",
    ),
    # clip_grad_norm: what it scales
    Mutant(
        "clip_scales_up",
        "scales small gradients up to max_norm",
        "training",
        "if norm > max_norm:",
        "if norm > 0:",
    ),
    Mutant(
        "clip_compares_with_one",
        "clips only what is longer than 1, whatever max_norm",
        "training",
        "if norm > max_norm:",
        "if norm > max(1.0, max_norm):",
    ),
    Mutant(
        "clip_each_by_itself",
        "scales each gradient by its own norm",
        "training",
        "        for parameter in moved:\n",
        "        for parameter in moved:\n"
        "            norm = float(np.linalg.norm(as_array(parameter.grad)))\n",
    ),
    Mutant(
        "clip_values",
        "cuts every number off at max_norm instead of scaling",
        "training",
        "as_array(parameter.grad) * (max_norm / norm)",
        "np.clip(as_array(parameter.grad), -max_norm, max_norm)",
    ),
    Mutant(
        "clip_local_copy",
        "scales a local copy of the gradient and does not store it",
        "training",
        "parameter.grad = as_array(parameter.grad) * (max_norm / norm)",
        "_ = as_array(parameter.grad) * (max_norm / norm)",
    ),
    Mutant(
        "clip_scales_parameters",
        "scales the parameter's data instead of its gradient",
        "training",
        "parameter.grad = as_array(parameter.grad) * (max_norm / norm)",
        "parameter.data = parameter.data * (max_norm / norm)",
    ),
    Mutant(
        "clip_divides_by_zero",
        "divides by the norm before it looks whether to clip, also by a norm of 0",
        "training",
        "    if norm > max_norm:\n        for parameter in moved:\n",
        "    scale = max_norm / norm\n    if scale < 1:\n        for parameter in moved:\n",
    ),
    Mutant(
        "clip_default_max_norm",
        "clips at 5 by default",
        "training",
        "max_norm: float = 1.0",
        "max_norm: float = 5.0",
    ),
    # clip_grad_norm: what it returns
    Mutant(
        "clip_returns_norm_after",
        "returns the norm after clipping",
        "training",
        "    return norm\n",
        "    return min(norm, max_norm)\n",
    ),
    Mutant(
        "clip_returns_only_if_above",
        "returns the norm only where it clips",
        "training",
        "    return norm\n",
        "        return norm\n    return 0.0\n",
    ),
)

MUTANTS = (*SCHEDULE, *CLIPPING, *LOOP, *EVALUATION, *CHECKPOINT)
