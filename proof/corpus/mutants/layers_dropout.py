"""Mistakes in module 03, layers: Dropout."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # Dropout: rates and what is passed through.
    Mutant(
        "dropout_rate_0_as_missing",
        "takes p = 0 for no p at all",
        "layers",
        "        self.p = p\n",
        "        self.p = p or 0.5\n",
    ),
    Mutant(
        "dropout_rate_above_1",
        "takes rates above 1",
        "layers",
        "if not 0 <= p <= 1:",
        "if not 0 <= p:",
    ),
    Mutant(
        "dropout_rate_negative",
        "takes rates below 0",
        "layers",
        "if not 0 <= p <= 1:",
        "if not p <= 1:",
    ),
    Mutant(
        "dropout_rate_1_refused",
        "refuses p = 1",
        "layers",
        "if not 0 <= p <= 1:",
        "if not 0 <= p < 1:",
    ),
    Mutant(
        "dropout_rate_1_divides_by_0",
        "divides by 1 - p where p = 1",
        "layers",
        "scale = 1 / (1 - self.p) if self.p < 1 else 0.0",
        "scale = np.float64(1) / (1 - self.p)",
    ),
    Mutant(
        "dropout_rate_1_always",
        "returns zeros where p = 1, in evaluation too",
        "layers",
        "if self.p == 0 or not (training and self.training):",
        "if self.p == 1:\n"
        "            return x * 0\n"
        "        if self.p == 0 or not (training and self.training):",
    ),
    Mutant(
        "dropout_in_evaluation",
        "ignores training",
        "layers",
        "if self.p == 0 or not (training and self.training):",
        "if self.p == 0:",
    ),
    Mutant(
        "dropout_scales_in_evaluation",
        "multiplies by 1 - p in evaluation, though training has divided already",
        "layers",
        "            return x\n        kept",
        "            return x * (1 - self.p)\n        kept",
    ),
    # Dropout in training.
    Mutant(
        "dropout_rate_by_default",
        "drops with probability 0.3 unless told otherwise",
        "layers",
        "p: float = 0.5",
        "p: float = 0.3",
    ),
    Mutant(
        "dropout_off_by_default",
        "trains only when told to",
        "layers",
        "training: bool = True) -> Tensor:",
        "training: bool = False) -> Tensor:",
    ),
    Mutant(
        "dropout_unscaled",
        "does not divide what is kept by 1 - p",
        "layers",
        "scale = 1 / (1 - self.p) if self.p < 1 else 0.0",
        "scale = 1.0",
    ),
    Mutant(
        "dropout_scaled_by_rate",
        "divides by p, which is 1 - p at one half",
        "layers",
        "scale = 1 / (1 - self.p) if self.p < 1 else 0.0",
        "scale = 1 / self.p if self.p < 1 else 0.0",
    ),
    Mutant(
        "dropout_scaled_by_what_is_kept",
        "divides by the share of elements that this mask keeps",
        "layers",
        "scale = 1 / (1 - self.p) if self.p < 1 else 0.0",
        "scale = 1 / max(kept.mean(), 1e-9)",
    ),
    Mutant(
        "dropout_keeps_with_rate",
        "keeps each element with probability p",
        "layers",
        "kept = np.random.random_sample(x.shape) >= self.p",
        "kept = np.random.random_sample(x.shape) < self.p * (self.p < 1)",
    ),
    Mutant(
        "dropout_same_for_rows",
        "draws one mask for all rows",
        "layers",
        "np.random.random_sample(x.shape)",
        "np.random.random_sample(x.shape[-1:])",
    ),
    Mutant(
        "dropout_same_for_columns",
        "drops whole rows",
        "layers",
        "np.random.random_sample(x.shape)",
        "np.random.random_sample((*x.shape[:-1], 1))",
    ),
    Mutant(
        "dropout_exact_share",
        "drops the same number of elements every time, so that they are not independent",
        "layers",
        "kept = np.random.random_sample(x.shape) >= self.p",
        "places = np.random.permutation(x.size).reshape(x.shape)\n"
        "        kept = places >= round(self.p * x.size)",
    ),
    Mutant(
        "dropout_same_for_calls",
        "draws the mask once for each shape and keeps it",
        "layers",
        "kept = np.random.random_sample(x.shape) >= self.p",
        'masks = self.__dict__.setdefault("masks", {})\n'
        "        kept = masks.setdefault(x.shape, np.random.random_sample(x.shape) >= self.p)",
    ),
    Mutant(
        "dropout_in_place",
        "multiplies x itself by the mask",
        "layers",
        "return x * (kept * scale)",
        "x.data *= kept * scale\n        return x * 1.0",
    ),
    Mutant(
        "dropout_in_float64",
        "multiplies by a float64 mask and keeps that dtype",
        "layers",
        "return x * (kept * scale)",
        "result = x * (kept * scale)\n"
        "        result._data = result.data.astype(float)\n"
        "        return result",
    ),
)
