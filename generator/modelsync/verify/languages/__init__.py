"""How the code of each language is compiled and run: one module per language in this folder.

A module ends with `TOOLSET = ` and a :class:`Toolset`, and has the name of a target or of a
language (:meth:`modelsync.targets.base.Target.language_of`). Another distribution adds one with an
entry point of the group `modelsync.verify` that names a module.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from typing import Final

from modelsync.errors import ProblemsError
from modelsync.targets.base import Target
from modelsync.targets.calls import where
from modelsync.targets.entry_points import names_in
from modelsync.verify.external import LoadedToolset, load
from modelsync.verify.toolset import Compiler, Finding, Toolset

__all__ = ["GROUP", "Compiler", "Finding", "Toolset", "toolset_names", "toolset_of"]

GROUP: Final = "modelsync.verify"


@cache
def _built_in() -> frozenset[str]:
    modules = pkgutil.iter_modules(__path__)
    return frozenset(module.name.replace("_", "-") for module in modules)


@cache
def toolset_names() -> tuple[str, ...]:
    """Return the name of every toolset, sorted."""
    return tuple(sorted(_built_in() | names_in(GROUP)))


def toolset_of(target: Target) -> Toolset | None:
    """Return the toolset of a target's name, or else of its language; None if there is none.

    Documentation is not code: it has the language of its examples, and no toolset. Schemas have
    one if they are about the documents of the spec language. Raises
    :class:`ProblemsError` for a toolset of another package that cannot be used.
    """
    names = (target.name, target.language) if target.is_code else (target.name,)
    name = next((name for name in names if name in toolset_names()), None)
    if name is None:
        return None
    if name in _built_in():
        module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
        toolset: Toolset = module.TOOLSET
        return toolset if target.is_code or toolset.can_run(target) else None
    notes = where(target.settings)
    try:
        return _external(name).guarded(target.settings)
    except ProblemsError as error:
        raise ProblemsError(replace(each, related=notes) for each in error.problems) from error


@cache
def _external(name: str) -> LoadedToolset:
    return load(name, GROUP)
