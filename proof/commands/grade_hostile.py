"""`python -m proof hostile`: grades the hostile submissions."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from tabulate import tabulate

from gradgate.errors import UsageError
from gradgate.files import write_atomically
from proof.attack import Attack, read_attacks
from proof.harness import make_impatient_course
from proof.honeypot import AttackResult, grade_attack, lay_out_honeypot
from proof.project import PROJECT

FILE = PROJECT / "docs" / "security.md"
MARKS = ("<!-- hostile: begin -->", "<!-- hostile: end -->")
HEADERS = ("submission", "tries", "outcome")
LIMITS = {"call_seconds": 1.0, "import_seconds": 2.0, "call_seconds_after_timeout": 0.5}
WIDTH = 90


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--write", is_flag=True, help="Write the table of docs/security.md.")
def hostile(names: tuple[str, ...], write: bool) -> int:
    """Grade the hostile submissions, and say what came of each.

    A NAME is a file of proof/corpus/hostile/; all if none is named. Exit code 0: no attack got
    through; 1: some did.
    """
    known = {attack.name: attack for attack in read_attacks()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"there is no hostile submission {unknown[0]!r}")
    results = _grade([known[name] for name in names or known])
    problems = {result.attack.name: result.list_problems() for result in results}
    for name, listed in problems.items():
        for problem in listed:
            click.echo(f"{name}: {problem}")
    through = sum(1 for listed in problems.values() if listed)
    click.echo(f"{len(results)} hostile submissions graded, {through} got through")
    if write:
        begin, end = MARKS
        head, _, rest = FILE.read_text(encoding="utf-8").partition(begin)
        tail = rest.partition(end)[2]
        write_atomically(FILE, f"{head}{begin}\n{write_table(results)}\n{end}{tail}")
    return 1 if through else 0


def _grade(attacks: Sequence[Attack]) -> list[AttackResult]:
    console = Console(stderr=True)
    with lay_out_honeypot() as environment, tempfile.TemporaryDirectory(prefix="course-") as folder:
        Path(folder).chmod(0o755)  # workers may be another user's
        course = make_impatient_course(Path(folder).resolve(), **LIMITS)
        tracked = track(attacks, "grading", console=console)
        return [grade_attack(attack, environment, course) for attack in tracked]


def write_table(results: Sequence[AttackResult]) -> str:
    """Return what each submission tries and what came of it, as Markdown."""
    rows = [(f"`{r.attack.name}`", _write_cell(r.attack.tries), _describe(r)) for r in results]
    return tabulate(rows, HEADERS, tablefmt="github")


def _describe(result: AttackResult) -> str:
    problems = result.list_problems()
    if problems:
        return _write_cell(f"GOT THROUGH: {'; '.join(problems)}")
    if result.attack.passes:
        return _write_cell(result.attack.expected)
    failure = f"fails: {' '.join(result.sentences[:1])}"
    return _write_cell(failure if result.attack.exit_code == 1 else result.run.err)


def _write_cell(text: str) -> str:
    short = text if len(text) <= WIDTH else f"{text[:WIDTH].rstrip()} …"
    short = short.replace("&", "&amp;").replace("<", "&lt;")
    return " ".join(re.sub(r"([|*\[\]`_~])", r"\\\1", short).split())
