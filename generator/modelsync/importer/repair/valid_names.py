"""A schema that breaks no rule -> one that every target can generate code from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from modelsync.errors import Position, Problem
from modelsync.intake.each_item import ItemKey, items_in
from modelsync.intake.namer import with_valid_names
from modelsync.progress import Progress, silent
from modelsync.schema.definitions import Model
from modelsync.schema.for_language import of_language
from modelsync.schema.schema import Schema
from modelsync.schema.variants import with_variants
from modelsync.targets import problems_of, target_class
from modelsync.targets.base import VARIANTS, Settings, Target

_BUILT_IN: Final = {
    "go": {"module": "example.com/models"},
    "python": {},
    "typescript": {},
    "pydantic": {},
}
"""The targets that code must be valid for, whatever the project has, with what they need."""


class ValidNames(NamedTuple):
    """A schema whose items have names in every language."""

    schema: Schema
    given: Mapping[ItemKey, Mapping[str, str]]
    """The names that were added, by item and language."""
    problems: tuple[Problem, ...]
    """What still keeps a target from being generated."""


def valid_names(
    schema: Schema, settings: Sequence[Settings] = (), progress: Progress = silent
) -> ValidNames:
    """Return `schema` with `names` for what built-in targets, and those of a project, cannot name.

    `settings` are those of the project. The items need distinct positions.
    """
    all_ = _all_targets(settings)
    found: dict[str, list[Problem]] = {}

    def create(of: Schema, name: str) -> Target:
        target = _target(of, all_[name])
        found[name] = list(problems_of([target]))
        return target

    # The last round checks the schema that it returns, unless names run out.
    named = with_valid_names(schema, list(all_), create, progress=progress)
    problems = [problem for each in found.values() for problem in each]
    given = dict(_added(schema, named))
    return ValidNames(named, given, tuple(problems))


def package_problem(package: str, settings: Sequence[Settings] = ()) -> str:
    """Return why definitions cannot be in a package, as a message; empty if they can."""
    place = Position(package)
    schema = Schema((Model(name="Example", package=package, position=place),))
    targets = (_target(schema, each) for each in _all_targets(settings).values())
    problems = (each for each in problems_of(targets) if each.position == place)
    return next((problem.message for problem in problems), "")


def _all_targets(settings: Sequence[Settings]) -> dict[str, Settings]:
    """Return the settings of the targets that names are valid for."""
    return {f"target {each.name}": each for each in settings} | {
        name: Settings(name, name, "out", options=target_class(name).defaults() | options)
        for name, options in _BUILT_IN.items()
        if not any(each.target == name for each in settings)
    }


def _target(schema: Schema, settings: Settings) -> Target:
    cls = target_class(settings.target)
    if not cls.is_complete:
        schema = of_language(schema, cls.language_of(settings))
    if settings.has_variants and VARIANTS in cls.options:
        schema = with_variants(schema)
    return cls(schema, settings)


def _added(before: Schema, after: Schema) -> Iterator[tuple[ItemKey, Mapping[str, str]]]:
    for first, second in zip(before.definitions, after.definitions, strict=True):
        if first is second:
            continue
        for (key, old), (_, new) in zip(items_in(first), items_in(second), strict=True):
            if new.names != old.names:
                yield key, {name: text for name, text in new.names.items() if name not in old.names}
