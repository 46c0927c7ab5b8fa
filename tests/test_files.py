"""A file is written whole or not at all, and never through what somebody else put there."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from gradgate import files
from gradgate.files import write_atomically


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with old content, alone in its folder."""
    file = tmp_path / "report.json"
    file.write_text("old")
    return file


def list_beside(file: Path) -> list[str]:
    """Return the names of all that is in a file's folder."""
    return sorted(path.name for path in file.parent.glob("*"))


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new"
    write_atomically(file, "text")
    assert file.read_text() == "text"
    assert list_beside(file) == ["new"]


@pytest.mark.parametrize("content", ["text", "", "Größe ∇ \n\r\n", "x" * 1_000_000])
def test_text_is_written_as_utf8_letter_by_letter(content: str, file: Path) -> None:
    write_atomically(file, content)
    assert file.read_bytes() == content.encode()


@pytest.mark.parametrize("content", [b"", b"\x00\xff\r\n", bytes(range(256)) * 1000])
def test_bytes_are_written_as_they_are(content: bytes, file: Path) -> None:
    write_atomically(file, content)
    assert file.read_bytes() == content
    assert list_beside(file) == ["report.json"]


def test_a_file_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", "text")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_whoever_has_the_old_file_open_keeps_it(file: Path) -> None:
    with file.open() as opened:
        write_atomically(file, "new")
        assert opened.read() == "old"
    assert file.read_text() == "new"


def test_a_link_is_replaced_not_followed(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    write_atomically(link, "new")
    assert file.read_text() == "old"
    assert (link.is_symlink(), link.read_text()) == (False, "new")


def test_the_file_is_complete_when_it_takes_its_place(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    replace = Path.replace

    def look(self: Path, target: Path) -> Path:
        seen.extend((self.parent.name, self.read_text(), target.read_text()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    write_atomically(file, "new")
    assert seen == [file.parent.name, "new", "old"]


def test_a_reader_sees_the_old_file_or_a_new_one_but_no_part(file: Path) -> None:
    contents = ["old", *(letter * 300_000 for letter in "abcd")]
    done = threading.Event()

    def write() -> None:
        for content in contents[1:] * 10:
            write_atomically(file, content)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert file.read_text() in contents
    writer.join()
    assert list_beside(file) == ["report.json"]


def test_two_writers_do_not_mix(file: Path) -> None:
    contents = [letter * 300_000 for letter in "abcd"]
    writers = [threading.Thread(target=write_atomically, args=(file, text)) for text in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert file.read_text() in contents
    assert list_beside(file) == ["report.json"]


# Failures.


def test_what_cannot_be_encoded_leaves_everything_as_it_was(file: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "\udc80")
    assert file.read_text() == "old"
    assert list_beside(file) == ["report.json"]


def test_a_full_disk_leaves_everything_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fdopen = os.fdopen

    def open_full(descriptor: int, mode: str) -> object:
        os.close(descriptor)
        return fdopen(os.open("/dev/full", os.O_WRONLY), mode)

    monkeypatch.setattr(os, "fdopen", open_full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert list_beside(file) == ["report.json"]


def test_an_interrupted_write_leaves_everything_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert list_beside(file) == ["report.json"]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        write_atomically(folder, "new")
    assert list_beside(folder) == ["folder"]
    assert list_beside(folder / "inside") == ["inside"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "absent" / "file", "new")
    assert list_beside(tmp_path / "absent") == []


# What somebody else put there.


@pytest.fixture
def planted(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The unfinished file that the next write uses, where its name can be guessed."""
    monkeypatch.setattr(files.secrets, "token_hex", lambda count: "guessed")
    return file.with_name(f".{file.name}.guessed")


def test_the_planted_name_is_the_one_that_is_used(
    file: Path, planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Path] = []
    monkeypatch.setattr(Path, "replace", lambda self, target: used.append(self))
    write_atomically(file, "new")
    assert used == [planted]


def test_nothing_is_written_through_a_link_under_the_unfinished_name(
    file: Path, planted: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    victim = tmp_path_factory.mktemp("elsewhere") / "victim"
    for target in (victim, victim.with_name("absent")):
        victim.write_text("precious")
        planted.symlink_to(target)
        with pytest.raises(FileExistsError):
            write_atomically(file, "new")
        assert list_beside(victim) == ["victim"]
        assert victim.read_text() == "precious"
        assert file.read_text() == "old"
        assert planted.is_symlink()  # not ours to remove
        planted.unlink()


def test_nothing_is_written_into_a_file_under_the_unfinished_name(
    file: Path, planted: Path
) -> None:
    planted.write_text("somebody else's")
    with pytest.raises(FileExistsError):
        write_atomically(file, "new")
    assert planted.read_text() == "somebody else's"
    assert file.read_text() == "old"


def test_unfinished_names_cannot_be_guessed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []
    replace = Path.replace

    def look(self: Path, target: Path) -> Path:
        used.append(self.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    for _ in range(100):
        write_atomically(file, "new")
    assert len(set(used)) == 100
    assert all(name.startswith(".report.json.") for name in used)
