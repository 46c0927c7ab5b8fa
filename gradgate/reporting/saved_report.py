"""Reading a report that `gradgate check --json` wrote; the schema is docs/report.schema.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from gradgate.errors import UsageError
from gradgate.reporting.json_report import SCHEMA, VERSION
from gradgate.results import Report

MOST_BYTES = 16 << 20  # a report of nine wrong modules takes less than one MiB


def read_report(file: Path) -> Report:
    """Return a report as it was before it was written, apart from what is not in the file.

    Raises UsageError where the file is missing, too large, damaged, or no report of this version.
    """
    data = _decode(file)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UsageError(f"{file} is not a report; make one: gradgate check --json FILE")
    if data.get("version") != VERSION:
        raise UsageError(
            f"{file} is a report of version {data.get('version')!r}, and {VERSION} is what can be "
            "read; grade again"
        )
    try:
        return _parse(data)
    except (KeyError, TypeError, ValueError) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else error
        raise UsageError(f"{file} is damaged: {reason}; grade again") from error


def _decode(file: Path) -> Any:
    """Return the JSON value in a file."""
    if not file.is_file():
        raise UsageError(f"there is no file {file}; make one: gradgate check --json FILE")
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise UsageError(f"{file} is larger than {MOST_BYTES >> 20} MiB and no report")
        return msgspec.json.decode(text)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} is damaged or no report: {error}; grade again") from error


def _parse(data: dict[str, Any]) -> Report:
    """Raise KeyError, TypeError or ValueError where the data is not what the schema describes."""
    not_saved = {"names": (), "isolation": data["isolation"]}
    modules = [
        {**module, **not_saved, "checks": [{"hint": "", **check} for check in module["checks"]]}
        for module in data["modules"]
    ]
    notes = {"excluded": data["excluded"], "differs": data["differs"]}
    report = msgspec.convert({**data, "modules": modules, "notes": notes}, Report)
    for module in report.modules:
        for check in module.checks:
            if check.outcome != "passed" and check.cause is None:
                raise ValueError(f"{check.id} has no cause")
    return report
