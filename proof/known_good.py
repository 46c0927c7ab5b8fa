"""Known-good submissions: right, each in a student's own way, so no check may fail them.

Most are folders of `proof/corpus/known_good/`; modules that a folder lacks are those of the
reference. What git would not keep as it is, such as line ends, is made here from the reference.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from gradgate.course.catalog import Module
from proof.harness import MODULES, Files
from proof.mutant import build_package
from proof.project import COURSE, PROJECT

FOLDERS = PROJECT / "proof" / "corpus" / "known_good"


@dataclass(frozen=True, kw_only=True)
class KnownGood:
    """A right submission: all its files, and the modules whose grade depends on its own code.

    `own` are the modules that it does not have from the reference, `folder` is what the student
    calls the folder handed in.
    """

    name: str
    files: Files
    modules: tuple[str, ...]
    own: tuple[str, ...]
    folder: str = "handed-in"


def known_good_submissions() -> tuple[KnownGood, ...]:
    """Return every one: the folders by name, then those made from the reference."""
    folders = [folder for folder in sorted(FOLDERS.iterdir()) if any(folder.rglob("*.py"))]
    submissions = {folder.name: _read_folder(folder) for folder in folders}
    wide = _compute_in_double_precision(submissions["spatial-spectra"])
    return (*submissions.values(), wide, *_rearrange_reference())


def _read_folder(folder: Path) -> KnownGood:
    own = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    names = tuple(name for name in MODULES if name in _stems(own))
    files: Files = own if len(names) == len(MODULES) else {**build_package(), **own}
    modules = _find_affected(files, _stems(own))
    return KnownGood(name=folder.name, files=files, modules=modules, own=names)


def _stems(files: Files) -> set[str]:
    return {PurePosixPath(name).stem for name in files if name.endswith(".py")}


def _find_affected(files: Files, changed: set[str]) -> tuple[str, ...]:
    """Return the modules whose checks run, or import, any of the files changed."""
    imports = {PurePosixPath(name).stem: _read_imports(text) for name, text in files.items()}
    return tuple(
        module.name for module in COURSE.modules if _reach(_find_used(module), imports) & changed
    )


@cache
def _read_imports(text: str | bytes) -> set[str]:
    """Return the last part of the name of every module that a file imports from."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    return {(node.module or node.names[0].name).rpartition(".")[2] for node in found}


def _find_used(module: Module) -> set[str]:
    """Return the modules that the checks of a module call, or that recording needs."""
    place = COURSE.folder / "checks" / f"m{module.number:02d}_{module.name}"
    files = [*place.rglob("*.py")] or [place.with_suffix(".py")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    called = re.findall(r"\bapi\.(\w+)", source)
    used = {COURSE.owners[name] for name in called if name in COURSE.owners}
    activation = COURSE.activation_for(module.name)
    if activation:
        used.add(activation.module)
    return used | {module.name}


def _reach(names: set[str], imports: Mapping[str, set[str]]) -> set[str]:
    """Return these files and all that they import, directly or not."""
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        names = names | imports.get(name, set())
    return found


def _compute_in_double_precision(submission: KnownGood) -> KnownGood:
    """Compute with more digits inside; what comes out is rounded by Tensor."""
    file = FOLDERS / submission.name / "student" / "spatial.py"
    wide = file.read_text(encoding="utf-8").replace("COMPLEX = np.complex64", "COMPLEX = complex")
    wide = wide.replace("REAL = np.float32", "REAL = float")
    files = {**submission.files, "student/spatial.py": wide}
    return replace(submission, name=f"{submission.name}-wide", files=files)


def _rearrange_reference() -> Iterator[KnownGood]:
    """The reference in other files: nothing of it is the student's own but how it is laid out."""
    sources = {PurePosixPath(name).stem: text for name, text in build_package().items()}
    flat = {f"{name}.py": text for name, text in sources.items()}
    for name, files, folder in (
        ("windows-line-ends", _write_as_on_windows(build_package()), "handed-in"),
        ("tinytorch-core", {f"tinytorch/core/{n}": text for n, text in flat.items()}, "handed-in"),
        ("loose-files", _unpack(sources), "my files"),
        ("folder-with-spaces", flat, "Übung 3 (neu) – Größe"),
        ("own-layout", _rename(sources), "mein Projekt"),
        ("one-file", _join_files(sources), "handed-in"),
        ("a-folder-each", _put_into_folders(sources), "handed-in"),
    ):
        yield KnownGood(name=name, files=files, modules=MODULES, own=MODULES, folder=folder)


def _write_as_on_windows(files: Mapping[str, str]) -> Files:
    """End lines by CR LF and begin with a byte order mark, as some editors do."""
    return {name: text.replace("\n", "\r\n").encode("utf-8-sig") for name, text in files.items()}


def _unpack(sources: Mapping[str, str]) -> Files:
    """No package: the modules, and a helper beside them, lie in one folder."""
    names = [name for name in sources if name != "__init__"]
    return {f"{name}.py": sources[name].replace("\nfrom .", "\nfrom ") for name in names}


def _rename(sources: Mapping[str, str]) -> Files:
    """Name the package otherwise, the tensor's file in another alphabet, and say so in a table."""
    names = {name: "テンソル" if name == "tensor" else name for name in sources}
    renamed = {
        f"größe/kern/{names[name]}.py": text.replace("from .tensor ", f"from .{names['tensor']} ")
        for name, text in sources.items()
    }
    layout = _write_layout({name: f"größe.kern.{names[name]}" for name in sources})
    return {**renamed, **layout}


def _join_files(sources: Mapping[str, str]) -> Files:
    """Write all modules one after another, without their imports of each other."""
    order = [name for name in sources if name not in ("__init__", "windows", "spatial")]
    order = sorted(order, key=MODULES.index)
    parts = [_drop_imports(sources[name]) for name in (*order, "windows", "spatial")]
    text = "\n\n".join(["from __future__ import annotations", *parts])
    return {"everything.py": text, **_write_layout(dict.fromkeys(sources, "everything"))}


def _put_into_folders(sources: Mapping[str, str]) -> Files:
    """Make every module a package of its own."""
    inner = {name: text for name, text in sources.items() if name != "__init__"}
    return {
        "student/__init__.py": "",
        **{
            f"student/{n}/__init__.py": t.replace("\nfrom .", "\nfrom ..") for n, t in inner.items()
        },
    }


def _drop_imports(source: str) -> str:
    """Drop a module's imports of other modules, and that of __future__."""
    return re.sub(r"^from (\.\w*|__future__) import .*\n", "", source, flags=re.MULTILINE)


def _write_layout(places: Mapping[str, str]) -> Files:
    lines = [f'{name} = "{places[name]}"' for name in MODULES]
    return {"pyproject.toml": "\n".join(["[tool.gradgate.layout]", *lines, ""])}
