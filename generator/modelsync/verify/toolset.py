"""How the generated code of a language is compiled and run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.toolchains import RequiredTool, Tool
from modelsync.verify.validator_rules import Rule


@dataclass(frozen=True, slots=True)
class Finding:
    """A message of a compiler or checker about generated code, unchanged."""

    tool: str
    text: str


class Compiler(NamedTuple):
    """A compiler or checker, and how to run it on the output folder of a target."""

    tool: RequiredTool
    check: Callable[[Path, Tool], list[Finding]]


class Validator(NamedTuple):
    """A program that says which documents the files of a target accept."""

    name: str
    tool: RequiredTool
    rules: Sequence[Rule]
    """Which documents it reads differently."""
    run: Callable[[Target, Path, Sequence[Case], Tool], list[Outcome]]
    """Return the outcome of each case, in order, as :meth:`Toolset.run` does: neither with what is
    encoded nor with a path."""


class Toolset(ABC):
    """How the code of one language is compiled and, for one kind of target, run."""

    runnable: type[Target] | None = None
    """The target whose code decodes and encodes JSON, and can be run on documents."""
    runtime: RequiredTool | None = None
    """The tool that :meth:`run` needs."""

    @abstractmethod
    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return the compilers and checkers for the code of `target`, in the order to run them."""

    def validators(self, target: Target) -> Sequence[Validator]:
        """Return the validators, if the files of `target` are schemas that other programs read."""
        del target
        return ()

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
