"""Grading a hostile submission among things it would like to reach, and seeing what it reached."""

from __future__ import annotations

import os
import re
import select
import socket
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gradgate.course.catalog import load_course, make_package
from gradgate.examples.search import DrawnExamples
from proof.attack import Attack
from proof.harness import Run, contents, grade
from proof.processes import adopt_orphans, list_children
from proof.project import PROJECT

SECRET = "the-secret-that-nobody-reads"
UNLISTED = "a-name-that-nobody-lists"
OTHERS = ("activations",)  # graded beside the hostile module, and right
DRAWN_CHECK = "layers.linear_forward"
PATIENCE = 2.0
# A line that a runner of workflows obeys: GitHub's, also after spaces or, in the older form,
# anywhere; Azure's; TeamCity's.
COMMAND = re.compile(r"\s*::|.*##\w*\[")


@dataclass(frozen=True, kw_only=True)
class HoneypotEnvironment:
    """A folder that anybody may write to, with a secret and a result; listeners on two ports."""

    folder: Path
    tcp: socket.socket
    udp: socket.socket
    before: dict[str, tuple[int, bytes]]

    def make_constants(self, course: Path) -> dict[str, object]:
        """Return what an attacker on a course is given, to make it easy."""
        return {
            "OUTSIDE": str(self.folder),
            "PROJECT": str(PROJECT),
            "COURSE": str(course),
            "DRAWN": digest_drawn_inputs(course),
            "PACKAGE": make_package(course),
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "JUDGE": os.getpid(),
        }

    def is_reached(self) -> bool:
        """Tell whether anybody connected or sent anything."""
        return bool(select.select([self.tcp, self.udp], [], [], 0)[0])

    def is_changed(self) -> bool:
        """Tell whether anything in the folder is other than it was."""
        return contents(self.folder) != self.before


@dataclass(frozen=True, kw_only=True)
class AttackResult:
    """What came of an attack: the run, and what was reached, changed or left running.

    `outside_changed` is about the folder of the environment, `inside_changed` about the graded one.
    """

    attack: Attack
    run: Run
    port_reached: bool
    outside_changed: bool
    inside_changed: bool
    still_running: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said of the hostile module's failures."""
        modules = [m for m in self.run.data.get("modules", ()) if m["name"] not in OTHERS]
        found = [c["cause"]["sentence"] for m in modules for c in m["checks"] if "cause" in c]
        return tuple(dict.fromkeys(found))

    @property
    def outlets(self) -> dict[str, str]:
        """Everything that is written for people and programs, by where."""
        texts = "\n".join(_list_texts(self.run.data))
        return {"report": self.run.out, "messages": self.run.err, "JSON": texts}

    def list_problems(self) -> list[str]:
        """Return in words whatever should not have happened; nothing where the attack failed."""
        return [*self._wrong_verdicts(), *self._leaks(), *self._traces()]

    def _wrong_verdicts(self) -> Iterator[str]:
        """Yield where the report is not what it must be."""
        if self.run.code != self.attack.exit_code:
            codes = f"exit code {self.run.code}, should be {self.attack.exit_code}"
            yield f"{codes}: {self.run.err.strip()}"
        for module in self.run.data.get("modules", ()):
            right = self.attack.passes or module["name"] in OTHERS
            if module["passed"] != right:
                yield f"{module['name']} {'failed' if right else 'passed'}"
            if not right and module["points"] and not self.attack.arguments[1:]:
                yield f"{module['name']} earned points"
        written = " ".join(f"{self.run.out} {self.run.err} {self.run.data}".split())
        yield from (f"not said: {words}" for words in self.attack.messages if words not in written)

    def _leaks(self) -> Iterator[str]:
        """Yield what nobody may read, and what a terminal or a runner would obey."""
        for name, text in self.outlets.items():
            yield from (f"{word} is in the {name}" for word in (SECRET, UNLISTED) if word in text)
            if any(not c.isprintable() and c != "\n" for c in text):
                yield f"a control character is in the {name}"
            if any(COMMAND.match(line) for line in text.splitlines()):
                yield f"a workflow command is in the {name}"

    def _traces(self) -> Iterator[str]:
        """Yield what the attack reached, changed or left."""
        yield from (f"still running: {process}" for process in self.still_running)
        left = [path for path in self.run.left_behind if ".hypothesis" not in path]
        yield from (f"left behind: {path}" for path in left)
        if self.port_reached:
            yield "a port was reached"
        if self.outside_changed:
            yield "the folder outside was changed"
        if self.inside_changed:
            yield "the graded folder was changed"


@cache
def digest_drawn_inputs(course: Path) -> frozenset[int]:
    """Return the CRC-32 of all inputs, joined, of each example that `DRAWN_CHECK` draws at seed 0.

    Checks are public, so anybody can draw what they draw.
    """
    check = load_course(course).checks[DRAWN_CHECK]
    return frozenset(
        zlib.crc32(b"".join(array.tobytes() for array in example.packed.arrays))
        for example in DrawnExamples().examples(check, 0)
    )


@contextmanager
def lay_out_honeypot() -> Iterator[HoneypotEnvironment]:
    """Lay everything out, and listen, until it is over."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outside-")))
        (folder / "secret").write_text(SECRET)
        (folder / UNLISTED).touch()
        (folder / "result.json").write_text('{"passed": false}')
        for path in (folder, *folder.iterdir()):
            path.chmod(0o777)  # let no mode do what the layers must
        tcp, udp = (
            stack.enter_context(socket.socket(socket.AF_INET, kind))
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
        )
        for listener in (tcp, udp):
            listener.bind(("127.0.0.1", 0))
        tcp.listen()
        stack.enter_context(adopt_orphans())  # whoever escapes a grader's processes
        yield HoneypotEnvironment(folder=folder, tcp=tcp, udp=udp, before=contents(folder))


def grade_attack(
    attack: Attack, environment: HoneypotEnvironment, course: Path = PROJECT
) -> AttackResult:
    """Grade one hostile submission by the checks of `course`.

    An attack that starts in its own folder is graded without --course: the grader has to find one.
    """
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        folder = Path(name).resolve()
        attack.write(folder, environment.make_constants(course))
        before, known = contents(folder), list_children()
        run = grade(
            folder,
            *attack.arguments,
            course=None if attack.starts_inside else course,
            folder=folder if attack.starts_inside else None,
            GRADGATE_SECRET=SECRET,
        )
        return AttackResult(
            attack=attack,
            run=run,
            still_running=tuple(_wait_for_ends(known)),
            port_reached=environment.is_reached(),
            outside_changed=environment.is_changed(),
            inside_changed=contents(folder) != before,
        )


def _list_texts(data: object) -> Iterator[str]:
    """Yield every text that is anywhere in a report's data."""
    if isinstance(data, dict):
        data = [*data, *data.values()]
    for item in data if isinstance(data, list) else []:
        yield from [item] if isinstance(item, str) else _list_texts(item)


def _wait_for_ends(before: set[int]) -> list[str]:
    """List the processes that are there and were not before, once they had time to end."""
    deadline = time.monotonic() + PATIENCE
    while (found := [*_list_commands(before)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def _list_commands(before: set[int]) -> Iterator[str]:
    for pid in list_children() - before:
        with suppress(OSError):
            if os.waitpid(pid, os.WNOHANG)[0] == 0:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                yield f"{pid}: {command.decode(errors='replace')}"
