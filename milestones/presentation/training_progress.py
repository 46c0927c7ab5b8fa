"""Live progress of training: a bar on a terminal, a line per epoch elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ..training.train import ReportProgress, TrainingProgress


@contextmanager
def show_training_progress() -> Iterator[ReportProgress]:
    """Show progress on standard error while networks are trained; yields what to report to."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _show_bars(console) as report:
            yield report
    else:
        yield lambda progress: _print_line(progress, console)


@contextmanager
def _show_bars(console: Console) -> Iterator[ReportProgress]:
    columns = (
        TextColumn("{task.description:<16}"),
        TextColumn("{task.fields[state]:<46}"),
        BarColumn(bar_width=20),
        TimeRemainingColumn(),
    )
    rows: dict[str, TaskID] = {}
    with Progress(*columns, console=console) as bars:

        def report(progress: TrainingProgress) -> None:
            network = progress.network
            if network not in rows:
                rows[network] = bars.add_task(network, total=progress.phases, state="")
            bars.update(rows[network], completed=progress.phase, state=_describe(progress))

        yield report


def _print_line(progress: TrainingProgress, console: Console) -> None:
    ends_epoch = progress.phase * progress.epochs % progress.phases == 0
    if ends_epoch:
        console.print(f"{progress.network}: {_describe(progress)}", highlight=False)


def _describe(progress: TrainingProgress) -> str:
    last = progress.last
    accuracy = f", {100 * last.accuracy:.1f} % of validation" if last else ""
    return f"epoch {progress.epoch}/{progress.epochs}, loss {progress.loss:.3f}{accuracy}"
