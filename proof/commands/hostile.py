"""The command line: `python -m proof.hostile [NAME ...] [--write]`.

Grades the hostile submissions and says what came of each. Exit code 0: no attack got through.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from tabulate import tabulate

from proof.honeypot import Met, meet, surroundings
from proof.attack import Attack, attacks
from proof.mutant import PROJECT
from proof.harness import impatient_harness

FILE = PROJECT / "docs" / "security.md"
MARKS = ("<!-- hostile: begin -->", "<!-- hostile: end -->")
HEADERS = ("submission", "tries", "outcome")
PATIENCE = {"call_seconds": "1.0", "import_seconds": "2.0", "call_seconds_after_timeout": "0.5"}
WIDTH = 90


def main(arguments: Sequence[str]) -> int:
    """Grade hostile submissions and say what came of them; returns the exit code."""
    options = _parser().parse_args([word for word in arguments if word != "--"])
    chosen = [a for a in attacks() if not options.names or a.name in options.names]
    met = _met(chosen)
    for one in met:
        for trouble in one.troubles():
            print(f"{one.attack.name}: {trouble}")
    through = sum(any(one.troubles()) for one in met)
    print(f"{len(met)} hostile submissions graded, {through} got through")
    if options.write:
        begin, end = MARKS
        head, _, rest = FILE.read_text(encoding="utf-8").partition(begin)
        tail = rest.partition(end)[2]
        FILE.write_text(f"{head}{begin}\n{table(met)}\n{end}{tail}", encoding="utf-8")
    return 1 if through else 0


def _met(chosen: Sequence[Attack]) -> list[Met]:
    console = Console(stderr=True)
    with surroundings() as around, tempfile.TemporaryDirectory(prefix="harness-") as folder:
        Path(folder).chmod(0o755)
        harness = impatient_harness(Path(folder), **PATIENCE)
        return [meet(a, around, harness) for a in track(chosen, "grading", console=console)]


def table(met: Sequence[Met]) -> str:
    """Return what each submission tries and what came of it, as Markdown."""
    rows = [(f"`{one.attack.name}`", _cell(one.attack.tries), _outcome(one)) for one in met]
    return tabulate(rows, HEADERS, tablefmt="github")


def _outcome(met: Met) -> str:
    troubles = [*met.troubles()]
    if troubles:
        return _cell(f"GOT THROUGH: {'; '.join(troubles)}")
    told = {0: met.attack.must, 1: f"fails: {' '.join(met.sentences[:1])}", 2: met.run.err}
    return _cell(told[met.attack.code])


def _cell(text: str) -> str:
    short = text if len(text) <= WIDTH else f"{text[:WIDTH].rstrip()} …"
    short = short.replace("&", "&amp;").replace("<", "&lt;")
    return " ".join(re.sub(r"([|*\[\]`_~])", r"\\\1", short).split())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s hostile --", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="files of tests/hostile/")
    parser.add_argument("--write", action="store_true", help="write the table of docs/security.md")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
