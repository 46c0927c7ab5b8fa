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

from gradgate.submission.copying import hash_submission
from gradgate.submission.layout import Submission, find_submission
from milestones.gate import pass_cache
from milestones.gate.pass_cache import Pass, Record, compute_version, store_record
from proof.harness import write
from proof.project import COURSE, PROJECT

FIGURES = {"test images recognised": "97.1 %"}
PASSED = Pass(date="2026-01-31", seed=7, recipe="80", figures=FIGURES)
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records and the key belong to the test."""
    monkeypatch.setattr(pass_cache, "FOLDER", tmp_path / "state" / "gradgate" / "passes")
    monkeypatch.setattr(pass_cache, "KEY_FILE", tmp_path / "state" / "gradgate" / "key")


@pytest.fixture
def mine(tmp_path: Path) -> Submission:
    return submit(tmp_path / "mine", "one = 1\n")


def submit(folder: Path, tensor: str) -> Submission:
    """A submission whose first module says this."""
    return find_submission(write(folder, {"student/tensor.py": tensor}), COURSE)


def load(submission: Submission, *, fresh: bool = False) -> Record:
    return pass_cache.load_record(submission, PROJECT, fresh=fresh)


def keep(submission: Submission) -> tuple[Record, Path]:
    """Keep a record of some passes; returns it and its file."""
    record = load(submission, fresh=True).with_modules({"tensor", "layers"})
    record = record.with_gate("03/01", PASSED)
    store_record(record)
    return record, pass_cache.FOLDER / f"{record.content[:32]}.json"


def files() -> list[str]:
    """What is in the folder of records."""
    return [path.name for path in pass_cache.FOLDER.iterdir()]


def test_a_record_that_was_kept_is_found(mine: Submission) -> None:
    record, _ = keep(mine)
    assert load(mine) == record
    assert record.modules == ("layers", "tensor")
    assert record.gates == {"03/01": PASSED}


def test_what_is_kept_says_what_was_passed_by_which_files_and_which_checks(
    mine: Submission,
) -> None:
    _, file = keep(mine)
    entry = json.loads(file.read_text())
    assert entry.pop("seal")
    assert entry == {
        "content": hash_submission(mine),
        "version": compute_version(PROJECT),
        "modules": ["layers", "tensor"],
        "gates": {"03/01": {"date": "2026-01-31", "seed": 7, "recipe": "80", "figures": FIGURES}},
    }


def test_a_record_is_replaced_by_the_next(mine: Submission) -> None:
    record, file = keep(mine)
    store_record(more := record.with_modules({"spatial"}))
    assert load(mine) == more
    assert files() == [file.name]


def test_a_record_grows_without_changing_the_one_before() -> None:
    empty = Record(content="content", version="version")
    more = empty.with_modules({"b", "a"}).with_modules({"a"}).with_gate("03/01", PASSED)
    assert (more.modules, more.gates) == (("a", "b"), {"03/01": PASSED})
    assert (empty.modules, empty.gates) == ((), {})


def test_whoever_asks_for_a_fresh_start_finds_nothing(mine: Submission) -> None:
    record, _ = keep(mine)
    assert load(mine, fresh=True) == Record(content=record.content, version=record.version)


def test_where_nothing_was_kept_nothing_is_found_or_written(mine: Submission) -> None:
    assert load(mine).modules == ()
    assert not pass_cache.FOLDER.exists()


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
    record, file = keep(mine)
    entry = json.loads(file.read_text())
    edit(entry)
    file.write_text(json.dumps(entry))
    assert load(mine) == Record(content=record.content, version=record.version)


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
    record, file = keep(mine)
    file.write_bytes(damage(file.read_bytes()))
    assert load(mine) == Record(content=record.content, version=record.version)
    store_record(record)
    assert load(mine) == record


def test_a_record_of_other_files_counts_as_none(mine: Submission, tmp_path: Path) -> None:
    _, file = keep(submit(tmp_path / "theirs", "one = 2\n"))
    empty = load(mine, fresh=True)
    file.rename(pass_cache.FOLDER / f"{empty.content[:32]}.json")
    assert load(mine) == empty


def test_the_same_files_elsewhere_have_the_same_record(mine: Submission, tmp_path: Path) -> None:
    record, _ = keep(mine)
    assert load(submit(tmp_path / "copy", "one = 1\n")) == record


COURSE_FILES = {
    "pyproject.toml": "[tool.gradgate.limits]\n",
    "checks/m01_tensor.py": "one = 1\n",
    "milestones/03_1986_mlp/milestone.py": "one = 1\n",
    "reference/tensor.py": "one = 1\n",
    "data/recorded/tensor.gz": "answers",
    "milestones/03_1986_mlp/results/index.html": "a page",
    "student/tensor.py": "one = 1\n",
}


@pytest.mark.parametrize("file", COURSE_FILES)
def test_the_version_is_another_where_a_file_that_decides_is(file: str, tmp_path: Path) -> None:
    one = write(tmp_path / "one", COURSE_FILES)
    other = write(tmp_path / "other", {**COURSE_FILES, file: "two = 2\n"})
    decides = not file.startswith("student/") and "results" not in file
    assert (compute_version(one) != compute_version(other)) == decides


def test_a_record_of_other_checks_counts_as_none(
    mine: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(mine)
    monkeypatch.setattr(pass_cache, "compute_version", lambda course: "another")
    assert load(mine) == load(mine, fresh=True)


@pytest.mark.parametrize("key", [b"another key", None], ids=["another", "none"])
def test_a_record_sealed_with_another_key_counts_as_none(
    key: bytes | None, mine: Submission
) -> None:
    keep(mine)
    if key is None:
        pass_cache.KEY_FILE.unlink()
    else:
        pass_cache.KEY_FILE.write_bytes(key)
    assert load(mine).modules == ()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere permissions are others")
def test_the_key_is_long_and_for_one_person_s_eyes_and_is_kept(mine: Submission) -> None:
    keep(mine)
    key = pass_cache.KEY_FILE.read_bytes()
    assert len(key) == 32
    assert stat.S_IMODE(pass_cache.KEY_FILE.stat().st_mode) == 0o600
    keep(mine)
    assert pass_cache.KEY_FILE.read_bytes() == key


@pytest.mark.parametrize("place", ["FOLDER", "KEY_FILE", "the state folder", "the record"])
def test_where_nothing_can_be_kept_nothing_is_found_and_nothing_left(
    place: str, mine: Submission
) -> None:
    _, file = keep(mine)
    file.unlink()
    pass_cache.KEY_FILE.unlink()
    if place == "FOLDER":
        pass_cache.FOLDER.rmdir()
        pass_cache.FOLDER.write_text("in the way")
    elif place == "the state folder":
        pass_cache.FOLDER.rmdir()
        pass_cache.KEY_FILE.parent.rmdir()
        pass_cache.KEY_FILE.parent.write_text("in the way")
    else:
        (pass_cache.KEY_FILE if place == "KEY_FILE" else file).mkdir()
    keep(mine)
    assert load(mine).modules == ()
    if pass_cache.FOLDER.is_dir():
        assert files() == ([file.name] if place == "the record" else [])


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_a_record_that_cannot_be_finished_leaves_the_one_before(
    interruption: type[BaseException], mine: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, file = keep(mine)

    def fails(unfinished: Path, target: Path) -> None:
        raise interruption

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fails)
        try:
            store_record(replace(record, modules=()))
        except KeyboardInterrupt:
            assert interruption is KeyboardInterrupt
    assert load(mine) == record
    assert files() == [file.name]
