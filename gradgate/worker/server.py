"""The untrusted process: imports a submission and runs scenarios with it, request by request.

Holds no expectation, no reference, no Hypothesis; what it sends back proves nothing by itself.
"""

from __future__ import annotations

import importlib
import os
import random
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

import numpy as np

from gradgate.sandbox import confine
from gradgate.worker import crash_dump as last_words
from gradgate.sandbox import probes
from gradgate.protocol import frames as wire
from gradgate.authoring.api import Api, MissingName, is_about
from gradgate.authoring.check import Scenario
from gradgate.authoring.scenario import builtin_bases, message_of
from gradgate.protocol.values import describe_all


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Set up as the first frame says and prove it, then answer frame after frame.

    The submission is imported on the second frame: before it nothing here can be forged.
    """
    setup, _ = wire.receive(requests)
    scenarios = importlib.import_module(setup["scenarios"]).scenarios()
    enter(setup["scratch"])
    leave_harness(setup["root"])
    own = {0, 1, 2, requests.fileno(), replies.fileno()}
    confine.confine(setup, own)
    wire.send(replies, {"nonce": setup["nonce"], "blocked": probes.blocked(setup, own)})
    api = Api(setup["layout"])
    root = setup["root"]
    begin, _ = wire.receive(requests)
    wire.send(replies, {"nonce": begin["nonce"], **_prepare(api, setup, root)})
    while True:
        request, arrays = wire.receive(requests)
        reply, results = _answer(scenarios, api, request, arrays, root)
        try:
            wire.send(replies, {**reply, "nonce": request["nonce"]}, results)
        except wire.ProtocolError as error:
            wire.send(replies, {**_crash(error, root), "nonce": request["nonce"]})


def enter(scratch: str) -> None:
    """Work in a folder of our own, in a process group that can be killed as one."""
    if hasattr(os, "setsid"):
        with suppress(OSError):  # already the leader of a session
            os.setsid()
    os.chdir(scratch)
    os.environ.update(HOME=scratch, TMPDIR=scratch, TEMP=scratch, TMP=scratch)


def leave_harness(root: str) -> None:
    """Let imports see the submission and the standard library; NumPy is loaded already."""
    standard = {Path(os.__file__).parent, Path(os.__file__).parent / "lib-dynload"}
    standard |= {Path(p) for p in sys.path if p.endswith(".zip") or Path(p).name == "DLLs"}
    sys.path[:] = [root, *(path for path in sys.path if Path(path) in standard)]
    sys.dont_write_bytecode = True


def _prepare(api: Api, setup: Mapping[str, Any], root: str) -> dict[str, Any]:
    """Turn recording on if asked to, import the module; say what went wrong in either."""
    reply: dict[str, Any] = {"status": "ok", "autograd": None}
    try:
        if setup["recording"]:
            _turn_recording_on(setup["layout"]["autograd"])
    except BaseException as error:
        reply["autograd"] = _crash(error, root)
    path = setup["layout"][setup["module"]]
    try:
        importlib.import_module(path)
    except BaseException as error:
        if not is_about(error, path):  # each check says by itself what is missing
            reply.update(_crash(error, root))
            if isinstance(error, SyntaxError) and not reply["file"]:  # such as a null byte
                reply.update(file=f"{path.replace('.', '/')}.py", line=1)
    return reply


def _turn_recording_on(path: str) -> None:
    with suppress(NotImplementedError):  # a stub: Tensor may record all the same
        autograd = importlib.import_module(path)
        getattr(autograd, "enable_autograd", lambda: None)()


def _answer(
    scenarios: Mapping[str, Scenario],
    api: Api,
    request: Mapping[str, Any],
    arrays: list[Any],
    root: str,
) -> tuple[dict[str, Any], list[Any]]:
    called: set[str] = set()
    try:
        scenario = scenarios[request["scenario"]]
        inputs = wire.unpack_inputs(request["inputs"], arrays)
        np.random.seed(request["seed"])
        random.seed(request["seed"])
        with _tracing(called, root) if request["trace"] else nullcontext():
            answer = describe_all(scenario(api, **inputs), _tensor_class(api))
        rows, results = wire.pack_answer(answer)
        return {"status": "ok", "values": rows, "called": sorted(called)}, results
    except MissingName as error:
        return {"status": "missing", "name": str(error), "called": sorted(called)}, []
    except BaseException as error:
        return {**_crash(error, root), "called": sorted(called)}, []


def _tensor_class(api: Api) -> type | None:
    try:
        tensor_class = api.Tensor
    except Exception:
        return None
    return tensor_class if isinstance(tensor_class, type) else None


@contextmanager
def _tracing(called: set[str], root: str) -> Iterator[None]:
    """Collect which of the submission's functions run: `file:line:name`."""

    def note(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(root) and len(called) < 1000:
            called.add(f"{_relative(code.co_filename, root)}:{code.co_firstlineno}:{code.co_name}")

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def _crash(error: BaseException, root: str) -> dict[str, Any]:
    """Describe an exception: class, message and the submission's innermost line it passed."""
    steps = list(traceback.walk_tb(error.__traceback__))
    inside = [(f.f_code, line) for f, line in steps if f.f_code.co_filename.startswith(root)]
    code, line = inside[-1] if inside else (None, 0)
    crash = {
        "status": "raised",
        "type": type(error).__name__,
        "bases": builtin_bases(type(error)),
        "message": message_of(error).replace(f"{root}{os.sep}", ""),
        "file": _relative(code.co_filename, root) if code else "",
        "line": line,
        "function": getattr(code, "co_qualname", code.co_name) if code else "",  # from 3.11 on
        "scenario": _scenario(steps),
    }
    if isinstance(error, SyntaxError) and str(error.filename).startswith(root):
        crash.update(file=_relative(str(error.filename), root), line=_line(error.lineno))
        crash.update(message=str(error.msg), function="")
    return crash


def _line(number: object) -> int:
    return number if isinstance(number, int) else 0


def _relative(filename: str, root: str) -> str:
    return filename[len(root) + 1 :].replace(os.sep, "/")


def _scenario(steps: list[tuple[FrameType, int]]) -> str:
    """Return where a scenario was, `checks.m01_tensor:12`; the judge knows what stands there."""
    for frame, line in reversed(steps):
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(("checks.", "milestones.")) and name.count(".") == 1:
            return f"{name}:{line}"
    return ""


def main() -> None:
    """Start afresh: load what confines this process, and serve."""
    confine.prepare()
    run()


def run() -> None:
    """Serve on standard input and output; from here on, what is printed goes to standard error."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    last_words.promise()
    with suppress(EOFError):
        serve(requests, replies)
