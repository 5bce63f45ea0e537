"""`modelsync verify`: run each target's code on the same JSON documents, and compare outcomes.

The code is rendered into a temporary folder from the specs, the templates and the config. Whether
the project's files are up to date is a question for :mod:`modelsync.commands.generate`.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from modelsync import disk
from modelsync.errors import Position, Problem, ProblemsError, in_backticks
from modelsync.progress import Progress, silent, ticker
from modelsync.project.load import Project, load
from modelsync.project.root import place_of
from modelsync.project.targets import own_templates, targets_of
from modelsync.schema.scalars import Holds
from modelsync.schema.schema import Schema
from modelsync.schema.variants import with_variants
from modelsync.targets.base import Output, Target
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.compare import Disagreement, disagreements
from modelsync.verify.execution import Execution, MissingTool, executions
from modelsync.verify.expected import Expectations, Language
from modelsync.verify.languages import Finding, Toolset, toolset_names, toolset_of
from modelsync.verify.toolchains import Tool
from modelsync.verify.vectors import cases

_PACKAGE: Final = "modelsync_models"
"""The name of each target's output folder in the temporary one. No module has this name."""


@dataclass(frozen=True, slots=True)
class TargetResult:
    """The result of one target."""

    target: str
    """The name of the target, or that of a target and of a validator of its files."""
    position: Position
    can_run: bool
    """Whether the target has code to run. One that only declares types is only compiled."""
    tools: tuple[Tool, ...]
    missing: tuple[MissingTool, ...]
    findings: tuple[Finding, ...]
    """What the compilers report."""
    failure: str
    """Why the code could not be compiled or run; empty if it could."""
    case_counts: Mapping[str, int]
    """How many cases were run, by definition."""
    wrong_counts: Mapping[str, int]
    """How many of them had an unexpected outcome, by definition."""
    left_out: Mapping[str, int]
    """How many cases a validator was not asked about, by the reason."""
    is_validator: bool = False

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What the compilers report, and the failure as if a tool had reported it."""
        failure = [Finding("the run", self.failure)] if self.failure else []
        return (*self.findings, *failure)


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The result of `verify`."""

    case_count: int
    targets: tuple[TargetResult, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def missing(self) -> tuple[MissingTool, ...]:
        """Each missing tool, once."""
        return tuple(
            {tool.tool: tool for target in self.targets for tool in target.missing}.values()
        )

    @property
    def agrees(self) -> bool:
        """Whether all targets agree, and no compiler reports anything."""
        return not self.disagreements and not any(target.errors for target in self.targets)

    @property
    def representative(self) -> tuple[Disagreement, ...]:
        """The first disagreement for each position and set of wrong targets."""
        first: dict[object, Disagreement] = {}
        for disagreement in self.disagreements:
            first.setdefault((disagreement.position, disagreement.wrong), disagreement)
        return tuple(first.values())


def verify(
    folder: Path,
    names: Collection[str] = (),
    *,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> VerifyResult:
    """Compile and run the code of a project's targets, or of those called `names`.

    Raises :class:`ProblemsError` for a project that has problems or no code, and OSError.
    """
    with disk.unchanging(place_of(folder).root, waiting):
        project = load(folder)
        targets = _code_targets(project, names)
        outputs = _render(project, list(targets), progress)
    runnable = [target for target, toolset in targets.items() if toolset.can_run(target)]
    schema = _with_variants(project.schema, runnable)
    tried = _cases_of(schema, runnable, project.config.place.config, progress)
    runs: list[Execution] = []
    with tempfile.TemporaryDirectory(prefix="modelsync-") as temporary:
        for number, (target, toolset) in enumerate(targets.items(), 1):
            name = target.settings.name
            progress(f"compiling and running {name}: target", number, len(targets))
            out = Path(temporary, name, _PACKAGE)
            _write(target, outputs, out)
            runs += executions(target, toolset, out, tried, folder)
    wrong = tuple(disagreements(schema, tried, runs, progress))
    results = tuple(_target_result(run, tried, wrong) for run in runs)
    return VerifyResult(len(tried), results, wrong)


def _code_targets(project: Project, names: Collection[str]) -> dict[Target, Toolset]:
    """Return the requested targets that can be compiled, each with its toolset."""
    targets = targets_of(project, names)
    toolsets = {target: toolset_of(target) for target in targets}
    code = {target: toolset for target, toolset in toolsets.items() if toolset is not None}
    problems = [
        Problem(
            target.settings.position,
            "MS095",
            f"the target `{target.settings.name}` does not generate code",
            help=f"use a target for one of {in_backticks(toolset_names())}",
        )
        for target in targets
        if names and target not in code
    ]
    if not code and not problems:
        message = "no target generates code"
        help_ = f"add a target for one of {in_backticks(toolset_names())}"
        problems.append(
            Problem(Position(project.config.place.config), "MS095", message, help=help_)
        )
    if problems:
        raise ProblemsError(problems)
    return code


def _render(project: Project, targets: list[Target], progress: Progress) -> dict[str, Output]:
    from modelsync.render.render import render  # noqa: PLC0415 - only once the project is valid

    expected = sum(len(target.schema.definitions) for target in targets)
    rendered = ticker("rendering", expected, progress)
    return render(targets, own_templates(project), rendered)


def _with_variants(schema: Schema, targets: Sequence[Target]) -> Schema:
    """Return `schema` with the variants, if a target has any.

    They come last, so that the cases of all other definitions stay the same.
    """
    has_variants = any(target.settings.has_variants for target in targets)
    return with_variants(schema) if has_variants else schema


def _cases_of(
    schema: Schema, targets: Sequence[Target], config: str, progress: Progress
) -> list[Case]:
    """Return the cases of the definitions that some runnable target has. `config` is its path."""
    if not targets:
        return []
    defined = {id_ for target in targets for id_ in target.schema.by_id}
    numbers = {definition.id: n for n, definition in enumerate(schema.definitions)}
    selected = []
    for case in cases(schema):
        progress("generating cases: definition", numbers[case.definition], len(numbers))
        if case.definition in defined:
            selected.append(case)
    if not selected:
        message = "the targets have no definitions to verify"
        help_ = "define a model, or remove an `only` that excludes these targets"
        raise ProblemsError([Problem(Position(config), "MS095", message, help=help_)])
    return selected


def _write(target: Target, outputs: Mapping[str, Output], out: Path) -> None:
    """Write the files of a target below `out`."""
    for path, output in outputs.items():
        if output.target == target.settings.name:
            place = out / PurePosixPath(path).relative_to(target.settings.out)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(output.data)


def _target_result(
    execution: Execution, tried: Sequence[Case], wrong: Sequence[Disagreement]
) -> TargetResult:
    settings = execution.target.settings
    return TargetResult(
        execution.name,
        settings.position,
        execution.can_run,
        execution.tools,
        execution.missing,
        execution.findings,
        execution.failure,
        Counter(tried[index].definition for index in execution.outcomes),
        Counter(
            disagreement.case.definition
            for disagreement in wrong
            if execution.name in disagreement.wrong
        ),
        execution.left_out,
        bool(execution.validator),
    )


# Vectors ------------------------------------------------------------------------------------------


class Vector(NamedTuple):
    """A case and its expected outcome."""

    case: Case
    expected: Outcome | None
    """The outcome in a language that represents all of int64, and datetimes to the millisecond.
    None if nothing is promised, except that the code does not crash."""
    exceptions: Mapping[str, Outcome | None]
    """The expected outcome in targets that represent other values, if it differs."""
    without: tuple[str, ...]
    """The targets that do not have the definition."""


def vectors(folder: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[Vector]:
    """Yield the cases of a project with their expected outcomes. Runs none of them.

    Raises :class:`ProblemsError` and OSError.
    """
    with disk.unchanging(place_of(folder).root, waiting):
        project = load(folder)
        targets = [target for target in targets_of(project) if _has_codec(target)]
    languages = {target.settings.name: Language(target.schema, target.holds) for target in targets}
    schema = _with_variants(project.schema, targets)
    general = Language(schema, Holds())
    expectations = Expectations({None: general, **languages})
    for case in cases(schema):
        outcomes = expectations.of(case)
        expected = outcomes[None]
        exceptions = {
            name: outcomes[name] for name in languages if outcomes.get(name, expected) != expected
        }
        without = tuple(name for name in languages if name not in outcomes)
        yield Vector(case, expected, exceptions, without)


def _has_codec(target: Target) -> bool:
    toolset = toolset_of(target)
    return toolset is not None and toolset.can_run(target) and not toolset.validators(target)
