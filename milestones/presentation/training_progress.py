"""Live progress of training: a bar on a terminal, a line per epoch elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress
from rich.console import Console

from milestones.training import Progress, Tell


@contextmanager
def shown() -> Iterator[Tell]:
    """Show progress on standard error while networks are trained; yields what to tell."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _bars(console) as tell:
            yield tell
    else:
        yield lambda told: _line(told, console)


@contextmanager
def _bars(console: Console) -> Iterator[Tell]:
    columns = (
        progress.TextColumn("{task.description:<16}"),
        progress.TextColumn("{task.fields[told]:<46}"),
        progress.BarColumn(bar_width=20),
        progress.TimeRemainingColumn(),
    )
    rows: dict[str, progress.TaskID] = {}
    with progress.Progress(*columns, console=console) as bars:

        def tell(told: Progress) -> None:
            if told.network not in rows:
                rows[told.network] = bars.add_task(told.network, total=told.phases, told="")
            bars.update(rows[told.network], completed=told.phase, told=_said(told))

        yield tell


def _line(told: Progress, console: Console) -> None:
    if told.phase * told.epochs % told.phases == 0:
        console.print(f"{told.network}: {_said(told)}", highlight=False)


def _said(told: Progress) -> str:
    accuracy = f", {100 * told.last.accuracy:.1f} % of validation" if told.last else ""
    return f"epoch {told.epoch}/{told.epochs}, loss {told.loss:.3f}{accuracy}"
