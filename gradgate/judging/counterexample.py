"""The verdicts on one check's examples: each asked once, the smallest failing one kept."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradgate.judging import messages as causes
from gradgate import limits
from gradgate.authoring.check import Check, Inputs
from gradgate.judging.compare import compare, compare_form, matches
from gradgate.supervisor.worker_client import Stopped, Worker
from gradgate.oracle.live import Oracle
from gradgate.protocol.replies import Reply
from gradgate.results import Cause
from gradgate.protocol.values import Answer, describe_all
from gradgate.protocol.frames import pack_inputs


@dataclass
class Trials:
    """The verdicts on one check's examples so far.

    A verdict is remembered by the input's bytes, so that a submission that answers at random gets
    a verdict and not a flaky search; after the first failure only a budget of calls remains.
    """

    check: Check
    worker: Worker
    oracle: Oracle
    seed: int
    verdicts: dict[bytes, Cause | None] = field(default_factory=dict)
    smallest: Inputs | None = None
    cause: Cause | None = None
    last: Inputs | None = None
    calls_after_failure: int = 0
    deaths: int = 0
    printed_at_death: str = ""

    def fails(self, inputs: Inputs) -> bool:
        """Judge one example; past the budget an unknown one counts as passing."""
        key = key_of(inputs)
        if key not in self.verdicts:
            if self._exhausted():
                return False
            self.verdicts[key] = self._judge(inputs)
        return self.verdicts[key] is not None

    def ask(self, inputs: Inputs, *, trace: bool = False) -> Reply:
        """Run one example in the worker, seeded by its own bytes; raises Stopped."""
        return self.worker.call(self.check.id, inputs, self._call_seed(inputs), trace=trace)

    def verdict(self, reply: Reply, inputs: Inputs) -> Cause | None:
        """Compare a reply with what the oracle answers to the same inputs."""
        if reply.crash:
            return causes.crashed(reply.crash)
        if reply.missing:
            return causes.missing(reply.missing, self.worker.submission)
        return closest_mismatch(self.check, reply.answer, self.wants(inputs), inputs)

    def wants(self, inputs: Inputs) -> Sequence[Answer]:
        """Return every accepted answer to these inputs, the usual one first."""
        return self.oracle.answers(self.check, inputs, self._call_seed(inputs))

    def _judge(self, inputs: Inputs) -> Cause | None:
        self.last = inputs
        self.calls_after_failure += self.cause is not None
        try:
            cause = self.verdict(self.ask(inputs), inputs)
        except Stopped as stopped:
            cause = causes.stopped(stopped)
            self.printed_at_death = self.worker.printed()
            self.deaths += limits.DEATHS_PER_CHECK if stopped.slow else 1
        if cause and (self.smallest is None or size_of(inputs) < size_of(self.smallest)):
            self.smallest, self.cause = inputs, cause
        return cause

    def _exhausted(self) -> bool:
        spent = self.calls_after_failure >= limits.SHRINK_CALLS
        unwritten = self.cause is not None and self.cause.kind in ("missing", "not implemented")
        return spent or unwritten or self.deaths >= limits.DEATHS_PER_CHECK

    def _call_seed(self, inputs: Inputs) -> int:
        return zlib.crc32(key_of(inputs), self.seed & 0xFFFFFFFF) & 0x7FFFFFFF


def closest_mismatch(
    check: Check, got: Answer, wants: Sequence[Answer], inputs: Inputs
) -> Cause | None:
    """Compare with every accepted answer; the mismatch told is with the one that comes closest."""
    verdicts = [_mismatch(check, got, want, inputs) for want in wants]
    if None in verdicts:
        return None
    nearest = max(range(len(wants)), key=lambda i: matches(got, wants[i], check.tolerance))
    return verdicts[nearest]


def _mismatch(check: Check, got: Answer, want: Answer, inputs: Inputs) -> Cause | None:
    if check.view is None:
        return compare(got, want, check.tolerance)
    wrong_form = compare_form(got, want)
    if wrong_form:
        return wrong_form
    expected = describe_all(check.view(want, **inputs), None)
    try:
        seen = describe_all(check.view(got, **inputs), None)
    except Exception as error:  # numbers no view was written for
        return Cause("value", f"the result cannot be judged: {type(error).__name__}: {error}")
    return compare(seen, expected, check.tolerance)


def key_of(inputs: Inputs) -> bytes:
    """Return bytes that are equal for equal inputs only."""
    plain, arrays = pack_inputs(inputs)
    return b"".join([json.dumps(plain).encode(), *(_bytes(array) for array in arrays)])


def _bytes(array: np.ndarray[Any, Any]) -> bytes:
    return repr((array.shape, array.dtype.str)).encode() + array.tobytes()


def size_of(inputs: Inputs) -> tuple[float, ...]:
    """Order counterexamples: few numbers, most of them zero, small ones."""
    arrays = [v.ravel().astype(float) for v in inputs.values() if isinstance(v, np.ndarray)]
    plain = [v for v in inputs.values() if not isinstance(v, np.ndarray)]
    numbers = np.concatenate([np.zeros(0), *arrays])
    nonzero = int(np.count_nonzero(numbers))
    return numbers.size + nonzero, nonzero, len(json.dumps(plain)), float(np.abs(numbers).sum())
