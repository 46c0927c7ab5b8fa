"""`gradgate export`: show a report in another place."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click

from gradgate import reporting
from gradgate.cli.options import PASSED
from gradgate.errors import UsageError
from gradgate.results import Report


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="REPORT")
@click.option(
    "--to",
    "name",
    required=True,
    metavar="NAME",
    help="Where to: github, for the summary and the annotations of a job of GitHub Actions.",
)
def export(file: Path, name: str) -> int:
    """Show a REPORT that `gradgate check --json REPORT` wrote in another place.

    The exit code says whether it is shown, not whether the submission passed.
    """
    from gradgate.reporting.saved_report import read_report  # not before it is needed

    find_outlet(name)(read_report(file))
    return PASSED


def find_outlet(name: str) -> Callable[[Report], None]:
    """Return the function `export` of a file of gradgate/reporting/; raises UsageError for none."""
    modules = {
        file.name: import_module(f"{reporting.__name__}.{file.name}")
        for file in iter_modules(reporting.__path__)
    }
    outlets = {
        known: module.export for known, module in modules.items() if hasattr(module, "export")
    }
    if name not in outlets:
        raise UsageError(f"--to {name}: there is no such outlet; there is {', '.join(outlets)}")
    outlet: Callable[[Report], None] = outlets[name]
    return outlet
