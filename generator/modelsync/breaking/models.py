"""The changes of a model: its fields, and what it does with other keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

from modelsync.breaking.accepting import Accepting, optional
from modelsync.breaking.change import NEW_READERS, NONE, OLD_READERS, SILENT, Axes, Change, swapped
from modelsync.breaking.comparison import Comparison, rule_of
from modelsync.breaking.fields import field_changes
from modelsync.naming import snake
from modelsync.schema.definitions import Field, Model
from modelsync.schema.types import Scalar, Type

Policy: TypeAlias = Type | Literal[False] | None
"""As :attr:`Model.additional_properties`."""


def model_changes(comparison: Comparison, old: Model, new: Model) -> Iterator[Change]:
    """Yield each way in which a model differs."""
    places = new.position, old.position
    if old.abstract != new.abstract:
        yield Change(
            "model-abstract" if new.abstract else "model-concrete",
            new.id,
            "",
            "",
            "",
            NONE,
            *places,
        )
    extends = [comparison.pairs.new_ids.get(id_, id_) for id_ in old.extends]
    if extends != [*new.extends]:
        texts = ", ".join(old.extends), ", ".join(new.extends)
        yield Change("model-extends-changed", new.id, "", *texts, NONE, *places)
    yield from _each_field(comparison, old, new)
    if _order(old, new) != _order(new, old):
        yield Change("fields-reordered", new.id, "", "", "", NONE, *places)
    yield from _other_keys(comparison, old, new)


def _each_field(comparison: Comparison, old: Model, new: Model) -> Iterator[Change]:
    """Yield the changes of all fields. Nothing is silent if no document is accepted by both."""
    changes = [*_all_fields(comparison, old, new)]
    rules = {change.rule for change in changes}
    if {"required-field-added", "required-field-removed"} <= rules:
        changes = [replace(change, breaks=change.breaks - SILENT) for change in changes]
    yield from changes


def _all_fields(comparison: Comparison, old: Model, new: Model) -> Iterator[Change]:
    renamed = dict(_renamed_keys(comparison, old, new))
    for field in new.fields:
        before = old.by_json_key.get(renamed.get(field.json_key, field.json_key))
        if before is None:
            yield _added(comparison, old, new, field)
            continue
        if before.json_key != field.json_key:
            yield _key_renamed(comparison, old, new, before, field)
        yield from field_changes(comparison, new, before, field)
    for field in old.fields:
        if field.json_key not in new.by_json_key and field.json_key not in renamed.values():
            yield _removed(comparison, old, new, field)


def _order(model: Model, other: Model) -> list[str]:
    """Return the keys of a model that another one has too, in order."""
    return [key for key in model.by_json_key if key in other.by_json_key]


def _renamed_keys(comparison: Comparison, old: Model, new: Model) -> Iterator[tuple[str, str]]:
    """Yield the new and the old key of each field with another key and the same name in code."""
    gone = {_code_name(each): each for each in old.fields if each.json_key not in new.by_json_key}
    for field in new.fields:
        before = gone.get(_code_name(field))
        if field.json_key in old.by_json_key or before is None:
            continue
        if comparison.are_equal(before.type, field.type):
            yield field.json_key, before.json_key


def _code_name(field: Field) -> tuple[object, ...]:
    given = tuple(sorted(field.names.items()))
    return given or (snake(field.json_key),)


def _added(comparison: Comparison, old: Model, new: Model, field: Field) -> Change:
    breaks = _of_new_key(comparison.by_old, comparison.by_new, old, field)
    rule = "required-field-added" if field.required else "field-added"
    text = comparison.new_text(field.type, new)
    places = field.position, old.position
    return Change(rule, new.id, field.json_key, "", text, breaks, *places)


def _removed(comparison: Comparison, old: Model, new: Model, field: Field) -> Change:
    breaks = swapped(_of_new_key(comparison.by_new, comparison.by_old, new, field))
    rule = "required-field-removed" if field.required else "field-removed"
    text = comparison.old_text(field.type, old)
    places = new.position, field.position
    return Change(rule, new.id, field.json_key, text, "", breaks, *places)


def _of_new_key(without: Accepting, having: Accepting, model: Model, field: Field) -> Axes:
    """Return what breaks if a model, which has no field for a key, is replaced by one that has it.

    `without` asks whether the schema of the model accepts documents, `having` whether the other
    one does.
    """
    key = field.json_key
    kept = None if key in model.ignored_keys else model.additional_type
    takes_null = having.reader.takes_null(field.type)
    is_refused = not without.accepts_unknown(model, key, field.type)
    is_new = field.required or (kept is not None and not having.accepts(optional(field), kept))
    # What is ignored is not written back, nor is null for an absent key, and only one of the two
    # writes a default.
    is_lost = kept is None and not is_refused
    if kept is not None and not field.required:
        is_lost = without.reader.takes_null(kept) and not takes_null
    is_lost |= field.has_default and not field.required
    return (
        (OLD_READERS if is_refused else NONE)
        | (NEW_READERS if is_new else NONE)
        | (SILENT if is_lost else NONE)
    )


def _key_renamed(
    comparison: Comparison, old: Model, new: Model, before: Field, field: Field
) -> Change:
    added, removed = _added(comparison, old, new, field), _removed(comparison, old, new, before)
    places = field.position, before.position
    breaks = added.breaks | removed.breaks
    if field.required and before.required:
        breaks -= SILENT  # no document is accepted by both
    return Change(
        "field-key-renamed",
        new.id,
        field.json_key,
        before.json_key,
        field.json_key,
        breaks,
        *places,
    )


def _other_keys(comparison: Comparison, old: Model, new: Model) -> Iterator[Change]:
    before, after = old.additional_properties, new.additional_properties
    places = new.additional_position, old.additional_position
    texts = _policy(comparison, old), _policy(comparison, new)
    if _kind(old) == _kind(new):
        if before and after and not comparison.are_equal(before, after):
            breaks = comparison.of_types(before, after)
            rule = rule_of("additional-properties", breaks)
            yield Change(rule, new.id, "", *texts, breaks, *places)
        return
    refuses_old = before is False or not _takes(comparison.by_old, before, after)
    refuses_new = after is False or not _takes(comparison.by_new, after, before)
    # One of them does not write back what the other one keeps.
    is_lost = None in (before, after) and False not in (before, after)
    breaks = (
        (OLD_READERS if refuses_old and after is not False else NONE)
        | (NEW_READERS if refuses_new and before is not False else NONE)
        | (SILENT if is_lost else NONE)
    )
    rule = f"additional-properties-{_kind(new)}"
    yield Change(rule, new.id, "", *texts, breaks, *places)


def _takes(accepting: Accepting, reader: Policy, writer: Policy) -> bool:
    """Whether a policy for other keys accepts those of a model with another one."""
    if reader is None or writer is False:
        return True
    return reader is not False and accepting.accepts(reader, writer or Scalar("any"))


def _kind(model: Model) -> str:
    if model.additional_properties is None:
        return "ignored"
    return "refused" if model.additional_properties is False else "kept"


def _policy(comparison: Comparison, model: Model) -> str:
    if model.additional_type is None:
        return "" if model.additional_properties is None else "false"
    is_old = comparison.old.by_id.get(model.id) is model
    return (comparison.old_text if is_old else comparison.new_text)(model.additional_type, model)
