"""Toolsets from other packages: load them, check their results, and report their errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple

from modelsync.errors import Position
from modelsync.targets.base import Settings, Target
from modelsync.targets.calls import GuardedCalls, where
from modelsync.targets.checks import is_all, kind_of
from modelsync.targets.entry_points import load_provider, unusable
from modelsync.targets.error_places import class_place, code_of
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.toolchains import RequiredTool, Tool, ToolchainMissing
from modelsync.verify.toolset import Compiler, Finding, Toolset


class LoadedToolset(NamedTuple):
    """A toolset from another package."""

    name: str
    toolset: Toolset
    code: tuple[Path, ...]
    """Where the code of the package is: an error from there is reported as the toolset's."""

    def guarded(self, settings: Settings) -> Toolset:
        """Return the toolset for a target with these settings, with its calls guarded."""
        return _GuardedToolset(self, settings)


def load(name: str, group: str) -> LoadedToolset:
    """Return the toolset called `name`, for which the entry points of `group` have a module.

    Raises :class:`ProblemsError` if it cannot be loaded, or is not a valid toolset.
    """
    provider = load_provider("toolset", name, "TOOLSET", group)
    toolset = provider.value
    subject = f"the toolset `{name}`"
    if not isinstance(toolset, Toolset):
        wrong = "its module has no TOOLSET"
        if toolset is not None:
            wrong = f"TOOLSET in its module is {kind_of(toolset)}, not a Toolset"
        place = Position(provider.module.__file__ or provider.module.__name__)
        help_ = "end the module with `TOOLSET = ...`, an instance of a class derived from Toolset"
        raise unusable(subject, place, wrong, help_)
    cls = type(toolset)
    for attribute, wrong, help_ in _faults(toolset):
        raise unusable(subject, class_place(cls, attribute), wrong, help_)
    inherited = tuple(root for base in cls.__mro__ for root in code_of(base.__module__))
    return LoadedToolset(name, toolset, (*provider.code, *inherited))


def _faults(toolset: Toolset) -> Iterator[tuple[str, str, str]]:
    """Yield each invalid attribute of a toolset, with its problem and the help."""
    runnable: Any = toolset.runnable
    if not (runnable is None or (isinstance(runnable, type) and issubclass(runnable, Target))):
        yield "runnable", "its runnable is not a target class", "set it to the class of the target"
    if not isinstance(toolset.runtime, RequiredTool | NoneType):
        yield "runtime", "its runtime is not a RequiredTool", "write `runtime = RequiredTool(...)`"
    for method in ("compilers", "prepare", "run", "can_run"):
        if not callable(getattr(toolset, method)):
            yield method, f"its {method} is not a method", f"write `def {method}(self, ...)`"
    if runnable is not None and type(toolset).run is Toolset.run:
        yield "", "it can run code, but has no method `run`", "add `run`, or remove `runnable`"
    if runnable is not None and toolset.runtime is None:
        yield "", "it can run code, but has no `runtime`", "add `runtime`, or remove `runnable`"


class _GuardedToolset(Toolset):
    """Calls a toolset from another package for one target."""

    def __init__(self, loaded: LoadedToolset, settings: Settings) -> None:
        self._toolset = loaded.toolset
        self._calls = GuardedCalls(
            f"the toolset `{loaded.name}`",
            type(loaded.toolset),
            loaded.code,
            where(settings),
            expected=(RunFailed, ToolchainMissing),
        )
        self.runnable = loaded.toolset.runnable
        runtime = loaded.toolset.runtime
        self.runtime = None if runtime is None else self._guarded_tool(runtime)

    def compilers(self, target: Target) -> Sequence[Compiler]:
        compilers = self._list("compilers", Compiler, partial(self._toolset.compilers, target))
        for compiler in compilers:
            if not isinstance(compiler.tool, RequiredTool):
                wrong = f"has a compiler whose tool is {kind_of(compiler.tool)}"
                self._calls.refuse("compilers", f"{wrong}, not a RequiredTool")
        return [
            Compiler(self._guarded_tool(compiler.tool), partial(self._check, compiler))
            for compiler in compilers
        ]

    def prepare(self, target: Target, out: Path) -> None:
        self._calls.attempt("prepare", partial(self._toolset.prepare, target, out))

    def run(self, target: Target, out: Path, cases: Sequence[Case], tool: Tool) -> list[Outcome]:
        call = partial(self._toolset.run, target, out, cases, tool)
        outcomes = self._list("run", Outcome, call)
        if len(outcomes) != len(cases):
            self._calls.refuse(
                "run", f"returns {len(outcomes):,} outcomes for {len(cases):,} cases"
            )
        return outcomes

    def can_run(self, target: Target) -> bool:
        return bool(self._calls.attempt("can_run", partial(self._toolset.can_run, target)))

    def _guarded_tool(self, tool: RequiredTool) -> RequiredTool:
        return tool._replace(find=partial(self._find, tool))

    def _find(self, tool: RequiredTool, project: Path) -> Tool:
        call = partial(tool.find, project)
        return self._calls.answer("find", Tool, call, tool.find)

    def _check(self, compiler: Compiler, out: Path, tool: Tool) -> list[Finding]:
        call = partial(compiler.check, out, tool)
        return self._list("check", Finding, call, compiler.check)

    def _list(self, method: str, kind: type, call: Any, function: Any = None) -> list[Any]:
        """Return the list that a method returns, whose items must have a type."""
        items = self._calls.answer(method, (list, tuple), call, function)
        if not is_all(kind, *items):
            other = next(item for item in items if not isinstance(item, kind))
            wrong = f"has {kind_of(other)}, not a {kind.__name__}"
            self._calls.refuse(method, wrong, self._calls.place(method, function))
        return list(items)
