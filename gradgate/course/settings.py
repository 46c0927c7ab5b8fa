"""A course's settings: the table `[tool.gradgate]` of the pyproject.toml beside its checks."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradgate.errors import UsageError
from gradgate.limits import Limits, read_limits
from gradgate.protocol.values import Holder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KINDS: dict[type, str] = {dict: "table", list: "list", str: "string"}
# The last is read in a graded folder only, which may be the course's own.
KNOWN = ("holder", "activation", "packages", "limits", "handout", "layout")
MOST_BYTES = 1 << 20  # of a pyproject.toml, which may be anybody's


@dataclass(frozen=True)
class Activation:
    """A module that changes those before it, such as an autograd that teaches Tensor to record.

    From `module` on, a submission is graded after `module` was imported and the function `call`,
    where it exists, was called.
    """

    module: str
    call: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the engine has to know of a course beside its checks.

    `holder` is the class whose objects hold numbers, `activation` the module to be imported first,
    if there is one, `packages` the import paths below which a submission's modules are looked for,
    `solutions` patterns of folders that no handout may hold, beside the reference.
    """

    holder: Holder
    activation: Activation | None
    packages: tuple[str, ...]
    limits: Limits
    solutions: tuple[str, ...]


def has_settings(folder: Path) -> bool:
    """Tell whether a folder has a pyproject.toml with a table `[tool.gradgate]`."""
    file = folder / "pyproject.toml"
    try:
        return file.is_file() and bool(_read_table(file))
    except (OSError, ValueError, RecursionError):
        return False


def read_settings(folder: Path) -> Settings:
    """Read the settings of the course in a folder; raises UsageError where they cannot be used."""
    file = folder / "pyproject.toml"
    try:
        table = _read_table(file)
        unknown = sorted(table.keys() - KNOWN)
        if unknown:
            raise ValueError(f"there is no setting {unknown[0]!r}; there are {', '.join(KNOWN)}")
        holder, activation = _find(table, "holder", dict), _find(table, "activation", dict, {})
        return Settings(
            holder=Holder(_find(holder, "name", str), _find(holder, "dtype", str, "")),
            activation=_read_activation(activation) if activation else None,
            packages=_read_packages(table),
            limits=read_limits(
                _find(table, "limits", dict, {}), f"{file}, table [tool.gradgate.limits]"
            ),
            solutions=_read_solutions(_find(table, "handout", dict, {})),
        )
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file}, table [tool.gradgate]: {error}") from error


def _read_packages(table: Mapping[str, Any]) -> tuple[str, ...]:
    packages = tuple(map(str, _find(table, "packages", list, ["student"])))
    if not packages:
        raise ValueError("packages is empty; name the folder of a submission, such as student")
    return packages


def _read_solutions(table: Mapping[str, Any]) -> tuple[str, ...]:
    unknown = sorted(table.keys() - {"solutions"})
    if unknown:
        raise ValueError(f"handout: there is no setting {unknown[0]!r}; there is solutions")
    return tuple(map(str, _find(table, "solutions", list, [])))


def _read_activation(table: Mapping[str, Any]) -> Activation:
    return Activation(_find(table, "module", str), _find(table, "call", str))


def _read_table(file: Path) -> Mapping[str, Any]:
    if file.stat().st_size > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES >> 20} MiB")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    found: Mapping[str, Any] = _find(_find(tables, "tool", dict, {}), "gradgate", dict, {})
    return found


def _find(table: Mapping[str, Any], name: str, kind: type, default: Any = None) -> Any:
    """Return an entry of a table; raises ValueError where it is missing or of another kind."""
    value = table.get(name, default)
    if value is None:
        raise ValueError(f"lacks {name!r}")
    if not isinstance(value, kind):
        raise ValueError(f"{name} = {value!r} is not a {KINDS[kind]}")
    return value
