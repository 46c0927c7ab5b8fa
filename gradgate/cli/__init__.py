"""The command `gradgate`: a file for each verb; exit code 0, 1 or 2.

0: all that was asked for passes; 1: some of it does not; 2: the question or the grader itself was
at fault, and one line on standard error says what to do.
"""

from __future__ import annotations

import _thread
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence

import click

from gradgate import __version__
from gradgate.cli.check_command import check
from gradgate.cli.data_command import data
from gradgate.cli.export_command import export
from gradgate.cli.handout_command import handout
from gradgate.cli.milestone_command import milestone
from gradgate.cli.record_command import record
from gradgate.errors import GradgateError
from gradgate.text import visible

ERROR = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def gradgate() -> None:
    """Grade the modules that students write, and open milestones."""


for verb in (check, export, milestone, data, record, handout):
    gradgate.add_command(verb)


def run() -> None:
    """Run the command with the arguments of this process, and end it."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; returns the exit code."""
    _open_standard_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console may know no ✗; logs keep the order
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as after Ctrl-C
    sys.unraisablehook = _repeat_interrupt
    try:
        code = gradgate.main(
            [word for word in arguments if word != "--"],
            prog_name="gradgate",
            standalone_mode=False,
        )
    except click.ClickException as error:
        error.show()
        return ERROR
    except GradgateError as error:
        click.echo(visible(f"gradgate: {error}"), err=True)
        return ERROR
    except (click.Abort, KeyboardInterrupt):
        click.echo("gradgate: interrupted; run the command again", err=True)
        return ERROR
    except Exception as error:
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"
        click.echo(visible(f"gradgate: an error of the grader, {reason}; tell the staff"), err=True)
        return ERROR
    return int(code or 0)


def _repeat_interrupt(ignored: sys.UnraisableHookArgs) -> None:
    """Interrupt once more where Ctrl-C was lost in a callback that nobody can raise from.

    Hypothesis has one in the garbage collector. A little later, as this too is such a callback.
    """
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        threading.Timer(0.1, _interrupt_main_thread).start()
    else:
        sys.__unraisablehook__(ignored)


def _interrupt_main_thread() -> None:
    """Do as Ctrl-C does, also where the main thread waits; from another thread."""
    main_thread = threading.main_thread().ident
    if sys.platform == "win32" or main_thread is None:
        _thread.interrupt_main()
    else:
        signal.pthread_kill(main_thread, signal.SIGINT)


def _open_standard_streams() -> None:
    """Open what of standard input, output and error is closed, on nothing.

    A file opened later would take its number, and workers are not confined where numbers mix.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
