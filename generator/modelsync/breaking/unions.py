"""The changes of a union: its members, and what selects one of them."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.breaking.accepting import Accepting
from modelsync.breaking.change import (
    NEW_READERS,
    NONE,
    OLD_READERS,
    SILENT,
    Axes,
    Change,
    swapped,
)
from modelsync.breaking.comparison import Comparison
from modelsync.schema.definitions import Model, Tag, Union, tag_text
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, Ref, Type


def union_changes(comparison: Comparison, old: Union, new: Union) -> Iterator[Change]:
    """Yield each way in which a union differs."""
    places = new.position, old.position
    if old.external != new.external:
        yield Change("external-changed", new.id, "", "", "", NONE, *places)
    if old.discriminator != new.discriminator:
        yield from _discriminator(comparison, old, new)
    else:
        yield from _members(comparison, old, new)
        if new.discriminator is not None:
            yield from _mapping(comparison, old, new)
    if old.open != new.open:
        breaks = OLD_READERS if new.open else NEW_READERS
        rule = "union-opened" if new.open else "union-closed"
        yield Change(rule, new.id, "", "", "", breaks, *places)
    if old.overlapping != new.overlapping:
        yield Change("union-overlapping-changed", new.id, "", "", "", NONE, *places)
    if old.nullable != new.nullable:
        rule = "alias-nullable" if new.nullable else "alias-not-nullable"
        yield Change(rule, new.id, "", "", "", NONE, *places)
    if old.format != new.format:
        yield Change("format-changed", new.id, "", old.format, new.format, NONE, *places)


def _discriminator(comparison: Comparison, old: Union, new: Union) -> Iterator[Change]:
    what = "changed" if old.discriminator and new.discriminator else ""
    what = what or ("added" if new.discriminator else "removed")
    breaks = comparison.of_definitions(old, new)
    texts = old.discriminator or "", new.discriminator or ""
    places = new.position, old.position
    yield Change(f"discriminator-{what}", new.id, "", *texts, breaks, *places)


def _members(comparison: Comparison, old: Union, new: Union) -> Iterator[Change]:
    before = {comparison.pairs.renewed(member): member for member in old.members}
    is_tagged = new.discriminator is not None  # the values of the discriminator say what breaks
    silent = NONE if is_tagged else _silent(comparison, old, new)
    for member in new.members:
        if member not in before:
            breaks = _unless_accepted(comparison.by_old, old, member, OLD_READERS)
            text = comparison.new_text(member, new)
            at = new.places[member], old.position
            yield Change("union-member-added", new.id, text, "", text, breaks | silent, *at)
    for renewed, member in before.items():
        if renewed not in new.members:
            breaks = _unless_accepted(comparison.by_new, new, member, NEW_READERS)
            text = comparison.old_text(member, old)
            at = new.position, old.places[member]
            yield Change("union-member-removed", new.id, text, text, "", breaks | silent, *at)
    if [each for each in before if each in new.members] != [
        each for each in new.members if each in before
    ]:
        places = new.position, old.position
        yield Change("union-reordered", new.id, "", "", "", silent, *places)


def _silent(comparison: Comparison, old: Union, new: Union) -> Axes:
    """Return whether another member may take a document, and keep other parts of it."""
    if (old.members, old.overlapping) == (new.members, new.overlapping):
        return NONE
    with comparison.pairs.without(old.id):
        is_silent = comparison.differs(Ref(old.id), Ref(new.id))
    return SILENT if is_silent else NONE


def _unless_accepted(accepting: Accepting, union: Union, member: Type, axis: Axes) -> Axes:
    """Return what a member breaks that a union does not have: nothing if another one accepts it."""
    if union.discriminator is not None:
        return NONE
    others = AnyOf(union.members) if len(union.members) > 1 else union.members[0]
    return NONE if accepting.accepts(others, member) else axis


def _mapping(comparison: Comparison, old: Union, new: Union) -> Iterator[Change]:
    before = {_key(tag): (tag, id_) for tag, id_ in old.mapping}
    after = {_key(tag): (tag, id_) for tag, id_ in new.mapping}
    places = new.position, old.position
    for key, (tag, id_) in after.items():
        text = tag_text(tag)
        if key not in before:
            axes = _of_new_tag(comparison.new, new, id_) if old.open else OLD_READERS
            yield Change("mapping-value-added", new.id, text, "", id_, axes, *places)
        elif not comparison.pairs.is_same(before[key][1], id_):
            one = before[key][1]
            axes = comparison.of_types(Ref(one), Ref(id_))
            yield Change("mapping-value-changed", new.id, text, one, id_, axes, *places)
    for key, (tag, id_) in before.items():
        if key not in after:
            axes = NEW_READERS
            if new.open:
                axes = swapped(_of_new_tag(comparison.old, old, id_))
            yield Change("mapping-value-removed", new.id, tag_text(tag), id_, "", axes, *places)


def _of_new_tag(schema: Schema, union: Union, id_: str) -> Axes:
    """Return what breaks if an open union knows a value that it did not: it kept any object."""
    member = schema.by_id[id_]
    if not isinstance(member, Model):
        return NEW_READERS | SILENT
    fields = [each for each in member.fields if each.json_key != union.discriminator]
    takes_all = not any(each.required or not schema.is_any(each.type) for each in fields)
    others = member.additional_type
    keeps_all = others is not None and schema.is_any(others)
    is_refused = not takes_all or (member.additional_properties is not None and not keeps_all)
    is_lost = member.additional_properties is None or bool(member.ignored_keys)
    return (NEW_READERS if is_refused else NONE) | (SILENT if is_lost else NONE)


def _key(tag: Tag) -> tuple[str, Tag]:
    return type(tag).__name__, tag
