"""A course of one module and one check, with another holder than a Tensor."""

from __future__ import annotations

from pathlib import Path

from proof.harness import write

SETTINGS = '[tool.gradgate]\nholder = { name = "Vector" }\n'

CASES = '''"""Inputs."""


def pair(draw):
    """Draw a vector."""
    return {{"x": draw.nonzero(({count},))}}
'''

CHECKS = '''"""Checks of module 01: vector."""

from gradgate.authoring import check

from .cases import pair

NAMES = ("Vector",)


@check(inputs=pair, hint="Multiply by {factor}.", examples=5)
def scales(api, x):
    """Vector.scale multiplies by {factor}."""
    return {{"scaled": api.Vector(x).scale()}}
'''

COMMANDS = '''"""Another module of the course."""

FACTOR = {factor}


def scenarios():
    """Return what a worker can be asked for besides the checks."""
    return {{"factor": lambda api, **inputs: {{"factor": FACTOR}}}}
'''

VECTOR = """
class Vector:
    def __init__(self, data):
        self.data = data

    def scale(self):
        return Vector({factor} * self.data)
"""


def make_course(folder: Path, factor: int = 2, settings: str = SETTINGS) -> Path:
    """Make a course whose vectors are to be scaled by a factor; returns its folder."""
    return write(
        folder,
        {
            "pyproject.toml": settings,
            "checks/cases.py": CASES.format(count=factor),
            "checks/m01_vector.py": CHECKS.format(factor=factor),
            "milestones/commands.py": COMMANDS.format(factor=factor),
            "reference/__init__.py": "",
            "reference/vector.py": VECTOR.format(factor=factor),
        },
    )


def make_submission(folder: Path, factor: int = 2) -> Path:
    """Make a submission that scales by a factor; returns its folder."""
    return write(folder, {"student/vector.py": VECTOR.format(factor=factor)})
