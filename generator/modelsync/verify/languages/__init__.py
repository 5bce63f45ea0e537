"""How the code of each language is compiled and run: one module per language, found by being here.

A module ends with `TOOLSET = ` and a :class:`Toolset`, and has the name of a target or of a
language (:meth:`modelsync.targets.base.Target.language_of`). Another distribution adds one with an
entry point of the group `modelsync.verify` that names a module.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

from modelsync.errors import Position, Problem, ProblemsError
from modelsync.targets import load_module
from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.toolchains import RequiredTool, Tool

GROUP: Final = "modelsync.verify"


@dataclass(frozen=True, slots=True)
class Finding:
    """A complaint of a compiler or checker about generated code, in its own words."""

    tool: str
    text: str


class Compiler(NamedTuple):
    """A compiler or checker, and how to run it on the output folder of a target."""

    tool: RequiredTool
    check: Callable[[Path, Tool], list[Finding]]


class Toolset(ABC):
    """How the code of one language is compiled and, for one kind of target, run."""

    runnable: ClassVar[type[Target] | None] = None
    """The target whose code decodes and encodes JSON, and can be run on documents."""
    runtime: ClassVar[RequiredTool | None] = None
    """The tool that :meth:`run` needs."""
    code: tuple[Path, ...] = ()
    """Where the code of a toolset from another package is. modelsync sets it: an error from there
    is reported as the toolset's."""

    @abstractmethod
    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return what checks the code of `target`, in this order."""

    def prepare(self, target: Target, out: Path) -> None:  # noqa: B027 - optional
        """Write what the files of `target` in the folder `out` need to be compiled and run."""

    def run(self, target: Target, out: Path, cases: Sequence[Case], tool: Tool) -> list[Outcome]:
        """Return the outcome of each case, in order, for the files of `target` in `out`.

        `tool` is the :attr:`runtime` that was found. Raises
        :class:`~modelsync.verify.cases.RunFailed`.
        """
        raise NotImplementedError

    def can_run(self, target: Target) -> bool:
        """Whether the code of `target` can be run; code that only declares types cannot."""
        if self.runnable is None or target.declares_only_types:
            return False
        return isinstance(target, self.runnable)


@cache
def _built_in() -> frozenset[str]:
    return frozenset(module.name for module in pkgutil.iter_modules(__path__))


@cache
def toolset_names() -> tuple[str, ...]:
    """Return the name of every toolset, sorted."""
    from importlib.metadata import entry_points  # noqa: PLC0415

    return tuple(sorted(_built_in() | {point.name for point in entry_points(group=GROUP)}))


def toolset_of(target: Target) -> Toolset | None:
    """Return the toolset of a target's name, or else of its language; None if there is none.

    Documentation is not code: it has the language of its examples, and no toolset.
    """
    if not target.is_code:
        return None
    names = (target.name, target.language)
    name = next((name for name in names if name in toolset_names()), None)
    return None if name is None else _load(name)


@cache
def _load(name: str) -> Toolset:
    """Return a toolset. Raises :class:`ProblemsError` for one of another package that fails."""
    if name in _built_in():
        toolset: Toolset = importlib.import_module(f"{__name__}.{name}").TOOLSET
        return toolset
    from importlib.metadata import entry_points  # noqa: PLC0415

    (point, *_) = entry_points(group=GROUP, name=name)
    module = load_module(f"the toolset `{name}`", point)
    external = getattr(module, "TOOLSET", None)
    if not isinstance(external, Toolset):
        help_ = "end the module with `TOOLSET = ...`, an instance of a class derived from Toolset"
        message = f"the toolset `{name}` cannot be used: its module has no TOOLSET"
        raise ProblemsError([Problem(Position(str(module.__file__)), "MS130", message, help=help_)])
    external.code = (Path(str(module.__file__)),)
    return external
