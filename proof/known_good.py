"""The honest submissions: right, each in a student's own way, so no check may fail them.

Most are folders of `tests/honest/`; modules that a folder lacks are those of the reference. What
git would not keep as it is, such as line ends, is made here from the reference.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from gradgate.course import catalog
from gradgate.course.catalog import Module
from proof.mutant import PROJECT, package

FOLDERS = PROJECT / "tests" / "honest"

Files = Mapping[str, "str | bytes"]


@dataclass(frozen=True)
class Honest:
    """A right submission: all its files, and the modules whose grade depends on its own code.

    `own` are the modules that it does not have from the reference, `folder` is what the student
    calls the folder handed in.
    """

    name: str
    files: Files
    modules: tuple[str, ...]
    own: tuple[str, ...]
    folder: str = "handed-in"


def honest() -> tuple[Honest, ...]:
    """Return every honest submission: the folders by name, then those made from the reference."""
    folders = [folder for folder in sorted(FOLDERS.iterdir()) if any(folder.rglob("*.py"))]
    variants = {folder.name: _from_folder(folder) for folder in folders}
    return (*variants.values(), _in_double_precision(variants["spatial-spectra"]), *_rearranged())


def _from_folder(folder: Path) -> Honest:
    own = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    names = tuple(module.name for module in catalog.modules() if module.name in _stems(own))
    whole = len(names) == len(catalog.modules())
    files: Files = own if whole else {**package(), **own}
    return Honest(folder.name, files, _affected(files, _stems(own)), names)


def _stems(files: Files) -> set[str]:
    return {PurePosixPath(name).stem for name in files if name.endswith(".py")}


def _affected(files: Files, changed: set[str]) -> tuple[str, ...]:
    """Return the modules whose checks run, or import, any of the files changed."""
    imports = {PurePosixPath(name).stem: _imported(text) for name, text in files.items()}
    return tuple(m.name for m in catalog.modules() if _reached(_used_by(m), imports) & changed)


@cache
def _imported(text: str | bytes) -> set[str]:
    """Return the last part of the name of every module that a file imports from."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    return {(node.module or node.names[0].name).rpartition(".")[2] for node in found}


def _used_by(module: Module) -> set[str]:
    """Return the modules that the checks of a module call, or that recording needs."""
    source = inspect.getsource(sys.modules[module.checks[0].scenario.__module__])
    owners = catalog.owners()
    used = {owners[name] for name in re.findall(r"\bapi\.(\w+)", source) if name in owners}
    return used | {module.name} | ({"autograd"} if catalog.records(module.name) else set())


def _reached(names: set[str], imports: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        names = names | imports.get(name, set())
    return found


def _in_double_precision(variant: Honest) -> Honest:
    """Compute with more digits inside; what comes out is rounded by Tensor."""
    text = (FOLDERS / variant.name / "student" / "spatial.py").read_text(encoding="utf-8")
    wide = text.replace("COMPLEX = np.complex64", "COMPLEX = complex")
    wide = wide.replace("REAL = np.float32", "REAL = float")
    files = {**variant.files, "student/spatial.py": wide}
    return replace(variant, name=f"{variant.name}-wide", files=files)


def _rearranged() -> Iterator[Honest]:
    """The reference in other files: nothing of it is the student's own but how it is laid out."""
    everything = tuple(module.name for module in catalog.modules())
    sources = {PurePosixPath(name).stem: text for name, text in package().items()}
    flat = {f"{name}.py": text for name, text in sources.items()}
    for name, files, folder in (
        ("windows-line-ends", _written_on_windows(package()), "handed-in"),
        ("tinytorch-core", {f"tinytorch/core/{n}": text for n, text in flat.items()}, "handed-in"),
        ("loose-files", _loose(sources), "my files"),
        ("folder-with-spaces", flat, "Übung 3 (neu) – Größe"),
        ("own-layout", _in_its_own_layout(sources), "mein Projekt"),
        ("one-file", _in_one_file(sources), "handed-in"),
        ("a-folder-each", _in_folders(sources), "handed-in"),
    ):
        yield Honest(name, files, everything, everything, folder)


def _written_on_windows(files: Mapping[str, str]) -> Files:
    """End lines by CR LF and begin with a byte order mark, as some editors do."""
    return {name: text.replace("\n", "\r\n").encode("utf-8-sig") for name, text in files.items()}


def _loose(sources: Mapping[str, str]) -> Files:
    """No package: the modules, and a helper beside them, lie in one folder."""
    names = [name for name in sources if name != "__init__"]
    return {f"{name}.py": sources[name].replace("\nfrom .", "\nfrom ") for name in names}


def _in_its_own_layout(sources: Mapping[str, str]) -> Files:
    """Name the package otherwise, the tensor's file in another alphabet, and say so in a table."""
    names = {name: "テンソル" if name == "tensor" else name for name in sources}
    renamed = {
        f"größe/kern/{names[name]}.py": text.replace("from .tensor ", f"from .{names['tensor']} ")
        for name, text in sources.items()
    }
    return {**renamed, **_layout({name: f"größe.kern.{names[name]}" for name in sources})}


def _in_one_file(sources: Mapping[str, str]) -> Files:
    """Write all modules one after another, without their imports of each other."""
    order = [name for name in sources if name not in ("__init__", "windows", "spatial")]
    order = sorted(order, key=[module.name for module in catalog.modules()].index)
    parts = [_without_imports(sources[name]) for name in (*order, "windows", "spatial")]
    text = "\n\n".join(["from __future__ import annotations", *parts])
    return {"everything.py": text, **_layout(dict.fromkeys(sources, "everything"))}


def _in_folders(sources: Mapping[str, str]) -> Files:
    """Make every module a package of its own."""
    inner = {name: text for name, text in sources.items() if name != "__init__"}
    return {
        "student/__init__.py": "",
        **{
            f"student/{n}/__init__.py": t.replace("\nfrom .", "\nfrom ..") for n, t in inner.items()
        },
    }


def _without_imports(source: str) -> str:
    """Drop a module's imports of other modules, and that of __future__."""
    return re.sub(r"^from (\.\w*|__future__) import .*\n", "", source, flags=re.MULTILINE)


def _layout(places: Mapping[str, str]) -> Files:
    lines = [f'{module.name} = "{places[module.name]}"' for module in catalog.modules()]
    return {"pyproject.toml": "\n".join(["[tool.gradgate.layout]", *lines, ""])}
