"""How fast the reference is beside PyTorch, one thread each. `nox -s bench`.

Both sides run in this process, taking turns, in a worker's environment; times are medians. They
are wall-clock on this machine and noisy; trust the ratios.
"""

from __future__ import annotations

import ctypes
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from tabulate import tabulate

from gradgate.course import load_course
from gradgate.oracle.live import load_reference
from gradgate.supervisor.launcher import ENVIRONMENT
from milestones.definition import Recipe, Shape
from milestones.definition.gate_catalog import select_gates
from milestones.training.initial_weights import draw_initial_weights
from milestones.training.network import Network

PROJECT = Path(__file__).resolve().parents[1]

Array: TypeAlias = NDArray[Any]
Action: TypeAlias = Callable[[], object]

SECONDS, AT_LEAST = 5.0, 10  # what every row may take, and how many rounds it needs
TOLERANCE = 1e-3  # of the largest entry, between the gradients of the two sides

CIFAR, DIGITS = "≤ 2.4", "< 1"
CONVOLUTIONS = [  # batch, channels in and out, side, goal
    (128, 3, 32, 32, CIFAR),
    (128, 32, 64, 16, CIFAR),
    (128, 64, 64, 16, CIFAR),
    (128, 64, 128, 8, CIFAR),
    (64, 1, 8, 8, DIGITS),
    (64, 8, 16, 4, DIGITS),
]
GATES = [("04/02", 128, (3, 32, 32)), ("04/01", 50, (1, 8, 8))]  # batch, image
TORCH_NAMES = {"gamma": "weight", "beta": "bias"}


def main() -> None:
    """Print which kernels are in force, and the two tables."""
    torch.set_num_threads(1)
    api = load_reference(load_course(PROJECT))
    api.Tensor.precision = np.float32
    print(f"NumPy {np.__version__}, BLAS kernels {blas_kernels()}, 1 thread")
    capability = torch.backends.cpu.get_cpu_capability()
    print(f"PyTorch {torch.__version__}, kernels {capability}, {torch.get_num_threads()} thread\n")
    title = "Conv2d 3x3, forward and backward"
    headers = [title, "ours ms", "NCHW ms", "channels_last ms", "ratio to the better", "goal"]
    rows = [convolution(api, *layer) for layer in CONVOLUTIONS]
    print(tabulate(rows, headers, floatfmt=".2f"), end="\n\n")
    headers = ["training step", "ours ms", "NCHW ms", "ratio", "goal"]
    print(tabulate([step(api, *gate) for gate in GATES], headers, floatfmt=".2f"))


def convolution(
    api: Any, batch: int, inputs: int, outputs: int, side: int, goal: str
) -> list[object]:
    """Time a layer with gradients to input, weight and bias.

    Images and cotangents lie in memory as each side's own layers hand them on.
    """
    rng = np.random.default_rng(0)
    x, g = (rng.standard_normal((batch, c, side, side), np.float32) for c in (inputs, outputs))
    own = api.Conv2d(inputs, outputs, 3, padding=1)
    ours = own_convolution(api, own, x, g)
    theirs = [
        torch_convolution(own, x, g, layout)
        for layout in (torch.contiguous_format, torch.channels_last)
    ]
    for other in theirs:
        require_close(ours(), other())
    times = medians(ours, *theirs)
    ratio = times[0] / min(times[1:])
    return [f"{batch}x{inputs}->{outputs}@{side}", *times, ratio, goal]


def own_convolution(api: Any, layer: Any, x: Array, g: Array) -> Callable[[], list[Array]]:
    """Return what runs the reference's layer forward and backward and returns the gradients."""
    images, cotangent = api.Tensor(x, requires_grad=True), batch_innermost(g)
    images.data = batch_innermost(x)
    leaves = [images, layer.weight, layer.bias]

    def run() -> list[Array]:
        for leaf in leaves:
            leaf.zero_grad()
        layer(images).backward(cotangent)
        return [leaf.grad for leaf in leaves]

    return run


def torch_convolution(own: Any, x: Array, g: Array, layout: Any) -> Callable[[], list[Array]]:
    """Return the same for PyTorch's layer, with the same weights."""
    outputs, inputs = own.weight.shape[:2]
    layer = torch.nn.Conv2d(inputs, outputs, 3, padding=1).to(memory_format=layout)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(own.weight.data))
        layer.bias.copy_(torch.from_numpy(own.bias.data))
    images, cotangent = (torch.tensor(a).contiguous(memory_format=layout) for a in (x, g))
    leaves = [images.requires_grad_(), layer.weight, layer.bias]

    def run() -> list[Array]:
        for leaf in leaves:
            leaf.grad = None
        layer(images).backward(cotangent)
        return [leaf.grad.numpy() for leaf in leaves]

    return run


def batch_innermost(images: Array) -> Array:
    """Lay images (N, C, H, W) out in memory as (C, H, W, N)."""
    return np.transpose(np.ascontiguousarray(np.transpose(images, (1, 2, 3, 0))), (3, 0, 1, 2))


def step(api: Any, gate: str, batch: int, image: Shape) -> list[object]:
    """Time forward, loss, backward and update of a gate's usual network, on one batch."""
    recipe, shape = usual_recipe(gate), (batch, *image)
    # Compared in double precision: in single, an activation within rounding of zero, one in a
    # million, has the one slope here and the other there.
    ours, theirs = networks(api, recipe, "float64")
    for action in steps(api, recipe, ours, theirs, shape):
        action()
    names = recipe.network.shapes
    require_close(
        [in_torch(ours.tensor(name).grad) for name in names],
        [torch_parameter(theirs, name).grad.numpy() for name in names],
    )
    times = medians(*steps(api, recipe, *networks(api, recipe, "float32"), shape))
    return [f"{recipe.network.title}, batch {batch}", *times, times[0] / times[1], "≤ 1.2"]


def networks(api: Any, recipe: Recipe, precision: str) -> tuple[Network, Network]:
    """Return the recipe's network made of the reference's layers, and the same of PyTorch's."""
    api.Tensor.precision = precision
    torch.set_default_dtype(getattr(torch, precision))
    weights = draw_initial_weights(recipe.network.shapes, np.random.default_rng(0))
    ours = Network(recipe.network.build(api))
    ours.load(weights)
    theirs = Network(recipe.network.build(torch.nn))
    for name, value in weights.items():
        torch_parameter(theirs, name).data = torch_floats(in_torch(value))
    return ours, theirs


def steps(
    api: Any, recipe: Recipe, ours: Network, theirs: Network, shape: Shape
) -> tuple[Action, Action]:
    """Return what takes a training step with each side's network, on the same batch."""
    rng = np.random.default_rng(0)
    images, labels = rng.standard_normal(shape, np.float32), rng.integers(0, 10, shape[0])
    settings = {"lr": 0.01, "momentum": recipe.momentum, "weight_decay": recipe.weight_decay}
    return (
        training_step(
            ours,
            api.CrossEntropyLoss(),
            api.SGD(ours.parameters(), **settings),
            (api.Tensor(images), api.Tensor(labels)),
        ),
        training_step(
            theirs,
            torch.nn.CrossEntropyLoss(),
            torch.optim.SGD(theirs.parameters(), **settings),
            (torch_floats(images), torch.tensor(labels)),
        ),
    )


def training_step(network: Network, loss: Any, optimizer: Any, batch: tuple[Any, Any]) -> Action:
    """Return what takes one step; the two sides' interfaces are the same."""
    images, labels = batch

    def run() -> None:
        optimizer.zero_grad()
        loss(network(images), labels).backward()
        optimizer.step()

    return run


def usual_recipe(gate: str) -> Recipe:
    """Return the first of a gate's recipes."""
    [(_, found)] = select_gates([gate])
    return next(iter(found.recipes.values()))


def torch_parameter(network: Network, name: str) -> Any:
    """Return PyTorch's parameter by the name that it has in the course."""
    layer, attribute = name.split(".")
    return network.tensor(f"{layer}.{TORCH_NAMES.get(attribute, attribute)}")


def torch_floats(values: Array) -> Any:
    """Return numbers as a tensor in the precision that is set."""
    return torch.tensor(values, dtype=torch.get_default_dtype())


def in_torch(value: Array) -> Array:
    """Return a parameter as PyTorch holds it: a Linear layer's weight is (out, in) there."""
    return value.T if value.ndim == 2 else value


def require_close(got: Sequence[Array], want: Sequence[Array]) -> None:
    """Raise AssertionError unless both sides computed the same gradients."""
    for own, other in zip(got, want, strict=True):
        limit = TOLERANCE * np.abs(other).max()
        np.testing.assert_allclose(own, other, rtol=0, atol=limit)


def medians(*actions: Action) -> list[float]:
    """Run the actions in turn for a while; returns each one's median in milliseconds."""
    rounds: list[list[float]] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(rounds) < AT_LEAST:
        rounds.append([milliseconds(action) for action in actions])
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def milliseconds(action: Action) -> float:
    """Time one run."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def blas_kernels() -> str:
    """Name the processor that NumPy's OpenBLAS chose its kernels for, if it tells."""
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for file in folder.glob("*openblas*"):
            tell = getattr(ctypes.CDLL(str(file)), "scipy_openblas_get_corename64_", None)
            if tell:
                tell.restype = ctypes.c_char_p
                return str(tell().decode())
    return "unknown"


if __name__ == "__main__":
    # Threads and memory are set up when libraries are loaded: start again if they were not.
    if not ENVIRONMENT.items() <= os.environ.items():
        command = [sys.executable, "-m", "benchmarks.against_pytorch"]
        sys.exit(subprocess.run(command, env={**os.environ, **ENVIRONMENT}, check=False).returncode)
    main()
