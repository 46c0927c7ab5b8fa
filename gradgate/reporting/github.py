"""The report on GitHub: a summary of the job, and annotations of the lines that fail.

All that a report says may come from a submission. In the summary it stands in code, where Markdown,
HTML, links and @mentions do nothing; in an annotation no character ends the command.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from textwrap import shorten

import click

from gradgate.errors import UsageError
from gradgate.reporting.terminal import conclude, count_passed, group_failures, render_findings
from gradgate.results import Cause, CheckResult, ModuleResult, Report
from gradgate.text import in_line, visible

SUMMARY = "GITHUB_STEP_SUMMARY"  # names the file that the runner shows
MOST_BYTES = 1 << 20  # of a step; the runner drops a summary that is larger
LEFT_OUT = "The rest is too long to be shown here. It is in the report.\n"
MOST_LETTERS = 400  # of a cause in an annotation; the summary has the rest
MOST_ANNOTATIONS = 9  # it shows ten of a step; the tenth counts the rest
IN_THE_REPOSITORY = re.compile(r"(?:\w[\w.-]*/)*\w[\w.-]*\.py")


def export(report: Report) -> None:
    """Append the summary to the file that GITHUB_STEP_SUMMARY names; print the annotations.

    Without such a file the summary is printed, too.
    """
    file = os.environ.get(SUMMARY)
    if file:
        _append(Path(file), report)
    else:
        click.echo(render_summary(report), nl=False)
    for annotation in render_annotations(report):
        click.echo(annotation)


def render_summary(report: Report, room: int = MOST_BYTES) -> str:
    """Return the summary as Markdown of at most `room` bytes; it says if something is left out."""
    parts = [
        f"## gradgate: {'passed' if report.passed else 'not passed'}",
        _render_table(report),
        _fence(conclude(report)),
        *map(_fence, render_findings(report)),
    ]
    room -= len(LEFT_OUT.encode())
    text = ""
    for part in parts:
        room -= len(f"{part}\n\n".encode())
        if room < 0:
            return text + LEFT_OUT
        text += f"{part}\n\n"
    return text


def render_annotations(report: Report) -> list[str]:
    """Return a workflow command for each cause, root causes first; the last may count the rest."""
    annotations = [
        _annotate(module, group, PurePath(report.submission).name)
        for module in report.modules
        if not module.not_started
        for group in group_failures(module)
    ]
    more = len(annotations) - MOST_ANNOTATIONS
    if more <= 0:
        return annotations
    counted = "1 more failure is" if more == 1 else f"{more} more failures are"
    return [*annotations[:MOST_ANNOTATIONS], f"::error title=gradgate::{counted} in the summary"]


def _append(file: Path, report: Report) -> None:
    try:
        with file.open("ab") as opened:
            summary = render_summary(report, MOST_BYTES - opened.tell())
            opened.write(summary.encode())
    except OSError as error:
        raise UsageError(f"{SUMMARY}: {file} cannot be written: {error.strerror}") from error


def _render_table(report: Report) -> str:
    rows = [
        f"| {_code(module.title)} | {_code(module.status)} | {count_passed(module)} "
        f"| {module.points}/{module.possible} |"
        for module in report.modules
    ]
    return "\n".join(["| module | result | checks | points |", "|---|---|---:|---:|", *rows])


def _fence(text: str) -> str:
    """Return a text as a block of code that it cannot end."""
    fence = "`" * max(3, _measure_ticks(text) + 1)
    return f"{fence}text\n{visible(text)}\n{fence}"


def _code(text: str) -> str:
    """Return a text as code in a cell of a table; it can end neither."""
    ticks = "`" * (_measure_ticks(text) + 1)
    return f"{ticks} {in_line(text).replace('|', '¦')} {ticks}"


def _measure_ticks(text: str) -> int:
    """Return the length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def _annotate(module: ModuleResult, group: list[CheckResult], graded: str) -> str:
    """Return the annotation on checks that failed for the same cause; `graded` is the folder."""
    check = group[0]
    assert check.cause is not None
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    sentence = shorten(check.cause.sentence, MOST_LETTERS, placeholder=" […]")
    properties = {
        **_locate(check.cause, module, graded),
        "title": f"{module.title}: {check.title}{more}",
    }
    listed = ",".join(f"{name}={_escape_property(text)}" for name, text in properties.items())
    message = _escape(f"{sentence}\nHint: {check.hint}")
    return f"::error {listed}::{message}"


def _locate(cause: Cause, module: ModuleResult, graded: str) -> dict[str, str]:
    """Return file and line of a cause, or the module's file, if it stands so in the repository.

    Where the graded folder is itself the package, its name begins the path, and no path in it.
    """
    file, _, line = (cause.place or f"{module.file}:1").rpartition(":")
    if not IN_THE_REPOSITORY.fullmatch(file) or file.startswith(f"{graded}/"):
        return {}
    return {"file": file, "line": line} if re.fullmatch("[0-9]{1,9}", line) else {}


def _escape(text: str) -> str:
    """Return a text as the message of a workflow command, which it cannot end."""
    shown = visible(text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """Return a text as a property of a workflow command."""
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
