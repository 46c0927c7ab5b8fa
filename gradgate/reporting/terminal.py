"""The report a person reads: a table, then the failures worth reading, root causes first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from gradgate.protocol.replies import visible
from gradgate.results import CheckResult, Isolation, ModuleResult, Report

WIDTH = 100


def render(report: Report) -> str:
    """Return the whole report as text."""
    parts = [_table(report), *_failures(report), *_notes(report), _conclusion(report)]
    # As the very last: wrapped and indented, what a submission wrote may begin a line.
    return visible("\n\n".join(part for part in parts if part)) + "\n"


def status(module: ModuleResult) -> str:
    """Say in a word or two how a module stands."""
    if module.passed:
        return "passed"
    if module.not_started:
        return "not started"
    blamed = {check.because_of for check in module.failures}
    if "" not in blamed:
        return f"fails because of {', '.join(sorted(blamed))}"
    return "failed"


def _table(report: Report) -> str:
    rows = [
        [
            module.title,
            status(module),
            f"{sum(c.outcome == 'passed' for c in module.gating)}/{len(module.gating)}",
            f"{module.points}/{module.possible}",
            _stretch(module),
            f"{module.seconds:.1f} s",
        ]
        for module in report.modules
    ]
    headers = ["module", "result", "checks", "points", "stretch", "time"]
    align = ("left", "left", "right", "right", "right", "right")
    return tabulate(rows, headers, tablefmt="simple", colalign=align, disable_numparse=True)


def _stretch(module: ModuleResult) -> str:
    stretch = [check for check in module.checks if check.stretch]
    passed = sum(check.outcome == "passed" for check in stretch)
    return f"{passed}/{len(stretch)}" if stretch else ""


def _failures(report: Report) -> Iterator[str]:
    """Yield a paragraph for each failure with a cause of its own; the others in a line."""
    for module in report.modules:
        if module.not_started or module.passed:
            continue
        for group in _by_cause([check for check in module.failures if not check.because_of]):
            yield failure(module.title, group)
        yield _consequences(module)


def _by_cause(failures: Sequence[CheckResult]) -> list[list[CheckResult]]:
    """Put together the failures that say the very same thing, such as a module's syntax error."""
    groups: dict[str, list[CheckResult]] = {}
    for check in failures:
        cause = check.cause
        same = cause.sentence if cause and (cause.place or cause.kind == "stopped") else check.id
        groups.setdefault(same, []).append(check)
    return list(groups.values())


def failure(module: str, group: Sequence[CheckResult]) -> str:
    """Return the paragraph on checks of a module (its title) that failed for the same cause."""
    check = group[0]
    assert check.cause is not None
    title = check.title if len(group) == 1 else f"{check.title} — and {len(group) - 1} more checks"
    lines = [f"✗ {module} · {title}", *_wrapped(check.cause.sentence)]
    if check.inputs:
        lines += ["", "    smallest failing input:"]
        lines += [_block(f"{name} = {value}", 6) for name, value in check.inputs.items()]
    if check.cause.difference:
        lines += ["", *_wrapped(check.cause.difference)]
    if check.explanation:
        lines += ["", *_wrapped(check.explanation)]
    lines += ["", *_wrapped(f"Hint: {check.hint}")]
    if check.printed:
        lines += ["", "    printed by your code in this call:", _block(check.printed, 6)]
    if check.snippet:
        lines += ["", "    see it with your own modules:", _block(check.snippet, 6)]
    return "\n".join(lines)


def _consequences(module: ModuleResult) -> str:
    blamed = [check for check in module.failures if check.because_of]
    if not blamed:
        return ""
    causes = ", ".join(sorted({check.because_of for check in blamed}))
    only = len(blamed) == len(module.failures)
    told = f"fails only because of {causes}" if only else f"also fails because of {causes}"
    return _listed(f"→ {module.title} {told}; mend that first:", [check.title for check in blamed])


def _notes(report: Report) -> Iterator[str]:
    """Yield what was left out, what differs, and how the submission was confined."""
    if report.notes.refused:
        yield _listed("Not graded:", report.notes.refused)
    if report.notes.differs:
        told = "This repository's own copies of the grader's files differ; they were not used:"
        yield _listed(told, report.notes.differs)
    yield from confinement(report.isolation)


def confinement(isolation: Isolation) -> list[str]:
    """Say what a submission was proven unable to do, and what it was able to do."""
    parts = []
    if isolation.proven:
        parts.append(_sentence("Proven blocked for the submission:", isolation.proven))
    if isolation.open:
        parts.append(_sentence("NOT blocked on this machine:", isolation.open))
    return parts


def _sentence(start: str, acts: Sequence[str]) -> str:
    return textwrap.fill(f"{start} {'; '.join(acts)}.", WIDTH, subsequent_indent="    ")


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"    - {line}" for line in lines)])


def _conclusion(report: Report) -> str:
    points = sum(module.points for module in report.modules)
    possible = sum(module.possible for module in report.modules)
    passed = sum(module.passed for module in report.modules)
    total = f"{passed} of {len(report.modules)} modules passed, {points} of {possible} points."
    return "\n".join([total, *next_step(report)])


def next_step(report: Report) -> list[str]:
    """Name the one thing to do next: the first module that does not pass, and where."""
    for module in report.modules:
        if not module.passed:
            return [f"Next: module {module.title}, {_where_to_start(module)}."]
    return []


def _where_to_start(module: ModuleResult) -> str:
    own = [check.cause for check in module.failures if check.cause]
    here = next((cause for cause in own if cause.file == module.file and cause.function), None)
    if here is None:
        return module.file
    if not module.not_started:
        return f"{module.file} ({here.place}, {here.function})"
    return f"{module.file}: start with {here.function}"


def _wrapped(text: str) -> list[str]:
    if len(text) > 4 * WIDTH:
        text = f"{text[: 4 * WIDTH]} […]"
    return textwrap.wrap(text, WIDTH - 4, initial_indent="    ", subsequent_indent="    ")


def _block(text: str, indent: int) -> str:
    return textwrap.indent(text, " " * indent)
