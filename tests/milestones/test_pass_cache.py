"""A pass on record counts for the files and the grader that earned it, and only as it was kept."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gradgate.submission import layout as submission
from gradgate.submission.layout import Submission
from milestones import records
from milestones.records import Pass, Record
from proof.harness import MODULES, write

FIGURES = {"test images recognised": "97.1 %"}
PASSED = Pass("2026-01-31", 7, "80", FIGURES)
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records and the key belong to the test."""
    monkeypatch.setattr(records, "FOLDER", tmp_path / "project" / ".gradgate")
    monkeypatch.setattr(records, "KEY_FILE", tmp_path / "state" / "gradgate" / "key")
    (tmp_path / "project").mkdir()


@pytest.fixture
def mine(tmp_path: Path) -> Submission:
    return found(tmp_path / "mine", "one = 1\n")


def found(folder: Path, tensor: str) -> Submission:
    """A submission whose first module says this."""
    return submission.find(write(folder, {"student/tensor.py": tensor}), MODULES)


def kept(graded: Submission) -> tuple[Record, Path]:
    """Keep a record of some passes; returns it and its file."""
    record = records.load(graded, fresh=True).with_modules({"tensor", "layers"})
    record = record.with_gate("03/01", PASSED)
    records.store(record)
    return record, records.FOLDER / f"{record.content[:32]}.json"


def files() -> list[str]:
    """What is in the folder of records."""
    return [path.name for path in records.FOLDER.iterdir()]


def test_a_record_that_was_kept_is_found(mine: Submission) -> None:
    record, _ = kept(mine)
    assert records.load(mine, fresh=False) == record
    assert record.modules == ("layers", "tensor")
    assert record.gates == {"03/01": PASSED}


def test_what_is_kept_says_what_was_passed_by_which_files_and_which_checks(
    mine: Submission,
) -> None:
    _, file = kept(mine)
    entry = json.loads(file.read_text())
    assert entry.pop("seal")
    assert entry == {
        "content": submission.content_hash(mine),
        "version": records.version(),
        "modules": ["layers", "tensor"],
        "gates": {"03/01": {"date": "2026-01-31", "seed": 7, "recipe": "80", "figures": FIGURES}},
    }


def test_a_record_is_replaced_by_the_next(mine: Submission) -> None:
    record, file = kept(mine)
    records.store(more := record.with_modules({"spatial"}))
    assert records.load(mine, fresh=False) == more
    assert files() == [file.name]


def test_a_record_grows_without_changing_the_one_before() -> None:
    empty = Record("content", "version")
    more = empty.with_modules({"b", "a"}).with_modules({"a"}).with_gate("03/01", PASSED)
    assert (more.modules, more.gates) == (("a", "b"), {"03/01": PASSED})
    assert (empty.modules, empty.gates) == ((), {})


def test_whoever_asks_for_a_fresh_start_finds_nothing(mine: Submission) -> None:
    record, _ = kept(mine)
    assert records.load(mine, fresh=True) == Record(record.content, record.version)


def test_where_nothing_was_kept_nothing_is_found_or_written(mine: Submission) -> None:
    assert records.load(mine, fresh=False).modules == ()
    assert not records.FOLDER.exists()


EDITS: dict[str, Edit] = {
    "another content hash": lambda entry: entry.update(content="0" * 64),
    "another version": lambda entry: entry.update(version="0" * 64),
    "no content hash": lambda entry: entry.pop("content"),
    "no version": lambda entry: entry.pop("version"),
    "one module more": lambda entry: entry["modules"].append("spatial"),
    "one module less": lambda entry: entry["modules"].pop(),
    "modules in another order": lambda entry: entry["modules"].reverse(),
    "no modules": lambda entry: entry.pop("modules"),
    "modules of the wrong kind": lambda entry: entry.update(modules=7),
    "modules that are no names": lambda entry: entry.update(modules=[{"tensor": 1}]),
    "one gate more": lambda entry: entry["gates"].update({"04/01": entry["gates"]["03/01"]}),
    "one gate less": lambda entry: entry["gates"].clear(),
    "gates of the wrong kind": lambda entry: entry.update(gates=["03/01"]),
    "no gates": lambda entry: entry.pop("gates"),
    "a gate of the wrong kind": lambda entry: entry["gates"].update({"03/01": None}),
    "another day": lambda entry: entry["gates"]["03/01"].update(date="2027-01-01"),
    "another seed": lambda entry: entry["gates"]["03/01"].update(seed=8),
    "another recipe": lambda entry: entry["gates"]["03/01"].update(recipe="99"),
    "another figure": lambda entry: entry["gates"]["03/01"]["figures"].update(more="100 %"),
    "no figures": lambda entry: entry["gates"]["03/01"].pop("figures"),
    "something else about a gate": lambda entry: entry["gates"]["03/01"].update(passed=True),
    "another seal": lambda entry: entry.update(seal=entry["seal"][::-1]),
    "half a seal": lambda entry: entry.update(seal=entry["seal"][:32]),
    "an empty seal": lambda entry: entry.update(seal=""),
    "a seal that is no text": lambda entry: entry.update(seal=None),
    "a seal that is not ASCII": lambda entry: entry.update(seal="é" * 64),
    "no seal": lambda entry: entry.pop("seal"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_record_that_was_edited_counts_as_none(edit: Edit, mine: Submission) -> None:
    record, file = kept(mine)
    entry = json.loads(file.read_text())
    edit(entry)
    file.write_text(json.dumps(entry))
    assert records.load(mine, fresh=False) == Record(record.content, record.version)


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "cut at its end": lambda content: content[:-3],
    "bytes": lambda content: bytes(range(256)),
    "no JSON": lambda content: b"passed",
    "null": lambda content: b"null",
    "a number": lambda content: b"1e999",
    "a number of many digits": lambda content: b"1" * 10_000,
    "a list": lambda content: b"[%s]" % content,
    "deep lists": lambda content: b"[" * 200_000,
    "deep objects": lambda content: b'{"modules": ' * 200_000,
    "deep modules": lambda content: content.replace(b'"tensor"', b"[" * 900 + b"]" * 900),
    "twice": lambda content: content * 2,
    "UTF-16": lambda content: content.decode().encode("utf-16"),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_counts_as_none_and_is_replaced(
    damage: Callable[[bytes], bytes], mine: Submission
) -> None:
    record, file = kept(mine)
    file.write_bytes(damage(file.read_bytes()))
    assert records.load(mine, fresh=False) == Record(record.content, record.version)
    records.store(record)
    assert records.load(mine, fresh=False) == record


def test_a_record_of_other_files_counts_as_none(mine: Submission, tmp_path: Path) -> None:
    _, file = kept(found(tmp_path / "theirs", "one = 2\n"))
    empty = records.load(mine, fresh=True)
    file.rename(records.FOLDER / f"{empty.content[:32]}.json")
    assert records.load(mine, fresh=False) == empty


def test_the_same_files_elsewhere_have_the_same_record(mine: Submission, tmp_path: Path) -> None:
    record, _ = kept(mine)
    assert records.load(found(tmp_path / "copy", "one = 1\n"), fresh=False) == record


def test_a_record_of_other_checks_counts_as_none(
    mine: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(mine)
    monkeypatch.setattr(records, "version", lambda: "another")
    assert records.load(mine, fresh=False) == records.load(mine, fresh=True)


@pytest.mark.parametrize("key", [b"another key", None], ids=["another", "none"])
def test_a_record_sealed_with_another_key_counts_as_none(
    key: bytes | None, mine: Submission
) -> None:
    kept(mine)
    if key is None:
        records.KEY_FILE.unlink()
    else:
        records.KEY_FILE.write_bytes(key)
    assert records.load(mine, fresh=False).modules == ()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere permissions are others")
def test_the_key_is_long_and_for_one_person_s_eyes_and_is_kept(mine: Submission) -> None:
    kept(mine)
    key = records.KEY_FILE.read_bytes()
    assert len(key) == 32
    assert stat.S_IMODE(records.KEY_FILE.stat().st_mode) == 0o600
    kept(mine)
    assert records.KEY_FILE.read_bytes() == key


@pytest.mark.parametrize("place", ["FOLDER", "KEY_FILE", "the state folder", "the record"])
def test_where_nothing_can_be_kept_nothing_is_found_and_nothing_left(
    place: str, mine: Submission
) -> None:
    _, file = kept(mine)
    file.unlink()
    records.KEY_FILE.unlink()
    if place == "FOLDER":
        records.FOLDER.rmdir()
        records.FOLDER.write_text("in the way")
    elif place == "the state folder":
        records.KEY_FILE.parent.rmdir()
        records.KEY_FILE.parent.write_text("in the way")
    else:
        (records.KEY_FILE if place == "KEY_FILE" else file).mkdir()
    kept(mine)
    assert records.load(mine, fresh=False).modules == ()
    if records.FOLDER.is_dir():
        assert files() == ([file.name] if place == "the record" else [])


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_a_record_that_cannot_be_finished_leaves_the_one_before(
    interruption: type[BaseException], mine: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, file = kept(mine)

    def fails(unfinished: Path, target: Path) -> None:
        raise interruption

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fails)
        try:
            records.store(replace(record, modules=()))
        except KeyboardInterrupt:
            assert interruption is KeyboardInterrupt
    assert records.load(mine, fresh=False) == record
    assert files() == [file.name]
