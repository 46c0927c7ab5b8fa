"""The report as JSON, for machines; the schema is docs/report.schema.json."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from gradgate.errors import UsageError
from gradgate.protocol.replies import visible
from gradgate.reporting.terminal import status
from gradgate.results import CheckResult, ModuleResult, Report

SCHEMA = "gradgate-report"
VERSION = 1


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as JSON values; all but `seconds` is the same for the same seed."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "submission": report.submission,
        "seed": report.seed,
        "oracle": report.oracle,
        "passed": report.passed,
        "points": sum(module.points for module in report.modules),
        "possible": sum(module.possible for module in report.modules),
        "isolation": {"proven": report.isolation.proven, "open": report.isolation.open},
        "refused": report.notes.refused,
        "differs": report.notes.differs,
        "modules": [_module(module) for module in report.modules],
    }


def _visible(data: Any) -> Any:
    """Return data whose every text may be shown."""
    if isinstance(data, dict):
        return {_visible(key): _visible(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_visible(item) for item in data]
    return visible(data) if isinstance(data, str) else data


def check_writable(file: Path) -> None:
    """Raise UsageError where the report cannot go: no such folder, or a file of another kind."""
    if not file.parent.is_dir():
        raise UsageError(f"--json {file}: the folder {file.parent} does not exist")
    if file.exists() and not _is_report(file):
        raise UsageError(f"--json {file}: exists and is not a report; choose another name")


def write(report: Report, file: Path) -> None:
    """Write the report, whole or not at all."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(_visible(as_data(report)), indent=2) + "\n", encoding="utf-8")
    unfinished.replace(file)


def _is_report(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text(encoding="utf-8")).get("schema") == SCHEMA)
    except (OSError, ValueError, AttributeError):
        return False


def _module(module: ModuleResult) -> dict[str, Any]:
    return {
        "number": module.number,
        "name": module.name,
        "file": module.file,
        "status": status(module),
        "passed": module.passed,
        "points": module.points,
        "possible": module.possible,
        "seconds": round(module.seconds, 3),
        "checks": [_check(check) for check in module.checks],
    }


def _check(check: CheckResult) -> dict[str, Any]:
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
