"""The archive is fetched whole or not at all, from where it broke, over nobody's file."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from local_server import Server, running
from tiny_cifar import IMAGES, archived, batches

from gradgate.cli import main
from milestones.data import cifar10
from milestones.data.cifar10 import ARCHIVE, VARIABLE
from milestones.data.fetch import fetch
from milestones.milestone_errors import DataError
from proof.project import COURSE, PROJECT

CONTENT = archived(batches()) + bytes(400_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()

# Runs the command, which fetches from another place than the official one.
FETCH_FROM = """
import sys
from functools import partial
from pathlib import Path
from gradgate.cli import main
from gradgate.course import load_course

kit = load_course(Path({project!r})).load("milestones.commands")
kit.fetch = partial(kit.fetch, url={url!r}, sha256={sha256!r})
sys.exit(main(sys.argv[1:]))
"""


Command = Callable[..., int]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv(VARIABLE, raising=False)
    with running(CONTENT) as started:
        yield started


@pytest.fixture
def command(server: Server, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `gradgate data`, which fetches from the server of the test; returns the exit code."""
    kit = COURSE.load("milestones.commands")
    fetch_from_server = partial(kit.fetch, url=server.url, sha256=SHA256)
    monkeypatch.setattr(kit, "fetch", fetch_from_server)
    return lambda *arguments: main(["data", "--course", str(PROJECT), *arguments])


def list_names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def failure(archive: Path, server: Server) -> str:
    """Why fetching failed; nothing may have appeared under the archive's name."""
    with pytest.raises(DataError) as caught:
        fetch(archive, server.url, SHA256)
    assert not archive.exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_archive_is_fetched_and_nothing_else_is_left(server: Server, tmp_path: Path) -> None:
    archive = tmp_path / "new folder" / "with spaces" / ARCHIVE
    assert fetch(archive, server.url, SHA256) == f"{archive} fetched, checksum verified"
    assert archive.read_bytes() == CONTENT
    assert list_names(archive.parent) == [ARCHIVE]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_others_may_read_the_archive_as_any_other_file(server: Server, tmp_path: Path) -> None:
    fetch(tmp_path / ARCHIVE, server.url, SHA256)
    (tmp_path / "any other file").touch()
    assert (tmp_path / ARCHIVE).stat().st_mode == (tmp_path / "any other file").stat().st_mode


def test_what_is_there_already_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    archive = tmp_path / ARCHIVE
    fetch(archive, server.url, SHA256)
    server.starts.clear()
    assert fetch(archive, server.url, SHA256) == f"{archive} is there already, checksum verified"
    assert server.starts == []


def test_a_broken_download_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    archive = tmp_path / ARCHIVE
    server.breaks_after = 150_000
    assert "no connection, or it broke" in (text := failure(archive, server))
    assert text.endswith("run the command again: it goes on after 0.1 MiB")
    server.breaks_after = None
    fetch(archive, server.url, SHA256)
    assert archive.read_bytes() == CONTENT
    assert server.starts[0] == 0
    assert 0 < server.starts[1] <= 150_000
    assert list_names(tmp_path) == [ARCHIVE]


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    archive = tmp_path / ARCHIVE
    server.breaks_after, server.knows_ranges = 150_000, False
    failure(archive, server)
    server.breaks_after = None
    fetch(archive, server.url, SHA256)
    assert archive.read_bytes() == CONTENT


@pytest.mark.parametrize("rest", [CONTENT, CONTENT + b"too much"], ids=["complete", "too long"])
def test_a_rest_that_cannot_go_on_is_begun_anew(
    server: Server, rest: bytes, tmp_path: Path
) -> None:
    archive = tmp_path / ARCHIVE
    (tmp_path / f"{ARCHIVE}.unfinished").write_bytes(rest)
    fetch(archive, server.url, SHA256)
    assert archive.read_bytes() == CONTENT
    assert list_names(tmp_path) == [ARCHIVE]


def test_a_server_that_declares_gzip_does_not_have_it_unpacked(
    server: Server, tmp_path: Path
) -> None:
    server.declares_gzip = True
    fetch(tmp_path / ARCHIVE, server.url, SHA256)
    assert (tmp_path / ARCHIVE).read_bytes() == CONTENT


@pytest.mark.parametrize("content", [b"<html>Please log in</html>", CONTENT[:-1] + b"x", b"x"])
def test_other_content_is_refused_and_not_kept(
    server: Server, content: bytes, tmp_path: Path
) -> None:
    archive = tmp_path / ARCHIVE
    server.content = content
    assert "has the wrong checksum" in failure(archive, server)
    assert list_names(tmp_path) == []


def test_a_rest_of_something_else_is_refused_and_then_fetched(
    server: Server, tmp_path: Path
) -> None:
    archive = tmp_path / ARCHIVE
    (tmp_path / f"{ARCHIVE}.unfinished").write_bytes(b"something else")
    assert "has the wrong checksum" in failure(archive, server)
    fetch(archive, server.url, SHA256)
    assert archive.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [404, 500, 403])
def test_an_error_of_the_server_is_reported(server: Server, status: int, tmp_path: Path) -> None:
    server.status = status
    assert f"the server answered {status}" in failure(tmp_path / ARCHIVE, server)


def test_no_connection_is_reported(server: Server, tmp_path: Path) -> None:
    server.url = "http://127.0.0.1:9/nothing.tar.gz"
    text = failure(tmp_path / ARCHIVE, server)
    assert (
        text
        == f"{server.url} cannot be fetched (no connection, or it broke); run the command again"
    )
    server.url = "no address"
    failure(tmp_path / ARCHIVE, server)


def test_another_file_of_that_name_is_kept(server: Server, tmp_path: Path) -> None:
    archive = tmp_path / ARCHIVE
    for number, mine in enumerate([b"mine", b"also mine"], start=1):
        archive.write_bytes(mine)
        report = fetch(archive, server.url, SHA256)
        assert report.endswith(f"the file that was there is now {ARCHIVE}.old-{number}")
        assert (tmp_path / f"{ARCHIVE}.old-{number}").read_bytes() == mine
    assert archive.read_bytes() == CONTENT
    assert list_names(tmp_path) == [ARCHIVE, f"{ARCHIVE}.old-1", f"{ARCHIVE}.old-2"]


def test_another_file_of_that_name_stays_in_place_if_fetching_fails(
    server: Server, tmp_path: Path
) -> None:
    archive = tmp_path / ARCHIVE
    archive.write_bytes(b"mine")
    server.status = 500
    with pytest.raises(DataError):
        fetch(archive, server.url, SHA256)
    assert archive.read_bytes() == b"mine"
    assert list_names(tmp_path) == [ARCHIVE]


def test_a_place_that_cannot_be_written_is_reported(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way")
    text = failure(tmp_path / "a file" / ARCHIVE, server)
    assert text.startswith(f"{tmp_path / 'a file' / ARCHIVE} cannot be written (")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser writes anywhere")
def test_a_folder_that_may_not_be_written_is_reported(server: Server, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    text = failure(tmp_path / ARCHIVE, server)
    assert text.endswith("cannot be written (permission denied)")


def test_without_pooch_the_error_names_the_command(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    text = failure(tmp_path / ARCHIVE, server)
    assert text == "pooch is not installed; run: python -m pip install pooch requests"


def test_the_command_fetches_to_the_folder_that_is_then_loaded(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "with spaces"
    with pytest.raises(DataError):
        cifar10.load(place, per_batch=IMAGES)
    assert command("--", "cifar10", "--data-dir", str(place)) == 0
    assert capsys.readouterr().out == f"{place / ARCHIVE} fetched, checksum verified\n"
    cifar10.load(place, per_batch=IMAGES)


def test_the_command_honours_the_variable(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert command("cifar10") == 0
    assert list_names(tmp_path) == [ARCHIVE]


def test_a_failing_command_says_one_line_and_returns_2(
    server: Server, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.status = 404
    assert command("cifar10", "--data-dir", str(tmp_path)) == 2
    announcement, error = capsys.readouterr().err.splitlines()
    assert announcement == f"fetching {server.url}"
    assert error.startswith("gradgate: ")


@pytest.mark.parametrize("arguments", [[], ["mnist"], ["cifar10", "--what"]])
def test_an_unknown_argument_is_a_usage_error(arguments: list[str], command: Command) -> None:
    assert command(*arguments) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no interrupt to send")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_download_keeps_what_has_come_and_nothing_else(
    server: Server, how: signal.Signals, tmp_path: Path
) -> None:
    server.breaks_after, server.stalls = 200_000, True
    arguments = ["data", "cifar10", "--data-dir", str(tmp_path)]
    code = FETCH_FROM.format(project=str(PROJECT), url=server.url, sha256=SHA256)
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    unfinished = tmp_path / f"{ARCHIVE}.unfinished"
    deadline = time.monotonic() + 30
    while not (unfinished.exists() and unfinished.stat().st_size >= 65_536):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(how)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert err.splitlines()[-1].startswith("gradgate: interrupted")
    assert list_names(tmp_path) == [unfinished.name]
    server.breaks_after, server.stalls = None, False
    fetch(tmp_path / ARCHIVE, server.url, SHA256)
    assert (tmp_path / ARCHIVE).read_bytes() == CONTENT
