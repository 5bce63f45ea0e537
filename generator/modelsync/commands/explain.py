"""Where a generated file, or a line of it, comes from: the spec, the template and the options.

The file is rendered once more with its provenance (:mod:`modelsync.render.provenance`). To find the
options that a line depends on, the file is rendered again with each of them set to another value.
"""

from __future__ import annotations

import difflib
import json
import os
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from modelsync import disk
from modelsync.commands import generate as sync
from modelsync.commands.explanation import Explanation, LineOrigin, OptionValue, Use, Uses
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.plan.changes import Cause, Change, Kind, because
from modelsync.plan.diff import new_lines
from modelsync.project.config import Config
from modelsync.project.load import Project, read_project_config, targets_of
from modelsync.render.provenance import Trace, Tracer, lines_of
from modelsync.render.render import TemplateError
from modelsync.schema.ir import Definition, Enum, Model, Schema, Union
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import target_class
from modelsync.targets.base import File, Option, Settings, Target, member_places

_Value: TypeAlias = "str | bool | Mapping[str, str]"

_MAX_POINTED: Final = 50
"""Of how many files the first line that differs is looked up: each is rendered once more."""
_MAX_LINES: Final = 40

_STAND_IN: Final = "zz"
"""What an option that is a text is tried with, alone or at the end of what it was."""


def parse_place(text: str) -> tuple[str, int | None]:
    """Return the file and the line of `FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`."""
    found = re.fullmatch(r"(.+?)(?::(\d{1,9}))?(?::\d+)?:?", text, re.DOTALL)
    if found is None:
        return text, None
    return found[1], int(found[2]) if found[2] else None


def explain(
    folder: Path,
    file: str,
    line: int | None,
    here: Path,
    waiting: Callable[[], object] = lambda: None,
) -> Explanation | Uses:
    """Say where a generated file of the project in `folder`, or one line of it, comes from.

    `file` is a path as it is called from the folder `here`, or relative to the project. Of a spec
    it is said what is made of it.

    Raises :class:`ProblemsError` for a project that is wrong, for a file that modelsync does not
    generate, and for a line that it does not have. Raises OSError.
    """
    config = read_project_config(folder)
    path, settings = _find(folder, config, file, here)
    if settings is None and _is_spec(config, path):
        return _uses(sync.load(folder), path, line)
    # For a path in no output folder: another target may have generated it once.
    done = sync.check(folder, [settings.name] if settings else (), waiting=waiting)
    change = next((each for each in done.plan.changes if _is_about(each, path)), None)
    if settings is None or path not in done.outputs:
        if change is None:
            raise ProblemsError([_not_ours(folder, path)])
        return Explanation(path, settings, change, done.plan)
    if change is not None and change.kind is Kind.FOREIGN:
        raise ProblemsError([_foreign(change)])
    traced = _Traced(done.project, settings, path)
    explanation = Explanation(
        path,
        settings,
        change,
        done.plan,
        template=traced.template,
        ejectable=not traced.tracer.is_own(traced.template.path),
        definitions=traced.file.definitions,
        options=tuple(_values(settings)),
    )
    if line is None:
        return explanation
    found = _line(traced, line, _present_lines(folder, path))
    return replace(explanation, line=found, texts=_texts(folder, traced, found))


def spec_positions(
    project: Project, lines: Mapping[str, Collection[int]]
) -> dict[tuple[str, int], Position]:
    """Return the place in a spec that lines of wanted files come from.

    `lines` has numbers of lines, from 1, by the path of a file relative to the project. A line
    that is there for the file as a whole comes from the definition that the file is of. What comes
    from no place in a spec, or is not wanted, is left out.

    Raises :class:`ProblemsError` for a project that cannot be rendered.
    """
    found: dict[tuple[str, int], Position] = {}
    for settings in project.config.targets:
        wanted = {path for path in lines if _is_in(path, settings)}
        if not wanted:
            continue
        (target,) = targets_of(project, [settings.name])
        tracer = _tracer(project, target)
        for file in target.files():
            path = f"{settings.out}/{file.path}"
            if path not in wanted:
                continue
            trace = _trace(tracer, target, file)
            for number in lines[path]:
                if 0 < number <= len(trace.lines):
                    place = _spec(file, trace, number - 1)
                    if place is not None:
                        found[path, number] = place
            wanted.discard(path)
            if not wanted:
                break
    return found


def pointed(
    project: Project, changes: Sequence[Change], present: Mapping[str, bytes]
) -> tuple[Change, ...]:
    """Return `changes` whose causes point at the very line of a spec, where one is to be found.

    That is the line of the spec in question that the first new line of the file comes from.
    `present` has what stands at the path of each change. Raises :class:`ProblemsError`.
    """
    lines = {
        change.path: new_lines(present[change.path], change.data)[:_MAX_LINES]
        for change in changes
        if change.kind is Kind.OUTDATED and change.data is not None and change.path in present
    }
    lines = dict(islice(lines.items(), _MAX_POINTED))
    places = spec_positions(project, lines)

    def point(change: Change, cause: Cause) -> Cause:
        definition = cause.position
        for line in lines.get(change.path, ()):
            place = places.get((change.path, line))
            if place is None or definition is None or place.path != definition.path:
                continue
            if place != definition:
                return cause._replace(position=place)
        return cause

    found = [tuple(point(change, cause) for cause in change.causes) for change in changes]
    # In an edited file, the new lines are those of the edit as well: there, others have to tell.
    told: dict[Cause, Cause] = {}
    for change, causes in zip(changes, found, strict=True):
        for cause, place in zip(change.causes, causes, strict=True):
            if place != cause:
                told.setdefault(cause, place)
    return tuple(
        replace(
            change,
            causes=tuple(told.get(cause, cause) for cause in change.causes)
            if change.kind is Kind.EDITED
            else causes,
        )
        for change, causes in zip(changes, found, strict=True)
    )


# Which file is meant --------------------------------------------------------------------------


def _find(folder: Path, config: Config, file: str, here: Path) -> tuple[str, Settings | None]:
    """Return the path of `file` relative to the project, and the target that writes there."""
    candidates = [posixpath.normpath(file.replace(os.sep, "/"))]
    place = Path(os.path.normpath(here / file))
    real = place.parent.resolve() / place.name
    for root, absolute in ((folder, place), (folder.resolve(), real)):
        if absolute.is_relative_to(root):
            candidates.insert(0, absolute.relative_to(root).as_posix())
    found = [
        (path, settings)
        for path in candidates
        for settings in config.targets
        if _is_in(path, settings)
    ]
    # Of two readings, the one that is there.
    present = disk.read_present(folder, [path for path, _ in found])
    found.sort(key=lambda each: present[each[0]] is None)
    return next(iter(found), (candidates[0], None))


def _is_about(change: Change, path: str) -> bool:
    """Whether a change is that of a file, or of what stands in the place of its folder."""
    return change.path == path or path.startswith(f"{change.path}/")


def _is_spec(config: Config, path: str) -> bool:
    return path.startswith(f"{config.specs}/")


def _is_in(path: str, settings: Settings) -> bool:
    return path.startswith(f"{settings.out}/")


def _not_ours(folder: Path, path: str) -> Problem:
    outputs = sync.list_outputs(folder)
    same_name = [each for each in outputs if each.endswith(f"/{path.rpartition('/')[2]}")]
    help_ = f'did you mean "{same_name[0]}"?' if same_name else did_you_mean(path, outputs)
    return Problem(
        Position(path),
        "MS092",
        "modelsync does not generate this file",
        help=help_ or "`modelsync list-outputs` prints the files that it generates",
    )


def _foreign(change: Change) -> Problem:
    return Problem(
        Position(change.path),
        "MS092",
        f"this file comes from elsewhere, though modelsync has to write here: {because(change)}",
        help="`modelsync generate` says what to do about it",
    )


# A line ---------------------------------------------------------------------------------------


class _Traced:
    """One wanted file of a project with the origins of its lines."""

    def __init__(self, project: Project, settings: Settings, path: str) -> None:
        self.project = project
        self.settings = settings
        self.path = path
        (self.target,) = targets_of(project, [settings.name])
        self.tracer = _tracer(project, self.target)
        files = self.target.files()
        self.file = next(file for file in files if f"{settings.out}/{file.path}" == path)
        self.trace = _trace(self.tracer, self.target, self.file)
        self.template = self.tracer.template(self.file.template)

    def options_of(self, index: int) -> Iterator[OptionValue]:
        """Yield each option with which a line changes when it is set otherwise."""
        for value in _values(self.settings):
            others = _others(self.settings, value.name)
            if any(self._changes(index, value.name, other) for other in others):
                yield value

    def _changes(self, index: int, option: str, value: _Value) -> bool:
        settings = replace(self.settings, options={**self.settings.options, option: value})
        config = replace(self.project.config, targets=(settings,))
        try:
            (target,) = targets_of(replace(self.project, config=config))
            file = self._same_file(target)
            if file is None:
                return True  # without the option, there is no such file
            lines = _trace(self.tracer, target, file).lines
        except ProblemsError:
            return False  # the option cannot have this value here
        return lines != self.trace.lines and index not in _kept(self.trace.lines, lines)

    def _same_file(self, target: Target) -> File | None:
        """Return the file that another target has for this one, which may have another path."""
        ids = [definition.id for definition in self.file.definitions]
        for file in target.files():
            if file.path == self.file.path:
                return file
            same = [definition.id for definition in file.definitions] == ids
            if ids and same and file.template == self.file.template:
                return file
        return None


def _tracer(project: Project, target: Target) -> Tracer:
    return Tracer(type(target), project.folder, project.config.templates)


def _trace(tracer: Tracer, target: Target, file: File) -> Trace:
    try:
        return tracer.trace(target, file)
    except TemplateError as error:
        raise ProblemsError([error.problem]) from error


def _spec(file: File, trace: Trace, index: int) -> Position | None:
    """Return where in a spec a line comes from: if from no finer place, from its definition."""
    place = trace.origins[index].spec
    if place is None and len(file.definitions) == 1:
        return file.definitions[0].position
    return place


def _line(traced: _Traced, number: int, present: Sequence[str] | None) -> LineOrigin:
    """Return the origin of a line, as it stands in the file `present`, or else in the wanted one.

    Raises :class:`ProblemsError` if there is no such line.
    """
    wanted = traced.trace.lines
    lines = wanted if present is None else present
    _check_line(traced.path, number, lines)
    text = lines[number - 1]
    index = _counterpart(lines, wanted, number - 1)
    if index is None:
        return LineOrigin(number, text)
    spec = _spec(traced.file, traced.trace, index)
    return LineOrigin(
        number,
        text,
        wanted[index],
        spec,
        _words(spec, traced.project.schema) if spec else "",
        traced.trace.origins[index].template,
        tuple(traced.options_of(index)),
    )


def _check_line(path: str, number: int, lines: Collection[str]) -> None:
    """Raise for a line that a file does not have."""
    if 0 < number <= len(lines):
        return
    help_ = f"this is the last one, line {len(lines)}" if lines else "the file is empty"
    place = Position(path, max(1, len(lines)))
    raise ProblemsError([Problem(place, "MS093", f"there is no line {number}", help=help_)])


def _counterpart(lines: Sequence[str], wanted: Sequence[str], index: int) -> int | None:
    """Return the wanted line that is, or that belongs in the place of, a line that is there."""
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        None, lines, wanted, autojunk=False
    ).get_opcodes():
        if i1 <= index < i2 and tag != "delete":
            return min(j1 + index - i1, j2 - 1)
    return None


def _kept(old: Sequence[str], new: Sequence[str]) -> set[int]:
    """Return which lines of a text are in another one too."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {index for start, _, size in blocks for index in range(start, start + size)}


def _present_lines(folder: Path, path: str) -> Sequence[str] | None:
    """Return the lines of a file as it stands; None where none stands there."""
    present = disk.read_present(folder, [path])[path]
    if present is None or present.link is not None:
        return None
    data = disk.read_file(folder, path)
    return lines_of(data.decode("utf-8", "replace").replace("\r\n", "\n"))


def _texts(folder: Path, traced: _Traced, line: LineOrigin) -> dict[str, str]:
    """Return what the positions of a line are shown in."""
    texts = disk.read_texts(folder, [line.spec.path] if line.spec else [], MAX_BYTES)
    if line.template is not None:
        texts[line.template.path] = traced.tracer.source(line.template)
    return texts


# What is made of a spec -----------------------------------------------------------------------


def _uses(project: Project, path: str, line: int | None) -> Uses:
    """Return what is made of the definitions of a spec, or of what stands in a line of it.

    Of a field, a value or a member that is each line; of a definition, each file.
    """
    if path not in project.fingerprints:
        known = did_you_mean(path, project.fingerprints)
        raise ProblemsError([Problem(Position(path), "MS092", "there is no such spec", help=known)])
    things = list(_things(path, project.schema))
    if line is None:
        heads = {each.position for each in project.schema.definitions}
        things = [thing for thing in things if heads.intersection(thing.places)]
    else:
        _check_line(
            path, line, lines_of(disk.read_file(project.folder, path).decode("utf-8", "replace"))
        )
        # What belongs to a field stands in its line or below it.
        lines = [place.line for thing in things for place in thing.places]
        at = max((each for each in lines if each <= line), default=min(lines, default=0))
        things = [thing for thing in things if at in {place.line for place in thing.places}]
    chosen = {place for thing in things for place in thing.places}
    found: list[Use] = []
    for target in targets_of(project):
        tracer = _tracer(project, target)
        for file in target.files():
            if not file.definitions or path in {each.spec for each in file.definitions}:
                found += _uses_in(target, file, _trace(tracer, target, file), chosen)
    return Uses(path, line, tuple(thing.what for thing in things), tuple(found))


def _uses_in(
    target: Target, file: File, trace: Trace, chosen: Collection[Position]
) -> Iterator[Use]:
    path = f"{target.settings.out}/{file.path}"
    if [each.position in chosen for each in file.definitions] == [True]:
        yield Use(path)
        return
    for number, text in enumerate(trace.lines, start=1):
        if _spec(file, trace, number - 1) in chosen:
            yield Use(path, number, text)


# Options --------------------------------------------------------------------------------------


def _values(settings: Settings) -> Iterator[OptionValue]:
    """Yield every option of a target."""
    for option in target_class(settings.target).options:
        value = settings.options.get(option.name)
        shown = json.dumps(value, default=dict, ensure_ascii=False)
        yield OptionValue(option.name, shown, settings.option_positions.get(option.name))


def _others(settings: Settings, name: str) -> Sequence[_Value]:
    """Return other values of an option, enough to see what depends on it."""
    option = next(each for each in target_class(settings.target).options if each.name == name)
    value = settings.options[name]
    match option:
        case Option(kind="flag"):
            return [not value]
        case Option(kind="names"):
            return [{}] if value else []
        case Option(choices=choices) if choices:
            return [choice for choice in choices if choice != value]
        case Option(pattern=pattern):
            texts = [f"{value}{_STAND_IN}", _STAND_IN]
            return [text for text in texts if pattern is None or pattern.fullmatch(text)][:1]


# Words ----------------------------------------------------------------------------------------


class _Thing(NamedTuple):
    """Something that a spec says: in words, and the places that are known of it."""

    what: str
    places: tuple[Position, ...]


def _words(place: Position, schema: Schema) -> str:
    """Return what stands at a place of a spec; empty where that is not known.

    A place inside a type is that of its field.
    """
    before = [
        (at.column, thing.what)
        for thing in _things(place.path, schema)
        for at in thing.places
        if at.line == place.line and at.column <= place.column
    ]
    return max(before, default=(0, ""))[1]


def _things(path: str, schema: Schema) -> Iterator[_Thing]:
    """Yield each definition of a spec, and what it has."""
    for definition in schema.definitions:
        if definition.spec == path:
            what = f'the {type(definition).__name__.lower()} "{definition.name}"'
            yield _Thing(what, (definition.position,))
            for name, places in _parts(definition):
                yield _Thing(f"{name} of {what}", places)


def _parts(definition: Definition) -> Iterator[_Thing]:
    match definition:
        case Model(fields=fields):
            for item in fields:
                places = (item.position, item.type_position)
                yield _Thing(f'the field "{visible(item.json_key)}"', places)
        case Enum(values=values):
            for value in values:
                yield _Thing(f'the value "{visible(str(value.json_value))}"', (value.position,))
        case Union():
            for number, place in enumerate(member_places(definition), start=1):
                yield _Thing(f"member {number}", (place,))
