"""`gradgate data`: fetch a data set."""

from __future__ import annotations

from pathlib import Path

import click

from gradgate.cli.milestone_command import KIT
from gradgate.cli.options import choose_course, course_option


@click.command()
@click.argument("dataset")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to. Default: the environment variable GRADGATE_DATA_DIR, else data/DATASET here.",
)
@course_option
def data(dataset: str, data_dir: Path | None, course: Path | None) -> int:
    """Fetch a DATASET, such as cifar10 (163 MiB), and verify its checksum."""
    chosen = choose_course(course, Path.cwd())  # one that is only found may be anybody's
    return int(chosen.load(KIT).fetch_data(chosen, dataset, data_dir))
