"""Two schemas -> every change between them, with what each one breaks.

A change is judged as if it were the only one, and where it is: what contains the definition is not
judged again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from modelsync.breaking.change import NONE, Change
from modelsync.breaking.comparison import Comparison
from modelsync.breaking.enums import enum_changes
from modelsync.breaking.fields import names_text, type_changes
from modelsync.breaking.models import model_changes
from modelsync.breaking.unions import union_changes
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    Model,
    Union,
    kind_of_definition,
)


def compare(comparison: Comparison) -> list[Change]:
    """Return every change, in the order of the new schema; what has been removed comes last."""
    pairs = comparison.pairs
    old_of = {pair.new.id: pair.old for pair in (*pairs.kept, *pairs.renamed)}
    changes: list[Change] = []
    for definition in comparison.new.definitions:
        before = old_of.get(definition.id)
        if before is None:
            at = definition.position
            changes.append(Change("definition-added", definition.id, position=at))
        else:
            changes += _definition_changes(comparison, before, definition)
    changes += (
        Change("definition-removed", each.id, old_position=each.position) for each in pairs.removed
    )
    return changes


def _definition_changes(
    comparison: Comparison, old: Definition, new: Definition
) -> Iterator[Change]:
    places = new.position, old.position
    yield from _common_changes(old, new)
    match old, new:
        case Model(), Model():
            changes = model_changes(comparison, old, new)
            # An abstract model has no documents; those that extend it have the same changes.
            is_abstract = old.abstract and new.abstract
            yield from (replace(each, breaks=NONE) if is_abstract else each for each in changes)
        case Enum(), Enum():
            yield from enum_changes(old, new)
        case Union(), Union() if old.is_alias == new.is_alias:
            yield from union_changes(comparison, old, new)
        case Alias(), Alias():
            yield from _alias_changes(comparison, old, new)
        case _:
            breaks = comparison.of_definitions(old, new)
            texts = kind_of_definition(old), kind_of_definition(new)
            yield Change("definition-kind-changed", new.id, "", *texts, breaks, *places)


def _common_changes(old: Definition, new: Definition) -> Iterator[Change]:
    def change(rule: str, before: str = "", after: str = "") -> Change:
        return Change(rule, new.id, "", before, after, NONE, new.position, old.position)

    if old.package != new.package:
        yield change("definition-moved", old.id, new.id)
    if old.name != new.name:
        yield change("definition-renamed", old.name, new.name)
    if dict(old.names) != dict(new.names):
        yield change("definition-names-changed", names_text(old.names), names_text(new.names))
    if old.only != new.only:
        yield change("definition-only-changed", ", ".join(old.only), ", ".join(new.only))
    if old.deprecated != new.deprecated:
        yield change("definition-deprecated", old.deprecated or "", new.deprecated or "")
    if _documented(old) != _documented(new):
        yield change("definition-documented", old.description, new.description)


def _documented(definition: Definition) -> tuple[object, ...]:
    return (
        definition.description,
        definition.example,
        dict(definition.pages),
        dict(definition.extensions),
        definition.inferred,
    )


def _alias_changes(comparison: Comparison, old: Alias, new: Alias) -> Iterator[Change]:
    for each in type_changes(comparison, new, "alias", old.type, new.type):
        yield replace(each, position=new.type_position, old_position=old.type_position)
    places = new.position, old.position
    if old.nullable != new.nullable:
        rule = "alias-nullable" if new.nullable else "alias-not-nullable"
        yield Change(rule, new.id, "", "", "", NONE, *places)
    if old.format != new.format:
        yield Change("format-changed", new.id, "", old.format, new.format, NONE, *places)
