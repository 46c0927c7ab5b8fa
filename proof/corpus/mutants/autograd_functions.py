"""Mistakes in module 05, autograd: the gradients of activations, layers and losses."""

from __future__ import annotations

from proof.mutant import Mutant

RELU = "(x, lambda g: g * positive)"
SIGMOID = "(x, lambda g: g * y * (1 - y))"
TANH = "(x, lambda g: g * (1 - y * y))"
GELU = "return x * Sigmoid()(x * 1.702)"
SOFTMAX = "y * (g - (g * y).sum(axis=dim, keepdims=True))"
LOG_SOFTMAX = "g - np.exp(y) * g.sum(axis=dim, keepdims=True)"
DROPPED = "return x * (kept * scale)"
AFFINE = "return y if self.bias is None else y + self.bias"
MSE = "return (difference * difference).mean()"
MSE_WITH = "return Tensor.from_op((difference.data**2).mean(), (prediction, lambda g: {}))"
CROSS_ENTROPY = "        return -log_likelihood.mean()"
CROSS_ENTROPY_WITH = """        grad = np.exp(log_softmax(prediction).data)
        rows = np.arange(len(class_ids))
        {}
        return Tensor.from_op(-log_likelihood.data.mean(), (prediction, lambda g: g * grad))"""
BCE = "return -(target * p.log() + (1 - target) * (1 - p).log()).mean()"
BCE_WITH = """y, q = target.data, p.data
        loss = -(y * np.log(q) + (1 - y) * np.log(1 - q)).mean()
        return Tensor.from_op(loss, (p, lambda g: {}))"""

ACTIVATIONS = (
    # ReLU
    Mutant(
        "relu_passes_all",
        "passes the gradient on where x is negative, too",
        "activations",
        RELU,
        "(x, lambda g: g)",
        message="(v), unchanged",
    ),
    Mutant(
        "relu_ignores_upstream",
        "passes 1 where x is positive, whatever arrives",
        "activations",
        RELU,
        "(x, lambda g: positive * 1.0)",
        message="leaves out the gradient that arrives",
    ),
    # Sigmoid
    Mutant(
        "sigmoid_slope_of_input",
        "writes x (1 - x) where y (1 - y) is meant",
        "activations",
        SIGMOID,
        "(x, lambda g: g * x.data * (1 - x.data))",
        message="is v * x * (1 - x)",
    ),
    Mutant(
        "sigmoid_tracked_overflows",
        "records the textbook formula instead of the stable one",
        "activations",
        "y = _sigmoid(x.data)",
        "y = 1 / (1 + np.exp(-x.data))",
    ),
    Mutant(
        "sigmoid_slope_of_extremes_is_nan",
        "differentiates by exp(-x) / (1 + exp(-x)) ** 2, infinity over infinity for large -x",
        "activations",
        SIGMOID,
        "(x, lambda g: g * np.exp(-x.data) / (1 + np.exp(-x.data)) ** 2)",
    ),
    # Tanh
    Mutant(
        "tanh_without_graph",
        "returns a new Tensor from Tanh that knows nothing of x",
        "activations",
        "return Tensor.from_op(y, (x, lambda g: g * (1 - y * y)))",
        "return Tensor(y)",
    ),
    Mutant(
        "tanh_not_squared",
        "takes 1 - y for the slope",
        "activations",
        TANH,
        "(x, lambda g: g * (1 - y))",
        message="is v * (1 - out)",
    ),
    # GELU
    Mutant(
        "gelu_forgets_product_rule",
        "differentiates x sigmoid(1.702 x) as if the sigmoid were constant",
        "activations",
        GELU,
        "return x * Tensor(Sigmoid()(x * 1.702).data)",
        message="is v * out / x",
    ),
    Mutant(
        "gelu_gradient_of_tanh_form",
        "computes x sigmoid(1.702 x) and differentiates the approximation with tanh",
        "activations",
        GELU,
        "u = x.data\n"
        "        t = np.tanh(0.7978846 * (u + 0.044715 * u**3))\n"
        "        inner = 0.7978846 * (1 + 0.134145 * u * u)\n"
        "        slope = 0.5 * (1 + t) + 0.5 * u * (1 - t * t) * inner\n"
        "        return Tensor.from_op(u * _sigmoid(1.702 * u), (x, lambda g: g * slope))",
        message="the slope of GELU with tanh",
    ),
    Mutant(
        "gelu_of_erf_with_other_gradient",
        "computes x Phi(x) with the error function and differentiates x sigmoid(1.702 x)",
        "activations",
        GELU,
        "import math\n\n"
        "        erf = np.vectorize(math.erf, otypes=[float])\n"
        "        y = _sigmoid(1.702 * x.data)\n"
        "        slope = y + 1.702 * x.data * y * (1 - y)\n"
        "        value = x.data * (1 + erf(x.data / math.sqrt(2))) / 2\n"
        "        return Tensor.from_op(value, (x, lambda g: g * slope))",
    ),
    # Softmax and log_softmax
    Mutant(
        "softmax_diagonal_only",
        "differentiates softmax element by element, like sigmoid",
        "activations",
        SOFTMAX,
        "g * y * (1 - y)",
        message="in its own place only",
    ),
    Mutant(
        "softmax_gradient_along_last_axis",
        "sums along the last axis in the gradient, whatever dim is",
        "activations",
        "(g * y).sum(axis=dim, keepdims=True)",
        "(g * y).sum(axis=-1, keepdims=True)",
        message="only where dim is not the last axis",
    ),
    Mutant(
        "log_softmax_gradient_along_last_axis",
        "sums along the last axis in the gradient, whatever dim is",
        "losses",
        "g.sum(axis=dim, keepdims=True)",
        "g.sum(axis=-1, keepdims=True)",
        message="only where dim is not the last axis",
    ),
    Mutant(
        "log_softmax_forgets_sum",
        "subtracts softmax itself, right only where the gradient sums to 1",
        "losses",
        LOG_SOFTMAX,
        "g - np.exp(y)",
        message="is v - exp(out)",
    ),
)

LAYERS = (
    # Linear
    Mutant(
        "linear_bias_averages",
        "averages the gradient of the bias over the batch",
        "layers",
        AFFINE,
        "if self.bias is None:\n"
        "            return y\n"
        "        rows = (-1, len(self.bias.data))\n"
        "        own = (self.bias, lambda g: g.reshape(rows).mean(axis=0))\n"
        "        return Tensor.from_op(y.data + self.bias.data, (y, lambda g: g), own)",
        message="the number of places whose gradients it adds up",
    ),
    Mutant(
        "linear_weight_not_in_graph",
        "multiplies by a new Tensor of the weight's values",
        "layers",
        "y = x @ self.weight\n",
        "y = x @ Tensor(self.weight.data)\n",
    ),
    Mutant(
        "linear_input_not_in_graph",
        "multiplies a new Tensor of the input's values, so that nothing reaches earlier layers",
        "layers",
        "y = x @ self.weight\n",
        "y = Tensor(x.data) @ self.weight\n",
    ),
    # Dropout
    Mutant(
        "dropout_of_none_not_recorded",
        "returns a copy of x that knows nothing of x where p is 0",
        "layers",
        "            return x\n",
        "            return Tensor(x.data)\n",
    ),
    Mutant(
        "dropout_gradient_not_scaled",
        "passes the gradient through the mask without the factor 1 / (1 - p)",
        "layers",
        DROPPED,
        "return Tensor.from_op(x.data * kept * scale, (x, lambda g: g * kept))",
    ),
    Mutant(
        "dropout_gradient_not_masked",
        "passes the gradient to dropped elements, too",
        "layers",
        DROPPED,
        "return Tensor.from_op(x.data * kept * scale, (x, lambda g: g * scale))",
    ),
    Mutant(
        "dropout_draws_again_in_backward",
        "draws a new mask for the gradient",
        "layers",
        DROPPED,
        "def redraw(g):\n"
        "            return g * (np.random.random_sample(x.shape) >= self.p) * scale\n\n"
        "        return Tensor.from_op(x.data * kept * scale, (x, redraw))",
    ),
)

LOSSES = (
    # MSELoss
    Mutant(
        "mse_gradient_without_two",
        "forgets the factor 2 of the derivative of a square",
        "losses",
        MSE,
        MSE_WITH.format("g * difference.data / difference.size"),
        message="is the right one times 0.5.",
    ),
    Mutant(
        "mse_gradient_averaged_over_rows",
        "divides by the number of rows instead of elements",
        "losses",
        MSE,
        MSE_WITH.format("g * 2 * difference.data / len(difference.data)"),
        message="the length of its last axis",
    ),
    Mutant(
        "mse_ignores_upstream",
        "takes the loss for the end of the graph: ignores what arrives",
        "losses",
        MSE,
        MSE_WITH.format("2 * difference.data / difference.size"),
        message="leaves out the gradient that arrives",
    ),
    # CrossEntropyLoss
    Mutant(
        "cross_entropy_gradient_not_averaged",
        "forgets to divide by the number of samples",
        "losses",
        CROSS_ENTROPY,
        CROSS_ENTROPY_WITH.format("grad[rows, class_ids] -= 1"),
        message="the batch size",
    ),
    Mutant(
        "cross_entropy_without_one_hot",
        "passes the probabilities back without subtracting 1 at the right class",
        "losses",
        CROSS_ENTROPY,
        CROSS_ENTROPY_WITH.format("grad /= len(rows)"),
        message="lacks the -1 at the right class",
    ),
    Mutant(
        "cross_entropy_subtracts_in_block",
        "subtracts 1 with grad[:, ids] in every row at every class that occurs",
        "losses",
        CROSS_ENTROPY,
        CROSS_ENTROPY_WITH.format("grad[:, class_ids] -= 1\n        grad /= len(rows)"),
        message="at all classes that occur",
    ),
    # BinaryCrossEntropyLoss
    Mutant(
        "binary_cross_entropy_ones_only",
        "differentiates the part of label 1 and takes that of label 0 for a constant",
        "losses",
        BCE,
        "return -(target * p.log() + (1 - target) * Tensor((1 - p).log().data)).mean()",
        message="is -v * y / x / n",
    ),
    Mutant(
        "binary_cross_entropy_gradient_of_logits",
        "passes p - y back, the gradient where sigmoid was part of the loss",
        "losses",
        BCE,
        BCE_WITH.format("g * (q - y) / q.size"),
        message="is v * (x - y) / n",
    ),
)

MUTANTS = (*ACTIVATIONS, *LAYERS, *LOSSES)
