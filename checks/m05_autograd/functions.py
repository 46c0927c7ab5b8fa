"""The gradients of activations, layers and losses, weighted by v."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check, grad

from ..gradients import gradient
from . import cases

OUTPUT = "The slope can be written with the output alone: try it on paper."
ALONG = "Every output depends on every input along dim, not only on its own."
MEAN = "Differentiate on paper; the mean brings the number of elements, or of samples."


@gradient(inputs=cases.single, hint="It passes where x is positive.")
def relu(api: Any, x: Any) -> Any:
    """ReLU passes the gradient back where x is positive, and none where it is negative."""
    return api.ReLU()(x)


@gradient(inputs=cases.single, hint=OUTPUT)
def sigmoid(api: Any, x: Any) -> Any:
    """Sigmoid passes the right gradient back."""
    return api.Sigmoid()(x)


@gradient(inputs=cases.single, hint=OUTPUT)
def tanh(api: Any, x: Any) -> Any:
    """Tanh passes the right gradient back."""
    return api.Tanh()(x)


@gradient(inputs=cases.single, hint="Differentiate your own formula.", also=(cases.exact_gelu,))
def gelu(api: Any, x: Any) -> Any:
    """GELU passes back the gradient of the very formula it computes."""
    return api.GELU()(x)


@gradient(inputs=cases.scores, hint=ALONG)
def softmax(api: Any, x: Any, dim: Any) -> Any:
    """Softmax passes the right gradient back along any dim."""
    return api.Softmax()(x, dim=dim)


@gradient(inputs=cases.scores, hint=ALONG)
def log_softmax(api: Any, x: Any, dim: Any) -> Any:
    """log_softmax passes the right gradient back along any dim."""
    return api.log_softmax(x, dim=dim)


@gradient(inputs=cases.kept, hint="Use the mask of the forward call.", view=cases.read_mask)
def dropout(api: Any, x: Any, p: Any) -> Any:
    """Dropout passes the gradient back through the mask of its forward call."""
    return api.Dropout(p)(x)


@gradient(inputs=cases.probabilities, hint=MEAN)
def mse(api: Any, x: Any, y: Any) -> Any:
    """MSELoss passes the right gradient back to the predictions."""
    return api.MSELoss()(x, api.Tensor(y))


@gradient(inputs=cases.logits, hint=MEAN)
def cross_entropy(api: Any, x: Any, ids: Any) -> Any:
    """CrossEntropyLoss passes the right gradient back to the logits."""
    return api.CrossEntropyLoss()(x, api.Tensor(ids))


@gradient(inputs=cases.probabilities, hint=MEAN)
def binary_cross_entropy(api: Any, x: Any, y: Any) -> Any:
    """BinaryCrossEntropyLoss passes the right gradient back to the probabilities."""
    return api.BinaryCrossEntropyLoss()(x, api.Tensor(y))


@check(
    inputs=cases.batch, hint="If @ and + record, nothing is left to do here: use them in forward."
)
def linear(api: Any, x: Any, w: Any, b: Any, v: Any) -> dict[str, Any]:
    """Linear passes gradients back to its input, its weight and its bias."""
    x, layer = api.Tensor(x, requires_grad=True), api.Linear(*w.shape)
    layer.weight.data[...], layer.bias.data[...] = w, b
    w, b = layer.weight, layer.bias
    (out := layer(x)).backward(v)
    return {
        "Linear(x)": out,
        "grad of x": grad(x, of="x"),
        "grad of w": grad(w, of="w"),
        "grad of b": grad(b, of="b"),
    }
