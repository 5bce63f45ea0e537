"""The proof that every language means the same: cases from the schema, run through all of them.

What is proven is what the specs, the templates and the config say now, in a temporary folder;
whether the files of the project are that, is for :mod:`modelsync.sync` to check.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from modelsync import disk
from modelsync.config import NAME
from modelsync.errors import Position, Problem, ProblemsError
from modelsync.ir import Model, Schema
from modelsync.progress import Progress, silent
from modelsync.project import Project, load, render, targets_of
from modelsync.targets.base import Output, Target
from modelsync.targets.go import GoTarget
from modelsync.verify import go_runner, python_runner, typescript_runner
from modelsync.verify.cases import Case, Outcome, RunFailed
from modelsync.verify.compilers import Finding, check_go, check_python, check_typescript
from modelsync.verify.expected import agrees, expected
from modelsync.verify.toolchains import (
    Tool,
    ToolchainMissing,
    find_go,
    find_mypy,
    find_node,
    find_tsc_of,
)
from modelsync.verify.vectors import cases
from modelsync.wire import Holds, path_text

_PACKAGE: Final = "modelsync_models"
"""What the output folder of each target is called in the temporary one: no module is called so."""


class _Language(NamedTuple):
    """How the code of one language is checked and run, and what finds the tool for each.

    Python itself is there without being looked for.
    """

    checker: Callable[[Path], Tool]
    check: Callable[[Path, Tool], list[Finding]]
    runtime: Callable[[], Tool] | None
    run: Callable[[Any, Path, Sequence[Case], Any], list[Outcome]]


_LANGUAGES: Final[Mapping[str, _Language]] = {
    "python": _Language(
        lambda _project: find_mypy(),
        check_python,
        None,
        lambda target, out, asked, _python: python_runner.run(target, out, asked),
    ),
    "typescript": _Language(find_tsc_of, check_typescript, find_node, typescript_runner.run),
    "go": _Language(lambda _project: find_go(), check_go, find_go, go_runner.run),
}


class Said(NamedTuple):
    """What one target makes of a case, and what it has to make of it."""

    wanted: Outcome
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
        failed = any(verdict.findings or verdict.failure for verdict in self.verdicts)
        return not failed and not self.disagreements


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
    asked = tuple(cases(project.schema))
    trials: list[_Trial] = []
    with tempfile.TemporaryDirectory(prefix="modelsync-") as temporary:
        for number, target in enumerate(targets):
            name = target.settings.name
            out = Path(temporary, name, _PACKAGE)
            _write(target, outputs, out)
            trial = _Trial(target, out, asked)
            progress(f"compiling {name}: step", 2 * number + 1, 2 * len(targets))
            trial.check(folder)
            progress(f"running {name}: step", 2 * number + 2, 2 * len(targets))
            trial.run()
            trials.append(trial)
    wrong = sorted(set().union(*(trial.wrong for trial in trials)))
    disagreements = tuple(
        _disagreement(project.schema, index, asked[index], trials) for index in wrong
    )
    verdicts = tuple(trial.verdict() for trial in trials)
    return Proof(project, len(asked), verdicts, disagreements)


def _code_targets(project: Project, names: Collection[str]) -> list[Target]:
    """Return the targets that are asked for and have code that can be run."""
    found = targets_of(project, names)
    runnable = [target for target in found if target.settings.target in _LANGUAGES]
    problems = [
        Problem(
            target.settings.position,
            "MS095",
            f'the target "{target.settings.name}" is no code that can be run',
            help=f"name a target of {', '.join(_LANGUAGES)}",
        )
        for target in found
        if names and target not in runnable
    ]
    if not runnable and not problems:
        message = "no target is code that can be run"
        help_ = f"add a target of {', '.join(_LANGUAGES)}"
        problems.append(Problem(Position(NAME), "MS095", message, help=help_))
    if problems:
        raise ProblemsError(problems)
    return runnable


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


class _Trial:
    """One target, held against its compilers and the cases."""

    def __init__(self, target: Target, out: Path, asked: Sequence[Case]) -> None:
        self.target = target
        self.out = out
        self.language = _LANGUAGES[target.settings.target]
        known = target.schema.by_id
        self.asked = {i: case for i, case in enumerate(asked) if case.definition in known}
        self.found: dict[int, Outcome] = {}
        self.wrong: set[int] = set()
        self.tools: list[Tool] = []
        self.missing: list[ToolchainMissing] = []
        self.findings: list[Finding] = []
        self.failure = ""

    def check(self, project: Path) -> None:
        """Have the compiler look at all files; `project` may have one of its own."""
        tool = self._found(lambda: self.language.checker(project))
        if tool is not None:
            self.findings = self.language.check(self.out, tool)

    def run(self) -> None:
        """Run all cases, and hold what becomes of them against what has to."""
        tool = None
        if self.language.runtime is not None:
            tool = self._found(self.language.runtime)
            if tool is None:
                return
        try:
            outcomes = self.language.run(self.target, self.out, list(self.asked.values()), tool)
        except RunFailed as error:
            self.failure = str(error)
            return
        self.found = dict(zip(self.asked, outcomes, strict=True))
        self.wrong = {i for i, found in self.found.items() if not agrees(found, self.wanted(i))}

    def wanted(self, index: int) -> Outcome:
        """Return what has to become of a case in this language."""
        return expected(self.target.schema, self.asked[index], self.target.holds)

    def verdict(self) -> Verdict:
        """Return what was found."""
        return Verdict(
            self.target.settings.name,
            self.target.settings.position,
            tuple(dict.fromkeys(self.tools)),
            tuple({each.tool: each for each in self.missing}.values()),
            tuple(self.findings),
            self.failure,
            Counter(self.asked[index].definition for index in self.found),
            Counter(self.asked[index].definition for index in self.wrong),
        )

    def _found(self, find: Callable[[], Tool]) -> Tool | None:
        try:
            tool = find()
        except ToolchainMissing as missing:
            self.missing.append(missing)
            return None
        self.tools.append(tool)
        return tool


def _disagreement(schema: Schema, index: int, case: Case, trials: Sequence[_Trial]) -> Disagreement:
    said = {
        trial.target.settings.name: Said(
            trial.wanted(index), trial.found[index], index not in trial.wrong
        )
        for trial in trials
        if index in trial.found
    }
    paths = {outcome.path for each in said.values() for outcome in (each.wanted, each.found)}
    return Disagreement(case, _place(schema, case, paths), said)


def _place(schema: Schema, case: Case, paths: Collection[str]) -> Position:
    """Return the place of the field that errors are at; that of the case where they do not agree.

    A case that is about a whole document may show what is wrong with one field of it.
    """
    definition = schema.by_id[case.definition]
    if case.position != definition.position or not isinstance(definition, Model):
        return case.position
    fields = {path_text((field.wire,)): field.position for field in definition.fields}
    places = {fields.get(re.split(r"(?<!^)[.\[]", path)[0]) for path in paths if path}
    return places.pop() or case.position if len(places) == 1 else case.position


class Vector(NamedTuple):
    """A case, and what has to become of it: in general, and in the targets of which more is known.

    `wanted` is of a language that holds all of int64, and datetimes to the millisecond.
    `otherwise` has the outcome of each target of which another one is expected, since it holds
    less or more; None where the target does not have the definition.
    """

    case: Case
    wanted: Outcome
    otherwise: Mapping[str, Outcome | None]


def vectors(folder: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[Vector]:
    """Yield the cases of a project, with what has to become of them. Nothing is run for it.

    Raises :class:`ProblemsError` and OSError.
    """
    with disk.unchanging(folder, waiting):
        project = load(folder)
        targets = [each for each in targets_of(project) if each.settings.target in _LANGUAGES]
    for case in cases(project.schema):
        wanted = expected(project.schema, case, Holds())
        otherwise: dict[str, Outcome | None] = {}
        for target in targets:
            here = None
            if case.definition in target.schema.by_id:
                here = expected(target.schema, case, target.holds)
            if here is None or not agrees(here, wanted):
                otherwise[target.settings.name] = here
        yield Vector(case, wanted, otherwise)
