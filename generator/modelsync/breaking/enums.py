"""The changes of an enum and of its values."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.breaking.change import NEW_READERS, NONE, OLD_READERS, Change
from modelsync.breaking.fields import names_text
from modelsync.schema.definitions import Enum, EnumValue


def enum_changes(old: Enum, new: Enum) -> Iterator[Change]:
    """Yield each way in which an enum differs."""
    places = new.position, old.position
    if old.type != new.type:
        both = OLD_READERS | NEW_READERS
        yield Change("enum-type-changed", new.id, "", old.type, new.type, both, *places)
        return
    if old.open != new.open:
        breaks = OLD_READERS if new.open else NEW_READERS
        rule = "enum-opened" if new.open else "enum-closed"
        yield Change(rule, new.id, "", "", "", breaks, *places)
    before = {value.json_value: value for value in old.values}
    after = {value.json_value: value for value in new.values}
    for value in new.values:
        if value.json_value in before:
            yield from _value_changes(new, before[value.json_value], value)
            continue
        breaks = NONE if old.open else OLD_READERS
        text = str(value.json_value)
        at = value.position, old.position
        yield Change("enum-value-added", new.id, text, "", text, breaks, *at)
    for value in old.values:
        if value.json_value not in after:
            breaks = NONE if new.open else NEW_READERS
            text = str(value.json_value)
            at = new.position, value.position
            yield Change("enum-value-removed", new.id, text, text, "", breaks, *at)
    orders = [
        [value for value in one if value in other]
        for one, other in ((before, after), (after, before))
    ]
    if orders[0] != orders[1]:
        yield Change("enum-values-reordered", new.id, "", "", "", NONE, *places)


def _value_changes(enum: Enum, old: EnumValue, new: EnumValue) -> Iterator[Change]:
    def change(rule: str, before: str, after: str) -> Change:
        places = new.position, old.position
        return Change(rule, enum.id, str(new.json_value), before, after, NONE, *places)

    if dict(old.names) != dict(new.names):
        yield change("enum-value-names-changed", names_text(old.names), names_text(new.names))
    if old.only != new.only:
        yield change("enum-value-only-changed", ", ".join(old.only), ", ".join(new.only))
    if old.deprecated != new.deprecated:
        yield change("enum-value-deprecated", old.deprecated or "", new.deprecated or "")
    if _documented(old) != _documented(new):
        yield change("enum-value-documented", old.description, new.description)


def _documented(value: EnumValue) -> tuple[object, ...]:
    return value.description, dict(value.pages), dict(value.extensions)
