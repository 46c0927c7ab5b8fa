"""Fetch a data set: `python -m milestones.fetch cifar10`, which is `nox -s data -- cifar10`.

Exit code 0: it is there, its checksum verified; 2: it is not, one line says why and what to do.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gradgate.errors import GradgateError
from milestones.data.cifar10 import VARIABLE, archive_in, located
from milestones.errors import DataError

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
SHA256 = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"  # 170,498,071 bytes
DONE, FAILED = 0, 2


def main(arguments: Sequence[str], url: str = URL, sha256: str = SHA256) -> int:
    """Fetch what the arguments name; returns the exit code."""
    options = _parser().parse_args([word for word in arguments if word != "--"])
    archive = archive_in(located(options.data_dir))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as after Ctrl-C
    try:
        told = fetch(archive, url, sha256)
    except GradgateError as error:
        print(f"gradgate: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("gradgate: interrupted; run the command again to go on", file=sys.stderr)
        return FAILED
    print(told)
    return DONE


def fetch(archive: Path, url: str = URL, sha256: str = SHA256) -> str:
    """Put the official archive in place and say what was done; raises DataError if it cannot.

    Nothing appears under the archive's name before its checksum is verified. Another file of that
    name is kept beside it under a new one.
    """
    try:
        import pooch

        if archive.is_file() and pooch.file_hash(str(archive), alg="sha256") == sha256:
            return f"{archive} is there already, checksum verified"
        fetched = _retrieved(archive, url, sha256)
        aside = _set_aside(archive)
        fetched.replace(archive)
    except ImportError as error:
        raise DataError(f"{error.name} is not installed; run: nox -s data -- cifar10") from error
    except OSError as error:
        reason = error.strerror or "permission denied"  # pooch's own error has no such text
        raise DataError(f"{archive} cannot be written ({reason})") from error
    kept = f"; the file that was there is now {aside.name}" if aside else ""
    return f"{archive} fetched, checksum verified{kept}"


def _retrieved(archive: Path, url: str, sha256: str) -> Path:
    """Download the archive beside its place; what has come is kept for the next try."""
    import pooch

    from milestones.data.download import download

    print(f"fetching {url}", file=sys.stderr)
    pooch.get_logger().setLevel("WARNING")
    unfinished = archive.with_name(f"{archive.name}.unfinished")
    try:
        found = pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}",
            fname=f"{archive.name}.verified",
            path=archive.parent,
            downloader=partial(download, unfinished),
        )
    except ValueError as error:
        raise DataError(f"what {url} sent has the wrong checksum; run the command again") from error
    return Path(found)


def _set_aside(archive: Path) -> Path | None:
    """Rename what has the archive's name; returns its new name."""
    if not archive.exists():
        return None
    names = (archive.with_name(f"{archive.name}.old-{number}") for number in itertools.count(1))
    return archive.rename(next(name for name in names if not name.exists()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nox -s data --", description="Fetch a data set.")
    parser.add_argument("dataset", choices=["cifar10"], metavar="cifar10", help="162.6 MiB")
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=f"where to (default: the environment variable {VARIABLE}, else data/cifar10)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
