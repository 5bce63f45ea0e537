"""Find what is generated from a spec, or from one line of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from modelsync import disk
from modelsync.commands.explained import Use, Uses
from modelsync.commands.origins import require_line, spec_position, trace, tracer_of
from modelsync.commands.spec_words import Item, items_of
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean
from modelsync.project.load import Project
from modelsync.project.targets import targets_of
from modelsync.render.provenance import Trace, lines_of
from modelsync.schema.definitions import Definition, Model
from modelsync.targets.base import File, Target


def find_uses(project: Project, path: str, line: int | None) -> Uses:
    """Return the files that come from the definitions of a spec, or the lines from one line of it.

    Raises :class:`ProblemsError` for an invalid project, and if there is no such spec or line.
    """
    if project.problems:
        raise ProblemsError(project.problems)
    if path not in project.fingerprints:
        help_ = did_you_mean(path, project.fingerprints)
        raise ProblemsError([Problem(Position(path), "MS092", "no such spec", help=help_)])
    items = list(items_of(path, project.schema))
    if line is None:
        items = [item for item in items if item.is_definition]
    else:
        _require_line_of(project, path, line)
        items = _items_at(items, line)
    positions = {position for item in items for position in item.positions}
    uses = tuple(_uses_of(project, path, positions))
    return Uses(path, line, tuple(item.what for item in items), uses)


def _require_line_of(project: Project, path: str, line: int) -> None:
    text = disk.read_file(project.folder, path).decode("utf-8", "replace")
    require_line(path, line, lines_of(text))


def _items_at(items: Collection[Item], line: int) -> list[Item]:
    """Return the items of a line: those that begin in it or in the nearest line above it."""
    lines = [position.line for item in items for position in item.positions]
    start = max((number for number in lines if number <= line), default=min(lines, default=0))
    return [item for item in items if start in {position.line for position in item.positions}]


def _uses_of(project: Project, path: str, positions: Collection[Position]) -> Iterator[Use]:
    for target in targets_of(project):
        tracer = tracer_of(project, target)
        for file in target.files():
            specs = {spec for definition in file.definitions for spec in _specs_of(definition)}
            if not specs or path in specs:
                yield from _uses_in(target, file, trace(tracer, target, file), positions)


def _specs_of(definition: Definition) -> Iterator[str]:
    """Yield the path of each spec that a definition comes from: a model inherits fields."""
    yield definition.spec
    if isinstance(definition, Model):
        yield from (field.position.path for field in definition.parts if field.origin)


def _uses_in(
    target: Target, file: File, traced: Trace, positions: Collection[Position]
) -> Iterator[Use]:
    path = f"{target.settings.out}/{file.path}"
    if [definition.position in positions for definition in file.definitions] == [True]:
        yield Use(path)
        return
    for number, text in enumerate(traced.lines, start=1):
        if spec_position(file, traced, number - 1) in positions:
            yield Use(path, number, text)
