"""The `api` a scenario is given: a submission's, or the reference's, names of the contract."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any


class MissingName(Exception):
    """A name of the contract that the submission does not have."""


class Api:
    """The names of the contract as attributes; each module is imported when first needed."""

    def __init__(self, layout: Mapping[str, str], owners: Mapping[str, str]) -> None:
        """Take the import path of each module, and the module that each name belongs to."""
        self._layout = layout
        self._owners = owners

    def __getattr__(self, name: str) -> Any:
        """Return what the submission offers under a contract's name; MissingName if nothing."""
        if name.startswith("_") or name not in self._owners:
            raise AttributeError(name)
        path = self._layout[self._owners[name]]
        try:
            found = getattr(importlib.import_module(path), name)
        except ModuleNotFoundError as error:
            if not is_about(error, path):
                raise
            raise MissingName(name) from None
        except AttributeError:
            if hasattr(sys.modules.get(path), name) or path not in sys.modules:
                raise
            raise MissingName(name) from None
        self.__dict__[name] = found
        return found


def is_about(error: BaseException, path: str) -> bool:
    """Tell whether an error says that this very module, or its package, does not exist."""
    return isinstance(error, ModuleNotFoundError) and f"{path}.".startswith(f"{error.name}.")
