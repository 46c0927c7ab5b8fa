"""The package as a whole: its precision, its independence of its name, forward-only modules."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reference
from reference.activations import GELU, ReLU, Softmax
from reference.dataloader import DataLoader, TensorDataset
from reference.layers import Dropout, Linear, Sequential
from reference.losses import BinaryCrossEntropyLoss, CrossEntropyLoss, MSELoss
from reference.optimizers import SGD, Adam, AdamW
from reference.spatial import AvgPool2d, BatchNorm2d, Conv2d, MaxPool2d
from reference.tensor import Tensor
from reference.training import Trainer

PACKAGE = Path(reference.__file__).parent


def python(program: str, cwd: Path) -> None:
    """Run a program in an interpreter of its own."""
    subprocess.run([sys.executable, "-c", program], cwd=cwd, check=True)


@pytest.mark.parametrize("rule", [SGD, Adam, AdamW])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_whole_training_step_stays_in_the_precision(
    dtype: Any, rule: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tensor, "precision", dtype)
    norm = BatchNorm2d(3)
    body = [Conv2d(1, 3, 3, padding=1), norm, ReLU(), MaxPool2d(2), GELU(), AvgPool2d(2)]
    model = Sequential(*body, Dropout(0.3))

    class Net:
        training = True
        head = Linear(3, 2)

        def forward(self, x: Tensor) -> Tensor:
            return Softmax()(self.head(model(x).flatten(1)).max(axis=1, keepdims=True) + 1)

        def parameters(self) -> list[Tensor]:
            return model.parameters() + self.head.parameters()

    net = Net()
    optimizer = rule(net.parameters(), weight_decay=0.1)
    loader = DataLoader(TensorDataset(Tensor(np.ones((4, 1, 4, 4))), Tensor(np.ones((4, 1)))), 2)
    Trainer(net, optimizer, MSELoss(), grad_clip_norm=1e-9).train_epoch(loader)
    arrays = [p.data for p in net.parameters()] + [p.grad for p in net.parameters()]
    arrays += [norm.running_mean, norm.running_var]
    arrays += [
        array for state in vars(optimizer).values() if type(state) is list for array in state
    ]
    assert {np.asarray(getattr(array, "data", array)).dtype for array in arrays} == {
        np.dtype(dtype)
    }


@pytest.mark.parametrize("loss", [CrossEntropyLoss(), BinaryCrossEntropyLoss()])
def test_losses_stay_in_the_precision(loss: Any, double: None) -> None:
    prediction = Tensor(np.full((1, 2) if isinstance(loss, CrossEntropyLoss) else 1, 0.5))
    assert loss(prediction, Tensor([1])).dtype == np.float64


def test_cotangents_stay_in_the_precision_between_operations() -> None:
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    seen = []
    y = Tensor.from_op(x.data + 0, (x, lambda g: seen.append(g.dtype) or g))
    y.max(axis=1).sum().backward()
    assert seen == [np.float32]


def test_the_package_works_under_another_name(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "answer", ignore=shutil.ignore_patterns("__pycache__"))
    python("import answer.spatial, answer.training, answer.dataloader", cwd=tmp_path)


def test_a_prepared_package_computes_in_float64_and_records(tmp_path: Path) -> None:
    program = """
import numpy as np
import reference
from reference.tensor import Tensor
reference.prepare()
x = Tensor([0.1], requires_grad=True)
(x * 3).backward()
assert x.data[0] == 0.1 and x.dtype == x.grad.dtype == np.float64
"""
    python(f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n{program}", cwd=tmp_path)


def test_modules_before_autograd_are_forward_only(tmp_path: Path) -> None:
    program = """
from reference.layers import Linear
from reference.losses import MSELoss
from reference.tensor import Tensor
loss = MSELoss()(Linear(2, 2)(Tensor([1.0, 2.0])), Tensor([0.0, 0.0]))
assert not loss.requires_grad and not hasattr(loss, "backward")
from reference import autograd
loss = MSELoss()(Linear(2, 2)(Tensor([1.0, 2.0])), Tensor([0.0, 0.0]))
assert loss.requires_grad and hasattr(loss, "backward")
"""
    python(f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n{program}", cwd=tmp_path)
