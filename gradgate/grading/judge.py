"""Judging one check: search for a counterexample, confirm the smallest, explain it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gradgate.authoring.check import Check
from gradgate.diagnosis.diagnose import diagnose
from gradgate.diagnosis.finite_differences import explain
from gradgate.errors import HarnessError
from gradgate.examples.example import Example
from gradgate.grading.snippet import write_snippet
from gradgate.judging.compare import render
from gradgate.judging.counterexample import UNWRITTEN, Bench, CounterexampleSearch
from gradgate.judging.messages import describe_stopped
from gradgate.results import Cause, CheckResult
from gradgate.supervisor.worker_client import Stopped

UNSTABLE = Cause(
    kind="unstable",
    sentence="fails after other calls and not in a fresh process: is something kept between uses, "
    "or left to chance?",
)


def judge(check: Check, bench: Bench) -> CheckResult:
    """Judge one check; never raises for what a submission does."""
    start = time.perf_counter()
    search = CounterexampleSearch(check, bench)
    result = describe_check(check)
    try:
        search.run()
        result = _pass(result, search) if search.cause is None else _fail(result, search)
    except Exception as error:  # an error in a check, the reference or here: the others go on
        own = isinstance(error, HarnessError)
        sentence = str(error) if own else f"{type(error).__name__}: {error}"
        cause = Cause(kind="harness", sentence=sentence)
        result = replace(describe_check(check), hint="", cause=cause)
    seconds = time.perf_counter() - start
    return replace(result, examples=len(search.verdicts), seconds=seconds)


def describe_check(check: Check) -> CheckResult:
    """Return the result of a check before anything is known."""
    return CheckResult(
        id=check.id,
        title=check.title,
        hint=check.hint,
        points=check.points,
        stretch=check.stretch,
        outcome="could not check",
    )


def fail_at_start(check: Check, cause: Cause) -> CheckResult:
    """Return the result of a check whose module could not be imported."""
    return replace(describe_check(check), outcome="failed", cause=cause)


def _pass(result: CheckResult, search: CounterexampleSearch) -> CheckResult:
    if search.last is None:
        raise HarnessError(f"{result.id} drew no example")
    try:
        called = search.ask(search.last, trace=True).called
    except Stopped as stopped:  # it answered the very same question before
        return replace(result, outcome="failed", cause=describe_stopped(stopped))
    return replace(result, outcome="passed", called=called)


def _fail(result: CheckResult, search: CounterexampleSearch) -> CheckResult:
    """Repeat the smallest counterexample, and say all there is to say of it.

    In a fresh worker, as what was called before may matter; not where nothing is written yet.
    """
    example, cause, worker = search.smallest, search.cause, search.bench.worker
    assert example is not None
    assert cause is not None
    called: frozenset[str] = frozenset()
    printed, explanation = search.printed_at_death, ""
    if cause.kind != "stopped":
        if cause.kind not in UNWRITTEN:
            worker.restart()
        try:
            reply = search.ask(example, trace=True)
            called, printed = reply.called, worker.printed()
            cause = search.judge_reply(reply, example) or UNSTABLE
            explanation = _explain(search, example, cause)
        except Stopped as stopped:
            cause = describe_stopped(stopped)
    return replace(
        result,
        outcome="failed",
        cause=cause,
        inputs={name: _render_input(example, name) for name in example.inputs},
        explanation=explanation,
        printed=printed,
        called=called,
        snippet=write_snippet(search.check, example, search.bench.course, worker.submission),
    )


def _explain(search: CounterexampleSearch, example: Example, cause: Cause) -> str:
    """Name the mistake in a wrong gradient, and say what differences say of it."""
    sentences = diagnose(search, example, cause), explain(search, example, cause)
    return " ".join(filter(None, sentences))


def _render_input(example: Example, name: str) -> str:
    value = example.inputs[name]
    if name in example.large:
        return f"{example.large[name]}  shape {value.shape}"
    if not isinstance(value, np.ndarray):
        return repr(value)
    return f"{render(value)}  shape {value.shape}" if value.ndim else render(value)
