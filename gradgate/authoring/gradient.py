"""Gradient checks, written as the expression whose gradients they judge."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gradgate.authoring.check import Check, Scenario, check
from gradgate.authoring.inputs import Inputs
from gradgate.authoring.scenario import grad

if TYPE_CHECKING:  # the worker imports this file and must not import Hypothesis
    from gradgate.authoring.draw import Draw


@dataclass(frozen=True, kw_only=True)
class GradientStyle:
    """How a course's objects are differentiated; the snippets in reports show these functions.

    `leaf(api, value)` makes an input into an object that collects a gradient: one return
    statement. `propagate(api, out, v)` sends the input `v` back from the result: one expression.
    Inputs whose names are in `leaves` are made into leaves.
    """

    leaf: Callable[[Any, Any], Any]
    propagate: Callable[[Any, Any, Any], object]
    leaves: Sequence[str] = ("a", "b", "x")


class GradientScenario:
    """The scenario of a gradient check: make leaves, compute, propagate, read the gradients."""

    def __init__(self, expression: Callable[..., Any], style: GradientStyle) -> None:
        """Take over the name, the module and the docstring of the expression."""
        functools.update_wrapper(self, expression)
        self.expression = expression
        self.style = style
        self.arguments = [*inspect.signature(expression).parameters][1:]
        self.leaves = [name for name in self.arguments if name in style.leaves]
        self.label = ast.unparse(_find_returned(_parse(expression))).replace("api.", "")

    def __call__(self, api: Any, **inputs: Any) -> dict[str, Any]:
        """Return the value of the expression, then the gradient of each leaf."""
        tensors = {leaf: self.style.leaf(api, inputs[leaf]) for leaf in self.leaves}
        out = self.expression(api, *((inputs | tensors)[name] for name in self.arguments))
        self.style.propagate(api, out, inputs.get("v"))
        gradients = {f"grad of {leaf}": grad(tensors[leaf], of=leaf) for leaf in self.leaves}
        return {self.label: out, **gradients}


def gradient_checks(
    *,
    leaf: Callable[[Any, Any], Any],
    propagate: Callable[[Any, Any, Any], object],
    leaves: Sequence[str] = ("a", "b", "x"),
) -> Callable[..., Callable[[Callable[..., Any]], Check]]:
    """Return the decorator by which a course turns an expression into a check of its gradients.

    The expression is a function of one return statement. It takes `api` and the inputs it uses;
    those whose names are in `leaves` arrive as what `leaf` makes of them. Its result is propagated
    back from the input `v`. See GradientStyle.
    """
    style = GradientStyle(leaf=leaf, propagate=propagate, leaves=leaves)

    def gradient(
        *,
        inputs: Callable[[Draw], Inputs],
        corners: tuple[Inputs, ...] = (),
        hint: str,
        view: Callable[..., Mapping[str, Any]] | None = None,
        also: tuple[Scenario, ...] = (),
    ) -> Callable[[Callable[..., Any]], Check]:
        def decorate(expression: Callable[..., Any]) -> Check:
            scenario = GradientScenario(expression, style)
            return check(inputs=inputs, corners=corners, hint=hint, view=view, also=also)(scenario)

        return decorate

    return gradient


def write_out(scenario: Scenario) -> ast.FunctionDef:
    """Return the definition of a scenario, of a gradient check with every step written out."""
    if not isinstance(scenario, GradientScenario):
        return _parse(scenario)
    function = _parse(scenario.expression)
    style = scenario.style
    gradients = [f"'grad of {leaf}': grad({leaf})" for leaf in scenario.leaves]
    lines = [
        *(f"{leaf} = {_inline(style.leaf, 'api', leaf)}" for leaf in scenario.leaves),
        f"out = {ast.unparse(_find_returned(function))}",
        _inline(style.propagate, "api", "out", "v"),
        f"return {{{', '.join([f'{scenario.label!r}: out', *gradients])}}}",
    ]
    function.body[1:] = ast.parse("\n".join(lines)).body
    return function


def _inline(function: Callable[..., Any], *arguments: str) -> str:
    """Return the one expression in a function's body, its parameters replaced by `arguments`."""
    definition = _parse(function)
    names = dict(zip((arg.arg for arg in definition.args.args), arguments, strict=True))
    last = definition.body[-1]
    assert isinstance(last, (ast.Return, ast.Expr))
    assert last.value is not None
    for node in ast.walk(last.value):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(last.value)


def _parse(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    assert isinstance(tree.body[0], ast.FunctionDef)
    return tree.body[0]


def _find_returned(function: ast.FunctionDef) -> ast.expr:
    last = function.body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    return last.value
