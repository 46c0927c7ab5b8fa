"""Mistakes in module 03, layers: Layer and Linear."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # Layer.
    Mutant(
        "call_returns_nothing",
        "calls forward in __call__ and forgets to return what it returns",
        "layers",
        '"""Base class of whatever holds parameters or behaves differently in training."""\n',
        '"""Base class of whatever holds parameters or behaves differently in training."""\n\n'
        "    def __call__(self, *args, **kwargs):\n"
        "        self.forward(*args, **kwargs)\n",
    ),
    Mutant(
        "call_drops_training",
        "hands on to forward no more than x",
        "layers",
        '"""Base class of whatever holds parameters or behaves differently in training."""\n',
        '"""Base class of whatever holds parameters or behaves differently in training."""\n\n'
        "    def __call__(self, x, *args, **kwargs):\n"
        "        return self.forward(x)\n",
    ),
    Mutant(
        "linear_weights_all_positive",
        "draws weights of which none is negative",
        "layers",
        "np.random.standard_normal((in_features, out_features)) * scale",
        "abs(np.random.standard_normal((in_features, out_features))) * scale",
    ),
    Mutant(
        "layer_wants_sizes",
        "asks every layer for sizes, though not every layer has them",
        "layers",
        '"""Base class of whatever holds parameters or behaves differently in training."""\n',
        '"""Base class of whatever holds parameters or behaves differently in training."""\n\n'
        "    def __init__(self, in_features, out_features):\n"
        "        self.in_features, self.out_features = in_features, out_features\n",
    ),
    # Linear: shapes and forward.
    Mutant(
        "weight_transposed",
        "gives the weight one row per output",
        "layers",
        "standard_normal((in_features, out_features))",
        "standard_normal((out_features, in_features))",
    ),
    Mutant(
        "weight_transposed_in_forward",
        "multiplies by the transposed weight, which a square one does not show",
        "layers",
        "y = x @ self.weight",
        "y = x @ self.weight.transpose()",
    ),
    Mutant(
        "bias_is_row",
        "gives the bias the shape (1, out)",
        "layers",
        "np.zeros(out_features)",
        "np.zeros((1, out_features))",
    ),
    Mutant(
        "bias_starts_at_1",
        "starts the bias at one",
        "layers",
        "np.zeros(out_features)",
        "np.ones(out_features)",
    ),
    Mutant(
        "bias_not_added",
        "keeps a bias and never adds it",
        "layers",
        "return y if self.bias is None else y + self.bias",
        "return y",
    ),
    Mutant(
        "bias_shared",
        "takes one bias for all layers of a size",
        "layers",
        "self.bias = Tensor(np.zeros(out_features), requires_grad=True) if bias else None",
        'shared = Linear.__dict__.get("shared") or {}\n'
        "        Linear.shared = shared\n"
        "        zeros = Tensor(np.zeros(out_features), requires_grad=True)\n"
        "        self.bias = shared.setdefault(out_features, zeros) if bias else None",
    ),
    Mutant(
        "batches_flattened",
        "makes a matrix of every input and does not give its leading axes back",
        "layers",
        "y = x @ self.weight",
        "y = x.reshape(-1, x.shape[-1]) @ self.weight",
    ),
    Mutant(
        "matrices_only",
        "refuses any input but a matrix",
        "layers",
        "y = x @ self.weight",
        "if len(x.shape) != 2:\n"
        '            raise ValueError("Linear needs a matrix")\n'
        "        y = x @ self.weight",
    ),
    Mutant(
        "bias_cannot_be_left_out",
        "adds a bias of zeros where none is wanted",
        "layers",
        "requires_grad=True) if bias else None",
        "requires_grad=bias)",
    ),
    # Linear: parameters.
    Mutant(
        "missing_bias_listed",
        "lists None as a parameter where there is no bias",
        "layers",
        "return [self.weight] if self.bias is None else [self.weight, self.bias]",
        "return [self.weight, self.bias]",
    ),
    Mutant(
        "parameters_swapped",
        "lists the bias before the weight",
        "layers",
        "return [self.weight] if self.bias is None else [self.weight, self.bias]",
        "return [self.weight] if self.bias is None else [self.bias, self.weight]",
    ),
    Mutant(
        "parameters_copied",
        "lists copies, which the layer does not compute with",
        "layers",
        "return [self.weight] if self.bias is None else [self.weight, self.bias]",
        "own = [self.weight] if self.bias is None else [self.weight, self.bias]\n"
        "        return [Tensor(tensor.data, requires_grad=True) for tensor in own]",
    ),
    Mutant(
        "weight_requires_no_grad",
        "makes the weight without requires_grad",
        "layers",
        "Tensor(weight, requires_grad=True)",
        "Tensor(weight)",
    ),
    Mutant(
        "bias_requires_no_grad",
        "makes the bias without requires_grad",
        "layers",
        "Tensor(np.zeros(out_features), requires_grad=True)",
        "Tensor(np.zeros(out_features))",
    ),
    # Linear: the start.
    Mutant(
        "weight_unscaled",
        "draws standard normal weights",
        "layers",
        "scale = math.sqrt(1 / in_features)",
        "scale = 1.0",
    ),
    Mutant(
        "weight_scaled_by_variance",
        "multiplies by the variance 1 / in instead of its root",
        "layers",
        "scale = math.sqrt(1 / in_features)",
        "scale = 1 / in_features",
    ),
    Mutant(
        "weight_scaled_by_outputs",
        "divides by the number of outputs instead of inputs",
        "layers",
        "scale = math.sqrt(1 / in_features)",
        "scale = math.sqrt(1 / out_features)",
    ),
    Mutant(
        "weight_too_large",
        "starts with twice the standard deviation",
        "layers",
        "scale = math.sqrt(1 / in_features)",
        "scale = 2 * math.sqrt(1 / in_features)",
    ),
    Mutant(
        "weight_uniform_too_narrow",
        "draws uniformly within 1 / sqrt(in), a third of the variance",
        "layers",
        "np.random.standard_normal((in_features, out_features))",
        "np.random.uniform(-1, 1, (in_features, out_features))",
    ),
    Mutant(
        "weight_all_positive",
        "draws uniformly from 0, not around it",
        "layers",
        "np.random.standard_normal((in_features, out_features))",
        "math.sqrt(12) * np.random.random_sample((in_features, out_features))",
    ),
    Mutant(
        "weight_seeded",
        "seeds the generator in every layer, so that all start alike",
        "layers",
        "np.random.standard_normal((in_features, out_features))",
        "np.random.RandomState(0).standard_normal((in_features, out_features))",
    ),
)
