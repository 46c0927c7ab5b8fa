"""Grading a hostile submission among things it would like to reach, and seeing what it reached."""

from __future__ import annotations

import os
import re
import select
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from proof.attack import Attack
from proof.mutant import PROJECT
from proof.processes import adopting, children
from proof.harness import Run, contents, grade

SECRET = "the-secret-that-nobody-reads"
UNLISTED = "a-name-that-nobody-lists"
OTHERS = ("activations",)  # graded beside the hostile module, and right
PATIENCE = 2.0
# A line that a runner of workflows obeys: GitHub's, also after spaces or, in the older form,
# anywhere; Azure's; TeamCity's.
COMMAND = re.compile(r"\s*::|.*##\w*\[")


@dataclass
class Surroundings:
    """A folder that anybody may write to, with a secret and a result; ears on two ports."""

    folder: Path
    tcp: socket.socket
    udp: socket.socket
    before: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def known(self) -> dict[str, object]:
        """Return what an attacker is told, to make it easy."""
        return {
            "OUTSIDE": str(self.folder),
            "PROJECT": str(PROJECT),
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "JUDGE": os.getpid(),
        }

    def reached(self) -> bool:
        """Tell whether anybody connected or sent anything."""
        return bool(select.select([self.tcp, self.udp], [], [], 0)[0])

    def changed(self) -> bool:
        """Tell whether anything in the folder is other than it was."""
        return contents(self.folder) != self.before


@dataclass(frozen=True)
class Met:
    """What came of an attack: the run, and what was reached, changed or left running."""

    attack: Attack
    run: Run
    reached: bool
    changed: bool
    running: tuple[str, ...]
    touched: bool  # the graded folder itself

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said of the hostile module's failures."""
        modules = [m for m in self.run.data.get("modules", ()) if m["name"] not in OTHERS]
        found = [c["cause"]["sentence"] for m in modules for c in m["checks"] if "cause" in c]
        return tuple(dict.fromkeys(found))

    @property
    def outlets(self) -> dict[str, str]:
        """Everything that is written for people and programs, by where."""
        texts = "\n".join(_texts(self.run.data))
        return {"report": self.run.out, "messages": self.run.err, "JSON": texts}

    def troubles(self) -> Iterator[str]:
        """Yield in words whatever should not have happened; nothing where the attack failed."""
        if self.run.code != self.attack.code:
            told = f"exit code {self.run.code}, should be {self.attack.code}"
            yield f"{told}: {self.run.err.strip()}"
        yield from self._believed() if self.run.data else ()
        shown = " ".join(f"{self.run.out} {self.run.err} {self.run.data}".split())
        yield from (f"not told: {words}" for words in self.attack.told if words not in shown)
        for word in (SECRET, UNLISTED):
            yield from (f"{word} is in the {name}" for name in self._holding(word))
        yield from self._unescaped()
        yield from (f"still running: {process}" for process in self.running)
        behind = [path for path in self.run.left_behind if ".hypothesis" not in path]
        yield from (f"left behind: {path}" for path in behind)
        for fact, words in (
            (self.reached, "a port was reached"),
            (self.changed, "the folder outside was changed"),
            (self.touched, "the graded folder was changed"),
        ):
            if fact:
                yield words

    def _believed(self) -> Iterator[str]:
        for module in self.run.data["modules"]:
            right = self.attack.passes or module["name"] in OTHERS
            if module["passed"] != right:
                yield f"{module['name']} {'failed' if right else 'passed'}"
            if not right and module["points"] and not self.attack.selected[1:]:
                yield f"{module['name']} earned points"

    def _holding(self, text: str) -> list[str]:
        return [name for name, outlet in self.outlets.items() if text in outlet]

    def _unescaped(self) -> Iterator[str]:
        for name, text in self.outlets.items():
            if any(not c.isprintable() and c != "\n" for c in text):
                yield f"a control character is in the {name}"
            if any(COMMAND.match(line) for line in text.splitlines()):
                yield f"a workflow command is in the {name}"


@contextmanager
def surroundings() -> Iterator[Surroundings]:
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
        for ear in (tcp, udp):
            ear.bind(("127.0.0.1", 0))
        tcp.listen()
        stack.enter_context(adopting())  # whoever escapes a grader's processes
        yield Surroundings(folder, tcp, udp, contents(folder))


def meet(attack: Attack, around: Surroundings, harness: Path = PROJECT) -> Met:
    """Grade one hostile submission."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        folder = Path(name).resolve()
        attack.write(folder, around.known())
        before, known = contents(folder), children()
        run = grade(folder, *attack.selected, harness=harness, GRADGATE_SECRET=SECRET)
        running = tuple(_left(known))
        touched = contents(folder) != before
    return Met(attack, run, around.reached(), around.changed(), running, touched)


def _texts(data: object) -> Iterator[str]:
    """Yield every text that is anywhere in a report's data."""
    if isinstance(data, dict):
        data = [*data, *data.values()]
    for item in data if isinstance(data, list) else []:
        yield from [item] if isinstance(item, str) else _texts(item)


def _left(before: set[int]) -> list[str]:
    """List the processes that are there and were not before, once they had time to end."""
    deadline = time.monotonic() + PATIENCE
    while (found := [*_named(before)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def _named(before: set[int]) -> Iterator[str]:
    for pid in children() - before:
        with suppress(OSError):
            if os.waitpid(pid, os.WNOHANG)[0] == 0:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
                yield f"{pid}: {command.decode(errors='replace')}"
