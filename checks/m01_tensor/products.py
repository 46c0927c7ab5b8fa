"""Matrix products."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check, raised

from .cases import LARGE_FACTORS, misfit
from .views import look_for_shapes


@check(
    inputs=lambda draw: draw.factors("mk,kn", "mk,kk"),
    corners=(LARGE_FACTORS,),
    hint="Row times column, summed: np.matmul.",
)
def multiplies_matrices(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a @ b and a.matmul(b) are the matrix product."""
    t, u = api.Tensor(a), api.Tensor(b)
    return {"a @ b": t @ u, "a.matmul(b)": t.matmul(u)}


@check(
    inputs=lambda draw: draw.factors("k,k", "mk,k", "k,kn", "bmk,k"),
    hint="A vector counts as a row on the left and as a column on the right, and loses that axis.",
)
def multiplies_vectors(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a @ b takes vectors on either side, as np.matmul does."""
    return {"a @ b": api.Tensor(a) @ api.Tensor(b)}


@check(
    inputs=lambda draw: draw.factors(
        "bmk,bkn", "bmk,kn", "mk,bkn", "1mk,bkn", "bmk,1kn", "b1mk,ckn"
    ),
    hint="Only the last two axes are multiplied; all before them are batches, which broadcast.",
)
def multiplies_batches(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """a @ b multiplies batches of matrices, and batch axes broadcast."""
    return {"a @ b": api.Tensor(a) @ api.Tensor(b)}


@check(inputs=lambda draw: draw.factors("mk,kn"), hint="Test isinstance(other, Tensor) first.")
def refuses_plain_factors(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """t @ b raises TypeError where b is a number or a NumPy array instead of a Tensor."""
    t, u = api.Tensor(a), api.Tensor(b)
    return {"t @ u": t @ u, "t @ 3.0": raised(lambda: t @ 3.0), "t @ b": raised(lambda: t @ b)}


@check(inputs=misfit, hint="Compare the inner sizes yourself, before NumPy.", view=look_for_shapes)
def names_misfits(api: Any, a: Any, b: Any, wrong: Any) -> dict[str, Any]:
    """a @ b raises a ValueError that names both shapes where the inner sizes differ."""
    t, u, w = api.Tensor(a), api.Tensor(b), api.Tensor(wrong)
    return {"a @ b": t @ u, "a @ wrong": raised(lambda: t @ w)}
