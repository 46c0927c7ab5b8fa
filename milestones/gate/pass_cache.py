"""Passes on record: they save grading the same files twice, and prove nothing.

A record belongs to the exact files of a submission and the exact files of the grader and its
course. It carries a seal made with a key that lies beside it, in this person's own folder, so that
one which was edited, or copied from elsewhere, counts as none; what has no record is graded.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from platformdirs import user_state_path

from gradgate.examples.recording import find_recordings
from gradgate.files import write_atomically
from gradgate.submission.copying import hash_submission
from gradgate.submission.layout import Submission

FOLDER = user_state_path("gradgate") / "passes"
KEY_FILE = user_state_path("gradgate") / "key"
COURSE_PARTS = ("checks", "milestones", "reference")


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A gate that was passed: when, from which seed, and what was reached by condition."""

    date: str
    seed: int
    recipe: str
    figures: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a submission, as it is now, has passed: modules by name, gates by id.

    `content` is a digest of the submission, `version` one of what graded it.
    """

    content: str
    version: str
    modules: tuple[str, ...] = ()
    gates: dict[str, Pass] = field(default_factory=dict)

    def with_modules(self, names: set[str]) -> Record:
        """Return a record in which these modules have passed too."""
        return replace(self, modules=tuple(sorted({*self.modules, *names})))

    def with_gate(self, gate: str, passed: Pass) -> Record:
        """Return a record in which this gate has been passed too."""
        return replace(self, gates={**self.gates, gate: passed})


def load_record(submission: Submission, course: Path, *, fresh: bool) -> Record:
    """Return what is on record for a submission that is graded by the course in a folder.

    That is nothing if `fresh`, if there is no record, or if it is not genuine.
    """
    empty = Record(content=hash_submission(submission), version=compute_version(course))
    if fresh:
        return empty
    try:
        entry = json.loads(_locate(empty).read_text(encoding="utf-8"))
        record = Record(
            content=entry["content"],
            version=entry["version"],
            modules=tuple(entry["modules"]),
            gates={name: Pass(**passed) for name, passed in entry["gates"].items()},
        )
        genuine = hmac.compare_digest(_seal(record), entry["seal"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return empty
    current = (record.content, record.version) == (empty.content, empty.version)
    return record if genuine and current else empty


def store_record(record: Record) -> None:
    """Keep a record; where that is impossible, the next run grades again."""
    try:
        file = _locate(record)
        file.parent.mkdir(parents=True, exist_ok=True)
        entry = {**asdict(record), "seal": _seal(record)}
        write_atomically(file, json.dumps(entry, indent=2) + "\n")
    except OSError:
        return


@cache
def compute_version(course: Path) -> str:
    """Return a digest of what decides a verdict: the engine, the course's files and limits."""
    total = hashlib.sha256()
    for name, file in _list_deciding_files(course):
        total.update(f"{name}\n".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def _list_deciding_files(course: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file that decides, and its path in the engine or the course."""
    engine = Path(str(files("gradgate")))
    for file in sorted(engine.rglob("*.py")):
        yield f"gradgate/{file.relative_to(engine).as_posix()}", file
    settings = course / "pyproject.toml"
    if settings.is_file():
        yield settings.name, settings
    for file in sorted(find_recordings(course).glob("*")):
        yield file.relative_to(course).as_posix(), file
    for part in COURSE_PARTS:
        for file in sorted((course / part).rglob("*.py")):
            yield file.relative_to(course).as_posix(), file


def _locate(record: Record) -> Path:
    return FOLDER / f"{record.content[:32]}.json"


def _seal(record: Record) -> str:
    text = json.dumps(asdict(record), sort_keys=True).encode()
    return hmac.new(_load_key(), text, hashlib.sha256).hexdigest()


def _load_key() -> bytes:
    """Return this person's key, made when first needed; raises OSError if it cannot be kept."""
    if not KEY_FILE.exists():
        KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return KEY_FILE.read_bytes()
