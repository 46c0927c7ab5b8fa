"""Live progress: bars on a terminal, a plain line per module elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gradgate.course import Module
from gradgate.results import CheckResult
from gradgate.results import Progress as Tell


@contextmanager
def show_progress(wanted: Sequence[Module]) -> Iterator[Tell]:
    """Show progress on standard error while modules are graded; yields what to tell."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _show_bars(wanted, console) as tell:
            yield tell
    else:
        yield _print_lines(wanted, console)


@contextmanager
def _show_bars(wanted: Sequence[Module], console: Console) -> Iterator[Tell]:
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    failed: Counter[str] = Counter()
    with Progress(*columns, console=console, transient=True) as bars:
        rows = {m.name: bars.add_task(m.title, total=len(m.checks), failed="") for m in wanted}

        def tell(module: str, check: CheckResult) -> None:
            failed[module] += check.outcome != "passed" and not check.stretch
            count = f"[red]{failed[module]} failed" if failed[module] else ""
            bars.update(rows[module], advance=1, failed=count)

        yield tell


def _print_lines(wanted: Sequence[Module], console: Console) -> Tell:
    left = {module.name: len(module.checks) for module in wanted}
    titles = {module.name: module.title for module in wanted}

    def tell(module: str, check: CheckResult) -> None:
        left[module] -= 1
        if not left[module]:
            console.print(f"graded {titles[module]}", highlight=False)

    return tell
