"""Operations beyond what is asked for; they never gate."""

from __future__ import annotations

from typing import Any

from gradgate.authoring import check

from .cases import pair


@check(inputs=pair, hint="For 2 - t Python calls t.__rsub__(2), and so on.", stretch=True)
def reflects(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """2 + t, 2 - t, 2 * t and 2 / t work with the number on the left."""
    t = api.Tensor(b)
    return {"2 + t": 2 + t, "2 - t": 2 - t, "2 * t": 2 * t, "2 / t": 2 / t}


@check(inputs=pair, hint="For t ** 2 Python calls t.__pow__(2).", stretch=True)
def offers_more(api: Any, a: Any, b: Any) -> dict[str, Any]:
    """-t, t ** 2, t.flatten(), t.exp() and t.log() work, the last two with base e."""
    t, u = api.Tensor(a), api.Tensor(abs(b))
    return {"-t": -t, "t ** 2": t**2, "flatten": t.flatten(), "exp": t.exp(), "log": u.log()}
