"""Passes on record: they save grading the same files twice, and prove nothing.

A record belongs to the exact files of a submission and the exact files of the grader. It carries a
seal made with a key that lies outside the project, so that one which was edited, or copied from
elsewhere, counts as none; what has no record is graded.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

from platformdirs import user_state_path

from gradgate.submission import layout as submission
from gradgate.submission.layout import Submission

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / ".gradgate"
KEY_FILE = user_state_path("gradgate") / "key"


@dataclass(frozen=True)
class Pass:
    """A gate that was passed: when, from which seed, and what was reached by condition."""

    date: str
    seed: int
    recipe: str
    figures: dict[str, str]


@dataclass(frozen=True)
class Record:
    """What a submission, as it is now, has passed: modules by name, gates by id."""

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


def load(graded: Submission, *, fresh: bool) -> Record:
    """Return what is on record for a submission: nothing, if `fresh` or if it is not genuine."""
    empty = Record(submission.content_hash(graded), version())
    if fresh:
        return empty
    try:
        read = json.loads(_file(empty).read_text(encoding="utf-8"))
        gates = {name: Pass(**entry) for name, entry in read["gates"].items()}
        found = Record(read["content"], read["version"], tuple(read["modules"]), gates)
        genuine = hmac.compare_digest(_seal(found), read["seal"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return empty
    current = (found.content, found.version) == (empty.content, empty.version)
    return found if genuine and current else empty


def store(record: Record) -> None:
    """Keep a record; where that is impossible, the next run grades again."""
    try:
        file = _file(record)
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(f".{secrets.token_hex(4)}")
        entry = {**asdict(record), "seal": _seal(record)}
        try:
            unfinished.write_text(json.dumps(entry, indent=2) + "\n", encoding="utf-8")
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError:
        return


@cache
def version() -> str:
    """Return a digest of everything that decides a verdict: checks, milestones, the reference."""
    total = hashlib.sha256()
    for part in ("checks", "milestones", "reference"):
        for file in sorted((PROJECT / part).rglob("*.py")):
            total.update(f"{file.relative_to(PROJECT).as_posix()}\n".encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def _file(record: Record) -> Path:
    return FOLDER / f"{record.content[:32]}.json"


def _seal(record: Record) -> str:
    told = json.dumps(asdict(record), sort_keys=True).encode()
    return hmac.new(_key(), told, hashlib.sha256).hexdigest()


def _key() -> bytes:
    """Return this person's key, made when first needed; raises OSError if it cannot be kept."""
    if not KEY_FILE.exists():
        KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return KEY_FILE.read_bytes()
