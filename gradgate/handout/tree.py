"""The files of a handout: the stubs, the milestones' pages, the grader, and what starts it."""

from __future__ import annotations

import ast
import hashlib
import shutil
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import jinja2

from gradgate.course import Course
from gradgate.handout.milestone_pages import MilestonePage, copy_milestones
from gradgate.handout.sources import find_stubs, name_stubs

TEMPLATES = Path(str(files("gradgate"))) / "handout" / "templates"
GRADER = ".grader"
SUMS = "SHA256SUMS"
WHEELHOUSE = "wheelhouse"
WORKFLOW = ".github/workflows/grade.yml"
# Where each template goes. Their own names have no dot in front, so that none is overlooked.
FILES = {
    "README.md": "README.md",
    "noxfile.py": "noxfile.py",
    "pyproject.toml": "pyproject.toml",
    "test_checks.py": f"{GRADER}/test_checks.py",
    "gitattributes": ".gitattributes",
    "gitignore": ".gitignore",
    "editorconfig": ".editorconfig",
    "settings.json": ".vscode/settings.json",
    "extensions.json": ".vscode/extensions.json",
}


def write_tree(course: Course, tree: Path, wheel: Path, uses: str, wheelhouse: str) -> None:
    """Write the files of a handout into the new folder `tree`.

    `uses` is the reusable workflow that grades a push, or empty. `wheelhouse` says for which Python
    and system packages will lie in the handout, or is empty.
    """
    stubs = name_stubs(course)
    shutil.copytree(
        find_stubs(course), tree / stubs, ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    grader = tree / GRADER
    grader.mkdir()
    shutil.copy(wheel, grader)
    write_sums(grader)
    milestones = copy_milestones(course.folder, tree)
    templates = FILES | ({"grade.yml": WORKFLOW} if uses else {})
    for template, name in templates.items():
        text = render(template, course, milestones, uses=uses, wheelhouse=wheelhouse)
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(text.encode())  # as bytes: lines end alike on every system


def render(
    template: str,
    course: Course,
    milestones: Iterable[MilestonePage],
    *,
    uses: str,
    wheelhouse: str,
) -> str:
    """Fill in a template."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{template}.j2").render(
        intro=read_intro(find_stubs(course)),
        stubs=name_stubs(course).as_posix(),
        modules=course.modules,
        milestones=[*milestones],
        uses=uses,
        wheelhouse=wheelhouse,
    )


def read_intro(stubs: Path) -> str:
    """Return what the docstring of the stubs' package says, or nothing."""
    file = stubs / "__init__.py"
    if not file.is_file():
        return ""
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of the wheels in a folder beside them, as sha256sum does."""
    wheels = sorted(folder.glob("*.whl"))
    lines = [f"{hash_file(wheel)}  {wheel.name}\n" for wheel in wheels]
    (folder / SUMS).write_bytes("".join(lines).encode())


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
