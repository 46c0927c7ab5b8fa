"""Downloading one large file over a connection that may break."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
import urllib3
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from ..milestone_errors import DataError

TIMEOUT = 30  # seconds without a byte
CHUNK = 1 << 16
PARTIAL_CONTENT, NOTHING_FROM_THERE = 206, 416


def download(partial: Path, url: str, output_file: str, _pooch: object) -> None:
    """Download for pooch: go on with `partial`, and copy it to `output_file` once all is there.

    A copy, so that nothing else that might still write to `partial` reaches what pooch verifies.
    """
    try:
        _receive(url, partial)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise DataError(
            f"{url} cannot be fetched ({_explain(error)}); {_name_next_step(partial)}"
        ) from error
    shutil.copy(partial, output_file)  # with the usual permissions; pooch's file is private
    partial.unlink()


def _receive(url: str, partial: Path) -> None:
    with _request(url, partial) as answer:
        going_on = answer.status_code == PARTIAL_CONTENT
        start = _measure_size(partial) if going_on else 0
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length else None
        with (
            partial.open("ab" if going_on else "wb") as file,
            _show_bar(start, total) as (bar, row),
        ):
            # Raw: a server that declares gzip as an encoding may not have it undone here.
            for chunk in answer.raw.stream(CHUNK, decode_content=False):
                file.write(chunk)
                bar.advance(row, len(chunk))
    if total is not None and _measure_size(partial) < total:
        raise requests.ConnectionError


def _request(url: str, partial: Path) -> requests.Response:
    """Ask for the file from where `partial` ends, or all of it if there is nothing from there."""
    wanted = {"Range": f"bytes={_measure_size(partial)}-", "Accept-Encoding": "identity"}
    answer = requests.get(url, headers=wanted, stream=True, timeout=TIMEOUT)
    if answer.status_code == NOTHING_FROM_THERE and _measure_size(partial):
        answer.close()
        partial.unlink()
        return _request(url, partial)
    if not answer.ok:
        answer.close()
        answer.raise_for_status()
    return answer


def _measure_size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


@contextmanager
def _show_bar(start: int, total: int | None) -> Iterator[tuple[Progress, TaskID]]:
    """Show a progress bar on a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        *(BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield bar, bar.add_task("fetching", total=total, completed=start)


def _explain(error: Exception) -> str:
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return f"no answer within {TIMEOUT} seconds"
    return "no connection, or it broke"


def _name_next_step(partial: Path) -> str:
    done = _measure_size(partial) / 2**20
    return f"run the command again{f': it goes on after {done:.1f} MiB' if done else ''}"
