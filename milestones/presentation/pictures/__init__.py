"""The pictures of a run, a module each: every module here that has a function `draw` is one."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from . import style
from .picture import Picture, Run


def draw_pictures(run: Run) -> dict[str, Picture]:
    """Return the pictures that apply to a run, by the names of their modules."""
    names = [module.name for module in iter_modules(__path__)]
    modules = {name: import_module(f"{__name__}.{name}") for name in names}
    with style.apply_style():
        drawn = {n: module.draw(run) for n, module in modules.items() if hasattr(module, "draw")}
    return {name: picture for name, picture in drawn.items() if picture}
