"""A training session in the worker, as the judge sees it: asked, timed, and not believed."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from itertools import count

import numpy as np

from gradgate.judging.messages import describe_crash, describe_missing, describe_stopped
from gradgate.limits import Limits
from gradgate.protocol.frames import pack_inputs
from gradgate.supervisor.worker_client import Stopped, WorkerClient

from ..definition import Array, Shape, State
from ..milestone_errors import TrainingRejected


class RemoteSession:
    """The scenarios of `session.py`, run by the submission; every call may raise TrainingRejected.

    `seconds` is how long the submission has worked so far.
    """

    def __init__(
        self,
        worker: WorkerClient,
        *,
        owners: Mapping[str, str],
        limits: Limits,
        seed: int,
        minutes: float,
    ) -> None:
        """Ask `worker`, whose generators are seeded from `seed`, for at most `minutes` in all.

        `owners` says which module of the course each name belongs to, `limits` what the worker may
        use.
        """
        self._worker = worker
        self._owners = owners
        self._limits = limits
        self._seeds = count(seed)
        self._minutes = minutes
        self.seconds = 0.0

    def ask(self, scenario: str, seconds: float = math.inf, **inputs: object) -> State:
        """Run one scenario, for so long at most; returns the arrays it answered with."""
        left = 60 * self._minutes - self.seconds
        shortest = self._limits.call_seconds_after_timeout
        self._worker.call_seconds = max(min(left, seconds), shortest)
        began = time.monotonic()
        try:
            reply = self._worker.call(scenario, pack_inputs(inputs), next(self._seeds) % 2**32)
        except Stopped as stopped:
            reason = self._explain_stop(stopped, out_of_time=left <= seconds)
            raise TrainingRejected(reason) from None
        finally:
            self.seconds += time.monotonic() - began
        if reply.missing:
            file = self._worker.submission.file(self._owners[reply.missing])
            raise TrainingRejected(describe_missing(reply.missing, file).sentence)
        if reply.crash:
            raise TrainingRejected(describe_crash(reply.crash, self._limits).sentence)
        arrays = {name: value.array for name, value in reply.answer.items()}
        return {name: array for name, array in arrays.items() if array is not None}

    def predict(self, images: Array, classes: int) -> Array:
        """Return the logits (N, classes) of images (N, C, H, W)."""
        shapes = {"logits": (len(images), classes)}
        return require_arrays(self.ask("predict", images=images), shapes)["logits"]

    def _explain_stop(self, stopped: Stopped, *, out_of_time: bool) -> str:
        if stopped.slow and out_of_time:
            return f"training takes longer than the {self._minutes:g} minutes there are"
        return describe_stopped(stopped).sentence


def require_arrays(answer: State, shapes: Mapping[str, Shape]) -> State:
    """Return the arrays of an answer that have these names.

    Raises TrainingRejected for one that is missing, has another shape, is not float or not finite.
    """
    for name, shape in shapes.items():
        array = answer.get(name)
        if array is None or array.shape != shape or array.dtype.kind != "f":
            got = "not there" if array is None else f"{array.dtype} of shape {array.shape}"
            raise TrainingRejected(f"{name} is {got}, should be float of shape {shape}")
        if not np.isfinite(array).all():
            raise TrainingRejected(f"{name} holds NaN or infinity: training diverged")
    return {name: answer[name] for name in shapes}
