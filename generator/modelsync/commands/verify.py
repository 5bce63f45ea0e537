"""The proof that every language means the same: cases from the schema, run through all of them.

What is proven is what the specs, the templates and the config say now, in a temporary folder;
whether the files of the project are that, is for :mod:`modelsync.commands.generate` to check.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple, TypeVar

from modelsync import disk
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.progress import Progress, silent
from modelsync.project.config import NAME
from modelsync.project.load import Project, load
from modelsync.project.targets import render, targets_of
from modelsync.schema.ir import Model, Schema
from modelsync.schema.meaning import Holds, path_text
from modelsync.targets.base import Output, Target
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.compilers import (
    Finding,
    check_go,
    check_go_format,
    check_python,
    check_typescript,
)
from modelsync.verify.expected import Expectations, Language, agrees
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import NEEDS, Tool, ToolchainMissing
from modelsync.verify.vectors import cases

_T = TypeVar("_T")

_PACKAGE: Final = "modelsync_models"
"""What the output folder of each target is called in the temporary one: no module is called so."""


class _Toolset(NamedTuple):
    """How the code of a target is checked, by the tool for it, and what tool runs it."""

    checks: Mapping[str, Callable[[Path, Tool], list[Finding]]]
    runtime: str


_TOOLSETS: Final[Mapping[str, _Toolset]] = {
    "python": _Toolset({"mypy": check_python}, "python"),
    "typescript": _Toolset({"tsc": check_typescript}, "node"),
    "go": _Toolset({"gofmt": check_go_format, "go": check_go}, "go"),
}
"""The targets whose files are code that can be run, by what they are."""


class Said(NamedTuple):
    """What one target makes of a case, and what it has to make of it; None: anything."""

    wanted: Outcome | None
    found: Outcome
    agrees: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case of which a target does not make what it has to, and what each target says of it.

    `position` is the place in a spec that it is about.
    """

    case: Case
    position: Position
    said: Mapping[str, Said]

    @property
    def wrong(self) -> tuple[str, ...]:
        """The targets that are wrong about it."""
        return tuple(name for name, said in self.said.items() if not said.agrees)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one target.

    `tools` are those that were used, and `missing` those that were not there. `findings` are what
    the compilers say, and `failure` is why the code could not be run. `asked` has how many cases
    of each definition it was asked, and `wrong` about how many of them it was wrong.
    """

    target: str
    position: Position
    tools: tuple[Tool, ...]
    missing: tuple[ToolchainMissing, ...]
    findings: tuple[Finding, ...]
    failure: str
    asked: Mapping[str, int]
    wrong: Mapping[str, int]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What the compilers and the run have against the code, the run as if it were a tool."""
        run = [Finding("the run", self.failure)] if self.failure else []
        return (*self.findings, *run)


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was found. `cases` is how many there are."""

    project: Project
    cases: int
    verdicts: tuple[Verdict, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def missing(self) -> tuple[ToolchainMissing, ...]:
        """Each tool that was not there, once."""
        found = {each.tool: each for verdict in self.verdicts for each in verdict.missing}
        return tuple(found.values())

    @property
    def agrees(self) -> bool:
        """Whether nothing was found to be wrong."""
        return not self.disagreements and not any(verdict.faults for verdict in self.verdicts)

    @property
    def telling(self) -> tuple[Disagreement, ...]:
        """The first disagreement of each place and each choice of targets that are wrong there."""
        first: dict[object, Disagreement] = {}
        for each in self.disagreements:
            first.setdefault((each.position, each.wrong), each)
        return tuple(first.values())


def verify(
    folder: Path,
    names: Collection[str] = (),
    *,
    progress: Progress = silent,
    waiting: Callable[[], object] = lambda: None,
) -> Proof:
    """Run the code of a project's targets, or of those called `names`, on cases from its schema.

    Raises :class:`ProblemsError` for a project that is wrong or has no code to run, and OSError.
    """
    with disk.unchanging(folder, waiting):
        project = load(folder)
        targets = _code_targets(project, names)
        outputs = render(project, [target.settings.name for target in targets], progress)
    asked = _cases_of(project.schema, targets, progress)
    trials: list[_Trial] = []
    with tempfile.TemporaryDirectory(prefix="modelsync-") as temporary:
        for number, target in enumerate(targets):
            name = target.settings.name
            progress(f"compiling and running {name}: target", number + 1, len(targets))
            out = Path(temporary, name, _PACKAGE)
            _write(target, outputs, out)
            trials.append(_tried(target, out, asked, folder))
    disagreements = tuple(_disagreements(project.schema, asked, trials, progress))
    verdicts = tuple(_verdict(trial, asked, disagreements) for trial in trials)
    return Proof(project, len(asked), verdicts, disagreements)


def _code_targets(project: Project, names: Collection[str]) -> list[Target]:
    """Return the targets that are asked for and have code that can be run."""
    found = targets_of(project, names)
    runnable = [target for target in found if target.settings.target in _TOOLSETS]
    problems = [
        Problem(
            target.settings.position,
            "MS095",
            f'the target "{target.settings.name}" is no code that can be run',
            help=f"name a target of {', '.join(_TOOLSETS)}",
        )
        for target in found
        if names and target not in runnable
    ]
    if not runnable and not problems:
        message = "no target is code that can be run"
        help_ = f"add a target of {', '.join(_TOOLSETS)}"
        problems.append(Problem(Position(NAME), "MS095", message, help=help_))
    if problems:
        raise ProblemsError(problems)
    return runnable


def _cases_of(schema: Schema, targets: Sequence[Target], progress: Progress) -> list[Case]:
    """Return the cases of those definitions of which a target has code."""
    coded = {id_ for target in targets for id_ in target.schema.by_id}
    numbers = {definition.id: n for n, definition in enumerate(schema.definitions)}
    found = []
    for case in cases(schema):
        progress("making cases: definition", numbers[case.definition], len(numbers))
        if case.definition in coded:
            found.append(case)
    if not found:
        message = "no target of code has a definition to try"
        help_ = "define a model in the specs, for which no `only` leaves out every target of code"
        raise ProblemsError([Problem(Position(NAME), "MS095", message, help=help_)])
    return found


def _write(target: Target, outputs: Mapping[str, Output], out: Path) -> None:
    """Write the files of a target below `out`, and what makes a module of that folder."""
    for path, output in outputs.items():
        if output.target == target.settings.name:
            place = out / PurePosixPath(path).relative_to(target.settings.out)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(output.data)
    if isinstance(target, GoTarget) and not (out / "go.mod").exists():
        (out / "go.mod").write_text(go_runner.module_text(target), encoding="utf-8")
    (out.parent / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")


# What each target says ----------------------------------------------------------------------------


class _Trial(NamedTuple):
    """What the tools made of one target. `outcomes` has what became of a case, by its number."""

    target: Target
    tools: tuple[Tool, ...]
    missing: tuple[ToolchainMissing, ...]
    findings: tuple[Finding, ...]
    failure: str
    outcomes: Mapping[int, Outcome]


def _tried(target: Target, out: Path, asked: Sequence[Case], folder: Path) -> _Trial:
    """Have the files of a target in `out` checked, and run on the cases of its definitions.

    The project in `folder` may have tools of its own.
    """
    toolset = _TOOLSETS[target.settings.target]
    tools, missing = _found((*toolset.checks, toolset.runtime), folder)
    checks = [(check, tools[name]) for name, check in toolset.checks.items() if name in tools]
    findings, unchecked = _attempted(
        lambda: [f for check, tool in checks for f in check(out, tool)]
    )
    known = target.schema.by_id
    own = {number: case for number, case in enumerate(asked) if case.definition in known}
    outcomes: Sequence[Outcome] = ()
    unrun = ""
    if toolset.runtime in tools:
        tool = tools[toolset.runtime]
        outcomes, unrun = _attempted(lambda: _run(target, out, list(own.values()), tool))
    return _Trial(
        target,
        tuple(tools.values()),
        tuple(missing),
        tuple(findings),
        "\n".join(filter(None, (unchecked, unrun))),
        dict(zip(own, outcomes, strict=True)) if outcomes else {},
    )


def _found(names: Sequence[str], folder: Path) -> tuple[dict[str, Tool], list[ToolchainMissing]]:
    """Return the tools that are there, by their names, and those that are not, each once."""
    tools: dict[str, Tool] = {}
    missing: dict[str, ToolchainMissing] = {}
    for name in dict.fromkeys(names):
        try:
            tools[name] = NEEDS[name].find(folder)
        except ToolchainMissing as error:
            missing[error.tool] = error
    return tools, list(missing.values())


def _attempted(work: Callable[[], list[_T]]) -> tuple[list[_T], str]:
    """Return what `work` returns, or why it could not be done."""
    try:
        return work(), ""
    except RunFailed as error:
        return [], str(error)


def _run(target: Target, out: Path, asked: Sequence[Case], tool: Tool) -> list[Outcome]:
    match target:
        case PythonTarget():
            return python_runner.run(target, out, asked)
        case GoTarget():
            return go_runner.run(target, out, asked, tool)
        case _:
            return typescript_runner.run(target, out, asked, tool)


# What it has to say -------------------------------------------------------------------------------


def _disagreements(
    schema: Schema, asked: Sequence[Case], trials: Sequence[_Trial], progress: Progress
) -> Iterator[Disagreement]:
    expectations = Expectations(
        {
            trial.target.settings.name: Language(trial.target.schema, trial.target.holds)
            for trial in trials
            if trial.outcomes
        }
    )
    for number, case in enumerate(asked):
        progress("comparing: case", number, len(asked))
        wanted = expectations.of(case)
        found = {
            trial.target.settings.name: trial.outcomes[number]
            for trial in trials
            if number in trial.outcomes
        }
        said = {
            name: Said(wanted[name], outcome, agrees(outcome, wanted[name]))
            for name, outcome in found.items()
        }
        if not all(each.agrees for each in said.values()):
            yield Disagreement(case, _place(schema, case, said.values()), said)


def _place(schema: Schema, case: Case, said: Collection[Said]) -> Position:
    """Return the place of the field that errors are at; that of the case where they do not agree.

    A case that is about a whole document may show what is wrong with one field of it.
    """
    definition = schema.by_id[case.definition]
    if case.position != definition.position or not isinstance(definition, Model):
        return case.position
    outcomes = [outcome for each in said for outcome in (each.wanted, each.found) if outcome]
    paths = {outcome.path for outcome in outcomes if outcome.path}
    places = {_field_at(definition, path) for path in paths}
    return places.pop() or case.position if len(places) == 1 else case.position


def _field_at(model: Model, path: str) -> Position | None:
    """Return the place of the field that a path leads to, or into."""
    for field in model.fields:
        own = path_text((field.json_key,))
        if path == own or path.startswith((f"{own}.", f"{own}[")):
            return field.position
    return None


def _verdict(
    trial: _Trial, asked: Sequence[Case], disagreements: Sequence[Disagreement]
) -> Verdict:
    settings = trial.target.settings
    return Verdict(
        settings.name,
        settings.position,
        trial.tools,
        trial.missing,
        trial.findings,
        trial.failure,
        Counter(asked[number].definition for number in trial.outcomes),
        Counter(each.case.definition for each in disagreements if settings.name in each.wrong),
    )


# Vectors ------------------------------------------------------------------------------------------


class Vector(NamedTuple):
    """A case, and what has to become of it: in general, and in the targets of which more is known.

    `wanted` is of a language that holds all of int64, and datetimes to the millisecond; None:
    nothing is promised of the document, so that it is anything but a crash.
    `otherwise` has what is promised of each target of which something else is, since it holds less
    or more. `without` names the targets that do not have the definition.
    """

    case: Case
    wanted: Outcome | None
    otherwise: Mapping[str, Outcome | None]
    without: tuple[str, ...]


_IN_GENERAL: Final = ""
"""Stands for the name of a target: those have one."""


def vectors(folder: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[Vector]:
    """Yield the cases of a project, with what has to become of them. Nothing is run for it.

    Raises :class:`ProblemsError` and OSError.
    """
    with disk.unchanging(folder, waiting):
        project = load(folder)
        targets = [each for each in targets_of(project) if each.settings.target in _TOOLSETS]
    names = [target.settings.name for target in targets]
    languages = {each.settings.name: Language(each.schema, each.holds) for each in targets}
    expectations = Expectations({_IN_GENERAL: Language(project.schema, Holds()), **languages})
    for case in cases(project.schema):
        found = expectations.of(case)
        wanted = found[_IN_GENERAL]
        otherwise = {name: found[name] for name in names if found.get(name, wanted) != wanted}
        without = tuple(name for name in names if name not in found)
        yield Vector(case, wanted, otherwise, without)
