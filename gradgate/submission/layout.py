"""A submission: where its nine modules are, and the private copy of them that is graded."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradgate import limits
from gradgate.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Packages found without configuration, tried in this order below the submission's folder.
KNOWN_PREFIXES = ("student", "tinytorch.core")
# Names that a submission's top-level package would hide.
TAKEN = {*sys.stdlib_module_names, "numpy", "checks", "milestones"}


@dataclass(frozen=True)
class Submission:
    """Where a submission's code is.

    `layout` gives each module's import path (`student.tensor`), `sources` the file or folder that
    each top-level name of those paths, and each helper beside loose modules, is copied from.
    """

    layout: Mapping[str, str]
    sources: Mapping[str, Path]

    def file(self, module: str) -> str:
        """Return a module's file as a student would name it: `student/tensor.py`."""
        return f"{self.layout[module].replace('.', '/')}.py"

    def has(self, module: str) -> bool:
        """Tell whether a module's file, or package, exists."""
        top, *rest = self.layout[module].split(".")
        place = self.sources[top].joinpath(*rest)
        return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def find(path: Path, names: Sequence[str]) -> Submission:
    """Find the modules called `names`: by the layout table, a known layout, or in `path` itself.

    A folder that holds none of them counts as a `student` package not yet begun. Raises UsageError
    where the folder does not exist or its layout table cannot be used.
    """
    folder = path.resolve()
    if not folder.is_dir():
        raise UsageError(f"{path} is not a folder; pass the folder that holds the submission")
    table = _layout_table(folder, names)
    possible = [_place(folder, layout | table, own) for layout, own in _candidates(folder, names)]
    begun = [submission for submission in possible if any(map(submission.has, names))]
    return begun[0] if begun else possible[0]


def _candidates(
    folder: Path, names: Sequence[str]
) -> Iterator[tuple[dict[str, str], dict[str, Path]]]:
    """Yield known packages in the folder, the folder as a package, loose files in the folder."""
    for prefix in KNOWN_PREFIXES:
        yield {name: f"{prefix}.{name}" for name in names}, {}
    if (folder / "__init__.py").is_file():
        usable = folder.name.isidentifier() and folder.name not in TAKEN
        package = folder.name if usable else "student"
        yield {name: f"{package}.{name}" for name in names}, {package: folder}
    yield {name: name for name in names}, {}


def _place(folder: Path, layout: dict[str, str], own: dict[str, Path]) -> Submission:
    tops = sorted({import_path.partition(".")[0] for import_path in layout.values()})
    sources = {top: folder / top for top in tops} | own
    if any(source.with_suffix(".py").is_file() for source in sources.values()):
        sources = _beside(folder) | sources
    return Submission(layout, sources)


def _beside(folder: Path) -> dict[str, Path]:
    """Return the Python files of a folder: loose modules may import helpers beside them."""
    names = sorted(file.stem for file in folder.glob("*.py"))
    return {name: folder / name for name in names if name.isidentifier() and name not in TAKEN}


def _layout_table(folder: Path, names: Sequence[str]) -> dict[str, str]:
    file = folder / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > limits.SUBMISSION_BYTES:
            raise ValueError("larger than all source may be")
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
        table = settings.get("tool", {}).get("gradgate", {}).get("layout", {})
        return {str(name): _import_path(table[name]) for name in _known(table, names)}
    except (ValueError, AttributeError, TypeError, OSError, RecursionError) as error:
        raise UsageError(f"{file}, table [tool.gradgate.layout]: {error}") from error


def _known(table: Mapping[str, object], names: Sequence[str]) -> list[str]:
    unknown = [name for name in table if name not in names]
    if unknown:
        raise ValueError(f"there is no module {unknown[0]!r}; the modules are {', '.join(names)}")
    return list(table)


def _import_path(text: object) -> str:
    if not isinstance(text, str) or not all(part.isidentifier() for part in text.split(".")):
        raise ValueError(f'{text!r} is not an import path such as "mytorch.core.tensor"')
    if text.partition(".")[0] in TAKEN:
        raise ValueError(f"{text!r} would hide NumPy, the standard library or the grader")
    return text


def copy(submission: Submission, into: Path) -> None:
    """Copy the submission's Python files, so that grading neither sees nor touches anything else.

    Links are left out: they may lead anywhere. Raises UsageError for a file that cannot be read,
    and for more than there is room for.
    """
    into.mkdir(parents=True, exist_ok=True)
    room = limits.SUBMISSION_BYTES
    for name, file in _files(submission):
        room -= file.stat().st_size
        if room < 0:
            most = limits.SUBMISSION_BYTES >> 20
            raise UsageError(f"{file}: with it the submission has more than {most} MiB of source")
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(file, target)
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def content_hash(submission: Submission) -> str:
    """Return a digest of all that is copied, and of where its modules are."""
    total = hashlib.sha256(repr(sorted(submission.layout.items())).encode())
    for name, file in sorted(_files(submission)):
        try:
            content = hashlib.sha256(file.read_bytes())
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}") from error
        total.update(os.fsencode(f"{name.as_posix()} {content.hexdigest()}\n"))
    return total.hexdigest()


def _files(submission: Submission) -> Iterator[tuple[Path, Path]]:
    """Yield every file that is graded: its path in the copy, and where it is."""
    for top, source in submission.sources.items():
        for file in _python_files(source):
            yield (
                (Path(top) / file.relative_to(source) if source.is_dir() else Path(file.name)),
                file,
            )


def _python_files(source: Path) -> Iterator[Path]:
    if source.is_symlink():
        return
    walk = os.walk(source, followlinks=False)
    inside = [Path(folder, name) for folder, _, names in walk for name in sorted(names)]
    for file in inside or [source.with_suffix(".py")]:
        if file.suffix == ".py" and file.is_file() and not file.is_symlink():
            yield file
