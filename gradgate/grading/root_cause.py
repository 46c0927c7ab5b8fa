"""Finding the root cause: a failure that another module's own failures explain.

A function is suspicious when failing checks of its own module ran it and no passing one did. A
failure further on that ran one, or stopped inside a failing module, is attributed to that module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradgate.results import CheckResult, ModuleResult


def attribute_failures(modules: Sequence[ModuleResult]) -> tuple[ModuleResult, ...]:
    """Return the modules with `because_of` filled in, for every failure an earlier one explains."""
    done: list[ModuleResult] = []
    for module in modules:
        suspects = [earlier for earlier in done if earlier.failures]
        checks = tuple(_attribute(check, suspects) for check in module.checks)
        done.append(replace(module, checks=checks))
    return tuple(done)


def _attribute(check: CheckResult, suspects: Sequence[ModuleResult]) -> CheckResult:
    if check.outcome != "failed" or check.because_of:
        return check
    for suspect in suspects:
        stopped_inside = check.cause is not None and check.cause.file == suspect.file
        if stopped_inside or check.called & _find_suspicious(suspect):
            return replace(check, because_of=suspect.name)
    return check


def _find_suspicious(module: ModuleResult) -> frozenset[str]:
    own = f"{module.file}:"
    in_failing = {name for check in module.failures for name in check.called}
    in_passing = {name for c in module.checks if c.outcome == "passed" for name in c.called}
    return frozenset(name for name in in_failing - in_passing if name.startswith(own))
