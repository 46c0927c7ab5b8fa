"""After a wrong gradient, differences say whether the backward or the forward is at fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proof.harness import grade, reference, write

TANH = "Tensor.from_op(y, (x, lambda g: g * (1 - y * y)))"


# At this seed tanh is given single numbers of both shapes, () and (1,).
SEED = "1"


def fail(folder: Path, word: str, **edits: tuple[str, str]) -> dict[str, Any]:
    """Grade the reference with edits; return the failed gradient check that mentions a word."""
    package = write(folder, reference(**edits))
    entries = grade(package, "05", "-k", word, "--seed", SEED).checks()
    return next(entry for entry in entries.values() if entry["outcome"] == "failed")


def test_a_backward_that_contradicts_its_forward_is_called_wrong(tmp_path: Path) -> None:
    edit = TANH, TANH.replace("1 - y * y", "1 - y")
    check = fail(tmp_path, "tanh", activations=edit)
    assert check["cause"]["result"] == "grad of x"
    assert "Your backward disagrees with your own forward" in check["explanation"]


def test_a_backward_that_follows_a_wrong_forward_is_not_called_wrong(tmp_path: Path) -> None:
    edit = TANH, "Tensor.from_op(2 * y, (x, lambda g: 2 * g * (1 - y * y)))"
    check = fail(tmp_path, "tanh", activations=edit)
    assert not check["cause"]["result"].startswith("grad of")
    assert "agrees with your own forward: fix the forward first" in check["explanation"]


@pytest.mark.parametrize("shape", ["()", "(1,)"])
def test_a_single_number_is_explained_like_any_other(shape: str, tmp_path: Path) -> None:
    wrong = f"g * (2 if x.shape == {shape} else 1) * (1 - y * y)"
    check = fail(tmp_path, "tanh", activations=(TANH, TANH.replace("g * (1 - y * y)", wrong)))
    assert check["inputs"]["x"].partition("shape ")[2] in (shape, "")
    assert "Your backward disagrees with your own forward" in check["explanation"]


def test_a_wrong_gradient_of_the_right_size_but_another_sign_is_explained(tmp_path: Path) -> None:
    edit = TANH, TANH.replace("g * (1", "-g * (1")
    assert "at the rate" in fail(tmp_path, "tanh", activations=edit)["explanation"]


def test_a_missing_gradient_needs_no_explanation(tmp_path: Path) -> None:
    check = fail(tmp_path, "tanh", activations=(TANH, "Tensor.from_op(y, (x + 0, lambda g: g))"))
    cut = fail(tmp_path, "tanh", activations=(TANH, "Tensor(y)"))
    assert check["cause"]["kind"] == "value"
    assert cut["cause"]["kind"] in ("no gradient", "exception")
    assert cut["explanation"] == ""
