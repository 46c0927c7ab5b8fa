"""The search for a counterexample: each example asked once, the smallest failing one kept."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from gradgate.authoring.check import Check
from gradgate.course import Course
from gradgate.errors import HarnessError
from gradgate.examples.example import Example
from gradgate.examples.source import ExampleSource
from gradgate.judging.compare import compare, compare_forms, count_matches
from gradgate.judging.messages import describe_crash, describe_missing, describe_stopped
from gradgate.oracle.oracle import Oracle
from gradgate.protocol.replies import Reply
from gradgate.protocol.values import Answer, Holder, describe_all
from gradgate.results import Cause
from gradgate.supervisor.worker_client import Stopped, WorkerClient

UNWRITTEN = ("missing", "not implemented")  # the kinds of cause where nothing is there yet


class Exhausted(BaseException):
    """Ends a search at once; no Exception, as Hypothesis would take that for a failure."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What checks are judged with: a worker, examples, answers to them, and a seed."""

    course: Course
    worker: WorkerClient
    source: ExampleSource
    oracle: Oracle
    seed: int


@dataclass
class CounterexampleSearch:
    """The verdicts on one check's examples so far.

    A verdict is remembered by the example's key, so that a submission that answers at random gets
    a verdict and not a flaky search; after the first failure only a budget of calls remains.
    """

    check: Check
    bench: Bench
    verdicts: dict[bytes, Cause | None] = field(default_factory=dict)
    smallest: Example | None = None
    cause: Cause | None = None
    last: Example | None = None
    calls_after_failure: int = 0
    deaths: int = 0
    printed_at_death: str = ""

    def run(self) -> None:
        """Judge the examples of the source until one fails, then smaller ones, within a budget."""
        with suppress(Exhausted):
            self.bench.source.search(self.check, self.bench.seed, self.fails)

    def fails(self, example: Example) -> bool:
        """Judge one example; raises Exhausted where that takes the last of the budget."""
        if example.key not in self.verdicts:
            self.verdicts[example.key] = self._judge(example)
            if self._is_exhausted():
                raise Exhausted
        return self.verdicts[example.key] is not None

    def ask(self, example: Example, *, trace: bool = False) -> Reply:
        """Run one example in the worker; raises Stopped."""
        worker = self.bench.worker
        return worker.call(self.check.id, example.packed, example.seed, trace=trace)

    def judge_reply(self, reply: Reply, example: Example) -> Cause | None:
        """Compare a reply with what the oracle answers to the same example."""
        worker, course = self.bench.worker, self.bench.course
        if reply.crash:
            return describe_crash(reply.crash, worker.limits)
        if reply.missing:
            module = course.owners.get(reply.missing, self.check.module)
            return describe_missing(reply.missing, worker.submission.file(module))
        holder = course.settings.holder
        return find_mismatch(self.check, reply.answer, self.answers(example), example, holder)

    def answers(self, example: Example) -> Sequence[Answer]:
        """Return every accepted answer to an example, the usual one first."""
        return self.bench.oracle.answers(self.check, example)

    def count_matches(self, got: Answer, want: Answer) -> int:
        """Return how many results of a submission match an accepted answer."""
        return count_matches(got, want, self.check.tolerance, self.bench.course.settings.holder)

    def _judge(self, example: Example) -> Cause | None:
        self.last = example
        self.calls_after_failure += self.cause is not None
        try:
            cause = self.judge_reply(self.ask(example), example)
        except Stopped as stopped:
            cause = describe_stopped(stopped)
            self.printed_at_death = self.bench.worker.printed()
            self.deaths += self.bench.worker.limits.deaths_per_check if stopped.slow else 1
        if cause and (self.smallest is None or example.size < self.smallest.size):
            self.smallest, self.cause = example, cause
        return cause

    def _is_exhausted(self) -> bool:
        limits = self.bench.worker.limits
        spent = self.calls_after_failure >= limits.shrink_calls
        unwritten = self.cause is not None and self.cause.kind in UNWRITTEN
        return spent or unwritten or self.deaths >= limits.deaths_per_check


def find_mismatch(
    check: Check, got: Answer, wants: Sequence[Answer], example: Example, holder: Holder
) -> Cause | None:
    """Compare with every accepted answer; the mismatch named is with the one that comes closest."""
    mismatches = [_compare(check, got, want, example.inputs, holder) for want in wants]
    if None in mismatches:
        return None
    tolerance = check.tolerance
    matching = [count_matches(got, want, tolerance, holder) for want in wants]
    return mismatches[matching.index(max(matching))]


def _compare(
    check: Check, got: Answer, want: Answer, inputs: dict[str, Any], holder: Holder
) -> Cause | None:
    if check.view is None:
        return compare(got, want, check.tolerance, holder)
    wrong_form = compare_forms(got, want, holder)
    if wrong_form:
        return wrong_form
    expected = describe_all(check.view(want, **inputs))
    if not expected or any(value.kind == "other" for value in expected.values()):
        raise HarnessError(f"the view of {check.id} returns nothing that can be compared")
    try:
        viewed = describe_all(check.view(got, **inputs))
    except Exception as error:  # numbers no view was written for
        sentence = f"the result cannot be judged: {type(error).__name__}: {error}"
        return Cause(kind="value", sentence=sentence)
    return compare(viewed, expected, check.tolerance, holder)
