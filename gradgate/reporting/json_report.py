"""The report as JSON, for machines; the schema is docs/report.schema.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gradgate.errors import UsageError
from gradgate.files import write_atomically
from gradgate.results import CheckResult, ModuleResult, Report
from gradgate.text import visible

SCHEMA = "gradgate-report"
VERSION = 2


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as JSON values; all but `seconds` is the same for the same seed."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "submission": report.submission,
        "seed": report.seed,
        "oracle": report.oracle,
        "versions": vars(report.versions),
        "passed": report.passed,
        "points": sum(module.points for module in report.modules),
        "possible": sum(module.possible for module in report.modules),
        "isolation": {"proven": report.isolation.proven, "open": report.isolation.open},
        "excluded": report.notes.excluded,
        "differs": report.notes.differs,
        "modules": [_describe_module(module) for module in report.modules],
    }


def _make_visible(data: Any) -> Any:
    """Return data whose every text may be shown."""
    if isinstance(data, dict):
        return {_make_visible(key): _make_visible(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_make_visible(item) for item in data]
    return visible(data) if isinstance(data, str) else data


def make_room(file: Path) -> None:
    """Remove the report of an earlier run, so that a run that dies leaves none.

    Raises UsageError where the report cannot go: no such folder, or a file of another kind, which
    stays as it is.
    """
    if not file.parent.is_dir():
        raise UsageError(f"--json {file}: the folder {file.parent} does not exist")
    if not file.exists():
        return
    if not _is_report(file):
        raise UsageError(f"--json {file}: exists and is not a report; choose another name")
    try:
        file.unlink()
    except OSError as error:
        raise UsageError(f"--json {file}: cannot be replaced: {error.strerror}") from error


def write_report(report: Report, file: Path) -> None:
    """Write the report, whole or not at all."""
    write_atomically(file, json.dumps(_make_visible(as_data(report)), indent=2) + "\n")


def _is_report(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text(encoding="utf-8")).get("schema") == SCHEMA)
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def _describe_module(module: ModuleResult) -> dict[str, Any]:
    return {
        "number": module.number,
        "name": module.name,
        "file": module.file,
        "status": module.status,
        "passed": module.passed,
        "points": module.points,
        "possible": module.possible,
        "seconds": round(module.seconds, 3),
        "checks": [_describe_check(check) for check in module.checks],
    }


def _describe_check(check: CheckResult) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": check.id,
        "title": check.title,
        "outcome": check.outcome,
        "points": check.points,
        "stretch": check.stretch,
        "examples": check.examples,
        "seconds": round(check.seconds, 3),
    }
    if check.cause:
        cause = {key: value for key, value in vars(check.cause).items() if value}
        data.update(cause=cause, hint=check.hint, inputs=check.inputs)
        data.update(explanation=check.explanation, printed=check.printed)
        data.update(snippet=check.snippet, because_of=check.because_of)
    return data
