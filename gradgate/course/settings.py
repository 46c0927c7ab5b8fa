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
    if there is one, `packages` the import paths below which a submission's modules are looked for.
    """

    holder: Holder
    activation: Activation | None
    packages: tuple[str, ...]
    limits: Limits


def has_settings(folder: Path) -> bool:
    """Tell whether a folder has a pyproject.toml with a table `[tool.gradgate]`."""
    try:
        return "gradgate" in _read_tool_table(folder / "pyproject.toml")
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def read_settings(folder: Path) -> Settings:
    """Read the settings of the course in a folder; raises UsageError where they cannot be used."""
    file = folder / "pyproject.toml"
    try:
        table = _read_tool_table(file)["gradgate"]
        holder, activation = table["holder"], table.get("activation")
        return Settings(
            holder=Holder(str(holder["name"]), str(holder.get("dtype", ""))),
            activation=Activation(activation["module"], activation["call"]) if activation else None,
            packages=tuple(map(str, table.get("packages", ["student"]))),
            limits=read_limits(table.get("limits", {}), f"{file}, table [tool.gradgate.limits]"),
        )
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (KeyError, ValueError, AttributeError, TypeError, RecursionError) as error:
        told = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"{file}, table [tool.gradgate]: {told}") from error


def _read_tool_table(file: Path) -> Mapping[str, Any]:
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    found: Mapping[str, Any] = tables.get("tool", {})
    return found
