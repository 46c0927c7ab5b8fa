"""What makes recorded answers stale: a change to what a check asks, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradgate.authoring import Large
from gradgate.course import Course, load_course
from gradgate.course.check_digest import digest_check
from proof.harness import write
from proof.project import COURSE

CASES = '''
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

TOP = 3
TABLE = {"plain": (1, 2), "array": np.arange(3)}


@dataclass(frozen=True)
class Plan:
    """A plan."""

    side: int

    def stretch(self):
        return self.side * FACTOR

    def draw(self, draw):
        return {"x": draw.grid((self.side,)), "y": 1}


FACTOR = 2


@cache
def slow(number):
    """Slow."""
    return number + TOP


def pair(draw, plan=Plan(2)):
    """Draw."""
    # how
    return {"x": draw.grid((slow(1), plan.stretch())), "y": TABLE["plain"]}


def make(count):
    def inputs(draw):
        return {"x": draw.grid((count,)), "y": 1}

    return inputs


def by_size(draw, size):
    return {"x": draw.grid((size,)), "y": 1}


wide = partial(make, 3)
'''

CHECKS = '''
from functools import partial

from gradgate.authoring import Large, check

from . import cases
from .cases import make, pair

NAMES = ("Vector",)


def help_out(api, x):
    return api.Vector(x)


@check(inputs=pair, hint="Mind.", corners=({"x": Large((3,), seed=1), "y": 1},))
def scales(api, x, y):
    """It scales."""
    return {"out": help_out(api, x)}


@check(inputs=make(4), hint="Mind.")
def closed(api, x, y):
    """It closes."""
    return {"out": api.Vector(x)}


@check(inputs=lambda draw: cases.pair(draw), hint="Mind.")
def alone(api, x, y):
    """It is alone."""
    return {"out": api.Vector(x)}


@check(inputs=cases.wide(), hint="Mind.")
def wide(api, x, y):
    """It is wide."""
    return {"out": api.Vector(x)}


@check(inputs=partial(cases.by_size, size=5), hint="Mind.")
def part(api, x, y):
    """It is in part."""
    return {"out": [api.Vector(each) for alone in [x] for each in alone]}


@check(inputs=cases.Plan(6).draw, hint="Mind.")
def bound(api, x, y):
    """It is bound."""
    return {"out": api.Vector(x)}
'''


def load(folder: Path, cases: str = CASES, checks: str = CHECKS) -> Course:
    files = {
        "pyproject.toml": '[tool.gradgate]\nholder = { name = "Vector" }\n',
        "checks/cases.py": cases,
        "checks/m01_vector.py": checks,
    }
    return load_course(write(folder, files))


def digest(course: Course) -> dict[str, str]:
    return {check.name: digest_check(check, course.package) for check in course.checks.values()}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digest(load(tmp_path_factory.mktemp("before")))


ALL = {"scales", "closed", "alone", "wide", "part", "bound"}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        # What is asked.
        ("return api.Vector(x)\n\n\n@", "return api.Vector(-x)\n\n\n@", {"scales"}),
        ('{"out": help_out(api, x)}', '{"other": help_out(api, x)}', {"scales"}),
        ("seed=1", "seed=2", {"scales"}),
        ("Large((3,)", "Large((4,)", {"scales"}),
        ("make(4)", "make(5)", {"closed"}),
        ("@check(inputs=make(4),", "@check(inputs=make(4), examples=7,", {"closed"}),
        ("cases.pair(draw)", "dict(cases.pair(draw))", {"alone"}),
        ("TOP = 3", "TOP = 4", {"scales", "alone"}),
        ("self.side * FACTOR", "FACTOR + self.side", {"scales", "alone", "bound"}),
        ("FACTOR = 2", "FACTOR = 3", {"scales", "alone", "bound"}),
        ("Plan(2)", "Plan(3)", {"scales", "alone"}),
        ("return number + TOP", "return TOP + number", {"scales", "alone"}),
        ('"plain": (1, 2)', '"plain": (1, 3)', {"scales", "alone"}),
        ("np.arange(3)", "np.arange(4)", {"scales", "alone"}),
        ('draw.grid((count,)), "y": 1', 'draw.grid((count,)), "y": 2', {"closed", "wide"}),
        ("partial(make, 3)", "partial(make, 4)", {"wide"}),
        ("size=5", "size=6", {"part"}),
        ("draw.grid((size,))", "draw.grid((size + 1,))", {"part"}),
        ("Plan(6)", "Plan(7)", {"bound"}),
        # A comprehension's variable is called like a check.
        ("cases.pair(draw)", "cases.pair(draw) | {}", {"alone"}),
        # What is not.
        ('"""It scales."""', '"""It scales well."""', set()),
        ('inputs=pair, hint="Mind."', 'inputs=pair, hint="Look."', set()),
        ('inputs=pair, hint="Mind."', 'inputs=pair, hint="Mind.", points=3', set()),
        ('"""A plan."""', '"""A better plan."""', set()),
        ('"""Draw."""', '"""Draw two."""', set()),
        ('NAMES = ("Vector",)', 'NAMES = ("Vector", "Other")\nMORE = 1', set()),
    ],
)  # fmt: skip
def test_a_change_makes_stale_what_it_concerns(
    before: dict[str, str], tmp_path: Path, old: str, new: str, changed: set[str]
) -> None:
    assert (CASES + CHECKS).count(old) == 1
    after = digest(load(tmp_path, CASES.replace(old, new), CHECKS.replace(old, new)))
    assert {name for name in before if before[name] != after[name]} == changed


def test_the_place_of_a_course_and_its_line_ends_change_nothing(
    before: dict[str, str], tmp_path: Path
) -> None:
    assert before.keys() == ALL
    moved = load(tmp_path, CASES.replace("\n", "\r\n"), "# A comment.\n\n" + CHECKS)
    assert digest(moved) == before


def test_no_two_checks_of_the_course_have_the_same_digest() -> None:
    digests = {digest_check(check, COURSE.package) for check in COURSE.checks.values()}
    assert len(digests) == len(COURSE.checks)


def test_a_large_array_is_what_its_code_makes() -> None:
    large = Large((3, 4), seed=5, top=2)
    array = large.make()
    names: dict[str, object] = {}
    exec(f"import numpy as np\narray = {large}", names)
    assert str(names["array"]) == str(array)
    # NumPy promises that these numbers never change.
    assert (array * 8).tolist() == [[1, -2, -1, -2], [2, 1, -2, -2], [2, -1, -2, 1]]
