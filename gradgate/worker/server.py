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
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

import numpy as np

from gradgate.authoring.api import Api, MissingName, is_about
from gradgate.authoring.check import Scenario
from gradgate.authoring.scenario import builtin_bases, message_of
from gradgate.course.catalog import PREFIX, load_course
from gradgate.protocol import frames
from gradgate.protocol.values import Holder, describe_all
from gradgate.sandbox import confine, probes
from gradgate.worker import crash_dump


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a worker serves: scenarios of the course, with the submission in `root`."""

    scenarios: Mapping[str, Scenario]
    api: Api
    holder: Holder
    root: str


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Set up as the first frame says and prove it, then answer frame after frame.

    The submission is imported on the second frame: before it nothing here can be forged.
    """
    setup, _ = frames.receive(requests)
    course = load_course(Path(setup["course"]))
    service = Service(
        scenarios=course.scenarios(setup["scenarios"]),
        api=Api(setup["layout"], course.owners),
        holder=course.settings.holder,
        root=setup["root"],
    )
    enter(setup["scratch"])
    leave_harness(service.root, course.package)
    own = {0, 1, 2, requests.fileno(), replies.fileno()}
    confine.confine(setup, own)
    frames.send(replies, {"nonce": setup["nonce"], "blocked": probes.list_blocked(setup, own)})
    begin, _ = frames.receive(requests)
    frames.send(replies, {"nonce": begin["nonce"], **_prepare(setup)})
    while True:
        request, arrays = frames.receive(requests)
        reply, results = _answer(service, request, arrays)
        try:
            frames.send(replies, {**reply, "nonce": request["nonce"]}, results)
        except frames.ProtocolError as error:
            crash = _describe_crash(error, service.root)
            frames.send(replies, {**crash, "nonce": request["nonce"]})


def enter(scratch: str) -> None:
    """Work in a folder of our own, in a process group that can be killed as one."""
    if hasattr(os, "setsid"):
        with suppress(OSError):  # already the leader of a session
            os.setsid()
    os.chdir(scratch)
    os.environ.update(HOME=scratch, TMPDIR=scratch, TEMP=scratch, TMP=scratch)


def leave_harness(root: str, course: str) -> None:
    """Let imports see the submission and the standard library; NumPy is loaded already."""
    standard = {Path(os.__file__).parent, Path(os.__file__).parent / "lib-dynload"}
    standard |= {Path(p) for p in sys.path if p.endswith(".zip") or Path(p).name == "DLLs"}
    sys.path[:] = [root, *(path for path in sys.path if Path(path) in standard)]
    sys.dont_write_bytecode = True
    for name, module in sys.modules.items():
        if f"{name}.".startswith(f"{course}.") and hasattr(module, "__path__"):
            module.__path__ = []  # the course's other files, its reference among them


def _prepare(setup: Mapping[str, Any]) -> dict[str, Any]:
    """Import the activating module, if there is one, then the module; say what went wrong."""
    reply: dict[str, Any] = {"status": "ok", "activation": None}
    root, activation = setup["root"], setup["activation"]
    try:
        if activation:
            _activate(activation["path"], activation["call"])
    except BaseException as error:
        reply["activation"] = _describe_crash(error, root)
    path = setup["layout"][setup["module"]]
    try:
        importlib.import_module(path)
    except BaseException as error:
        if not is_about(error, path):  # each check says by itself what is missing
            reply.update(_describe_crash(error, root))
            if isinstance(error, SyntaxError) and not reply["file"]:  # such as a null byte
                reply.update(file=f"{path.replace('.', '/')}.py", line=1)
    return reply


def _activate(path: str, call: str) -> None:
    with suppress(NotImplementedError):  # a stub: what it would change may work all the same
        module = importlib.import_module(path)
        getattr(module, call, lambda: None)()


def _answer(
    service: Service, request: Mapping[str, Any], arrays: list[Any]
) -> tuple[dict[str, Any], list[Any]]:
    called: set[str] = set()
    try:
        scenario = service.scenarios[request["scenario"]]
        inputs = frames.unpack_inputs(request["inputs"], arrays)
        np.random.seed(request["seed"])
        random.seed(request["seed"])
        with _trace(called, service.root) if request["trace"] else nullcontext():
            results = scenario(service.api, **inputs)
            answer = describe_all(results, service.holder, _find_holder_class(service))
        rows, packed = frames.pack_answer(answer)
        return {"status": "ok", "values": rows, "called": sorted(called)}, packed
    except MissingName as error:
        return {"status": "missing", "name": str(error), "called": sorted(called)}, []
    except BaseException as error:
        return {**_describe_crash(error, service.root), "called": sorted(called)}, []


def _find_holder_class(service: Service) -> type | None:
    try:
        holder_class = getattr(service.api, service.holder.name)
    except Exception:
        return None
    return holder_class if isinstance(holder_class, type) else None


@contextmanager
def _trace(called: set[str], root: str) -> Iterator[None]:
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


def _describe_crash(error: BaseException, root: str) -> dict[str, Any]:
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
        "scenario": _find_scenario(steps),
    }
    if isinstance(error, SyntaxError) and str(error.filename).startswith(root):
        crash.update(file=_relative(str(error.filename), root), line=_line(error.lineno))
        crash.update(message=str(error.msg), function="")
    return crash


def _line(number: object) -> int:
    return number if isinstance(number, int) else 0


def _relative(filename: str, root: str) -> str:
    return filename[len(root) + 1 :].replace(os.sep, "/")


def _find_scenario(steps: list[tuple[FrameType, int]]) -> str:
    """Return where a scenario was, as `module:line`; the judge knows what stands there."""
    for frame, line in reversed(steps):
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(PREFIX):
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
    crash_dump.enable()
    with suppress(EOFError):
        serve(requests, replies)
