"""Hostile submissions: `proof/corpus/hostile/NAME.py`, each the code that makes the reference one.

The first paragraph of a file's docstring says what is tried, the second what must happen:

    Fails: `words that the report must hold`, ...
    Passes: ...
    Refused: ... (it is not graded)

A paragraph `Graded by: 05 -k relu` names other checks than the usual two; `Started in: its own
folder` has the command line started there, without --course. The code is appended to
`student/layers.py`, whose Dropout is spoilt, so that no pass can be earned. A line
`#### student/other.py` begins another file of the graded folder, `#### + student/other.py` what is
appended to one of the reference's, and `#### link NAME to TARGET` makes a link. Names in braces,
such as `{OUTSIDE}`, stand for the constants that the code finds.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from proof.harness import write
from proof.mutant import Mutant, build_package
from proof.project import PROJECT

FOLDER = PROJECT / "proof" / "corpus" / "hostile"
USUAL = "02-03 -k input_alone"
SPOILT = Mutant("spoilt", "scales wrongly", "layers", "kept * scale)", "kept * scale * 1.5)")
FILE = "student/layers.py"
OUTCOMES = ("Passes", "Fails", "Refused")  # in the order of the exit codes
PART = re.compile(r"^#### (\S.*)\n", re.MULTILINE)
LINK = re.compile(r"link (\S+) to (\S+)")
CONSTANT = re.compile(r"\{([A-Z]+)\}")
GRADED_BY, STARTED_IN = "Graded by: ", "Started in: its own folder"


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One hostile submission: what it tries, what is expected to happen, and its code.

    `messages` are the words that the report must hold, `arguments` what the command line asks for.
    """

    name: str
    tries: str
    expected: str
    messages: tuple[str, ...]
    arguments: tuple[str, ...]
    starts_inside: bool
    source: str

    @property
    def exit_code(self) -> int:
        """The exit code that must come: right, wrong whatever it does, or not to be graded."""
        return OUTCOMES.index(self.expected.partition(":")[0])

    @property
    def passes(self) -> bool:
        """Whether the module is right, and must pass whatever else it does."""
        return self.exit_code == 0

    def write(self, folder: Path, constants: Mapping[str, object]) -> None:
        """Write the submission into a folder; its code finds the constants by their names."""
        assigned = "".join(f"{name} = {value!r}\n" for name, value in constants.items())
        head, *parts = PART.split(self.source)
        files = build_package(*[] if self.passes else [SPOILT])
        files[FILE] += f"\n{assigned}{head}"
        for title, text in zip(parts[::2], parts[1::2], strict=True):
            link = LINK.fullmatch(title)
            if link:
                files.pop(link[1], None)
                _link(folder / link[1], _insert(constants, link[2]))
            elif title.startswith("+ "):
                files[title[2:]] += text
            else:
                files[title] = _insert(constants, text)
        write(folder, files)


def _insert(constants: Mapping[str, object], text: str) -> str:
    """Replace names of constants in braces; other braces are the file's own."""
    return CONSTANT.sub(lambda found: str(constants.get(found[1], found[0])), text)


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def read_attacks() -> Iterator[Attack]:
    """Yield every hostile submission, by name."""
    for file in sorted(FOLDER.glob("*.py")):
        yield read_attack(file.stem, file.read_text(encoding="utf-8"))


def read_attack(name: str, source: str) -> Attack:
    """Read one; raises ValueError for a docstring of another form."""
    text = ast.get_docstring(ast.parse(PART.split(source)[0])) or ""
    tries, expected, *more = (" ".join(part.split()) for part in text.split("\n\n"))
    if expected.partition(":")[0] not in OUTCOMES:
        raise ValueError(f"{name}: what must happen is not said: {expected!r}")
    arguments, starts_inside = USUAL, False
    for paragraph in more:
        if paragraph.startswith(GRADED_BY):
            arguments = paragraph.removeprefix(GRADED_BY)
        elif paragraph.startswith(STARTED_IN):
            starts_inside = True
        else:
            raise ValueError(f"{name}: a paragraph of no known kind: {paragraph!r}")
    return Attack(
        name=name,
        tries=tries,
        expected=expected,
        messages=tuple(re.findall(r"`([^`]+)`", expected)),
        arguments=tuple(arguments.split()),
        starts_inside=starts_inside,
        source=source,
    )
