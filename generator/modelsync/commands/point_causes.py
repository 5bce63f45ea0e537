"""Find the exact line of a spec for each cause of a change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, TypeAlias

from modelsync.commands.origins import spec_position, trace, tracer_of
from modelsync.errors import Position
from modelsync.plan.changes import Cause, Change, Kind
from modelsync.plan.diff import new_lines
from modelsync.project.load import Project
from modelsync.project.targets import targets_of

_MAX_FILES: Final = 50
"""The maximum number of files to trace: each is rendered again."""
_MAX_LINES: Final = 40
"""The maximum number of new lines to look up in a file."""

_Positions: TypeAlias = "Mapping[tuple[str, int], Position]"


def point_causes(
    project: Project, changes: Sequence[Change], present: Mapping[str, bytes]
) -> tuple[Change, ...]:
    """Return `changes` with the exact position of their causes, if it can be found.

    That is the position in the spec which the first new line of the file comes from. `present` has
    the content of each file that changes. Raises :class:`ProblemsError`.
    """
    lines = dict(islice(_new_lines(changes, present), _MAX_FILES))
    positions = spec_positions(project, lines)
    pointed = [
        tuple(_point(cause, change.path, lines, positions) for cause in change.causes)
        for change in changes
    ]
    # The new lines of an edited file include the edits, so its causes get the positions found for
    # other files.
    exact: dict[Cause, Cause] = {}
    for change, causes in zip(changes, pointed, strict=True):
        for cause, with_position in zip(change.causes, causes, strict=True):
            if with_position != cause:
                exact.setdefault(cause, with_position)
    return tuple(
        replace(
            change,
            causes=tuple(exact.get(cause, cause) for cause in change.causes)
            if change.kind is Kind.EDITED
            else causes,
        )
        for change, causes in zip(changes, pointed, strict=True)
    )


def _new_lines(
    changes: Sequence[Change], present: Mapping[str, bytes]
) -> Iterator[tuple[str, list[int]]]:
    for change in changes:
        if change.kind is Kind.OUTDATED and change.data is not None and change.path in present:
            yield change.path, new_lines(present[change.path], change.data)[:_MAX_LINES]


def _point(
    cause: Cause, path: str, lines: Mapping[str, Collection[int]], positions: _Positions
) -> Cause:
    """Return a cause with the position that the first new line of a file comes from."""
    definition = cause.position
    if definition is None:
        return cause
    for line in lines.get(path, ()):
        position = positions.get((path, line))
        if position is not None and position.path == definition.path and position != definition:
            return cause._replace(position=position)
    return cause


def spec_positions(
    project: Project, lines: Mapping[str, Collection[int]]
) -> dict[tuple[str, int], Position]:
    """Return the positions in specs that lines of generated files come from.

    `lines` has numbers of lines, from 1, by the path of the file. A line without its own position
    comes from the definition that the file is of. Lines without a position in a spec, or beyond the
    end of the file, are omitted.

    Raises :class:`ProblemsError` for a project that cannot be rendered.
    """
    positions: dict[tuple[str, int], Position] = {}
    for settings in project.config.targets:
        wanted = {path for path in lines if path.startswith(f"{settings.out}/")}
        if not wanted:
            continue
        (target,) = targets_of(project, [settings.name])
        tracer = tracer_of(project, target)
        for file in target.files():
            path = f"{settings.out}/{file.path}"
            if path not in wanted:
                continue
            traced = trace(tracer, target, file)
            for number in lines[path]:
                if 0 < number <= len(traced.lines):
                    position = spec_position(file, traced, number - 1)
                    if position is not None:
                        positions[path, number] = position
            wanted.discard(path)
            if not wanted:
                break
    return positions
