"""The changes of a field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from modelsync.breaking.change import NEW_READERS, NONE, OLD_READERS, SILENT, Axes, Change
from modelsync.breaking.comparison import Comparison, rule_of
from modelsync.breaking.rules import constraint_rule
from modelsync.schema.constraints import Constraints, plain_number
from modelsync.schema.definitions import Alias, Field, Model
from modelsync.schema.json_values import to_json
from modelsync.schema.types import Limited, Type, unlimited
from modelsync.schema.values import Value


def field_changes(comparison: Comparison, model: Model, old: Field, new: Field) -> Iterator[Change]:
    """Yield each way in which a field differs. `model` is the new one."""

    def change(rule: str, breaks: Axes = NONE, before: str = "", after: str = "") -> Change:
        places = (new.position, old.position)
        return Change(rule, model.id, new.json_key, before, after, breaks, *places)

    if old.required != new.required:
        rule = "field-required" if new.required else "field-optional"
        yield change(rule, NEW_READERS if new.required else OLD_READERS)
    yield from _null(comparison, model, old, new)
    for each in type_changes(comparison, model, "field", old.bare_type, new.bare_type):
        breaks = each.breaks
        if not new.required and comparison.only_one_takes_null(old.type, new.type):
            breaks |= SILENT  # the other one takes null for an absent key
        yield replace(
            each,
            item=new.json_key,
            breaks=breaks,
            position=new.type_position,
            old_position=old.type_position,
        )
    if (old.has_default, old.default) != (new.has_default, new.default):
        yield change(*_default(old, new))
    if old.format != new.format:
        yield change("format-changed", before=old.format, after=new.format)
    if _access(old) != _access(new):
        yield change("field-access-changed", NONE, _access(old), _access(new))
    if old.only != new.only:
        yield change("field-only-changed", NONE, ", ".join(old.only), ", ".join(new.only))
    if dict(old.names) != dict(new.names):
        yield change("field-names-changed", NONE, names_text(old.names), names_text(new.names))
    if old.deprecated != new.deprecated:
        yield change("field-deprecated", NONE, old.deprecated or "", new.deprecated or "")
    if _documented(old) != _documented(new):
        yield change("field-documented", NONE, old.description, new.description)


def _access(field: Field) -> str:
    return "readOnly" if field.read_only else "writeOnly" if field.write_only else ""


def _documented(field: Field) -> tuple[object, ...]:
    return field.description, field.examples, dict(field.pages), dict(field.extensions)


def names_text(names: object) -> str:
    """Return `names` as a spec has them."""
    assert hasattr(names, "items")
    return ", ".join(f"{language}: {name}" for language, name in names.items())


def _null(comparison: Comparison, model: Model, old: Field, new: Field) -> Iterator[Change]:
    if old.nullable == new.nullable:
        return
    reader, is_any = (new, comparison.new.is_any) if old.nullable else (old, comparison.old.is_any)
    breaks = NEW_READERS if old.nullable else OLD_READERS
    # An optional field reads null as an absent key, and does not write it back.
    refused = breaks if reader.required else SILENT
    found = NONE if is_any(reader.type) else refused
    rule = "field-not-nullable" if old.nullable else "field-nullable"
    texts = comparison.old_text(old.type, model), comparison.new_text(new.type, model)
    places = new.type_position, old.type_position
    yield Change(rule, model.id, new.json_key, *texts, found, *places)


def _default(old: Field, new: Field) -> tuple[str, Axes, str, str]:
    what = "changed" if old.has_default and new.has_default else ""
    what = what or ("added" if new.has_default else "removed")
    # Without the key, documents are refused if either schema requires it.
    breaks = NONE if old.required or new.required else SILENT
    before, after = (_text(each.default) if each.has_default else "" for each in (old, new))
    return f"default-{what}", breaks, before, after


def _text(value: Value) -> str:
    return json.dumps(to_json(value), ensure_ascii=False)


def type_changes(
    comparison: Comparison, owner: Model | Alias, prefix: str, old: Type, new: Type
) -> Iterator[Change]:
    """Yield how a type that is not null differs: each of its constraints, or as a whole."""
    if comparison.are_equal(old, new):
        return
    if comparison.are_equal(unlimited(old), unlimited(new)):
        yield from _constraint_changes(comparison, owner, old, new)
        return
    breaks = comparison.of_types(old, new)
    texts = comparison.old_text(old, owner), comparison.new_text(new, owner)
    yield Change(rule_of(prefix, breaks), owner.id, "", *texts, breaks)


def _constraint_changes(
    comparison: Comparison, owner: Model | Alias, old: Type, new: Type
) -> Iterator[Change]:
    """Yield a change for each constraint that differs, as if it were the only one."""
    before, after = _constraints_of(old), _constraints_of(new)
    inner = unlimited(new)
    known = dict(before.items())
    for name in dict.fromkeys([*known, *dict(after.items())]):
        limit = getattr(after, name)
        if known.get(name) == limit:
            continue
        what = "added" if name not in known else "removed" if limit is None else "changed"
        one = _limited(inner, before)
        other = _limited(inner, replace(before, **{name: limit}))
        breaks = NONE if comparison.within_new(one, other) else OLD_READERS
        breaks |= NONE if comparison.within_new(other, one) else NEW_READERS
        texts = _limit(known.get(name)), _limit(limit)
        rule = constraint_rule(name, what)
        yield Change(rule, owner.id, "", *texts, breaks)


def _limit(limit: object) -> str:
    if limit is None:
        return ""
    return plain_number(limit) if isinstance(limit, Decimal) else str(limit)


def _constraints_of(type_: Type) -> Constraints:
    """Return the constraints that a type has itself."""
    return type_.constraints if isinstance(type_, Limited) else Constraints()


def _limited(type_: Type, constraints: Constraints) -> Type:
    """Return a type with constraints, if there are any."""
    return Limited(type_, constraints) if constraints else type_
