"""CIFAR-10 is found, read whole and in order, and rejected in one line if anything is amiss."""

from __future__ import annotations

import gzip
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
from tiny_cifar import (
    IMAGES,
    LABELS,
    archived,
    batches,
    pickled,
    plain,
    rows_of,
    write_archive,
    write_folder,
)

from milestones.data import cifar10
from milestones.data.cifar10 import ARCHIVE, BATCHES, FOLDER, VARIABLE
from milestones.milestone_errors import DataError
from proof.project import PROJECT

DEFAULT = PROJECT / "data" / "cifar10"  # tests run inside of the project


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def load(place: Path | None) -> cifar10.Cifar10:
    return cifar10.load(place, per_batch=IMAGES)


def read_reason(place: Path) -> str:
    """Return why CIFAR-10 is rejected, without the command that every reason ends with."""
    with pytest.raises(DataError) as caught:
        load(place)
    reason, _, command = str(caught.value).partition("; fetch CIFAR-10 with: ")
    assert command == f'nox -s data -- cifar10 --data-dir "{place}"'
    assert "\n" not in reason
    return reason


def assert_complete(data: cifar10.Cifar10) -> None:
    images = np.concatenate([rows_of(i) for i in range(6)]).reshape(-1, 3, 32, 32)
    assert data.train_images.dtype == data.test_images.dtype == np.uint8
    assert data.train_labels.dtype == data.test_labels.dtype == np.int64
    assert np.array_equal(data.train_images, images[:10])
    assert np.array_equal(data.test_images, images[10:])
    assert data.train_labels.tolist() == LABELS * 5
    assert data.test_labels.tolist() == LABELS


def test_a_folder_is_read(tmp_path: Path) -> None:
    write_folder(tmp_path, batches())
    assert_complete(load(tmp_path))


def test_an_archive_is_read_in_any_order_and_not_unpacked(tmp_path: Path) -> None:
    shuffled = dict(sorted(batches().items(), reverse=True))
    others = [plain(f"{FOLDER}/{name}", b"any") for name in ("batches.meta", "readme.html")]
    write_archive(tmp_path, archived(shuffled, *others))
    assert_complete(load(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == [ARCHIVE]


def test_an_archive_with_a_dot_before_its_names_is_read(tmp_path: Path) -> None:
    write_archive(tmp_path, archived(batches(), prefix=f"./{FOLDER}"))
    assert_complete(load(tmp_path))


def test_a_place_may_be_the_folder_or_the_archive_itself(tmp_path: Path) -> None:
    assert_complete(load(write_folder(tmp_path / "a", batches())))
    archive = write_archive(tmp_path / "b", archived(batches()))
    assert_complete(load(archive.rename(tmp_path / "my copy.tar.gz")))


def test_a_path_with_spaces_and_a_relative_path_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "with some spaces", batches())
    assert_complete(load(tmp_path / "with some spaces"))
    monkeypatch.chdir(tmp_path)
    assert_complete(load(Path("with some spaces")))


def test_the_argument_comes_before_the_variable_before_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cifar10.locate() == DEFAULT
    monkeypatch.setenv(VARIABLE, "")
    assert cifar10.locate() == DEFAULT
    monkeypatch.setenv(VARIABLE, str(tmp_path / "of the variable"))
    assert cifar10.locate() == tmp_path / "of the variable"
    assert cifar10.locate(tmp_path) == tmp_path


def test_the_variable_leads_to_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_archive(tmp_path / "an archive", archived(batches()))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "an archive"))
    assert_complete(load(None))


def test_an_archive_mends_a_broken_folder_beside_it(tmp_path: Path) -> None:
    write_folder(tmp_path, {"data_batch_1": b"broken"})
    write_archive(tmp_path, archived(batches()))
    assert_complete(load(tmp_path))


def test_the_command_for_the_usual_place_needs_no_option() -> None:
    assert cifar10.make_fetch_command(DEFAULT) == "nox -s data -- cifar10"


def test_nothing_at_all_is_reported(tmp_path: Path) -> None:
    assert read_reason(tmp_path / "nowhere").startswith(
        f"CIFAR-10 is not in {tmp_path / 'nowhere'} "
    )


@pytest.mark.parametrize("name", BATCHES)
def test_a_missing_batch_is_named(name: str, tmp_path: Path) -> None:
    files = batches()
    del files[name]
    folder = write_folder(tmp_path / "folder", files)
    assert read_reason(tmp_path / "folder") == f"{folder / name} is missing"
    archive = write_archive(tmp_path / "archive", archived(files))
    assert read_reason(tmp_path / "archive") == f"{archive} lacks {FOLDER}/{name}"


@pytest.mark.parametrize("name", ["data_batch_3", "test_batch"])
def test_a_bad_batch_is_named(name: str, tmp_path: Path) -> None:
    files = batches(**{name: pickled(labels=[3, 10])})
    folder = write_folder(tmp_path / "folder", files)
    reason = "holds labels that are not whole numbers from 0 to 9"
    assert read_reason(tmp_path / "folder") == f"{folder / name} {reason}"
    archive = write_archive(tmp_path / "archive", archived(files))
    assert read_reason(tmp_path / "archive") == f"{FOLDER}/{name} in {archive} {reason}"


def test_a_full_size_copy_is_expected_unless_said_otherwise(tmp_path: Path) -> None:
    write_folder(tmp_path, batches())
    with pytest.raises(DataError, match=r"images of shape \(2, 3072\), not \(10000, 3072\)"):
        cifar10.load(tmp_path)


def test_a_batch_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    write_folder(tmp_path / "folder", batches(test_batch=bytes(100_000)))
    assert "test_batch is larger than" in read_reason(tmp_path / "folder")
    write_archive(tmp_path / "archive", archived(batches(test_batch=bytes(100_000))))
    assert "which is larger than" in read_reason(tmp_path / "archive")


def test_a_batch_that_is_no_plain_file_is_missing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, batches())
    (folder / "test_batch").unlink()
    (folder / "test_batch").mkdir()
    assert read_reason(tmp_path) == f"{folder / 'test_batch'} is missing"


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(kept: float, tmp_path: Path) -> None:
    content = archived(batches())
    archive = write_archive(tmp_path, content[: int(len(content) * kept)])
    assert read_reason(tmp_path).startswith(f"{archive} ")


def test_an_archive_cut_before_its_checksum_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path, archived(batches())[:-8])
    assert read_reason(tmp_path) == f"{archive} is truncated or damaged"


def test_an_archive_with_one_bit_changed_is_refused(tmp_path: Path) -> None:
    content = archived(batches())
    for place in (30, len(content) // 2, len(content) - 6):
        changed = content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]
        archive = write_archive(tmp_path, changed)
        assert str(archive) in read_reason(tmp_path)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path, b"<html>Please log in</html>")
    assert read_reason(tmp_path) == f"{archive} is truncated or damaged"


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
@pytest.mark.parametrize("name", ["data_batch_2", "readme.html"])
def test_links_and_devices_are_refused(kind: bytes, name: str, tmp_path: Path) -> None:
    link = plain(f"{FOLDER}/{name}", type=kind, linkname="/etc/passwd")
    archive = write_archive(tmp_path, archived(batches(), link))
    expected = f"{archive} holds '{FOLDER}/{name}', which is not a plain file"
    assert read_reason(tmp_path) == expected


@pytest.mark.parametrize(
    "name",
    ["../evil", f"{FOLDER}/../../evil", f"/{FOLDER}/data_batch_1", "other/data_batch_1", "evil"],
)
def test_names_that_lead_elsewhere_are_refused(name: str, tmp_path: Path) -> None:
    write_archive(tmp_path, archived(batches(), plain(name, b"evil")))
    assert f"holds '{name}', which is not in {FOLDER}" in read_reason(tmp_path)


@pytest.mark.parametrize("name", ["data_batch_1", "deeper/data_batch_1"])
def test_a_batch_that_is_there_twice_is_refused(name: str, tmp_path: Path) -> None:
    write_archive(tmp_path, archived(batches(), plain(f"{FOLDER}/{name}", pickled(5))))
    assert "twice or in the wrong place" in read_reason(tmp_path)


def test_a_folder_in_the_place_of_a_batch_is_no_batch(tmp_path: Path) -> None:
    files = batches()
    del files["data_batch_1"]
    folder = plain(f"{FOLDER}/data_batch_1", type=tarfile.DIRTYPE)
    archive = write_archive(tmp_path, archived(files, folder))
    assert read_reason(tmp_path) == f"{archive} lacks {FOLDER}/data_batch_1"


def test_many_members_and_long_headers_are_refused(tmp_path: Path) -> None:
    write_archive(tmp_path, archived(batches(), *[plain(f"{FOLDER}/{i}") for i in range(40)]))
    assert "more than 32 members" in read_reason(tmp_path)
    comment = plain(f"{FOLDER}/x", pax_headers={"comment": "x" * 3_000_000})
    write_archive(tmp_path, archived(batches(), comment))
    assert "unpacks to more than CIFAR-10 is" in read_reason(tmp_path)


@pytest.mark.parametrize(
    "headers",
    [{"GNU.sparse.size": "many"}, {"GNU.sparse.map": "a,b"}, {"path": "../evil"}],
    ids=str,
)
def test_headers_that_make_no_sense_are_refused(headers: dict[str, str], tmp_path: Path) -> None:
    odd = plain(f"{FOLDER}/odd", pax_headers=headers)
    archive = write_archive(tmp_path, archived(batches(), odd))
    assert read_reason(tmp_path).startswith(f"{archive} ")


def test_a_long_chain_of_headers_is_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("././@LongLink")
    link.type, link.size = tarfile.GNUTYPE_LONGNAME, 2
    chain = (link.tobuf(tarfile.GNU_FORMAT) + b"x".ljust(512, b"\0")) * 400
    archive = write_archive(tmp_path, gzip.compress(chain))
    assert read_reason(tmp_path) == f"{archive} is truncated or damaged"


def test_an_archive_that_goes_on_after_its_end_is_refused(tmp_path: Path) -> None:
    write_archive(tmp_path, archived(batches()) + gzip.compress(bytes(10_000_000)))
    assert "unpacks to more than CIFAR-10 is" in read_reason(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser reads all files")
def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, batches())
    (folder / "test_batch").chmod(0)
    assert read_reason(tmp_path) == f"{folder / 'test_batch'} cannot be read (Permission denied)"
