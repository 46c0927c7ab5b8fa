"""The command line: `python -m proof VERB ...`; `--help` lists the verbs.

Exit code 0: proven; 1: not so; 2: the question was wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from gradgate.errors import GradgateError
from proof.commands.fuzz_frames import fuzz
from proof.commands.grade_hostile import hostile
from proof.commands.grade_mutants import mutants
from proof.commands.inject_faults import faults
from proof.commands.rate_diagnosis import diagnosis


@click.group()
def group() -> None:
    """Prove that the grader works."""


for verb in (mutants, hostile, diagnosis, fuzz, faults):
    group.add_command(verb)


def main(arguments: Sequence[str]) -> int:
    """Run a verb; returns the exit code."""
    words = [word for word in arguments if word != "--"]
    try:
        return int(group.main(words, prog_name="python -m proof", standalone_mode=False) or 0)
    except GradgateError as error:
        click.echo(f"proof: {error}", err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code


if __name__ == "__main__":  # processes that grade cases import this file
    sys.exit(main(sys.argv[1:]))
