"""What a course's checks are written with; docs/writing-checks.md teaches it."""

from gradgate.authoring.check import (
    CLOSE,
    EXACT,
    Check,
    Scenario,
    Tolerance,
    check,
)
from gradgate.authoring.gradient import gradient_checks
from gradgate.authoring.inputs import Inputs, Large
from gradgate.authoring.scenario import Gradient, Raised, as_axis, grad, raised, values

__all__ = [
    "CLOSE",
    "EXACT",
    "Check",
    "Gradient",
    "Inputs",
    "Large",
    "Raised",
    "Scenario",
    "Tolerance",
    "as_axis",
    "check",
    "grad",
    "gradient_checks",
    "raised",
    "values",
]
