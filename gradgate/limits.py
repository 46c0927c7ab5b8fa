"""What a submission may use: the table `[tool.gradgate.limits]` of the harness's pyproject.toml.

The numbers and their reasons are there. A graded repository's own table is never read.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FILE = Path(__file__).resolve().parents[2] / "pyproject.toml"
_TABLE: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["tool"]["gradgate"][
    "limits"
]

CALL_SECONDS = float(_TABLE["call_seconds"])
CALL_SECONDS_AFTER_TIMEOUT = float(_TABLE["call_seconds_after_timeout"])
IMPORT_SECONDS = float(_TABLE["import_seconds"])
CHECK_SECONDS = float(_TABLE["check_seconds"])
MODULE_SECONDS = float(_TABLE["module_seconds"])
SUBMISSION_SECONDS = float(_TABLE["submission_seconds"])
CPU_SECONDS = int(_TABLE["cpu_seconds"])
MEMORY_BYTES = int(_TABLE["memory_mib"]) << 20
TRAINING_MEMORY_BYTES = int(_TABLE["training_memory_mib"]) << 20
OUTPUT_BYTES = int(_TABLE["output_mib"]) << 20
OUTPUT_SHOWN = int(_TABLE["output_shown"])
SUBMISSION_BYTES = int(_TABLE["submission_mib"]) << 20
FILE_BYTES = int(_TABLE["file_mib"]) << 20
SCRATCH_BYTES = int(_TABLE["scratch_mib"]) << 20
SCRATCH_FILES = int(_TABLE["scratch_files"])
THREADS = int(_TABLE["threads"])
DEATHS_PER_CHECK = int(_TABLE["deaths_per_check"])
SHRINK_CALLS = int(_TABLE["shrink_calls"])
