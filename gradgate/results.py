"""The outcome of grading, as data; rendering is elsewhere (report.py, report_json.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["passed", "failed", "could not check"]

CauseKind = Literal[
    "value",  # numbers differ
    "shape",
    "dtype",
    "type",  # not the kind of object it should be
    "not finite",
    "no gradient",
    "no exception",  # the promised exception was not raised
    "exception",  # an exception that was not promised
    "not implemented",
    "missing",  # the contract's name does not exist
    "stopped",  # the worker ended: time, memory, exit, signal, output
    "unstable",  # fails or passes with what was called before
    "harness",  # ours, not the student's
]


@dataclass(frozen=True)
class Cause:
    """Why a check failed.

    `sentence` says it in one line; `place` is the `file:line` in the submission, if known, and
    `function` what is defined there. `result` names the result concerned, `got` and `want` show
    it, `difference` says where they first differ and by how much.
    """

    kind: CauseKind
    sentence: str
    place: str = ""
    function: str = ""
    result: str = ""
    got: str = ""
    want: str = ""
    difference: str = ""

    @property
    def file(self) -> str:
        """The file of the place."""
        return self.place.rpartition(":")[0]


@dataclass(frozen=True)
class Isolation:
    """What a worker tried before it imported the submission, in words: refused, or possible."""

    proven: tuple[str, ...]
    open: tuple[str, ...]


UNTRIED = Isolation((), ())


@dataclass(frozen=True)
class CheckResult:
    """What one check found.

    `inputs` are the smallest counterexample's inputs as text, `explanation` what finite differences
    say, `printed` what the submission printed in that call, `snippet` Python code that repeats it.
    `because_of` names the module whose own failures explain this one.
    """

    id: str
    title: str
    hint: str
    points: int
    stretch: bool
    outcome: Outcome
    examples: int = 0
    cause: Cause | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    explanation: str = ""
    printed: str = ""
    snippet: str = ""
    because_of: str = ""
    called: frozenset[str] = frozenset()
    seconds: float = 0.0


@dataclass(frozen=True)
class ModuleResult:
    """What the checks of one module found."""

    number: int
    name: str
    file: str
    names: tuple[str, ...]
    checks: tuple[CheckResult, ...]
    seconds: float
    isolation: Isolation = UNTRIED

    @property
    def title(self) -> str:
        """The number and the name, as in `01 tensor`."""
        return f"{self.number:02d} {self.name}"

    @property
    def gating(self) -> tuple[CheckResult, ...]:
        """The checks that decide; stretch checks do not."""
        return tuple(check for check in self.checks if not check.stretch)

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The gating checks that did not pass."""
        return tuple(check for check in self.gating if check.outcome != "passed")

    @property
    def passed(self) -> bool:
        """Whether every gating check passed."""
        return bool(self.gating) and not self.failures

    @property
    def not_started(self) -> bool:
        """Whether nothing is there yet: every check met a stub or a missing name."""
        kinds = {check.cause.kind for check in self.failures if check.cause}
        return len(self.failures) == len(self.gating) and kinds <= {"not implemented", "missing"}

    @property
    def points(self) -> int:
        """Points earned."""
        return sum(check.points for check in self.gating if check.outcome == "passed")

    @property
    def possible(self) -> int:
        """Points to be had."""
        return sum(check.points for check in self.gating)


@dataclass(frozen=True)
class Notes:
    """What a reader should know of the graded folder.

    `refused` are sentences on what was left out of it, `differs` the files of the grader that it
    holds in another form than the one that was used.
    """

    refused: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A graded submission."""

    submission: str
    seed: int
    oracle: str
    modules: tuple[ModuleResult, ...]
    notes: Notes = Notes()

    @property
    def isolation(self) -> Isolation:
        """What was proven for the workers of all modules; what was open in any is open."""
        open_ = {act: None for module in self.modules for act in module.isolation.open}
        proven = {act: None for module in self.modules for act in module.isolation.proven}
        return Isolation(tuple(act for act in proven if act not in open_), tuple(open_))

    @property
    def passed(self) -> bool:
        """Whether every module asked for passed."""
        return all(module.passed for module in self.modules)

    @property
    def could_not_check(self) -> bool:
        """Whether the harness failed somewhere."""
        checks = (check for module in self.modules for check in module.checks)
        return any(check.outcome == "could not check" for check in checks)
