"""Gradient checks, written as the expression whose gradients they judge."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gradgate.authoring.check import Check, Inputs, Scenario, check
from gradgate.authoring.scenario import grad

if TYPE_CHECKING:
    from gradgate.authoring.draw import Draw

LEAVES = ("a", "b", "x")


def gradient(
    *,
    inputs: Callable[[Draw], Inputs],
    hint: str,
    view: Callable[..., Mapping[str, Any]] | None = None,
    also: tuple[Scenario, ...] = (),
) -> Callable[[Callable[..., Any]], Check]:
    """Turn an expression, a function of one return statement, into a check of its gradients.

    It takes `api` and the inputs it uses; those called a, b or x arrive as Tensors that require
    gradients. Its result is propagated back from the input `v`, which has the same shape.
    """

    def decorate(expression: Callable[..., Any]) -> Check:
        asked = [*inspect.signature(expression).parameters][1:]
        leaves = [name for name in asked if name in LEAVES]
        label = _label(_definition(expression))

        @functools.wraps(expression)
        def scenario(api: Any, **given: Any) -> dict[str, Any]:
            tensors = {leaf: api.Tensor(given[leaf], requires_grad=True) for leaf in leaves}
            out = expression(api, *((given | tensors)[name] for name in asked))
            out.backward(given["v"])
            return {label: out, **{f"grad of {leaf}": grad(tensors[leaf]) for leaf in leaves}}

        return check(inputs=inputs, hint=hint, view=view, also=also)(scenario)

    return decorate


def written_out(scenario: Scenario) -> ast.FunctionDef:
    """Return the definition of a scenario, of a gradient check with every step written out."""
    function = _definition(scenario)
    if not hasattr(scenario, "__wrapped__"):
        return function
    leaves = [argument.arg for argument in function.args.args if argument.arg in LEAVES]
    gradients = [f"'grad of {leaf}': grad({leaf})" for leaf in leaves]
    result = ast.unparse(_returned(function))
    lines = [
        *(f"{leaf} = api.Tensor({leaf}, requires_grad=True)" for leaf in leaves),
        f"out = {result}",
        "out.backward(v)",
        f"return {{{', '.join([f'{_label(function)!r}: out', *gradients])}}}",
    ]
    function.body[1:] = ast.parse("\n".join(lines)).body
    return function


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    assert isinstance(tree.body[0], ast.FunctionDef)
    return tree.body[0]


def _returned(function: ast.FunctionDef) -> ast.expr:
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    return last.value


def _label(function: ast.FunctionDef) -> str:
    return ast.unparse(_returned(function)).replace("api.", "")
