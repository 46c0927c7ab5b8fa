"""What of the solutions has got into a handout: function bodies, and single lines.

A body is found though its variables have other names; a line wherever it stands in a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gradgate.handout.contents import Content, list_texts, read_contents
from gradgate.handout.function_bodies import list_bodies
from gradgate.handout.solutions import MIN_LINE, Solutions, read_solutions
from gradgate.text import in_line


def find_leaks(handout: Path, solutions: Sequence[Path], stubs: Path) -> list[str]:
    """Return a sentence for each place in a handout that holds something of a solution.

    Each names the file, the member of an archive or the git object, and what of the solution it
    holds. What cannot be searched is named too. `solutions` are folders of Python files; what the
    folder `stubs` holds may be handed out. Raises ValueError where a solution holds no Python.
    """
    known = read_solutions(solutions, stubs)
    beginnings: dict[str, list[str]] = {}
    for line in known.lines:
        beginnings.setdefault(line[:MIN_LINE], []).append(line)
    found = (
        f"{in_line(content.place)}: {problem}"
        for content in read_contents(handout)
        for problem in _list_problems(content, known, beginnings)
    )
    return list(dict.fromkeys(found))


def _list_problems(
    content: Content, known: Solutions, beginnings: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield what is wrong with one file."""
    if content.problem:
        yield f"{content.problem}, so it was not searched."
    elif _is_compiled(content.data):
        yield "is compiled Python, which is not searched; remove it."
    else:
        for text in list_texts(content.data):
            for name, origin in _find_bodies(text, known.bodies):
                yield f"the function {in_line(name)} has the body of {origin}."
            yield from _describe_lines(_find_lines(text, beginnings), known.lines)


def _is_compiled(data: bytes) -> bool:
    """Tell whether bytes are what Python keeps in `__pycache__`: they begin with a magic number."""
    # Two bytes, then CR and LF; the bytes are 3439 for Python 3.10 and 3627 for 3.14.
    return data[2:4] == b"\r\n" and 3000 < int.from_bytes(data[:2], "little") < 4000


def _find_bodies(text: str, bodies: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the functions in a text whose body is a solution's, and which one's."""
    if "def " in text:  # parsing takes long
        for body in list_bodies(text):
            if body.form in bodies:
                yield body.name, bodies[body.form]


def _find_lines(text: str, beginnings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the telling lines that a text holds; `beginnings` has them by their first characters.

    Looking a beginning up at each place takes a thousandth of looking for each line.
    """
    for start in range(len(text) - MIN_LINE + 1):
        for line in beginnings.get(text[start : start + MIN_LINE], ()):
            if text.startswith(line, start):
                yield line


def _describe_lines(found: Iterator[str], places: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each file of a solution that some lines are from."""
    by_file: dict[str, list[str]] = {}
    for line in dict.fromkeys(found):
        by_file.setdefault(places[line].rpartition(":")[0], []).append(line)
    for file, lines in by_file.items():
        number = places[lines[0]].rpartition(":")[2]
        count = "a line" if len(lines) == 1 else f"{len(lines)} lines"
        which = "" if len(lines) == 1 else "the first is "
        yield f"holds {count} of {file}; {which}line {number}: {lines[0]}"
