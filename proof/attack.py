"""Hostile submissions: `tests/hostile/NAME.py`, each the code that makes the reference attack.

A file's docstring says in its first sentence what is tried and in the second what must happen:

    Fails: `words that the report must hold`, ...
    Passes: ...
    Refused: ... (it is not graded)

A third paragraph, `Graded by: 05 -k relu`, names other checks than the usual two. The code is
appended to `student/layers.py`, whose Dropout is spoilt, so that no pass can be earned. A line
`#### student/other.py` begins another file of the graded folder, `#### + student/other.py` what is
appended to one of the reference's, and `#### link NAME to TARGET` makes a link.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from proof.mutant import PROJECT, Bug, package
from proof.harness import write

FOLDER = PROJECT / "tests" / "hostile"
USUAL = "02-03 -k input_alone"
SPOILT = Bug("spoilt", "scales wrongly", "layers", "kept * scale)", "kept * scale * 1.5)")
FILE = "student/layers.py"
OUTCOMES = ("Passes", "Fails", "Refused")  # in the order of the exit codes
PART = re.compile(r"^#### (\S.*)\n", re.MULTILINE)
LINK = re.compile(r"link (\S+) to (\S+)")


@dataclass(frozen=True)
class Attack:
    """One hostile submission: what it tries, what must happen, and its code.

    `told` are the words that the report must hold, `selected` what the command line asks for.
    """

    name: str
    tries: str
    must: str
    told: tuple[str, ...]
    selected: tuple[str, ...]
    source: str

    @property
    def code(self) -> int:
        """The exit code that must come: right, wrong whatever it does, or not to be graded."""
        return OUTCOMES.index(self.must.partition(":")[0])

    @property
    def passes(self) -> bool:
        """Whether the module is right, and to be found so whatever else it does."""
        return self.code == 0

    def write(self, folder: Path, known: Mapping[str, object]) -> None:
        """Write the submission into a folder; its code finds `known` as constants."""
        constants = "".join(f"{name} = {value!r}\n" for name, value in known.items())
        head, *parts = PART.split(self.source)
        files = package(*[] if self.passes else [SPOILT])
        files[FILE] += f"\n{constants}{head}"
        for title, text in zip(parts[::2], parts[1::2], strict=True):
            link = LINK.fullmatch(title)
            if link:
                files.pop(link[1], None)
                _link(folder / link[1], link[2].format(**known))
            elif title.startswith("+ "):
                files[title[2:]] += text
            else:
                files[title] = text
        write(folder, files)


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def attacks() -> Iterator[Attack]:
    """Yield every hostile submission, by name."""
    for file in sorted(FOLDER.glob("*.py")):
        yield read(file.stem, file.read_text(encoding="utf-8"))


def read(name: str, source: str) -> Attack:
    """Read one; raises ValueError for a docstring of another form."""
    text = ast.get_docstring(ast.parse(PART.split(source)[0])) or ""
    tries, must, *more = (" ".join(part.split()) for part in text.split("\n\n"))
    if must.partition(":")[0] not in OUTCOMES:
        raise ValueError(f"{name}: must happen: {must!r}")
    asked = more[0].removeprefix("Graded by: ") if more else USUAL
    told = tuple(re.findall(r"`([^`]+)`", must))
    return Attack(name, tries, must, told, tuple(asked.split()), source)
