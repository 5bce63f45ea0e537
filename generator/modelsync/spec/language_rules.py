"""The problems of definitions and names that only some languages have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from modelsync.errors import Problem, did_you_mean, in_backticks
from modelsync.schema.definitions import Alias, Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import (
    Ref,
    Type,
    refs_in,
)


def language_problems(schema: Schema) -> Iterator[Problem]:
    """Yield a problem for each reference that a language with its user does not have (MS045)."""
    if not any(definition.only for definition in schema.definitions):
        return
    for definition in schema.definitions:
        for only, type_ in _types_by_language(definition):
            languages = only or definition.only
            for ref in refs_in(type_):
                target = schema[ref]
                missing = sorted(set(languages) - set(target.only))
                if target.only and (missing or not languages):
                    yield _missing_in_languages(definition, ref, target, missing)


def _missing_in_languages(
    user: Definition, ref: Ref, target: Definition, missing: list[str]
) -> Problem:
    where = in_backticks(missing) if missing else "every language"
    return Problem(
        ref.position,
        "MS045",
        f"`{user.name}` exists in {where}, but `{target.name}` only in {in_backticks(target.only)}",
        help=f"give both the same `only`, or remove it from `{target.name}`",
    )


def _types_by_language(definition: Definition) -> Iterator[tuple[tuple[str, ...], Type]]:
    match definition:
        case Model(extends=parents, extends_positions=positions):
            for field in definition.own_parts:
                yield field.only, field.type
            for parent, position in zip(parents, positions, strict=True):
                yield (), Ref(parent, position)
        case Union(members=members):
            for member in members:
                yield (), member
        case Alias(type=type_):
            yield (), type_
        case Enum():
            pass


def unknown_names(
    schema: Schema, is_target: Callable[[str], bool], targets: Callable[[], Iterable[str]]
) -> Iterator[Problem]:
    """Yield a problem for each key of `names`, `only` and `pages` that is not a target (MS039).

    `targets` lists them all, which is slow, so it is only called for a message.
    """
    for definition in schema.definitions:
        for item in (definition, *_parts(definition)):
            uses = [("names", name, item.names_position) for name in item.names]
            uses += [("only", name, item.position) for name in item.only]
            uses += [("pages", name, item.position) for name in item.pages]
            for key, name, position in uses:
                if not is_target(name):
                    known = tuple(targets())
                    message = f"unknown target `{name}` in `{key}`"
                    help_ = did_you_mean(name, known) or f"use one of {in_backticks(known)}"
                    yield Problem(position, "MS039", message, help=help_)


def _parts(definition: Definition) -> Iterable[Field | EnumValue]:
    match definition:
        case Model():
            return definition.own_fields
        case Enum(values=values):
            return values
        case Union() | Alias():
            return ()
