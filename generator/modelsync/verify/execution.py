"""Compile and run the files of one target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from modelsync.targets.base import Target
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.left_out import Differences, JsonSchemaMeaning
from modelsync.verify.toolchains import RequiredTool, Tool, ToolchainMissing
from modelsync.verify.toolset import Compiler, Finding, Toolset, Validator

_T = TypeVar("_T")


class MissingTool(NamedTuple):
    """A tool that was not found."""

    tool: str
    reason: str
    """What was found instead."""
    help: str
    """How to install the tool."""
    effect: str
    """What was not done without the tool, such as "not compiled"."""


class Execution(NamedTuple):
    """The result of compiling and running one target, or of one validator of its files."""

    target: Target
    can_run: bool
    """Whether the target has more than types."""
    tools: tuple[Tool, ...]
    missing: tuple[MissingTool, ...]
    findings: tuple[Finding, ...]
    failure: str
    """Why the code could not be compiled or run; empty if it could."""
    outcomes: Mapping[int, Outcome]
    """The outcome of each case that was run, by the index of the case."""
    validator: str = ""
    """The name of the validator, if it is about one."""
    left_out: Mapping[str, int] = {}
    """How many cases the validator was not asked about, by the reason."""

    @property
    def name(self) -> str:
        """The name of the target in the config, and of the validator."""
        name = self.target.settings.name
        return f"{name}/{self.validator}" if self.validator else name


def executions(
    target: Target, toolset: Toolset, out: Path, cases: Sequence[Case], project: Path
) -> list[Execution]:
    """Return the result of a target, or of each validator of its files: see :func:`execute`."""
    validators = toolset.validators(target)
    if not validators:
        return [execute(target, toolset, out, cases, project)]
    meaning = JsonSchemaMeaning(target.schema)
    differences = (Differences(meaning, validator.rules) for validator in validators)
    return [
        _validate(target, validator, each, out, cases, project)
        for validator, each in zip(validators, differences, strict=True)
    ]


def execute(
    target: Target, toolset: Toolset, out: Path, cases: Sequence[Case], project: Path
) -> Execution:
    """Compile the files of a target in `out`, and run them on the cases of its definitions.

    The project in a folder may have its own tools. Raises
    :class:`~modelsync.errors.ProblemsError` for an error in a toolset from another package.
    """
    can_run = toolset.can_run(target)
    compilers = toolset.compilers(target)
    runtime = toolset.runtime if can_run else None
    required = [compiler.tool for compiler in compilers] + ([runtime] if runtime else [])
    tools, missing = _find(required, project)
    findings, compile_failure = _or_failure(
        lambda: _compile(target, toolset, out, compilers, tools)
    )
    defined = target.schema.by_id
    selected = {index: case for index, case in enumerate(cases) if case.definition in defined}
    outcomes: list[Outcome] = []
    run_failure = ""
    if runtime and runtime.name in tools:
        tool = tools[runtime.name]
        outcomes, run_failure = _or_failure(
            lambda: toolset.run(target, out, list(selected.values()), tool)
        )
    return Execution(
        target,
        can_run,
        tuple(tools.values()),
        tuple(missing),
        tuple(findings),
        "\n".join(filter(None, (compile_failure, run_failure))),
        dict(zip(selected, outcomes, strict=True)) if outcomes else {},
    )


def _validate(
    target: Target,
    validator: Validator,
    differences: Differences,
    out: Path,
    cases: Sequence[Case],
    project: Path,
) -> Execution:
    """Ask a validator about the cases that it must answer as docs/spec-language.md says."""
    tools, missing = _find([validator.tool], project)
    defined = target.schema.by_id
    selected: dict[int, Case] = {}
    left_out: Counter[str] = Counter()
    for index, case in enumerate(cases if tools else ()):
        reason = differences.reason(case) if case.definition in defined else ""
        if reason is None:
            selected[index] = case
        elif reason:
            left_out[reason] += 1
    outcomes: list[Outcome] = []
    failure = ""
    for tool in tools.values():
        asked = list(selected.values())
        outcomes, failure = _or_failure(partial(validator.run, target, out, asked, tool))
    return Execution(
        target,
        True,
        tuple(tools.values()),
        tuple(missing),
        (),
        failure,
        dict(zip(selected, outcomes, strict=True)) if outcomes else {},
        validator.name,
        dict(left_out.most_common()),
    )


def _compile(
    target: Target,
    toolset: Toolset,
    out: Path,
    compilers: Sequence[Compiler],
    tools: Mapping[str, Tool],
) -> list[Finding]:
    """Return what the compilers report whose tools exist. Raises :class:`RunFailed`."""
    toolset.prepare(target, out)
    return [
        finding
        for compiler in compilers
        if compiler.tool.name in tools
        for finding in compiler.check(out, tools[compiler.tool.name])
    ]


def _or_failure(work: Callable[[], list[_T]]) -> tuple[list[_T], str]:
    """Return what `work` returns, or why it failed."""
    try:
        return work(), ""
    except RunFailed as error:
        return [], str(error)


def _find(
    required: Sequence[RequiredTool], project: Path
) -> tuple[dict[str, Tool], list[MissingTool]]:
    """Return the tools that exist, by their names, and those that are missing, once each."""
    effects = {tool.name: tool.effect for tool in required}
    tools: dict[str, Tool] = {}
    missing: dict[str, MissingTool] = {}
    for tool in required:
        if tool.name in tools:
            continue
        try:
            tools[tool.name] = tool.find(project)
        except ToolchainMissing as error:  # it may be about a tool that this one needs
            effect = effects.get(error.tool, tool.effect)
            missing[error.tool] = MissingTool(error.tool, error.reason, error.help, effect)
    return tools, list(missing.values())
