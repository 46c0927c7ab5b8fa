"""The report a person reads: a table, then the failures worth reading, root causes first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from gradgate.results import CheckResult, Isolation, ModuleResult, Report
from gradgate.text import visible

WIDTH = 100


def render(report: Report) -> str:
    """Return the whole report as text."""
    parts = [_render_table(report), *render_findings(report), conclude(report)]
    # As the very last: wrapped and indented, what a submission wrote may begin a line.
    return visible("\n\n".join(parts)) + "\n"


def render_findings(report: Report) -> Iterator[str]:
    """Yield a paragraph for each failure worth reading, then what was not checked, and notes."""
    yield from _render_failures(report)
    yield from _render_unchecked(report)
    yield from _render_notes(report)


def _render_table(report: Report) -> str:
    rows = [
        [
            module.title,
            module.status,
            count_passed(module),
            f"{module.points}/{module.possible}",
            _count_stretch(module),
            f"{module.seconds:.1f} s",
        ]
        for module in report.modules
    ]
    headers = ["module", "result", "checks", "points", "stretch", "time"]
    align = ("left", "left", "right", "right", "right", "right")
    return tabulate(rows, headers, tablefmt="simple", colalign=align, disable_numparse=True)


def count_passed(module: ModuleResult) -> str:
    """Return how many of the checks that decide passed, as in `36/37`."""
    return f"{len(module.gating) - len(module.failures)}/{len(module.gating)}"


def _count_stretch(module: ModuleResult) -> str:
    stretch = [check for check in module.checks if check.stretch]
    passed = sum(check.outcome == "passed" for check in stretch)
    return f"{passed}/{len(stretch)}" if stretch else ""


def _render_failures(report: Report) -> Iterator[str]:
    """Yield a paragraph for each failure with a cause of its own; the others in a line."""
    for module in report.modules:
        if module.not_started or module.passed:
            continue
        for group in group_failures(module):
            yield render_failure(module.title, group)
        consequences = [check for check in module.failures if check.because_of]
        if consequences:
            yield _render_consequences(module, consequences)


def group_failures(module: ModuleResult) -> list[list[CheckResult]]:
    """Return what failed for a cause of its own, together where it says the very same thing.

    Such as all checks of a module with a syntax error.
    """
    groups: dict[str, list[CheckResult]] = {}
    own = (c for c in module.failures if c.outcome == "failed" and not c.because_of)
    for check in own:
        cause = check.cause
        same = cause.sentence if cause and (cause.place or cause.kind == "stopped") else check.id
        groups.setdefault(same, []).append(check)
    return list(groups.values())


def render_failure(module: str, group: Sequence[CheckResult]) -> str:
    """Return the paragraph on checks of a module (its title) that failed for the same cause."""
    check = group[0]
    assert check.cause is not None
    title = check.title if len(group) == 1 else f"{check.title} — and {_count_more(len(group) - 1)}"
    lines = [f"✗ {module} · {title}", *_wrap(check.cause.sentence)]
    if check.inputs:
        lines += ["", "    smallest failing input:"]
        lines += [_indent(f"{name} = {value}", 6) for name, value in check.inputs.items()]
    if check.cause.difference:
        lines += ["", *_wrap(check.cause.difference)]
    if check.explanation:
        lines += ["", *_wrap(check.explanation)]
    lines += ["", *_wrap(f"Hint: {check.hint}")]
    if check.printed:
        lines += ["", "    printed by your code in this call:", _indent(check.printed, 6)]
    if check.snippet:
        lines += ["", "    see it with your own modules:", _indent(check.snippet, 6)]
    return "\n".join(lines)


def _render_consequences(module: ModuleResult, consequences: Sequence[CheckResult]) -> str:
    causes = ", ".join(sorted({check.because_of for check in consequences}))
    only = len(consequences) == len(module.failures)
    sentence = f"fails only because of {causes}" if only else f"also fails because of {causes}"
    return _list_lines(
        f"→ {module.title} {sentence}; fix that first:", [check.title for check in consequences]
    )


def _render_unchecked(report: Report) -> Iterator[str]:
    """Yield the checks that could not be made, by the reason, apart from all failures."""
    reasons: dict[str, list[str]] = {}
    for module in report.modules:
        for check in module.failures:
            if check.outcome == "could not check" and check.cause:
                titles = reasons.setdefault(check.cause.sentence, [])
                titles.append(f"{module.title} · {check.title}")
    for reason, titles in reasons.items():
        heading = f"Could not be checked: {reason}. This is the grader's fault, not yours."
        yield _list_lines("\n".join(textwrap.wrap(heading, WIDTH)), titles)


def _render_notes(report: Report) -> Iterator[str]:
    """Yield what was left out, what differs, and how the submission was confined."""
    if report.notes.excluded:
        yield _list_lines("Not graded:", report.notes.excluded)
    if report.notes.differs:
        heading = "This repository's own copies of the grader's files differ; they were not used:"
        yield _list_lines(heading, report.notes.differs)
    yield from describe_isolation(report.isolation)


def describe_isolation(isolation: Isolation) -> list[str]:
    """Say what a submission was proven unable to do, and what it was able to do."""
    parts = []
    if isolation.proven:
        parts.append(_join("Proven blocked for the submission:", isolation.proven))
    if isolation.open:
        parts.append(_join("NOT blocked on this machine:", isolation.open))
    return parts


def _join(start: str, acts: Sequence[str]) -> str:
    return textwrap.fill(f"{start} {'; '.join(acts)}.", WIDTH, subsequent_indent="    ")


def _list_lines(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"    - {line}" for line in lines)])


def conclude(report: Report) -> str:
    """Return the last lines: what passed, and what to do next."""
    points = sum(module.points for module in report.modules)
    possible = sum(module.possible for module in report.modules)
    passed = sum(module.passed for module in report.modules)
    total = f"{passed} of {len(report.modules)} modules passed, {points} of {possible} points."
    return "\n".join([total, *suggest_next(report)])


def suggest_next(report: Report) -> list[str]:
    """Name the one thing to do next: the first module that does not pass, and where."""
    for module in report.modules:
        if not module.passed and module.status != "could not check":
            return [f"Next: module {module.title}, {_where_to_start(module)}."]
    if report.could_not_check:
        return ["Next: tell the course staff that some checks could not be made."]
    return []


def _where_to_start(module: ModuleResult) -> str:
    own = [check.cause for check in module.failures if check.cause]
    here = next((cause for cause in own if cause.file == module.file and cause.function), None)
    if here is None:
        return module.file
    if not module.not_started:
        return f"{module.file} ({here.place}, {here.function})"
    return f"{module.file}: start with {here.function}"


def _count_more(count: int) -> str:
    return f"{count} more check{'s' * (count != 1)}"


def _wrap(text: str) -> list[str]:
    if len(text) > 4 * WIDTH:
        text = f"{text[: 4 * WIDTH]} […]"
    return textwrap.wrap(text, WIDTH - 4, initial_indent="    ", subsequent_indent="    ")


def _indent(text: str, indent: int) -> str:
    return textwrap.indent(text, " " * indent)
