"""Load modules of other packages that provide a target or a toolset, by their entry points."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

from modelsync.errors import Position, Problem, ProblemsError, error_text
from modelsync.targets.error_places import (
    code_of,
    line_place,
    pass_on,
    place_in,
    syntax_error_place,
)

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FIX: Final = "fix it there; MODELSYNC_DEBUG=1 shows the traceback"


def points_in(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, of all installed packages."""
    # Searching the packages takes a while, so what most runs do not need is imported here.
    from importlib import metadata  # noqa: PLC0415 - few projects need it

    found: dict[str, tuple[EntryPoint, ...]] = {}
    for package in metadata.distributions():
        # `metadata.entry_points` would parse the entry points of every package.
        if group not in (package.read_text("entry_points.txt") or "") or package.name in found:
            continue
        first = metadata.distribution(package.name)  # the one that Python imports
        found[package.name] = tuple(first.entry_points.select(group=group))
    return tuple(point for points in found.values() for point in points)


def names_in(group: str) -> frozenset[str]:
    """Return the names of the entry points of a group."""
    return frozenset(point.name for point in points_in(group))


class Provider(NamedTuple):
    """A module that provides a target or a toolset."""

    module: ModuleType
    value: object
    """The value of the attribute that must be the target or the toolset; None if it is missing."""
    code: tuple[Path, ...]
    """The folders or the file of its package: an error from there is the package's."""


def load_provider(kind: str, name: str, attribute: str, group: str) -> Provider:
    """Return the module that provides the `kind` ("target") called `name` as `attribute`.

    An entry point of `group` has that name. Raises :class:`ProblemsError` if there are several
    modules, or at the line of the module that fails.
    """
    subject = f"the {kind} `{name}`"
    points = [point for point in points_in(group) if point.name == name]
    point = points[0]
    if len({point.value for point in points}) > 1:
        packages = ", ".join(sorted({point.dist.name for point in points if point.dist}))
        problem = f"several packages have a {kind} of this name"
        raise unusable(subject, _entry_place(point), problem, f"uninstall one of {packages}")
    code = code_of(point.value.partition(":")[0])
    try:
        module = point.load()
        value = getattr(module, attribute, None)
    except BaseException as error:
        pass_on(error)
        place = syntax_error_place(error) or place_in(code, error) or _entry_place(point)
        raise unusable(subject, place, error_text(error), FIX, error) from error
    if not isinstance(module, ModuleType):
        help_ = f"write the module alone, and end it with `{attribute} = ...`"
        raise unusable(subject, _entry_place(point), f"{point.value} is not a module", help_)
    return Provider(module, value, code)


def unusable(
    subject: str, place: Position, wrong: str, help_: str, cause: BaseException | None = None
) -> ProblemsError:
    """Return the problem of a target or a toolset that cannot be used."""
    message = f"{subject} cannot be used: {wrong}"
    return ProblemsError([Problem(place, "MS130", message, help=help_, cause=cause)])


def _entry_place(point: EntryPoint) -> Position:
    """Return the line of an entry point."""
    folder = getattr(point.dist, "_path", None)  # no public API has the path of the file
    text = point.dist.read_text("entry_points.txt") if point.dist else None
    if folder is None or text is None:
        return Position(point.value)
    pattern = re.compile(rf"\s*{re.escape(point.name)}\s*=\s*{re.escape(point.value)}")
    lines = text.splitlines()
    number = next((n for n, line in enumerate(lines, 1) if pattern.match(line)), 1)
    return line_place(f"{folder}{os.sep}entry_points.txt", number)
