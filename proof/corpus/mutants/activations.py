"""Mistakes in module 02, activations."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # What all share.
    Mutant(
        "call_drops_dim",
        "hands on to forward no more than x",
        "activations",
        "return self.forward(*args, **kwargs)",
        "return self.forward(args[0])",
    ),
    Mutant(
        "parameters_none",
        "returns None where there is nothing to train",
        "activations",
        "        return []\n",
        "        return None\n",
    ),
    Mutant(
        "gelu_trains_its_factor",
        "lists the factor 1.702 as a parameter",
        "activations",
        '(Hendrycks and Gimpel, 2016)."""\n',
        '(Hendrycks and Gimpel, 2016)."""\n\n'
        "    def parameters(self):\n"
        "        return [Tensor(1.702, requires_grad=True)]\n",
    ),
    # ReLU.
    Mutant(
        "relu_is_absolute",
        "turns the sign of negative elements",
        "activations",
        "np.maximum(x.data, 0)",
        "np.abs(x.data)",
    ),
    Mutant(
        "relu_stops_at_6",
        "cuts off above 6 too",
        "activations",
        "np.maximum(x.data, 0)",
        "np.clip(x.data, 0, 6)",
    ),
    Mutant(
        "relu_in_place",
        "writes the zeros into x",
        "activations",
        "np.maximum(x.data, 0)",
        "np.maximum(x.data, 0, out=x.data)",
    ),
    Mutant(
        "relu_keeps_mask",
        "keeps the mask of the first input for all that follow",
        "activations",
        "positive = x.data > 0\n"
        "        return Tensor.from_op(np.maximum(x.data, 0), (x, lambda g: g * positive))",
        'if not hasattr(self, "positive"):\n'
        "            self.positive = x.data > 0\n"
        "        return Tensor.from_op(x.data * self.positive, (x, lambda g: g * self.positive))",
    ),
    # Sigmoid.
    Mutant(
        "sigmoid_of_number_is_vector",
        "returns a vector of length 1 for a number",
        "activations",
        "y = _sigmoid(x.data)",
        "y = np.atleast_1d(_sigmoid(x.data))",
    ),
    Mutant(
        "sigmoid_by_tanh_of_x",
        "takes tanh(x) for tanh(x / 2) in the identity with tanh",
        "activations",
        "y = _sigmoid(x.data)",
        "y = (1 + np.tanh(x.data)) / 2",
    ),
    Mutant(
        "sigmoid_clips_too_early",
        "limits x to [-5, 5] to keep exp from overflowing",
        "activations",
        "y = _sigmoid(x.data)",
        "y = _sigmoid(np.clip(x.data, -5, 5))",
    ),
    Mutant(
        "sigmoid_inf_over_inf",
        "computes exp(x) / (1 + exp(x)) for positive x too",
        "activations",
        "y = _sigmoid(x.data)",
        "y = np.exp(x.data) / (1 + np.exp(x.data))",
    ),
    Mutant(
        "sigmoid_overflows",
        "computes 1 / (1 + exp(-x)) for negative x too",
        "activations",
        "y = _sigmoid(x.data)",
        "y = 1 / (1 + np.exp(-x.data))",
    ),
    Mutant(
        "sigmoid_computes_both_branches",
        "chooses with np.where between two formulas that both saw every x",
        "activations",
        "    decay = np.exp(np.where(positive, -x, x))\n"
        "    return np.where(positive, 1 / (1 + decay), decay / (1 + decay))",
        "    exp = np.minimum(np.exp(x), 1e30)\n"
        "    return np.where(positive, 1 / (1 + np.exp(-x)), exp / (1 + exp))",
    ),
    Mutant(
        "sigmoid_in_place",
        "turns the sign of x itself",
        "activations",
        "y = _sigmoid(x.data)",
        "y = _sigmoid(-np.negative(x.data, out=x.data))",
    ),
    # Tanh.
    Mutant(
        "tanh_of_half",
        "takes sigmoid(x) for sigmoid(2x) in the identity with the sigmoid",
        "activations",
        "np.tanh(x.data)",
        "2 * _sigmoid(x.data) - 1",
    ),
    Mutant(
        "tanh_without_forward",
        "writes __call__ and no forward",
        "activations",
        'def forward(self, x: Tensor) -> Tensor:\n        """Map every element into (-1, 1)."""',
        'def __call__(self, x: Tensor) -> Tensor:\n        """Map every element into (-1, 1)."""',
    ),
    Mutant(
        "tanh_flattens",
        "returns a vector whatever the shape of x",
        "activations",
        "np.tanh(x.data)",
        "np.tanh(x.data.ravel())",
    ),
    # GELU.
    Mutant(
        "gelu_without_factor",
        "leaves the factor 1.702 out",
        "activations",
        "x * Sigmoid()(x * 1.702)",
        "x * Sigmoid()(x)",
    ),
    Mutant(
        "gelu_rounds_factor",
        "rounds the factor to 1.7",
        "activations",
        "x * Sigmoid()(x * 1.702)",
        "x * Sigmoid()(x * 1.7)",
    ),
    Mutant(
        "gelu_by_tanh",
        "uses the approximation by tanh, a third formula",
        "activations",
        "x * Sigmoid()(x * 1.702)",
        "x * (Tanh()((x + x * x * x * 0.044715) * 0.7978845608) + 1) * 0.5",
    ),
    Mutant(
        "gelu_erf_without_root",
        "takes erf(x) for erf(x / sqrt(2)) in the exact form",
        "activations",
        "        return x * Sigmoid()(x * 1.702)",
        "        from math import erf\n\n        return x * (1 + np.vectorize(erf)(x.data)) * 0.5",
    ),
    # Softmax.
    Mutant(
        "softmax_dim_ignored",
        "always runs along the last axis",
        "activations",
        "weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))\n",
        "dim = -1\n        weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))\n",
    ),
    Mutant(
        "softmax_dim_1_by_default",
        "runs along axis 1 unless told otherwise, as if x were always a matrix",
        "activations",
        "dim: int = -1",
        "dim: int = 1",
    ),
    Mutant(
        "softmax_negative_dim_is_last",
        "takes every negative dim for the last axis",
        "activations",
        "weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))\n",
        "dim = max(dim, -1)\n"
        "        weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))\n",
    ),
    Mutant(
        "softmax_sum_without_keepdims",
        "drops the summed axis, so that square matrices are divided by the wrong sums",
        "activations",
        "weights.sum(axis=dim, keepdims=True)",
        "weights.sum(axis=dim)",
    ),
    Mutant(
        "softmax_overflows",
        "does not subtract the maximum",
        "activations",
        "np.exp(x.data - x.data.max(axis=dim, keepdims=True))",
        "np.exp(x.data)",
    ),
    Mutant(
        "softmax_subtracts_global_maximum",
        "subtracts the maximum of all rows, far below which a row vanishes",
        "activations",
        "x.data.max(axis=dim, keepdims=True)",
        "x.data.max()",
    ),
    Mutant(
        "softmax_clips_scores",
        "limits the scores to [-80, 80] instead of subtracting the maximum",
        "activations",
        "np.exp(x.data - x.data.max(axis=dim, keepdims=True))",
        "np.exp(np.clip(x.data, -80, 80))",
    ),
    Mutant(
        "softmax_in_place",
        "subtracts the maximum from x itself",
        "activations",
        "weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))",
        "x.data -= x.data.max(axis=dim, keepdims=True)\n        weights = np.exp(x.data)",
    ),
    Mutant(
        "softmax_keeps_dim",
        "keeps the dim of its first call for all that follow",
        "activations",
        "weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))\n",
        'dim = self.__dict__.setdefault("dim", dim)\n'
        "        weights = np.exp(x.data - x.data.max(axis=dim, keepdims=True))\n",
    ),
    Mutant(
        "softmax_in_float64",
        "computes in float64 and keeps that dtype",
        "activations",
        "return Tensor.from_op(y, (x, lambda g: y * (g - (g * y).sum(axis=dim, keepdims=True))))",
        "result = Tensor.from_op(\n"
        "            y, (x, lambda g: y * (g - (g * y).sum(axis=dim, keepdims=True)))\n"
        "        )\n"
        "        result._data = y.astype(float)\n"
        "        return result",
    ),
)
