"""A training session in the worker, as the judge sees it: asked, timed, and not believed."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from itertools import count

import numpy as np

from gradgate.judging import messages as causes
from gradgate import limits
from gradgate.supervisor.worker_client import Stopped, Worker
from milestones.networks import Array, Shape, State


class Refused(Exception):
    """The submission cannot train the network, or not within its time; the text says why."""


class RemoteSession:
    """The scenarios of `session.py`, run by the submission; every call may raise Refused.

    `seconds` is how long the submission has worked so far.
    """

    def __init__(self, worker: Worker, seed: int, minutes: float) -> None:
        """Ask `worker`, whose generators are seeded from `seed`, for at most `minutes` in all."""
        self._worker = worker
        self._seeds = count(seed)
        self._minutes = minutes
        self.seconds = 0.0

    def ask(self, scenario: str, seconds: float = math.inf, **inputs: object) -> State:
        """Run one scenario, for so long at most; returns the arrays it answered with."""
        left = 60 * self._minutes - self.seconds
        self._worker.call_seconds = max(min(left, seconds), limits.CALL_SECONDS_AFTER_TIMEOUT)
        began = time.monotonic()
        try:
            reply = self._worker.call(scenario, inputs, next(self._seeds) % 2**32)
        except Stopped as stopped:
            raise Refused(self._told(stopped, left <= seconds)) from None
        finally:
            self.seconds += time.monotonic() - began
        if reply.missing:
            raise Refused(causes.missing(reply.missing, self._worker.submission).sentence)
        if reply.crash:
            raise Refused(causes.crashed(reply.crash).sentence)
        answer = {name: value.array for name, value in reply.answer.items()}
        return {name: array for name, array in answer.items() if array is not None}

    def logits(self, images: Array, classes: int) -> Array:
        """Return the logits (N, classes) of images."""
        wanted = (len(images), classes)
        return checked(self.ask("predict", images=images), {"logits": wanted})["logits"]

    def _told(self, stopped: Stopped, was_last: bool) -> str:
        if stopped.slow and was_last:
            return f"training takes longer than the {self._minutes:g} minutes there are"
        return causes.stopped(stopped).sentence


def checked(answer: State, shapes: Mapping[str, Shape]) -> State:
    """Return what an answer says under these names; refuses other shapes and what is not finite."""
    for name, shape in shapes.items():
        got = answer.get(name)
        if got is None or got.shape != shape or got.dtype.kind != "f":
            told = "not there" if got is None else f"{got.dtype} of shape {got.shape}"
            raise Refused(f"{name} is {told}, should be float of shape {shape}")
        if not np.isfinite(got).all():
            raise Refused(f"{name} holds NaN or infinity: training diverged")
    return {name: answer[name] for name in shapes}
