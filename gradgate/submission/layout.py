"""A submission: where its modules are."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradgate.course.catalog import PREFIX, Course
from gradgate.course.settings import MOST_BYTES
from gradgate.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Names that a submission's top-level package would hide.
TAKEN = {*sys.stdlib_module_names, "numpy", "gradgate"}


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


def find_submission(path: Path, course: Course) -> Submission:
    """Find a course's modules: by the layout table, a known layout, or in `path` itself.

    A folder that holds none of them counts as one in which nobody has begun. Raises UsageError
    where the folder does not exist or its layout table cannot be used.
    """
    folder, names = path.resolve(), course.names
    if not folder.is_dir():
        raise UsageError(f"{path} is not a folder; pass the folder that holds the submission")
    table = _read_layout_table(folder, names)
    possible = [_place(folder, layout | table, own) for layout, own in _candidates(folder, course)]
    begun = [submission for submission in possible if any(map(submission.has, names))]
    return begun[0] if begun else possible[0]


def is_taken(top: str) -> bool:
    """Tell whether a top-level name belongs to NumPy, the standard library or the grader."""
    return top in TAKEN or top.startswith(PREFIX)


def _candidates(folder: Path, course: Course) -> Iterator[tuple[dict[str, str], dict[str, Path]]]:
    """Yield known packages in the folder, the folder as a package, loose files in the folder."""
    names, packages = course.names, course.settings.packages
    for package in packages:
        yield {name: f"{package}.{name}" for name in names}, {}
    if (folder / "__init__.py").is_file():
        usable = folder.name.isidentifier() and not is_taken(folder.name)
        package = folder.name if usable else packages[0]
        yield {name: f"{package}.{name}" for name in names}, {package: folder}
    yield {name: name for name in names}, {}


def _place(folder: Path, layout: dict[str, str], own: dict[str, Path]) -> Submission:
    tops = sorted({import_path.partition(".")[0] for import_path in layout.values()})
    sources = {top: folder / top for top in tops} | own
    if any(source.with_suffix(".py").is_file() for source in sources.values()):
        sources = _find_beside(folder) | sources
    return Submission(layout, sources)


def _find_beside(folder: Path) -> dict[str, Path]:
    """Return the Python files of a folder: loose modules may import helpers beside them."""
    names = sorted(file.stem for file in folder.glob("*.py"))
    return {name: folder / name for name in names if name.isidentifier() and not is_taken(name)}


def _read_layout_table(folder: Path, names: Sequence[str]) -> dict[str, str]:
    file = folder / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(f"larger than {MOST_BYTES >> 20} MiB")
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise UsageError(f"{file} cannot be read: {error}; correct or remove it") from error
    try:
        table = settings.get("tool", {}).get("gradgate", {}).get("layout", {})
        return {str(name): _check_import_path(table[name]) for name in _list_known(table, names)}
    except (ValueError, AttributeError, TypeError) as error:
        raise UsageError(f"{file}, table [tool.gradgate.layout]: {error}") from error


def _list_known(table: Mapping[str, object], names: Sequence[str]) -> list[str]:
    unknown = [name for name in table if name not in names]
    if unknown:
        raise ValueError(f"there is no module {unknown[0]!r}; the modules are {', '.join(names)}")
    return list(table)


def _check_import_path(text: object) -> str:
    if not isinstance(text, str) or not all(part.isidentifier() for part in text.split(".")):
        raise ValueError(f'{text!r} is not an import path such as "mytorch.core.tensor"')
    if is_taken(text.partition(".")[0]):
        raise ValueError(f"{text!r} would hide NumPy, the standard library or the grader")
    return text
