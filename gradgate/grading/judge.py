"""Judging one check: search for a counterexample, confirm the smallest, explain it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gradgate.judging import messages as causes
from gradgate.authoring.check import Check, Inputs
from gradgate.judging.compare import show
from gradgate.errors import HarnessError
from gradgate.diagnosis.finite_differences import explain
from gradgate.diagnosis.diagnose import diagnose
from gradgate.supervisor.worker_client import Stopped, Worker
from gradgate.oracle.live import Oracle
from gradgate.results import Cause, CheckResult
from gradgate.grading.snippet import snippet
from gradgate.judging.counterexample import Trials

UNSTABLE = Cause(
    "unstable",
    "fails after other calls and not in a fresh process: is something kept between uses, "
    "or left to chance?",
)


def judge(check: Check, worker: Worker, oracle: Oracle, seed: int) -> CheckResult:
    """Judge one check; never raises for what a submission does."""
    start = time.perf_counter()
    trials = Trials(check, worker, oracle, seed)
    result = unjudged(check)
    try:
        oracle.search(check, seed, trials.fails)
        found = _passed(result, trials) if trials.cause is None else _failed(result, trials)
    except Exception as error:  # an error in a check, the reference or here: the others go on
        told = str(error) if isinstance(error, HarnessError) else f"{type(error).__name__}: {error}"
        cause = Cause("harness", told)
        found = replace(result, outcome="could not check", cause=cause)
    return replace(found, examples=len(trials.verdicts), seconds=time.perf_counter() - start)


def unjudged(check: Check) -> CheckResult:
    """Return the result of a check before anything is known."""
    return CheckResult(
        check.id, check.title, check.hint, check.points, check.stretch, outcome="could not check"
    )


def failed_at_start(check: Check, cause: Cause) -> CheckResult:
    """Return the result of a check whose module could not be imported."""
    return replace(unjudged(check), outcome="failed", cause=cause)


def _passed(result: CheckResult, trials: Trials) -> CheckResult:
    if trials.last is None:
        raise HarnessError(f"{result.id} drew no example")
    try:
        called = trials.ask(trials.last, trace=True).called
    except Stopped as stopped:  # it answered the very same question before
        return replace(result, outcome="failed", cause=causes.stopped(stopped))
    return replace(result, outcome="passed", called=called)


def _failed(result: CheckResult, trials: Trials) -> CheckResult:
    """Repeat the smallest counterexample in a fresh worker, and say all there is to say of it."""
    inputs, cause = trials.smallest, trials.cause
    assert inputs is not None
    assert cause is not None
    called: frozenset[str] = frozenset()
    printed, explanation = trials.printed_at_death, ""
    if cause.kind != "stopped":
        trials.worker.restart()
        try:
            reply = trials.ask(inputs, trace=True)
            called, printed = reply.called, trials.worker.printed()
            cause = trials.verdict(reply, inputs) or UNSTABLE
            explanation = _explained(trials, inputs, cause)
        except Stopped as stopped:
            cause = causes.stopped(stopped)
    return replace(
        result,
        outcome="failed",
        cause=cause,
        inputs={name: _shown(value) for name, value in inputs.items()},
        explanation=explanation,
        printed=printed,
        called=called,
        snippet=snippet(trials.check, inputs, trials.worker.submission),
    )


def _explained(trials: Trials, inputs: Inputs, cause: Cause) -> str:
    """Name the mistake in a wrong gradient, and say what differences say of it."""
    told = diagnose(trials, inputs, cause), explain(trials, inputs, cause)
    return " ".join(filter(None, told))


def _shown(value: object) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    return f"{show(value)}  shape {value.shape}" if value.ndim else show(value)
