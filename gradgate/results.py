"""What grading found, as data; rendering is elsewhere (reporting/)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal[
    "passed",
    "failed",
    "not judged",  # what the check needs to be right first is wrong; earns nothing
    "could not check",  # ours, not the student's
]

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


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a check failed.

    `sentence` says it in one line; `place` is the `file:line` in the submission, if known, and
    `function` what is defined there. `result` names the result concerned, `got` and `want` show
    it, `difference` says where they first differ and by how much. `gradient_of` is the input whose
    gradient the result is, if it is one.
    """

    kind: CauseKind
    sentence: str
    place: str = ""
    function: str = ""
    result: str = ""
    got: str = ""
    want: str = ""
    difference: str = ""
    gradient_of: str = ""

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


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found.

    `inputs` are the smallest counterexample's inputs as text, `explanation` what the diagnosis of a
    wrong gradient says, `printed` what the submission printed in that call, `snippet` Python code
    that repeats it. `because_of` names the module whose own failures explain this one. `called`
    holds the submission's functions that ran, as `file:line:name`.
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


Progress = Callable[[str, CheckResult], None]
"""Called with a module's name and each of its checks' results, as soon as it is known."""


@dataclass(frozen=True, kw_only=True)
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
        """Points to be had; a check that could not be made counts for nobody."""
        return sum(check.points for check in self.gating if check.outcome != "could not check")

    @property
    def status(self) -> str:
        """How the module stands, in a few words."""
        if self.passed:
            return "passed"
        if self.not_started:
            return "not started"
        if all(check.outcome == "could not check" for check in self.failures):
            return "could not check"
        causes = {check.because_of for check in self.failures}
        if "" not in causes:
            return f"fails because of {', '.join(sorted(causes))}"
        return "failed"


@dataclass(frozen=True)
class Notes:
    """What a reader should know of the graded folder.

    `excluded` are sentences on what was left out of it, `differs` the files of the grader that it
    holds in another form than the one that was used.
    """

    excluded: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Versions:
    """What a verdict depends on besides the submission: versions, and a digest of the checks."""

    gradgate: str
    python: str
    numpy: str
    hypothesis: str
    checks: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """A graded submission."""

    submission: str
    seed: int
    oracle: str
    versions: Versions
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
        return any(could_not_check(module) for module in self.modules)


def could_not_check(module: ModuleResult) -> bool:
    """Tell whether the harness failed in some check of a module."""
    return any(check.outcome == "could not check" for check in module.checks)
