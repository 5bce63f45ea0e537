"""Which value of which property selects a member of a union: its discriminator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.importer.findings import Findings
from modelsync.importer.nodes import TypeOf
from modelsync.importer.scalars.enums import Plain
from modelsync.importer.text.tree import JsonList, JsonObject
from modelsync.importer.translation.places import definition_name
from modelsync.importer.unions.members import (
    Follow,
    Member,
    TagField,
    is_model,
    name_of_ref,
    parts_of,
    refuses_or_keeps_keys,
    tag_field,
)

_USUAL: Final = ("type", "kind", "object", "event", "action", "role", "op", "name")
"""Keys that are the discriminator if several could be, in this order."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The discriminator of a union."""

    key: str
    values: tuple[tuple[Plain, ...], ...]
    """Those that select each member, in the order of the members; none for a union, whose members
    have their own."""
    all_values: tuple[Plain, ...]
    needs_mapping: bool
    """Whether the types of the members do not imply the values."""


class NoTags(Exception):
    """There is no discriminator. The text says why."""


def tags_of(
    schema: JsonObject, members: Sequence[Member], findings: Findings, follow: Follow
) -> Tags | None:
    """Return the discriminator of a union with some members; None if it has none.

    It is the one of OpenAPI's `discriminator`. Without one, it is a required property that has
    other constant values in each member.
    """
    stated = schema.get("discriminator")
    if isinstance(stated, JsonObject) and isinstance(stated.get("propertyName"), str):
        try:
            return _Stated(stated, members, findings, follow).tags()
        except DefaultLast:
            raise
        except NoTags as reason:
            at = schema.at("discriminator")
            findings.note(at, "discriminator", f"{reason}", "a union without a discriminator")
            return None
    tags = _implied(members, follow)
    if tags is not None:
        message = f"the members differ in `{tags.key}`"
        findings.note(schema.at(), "no discriminator", message, f"`discriminator: {tags.key}`")
    return tags


def _own_tags(schema: JsonObject, follow: Follow) -> Tags | None:
    """Return the discriminator of a member that is a union itself."""
    listed = schema.get("oneOf", schema.get("anyOf"))
    if not isinstance(listed, JsonList):
        return None
    members = []
    for each in listed:
        target = follow(each) if isinstance(each, JsonObject) else None
        if target is None or not isinstance(each, JsonObject):
            return None
        ref = each.get("$ref")
        written = ref if isinstance(ref, str) else ""
        unused = TypeOf("any", each.at())
        members.append(Member(unused, target, each.at(), written, "", is_model(target, follow)))
    return tags_of(schema, members, Findings(), follow)


class _Stated:
    """The `discriminator` of OpenAPI."""

    def __init__(
        self,
        stated: JsonObject,
        members: Sequence[Member],
        findings: Findings,
        follow: Follow,
    ) -> None:
        self.stated = stated
        self.members = members
        self.findings = findings
        self.follow = follow
        self.key = str(stated["propertyName"])
        self.needs_mapping = False
        self.inner: list[Plain] = []

    def tags(self) -> Tags:
        mapped = self.mapped()
        fields = [tag_field(member.schema, self.key, self.follow) for member in self.members]
        shared = _shared(fields)
        values = [
            self.values_of(member, field, texts, shared)
            for member, field, texts in zip(self.members, fields, mapped, strict=True)
        ]
        self.check_optional(fields)
        self.check_default(fields)
        _check_values([*(value for each in values for value in each), *self.inner], self.key)
        all_values = (*(value for each in values for value in each), *self.inner)
        return Tags(self.key, tuple(values), all_values, self.needs_mapping)

    def mapped(self) -> list[list[str]]:
        """Return the values that the mapping has for each member."""
        found: list[list[str]] = [[] for _ in self.members]
        mapping = self.stated.get("mapping")
        for value, target in mapping.items() if isinstance(mapping, JsonObject) else ():
            assert isinstance(mapping, JsonObject)
            index = self.index_of(target) if isinstance(target, str) else None
            if index is None:
                message = f"`{value}` in `mapping` leads to `{target}`, which is not a member"
                self.findings.note(mapping.at(value), "mapping", message)
            else:
                found[index].append(value)
        return found

    def index_of(self, target: str) -> int | None:
        """Return the index of the member that a name or a reference in the mapping means."""
        for index, member in enumerate(self.members):
            if member.ref and (member.ref == target or member.ref.endswith(f"/{target}")):
                return index
        name = name_of_ref(target)
        for names in (
            [member.implicit_tag for member in self.members],
            [member.name for member in self.members],
        ):
            for each in (name, definition_name(name)):
                if names.count(each) == 1:
                    return names.index(each)
        return None

    def values_of(
        self,
        member: Member,
        field: TagField | None,
        mapped: list[str],
        shared: set[tuple[type, Plain]],
    ) -> tuple[Plain, ...]:
        """Return the values that select a member."""
        schema = member.schema
        if not member.is_model:
            own = _own_tags(schema, self.follow) if member.is_union else None
            if own is None or own.key != self.key:
                raise NoTags(f"a member of the union by `{self.key}` is not a model")
            self.inner += own.all_values
            return ()
        implicit = member.implicit_tag
        if field is None and refuses_or_keeps_keys(schema, self.follow):
            raise NoTags(
                f"`{self.key}` is not a property of a member that says more about its keys"
            )
        if field is None or field.values is None:
            self.needs_mapping = True
            if not mapped and not implicit:
                raise NoTags(f"no value of `{self.key}` selects a member")
            chosen: tuple[Plain, ...] = tuple(mapped) or (implicit,)
            if field is None and len(chosen) > 1:
                raise NoTags(f"several values of `{self.key}` select a member without it")
            return chosen
        return self.constants(field, mapped, implicit, shared)

    def constants(
        self, field: TagField, mapped: list[str], implicit: str, shared: set[tuple[type, Plain]]
    ) -> tuple[Plain, ...]:
        """Return the values of a member whose property has only some."""
        assert field.values is not None
        by_text = {_text(value): value for value in field.values}
        chosen = [by_text[value] for value in mapped if value in by_text]
        if mapped and not chosen:
            message = f"`mapping` has values of `{self.key}` that its member excludes"
            listed = ", ".join(f"`{_text(value)}`" for value in field.values[:5])
            self.findings.note(field.at, "mapping", message, listed)
        if not chosen and any((type(value), value) in shared for value in field.values):
            chosen = [by_text[implicit]] if implicit in by_text else []
            chosen = chosen or [
                value for value in field.values if (type(value), value) not in shared
            ]
        if not chosen:
            chosen = list(field.values)
        self.needs_mapping |= set(chosen) != set(field.values)
        return tuple(dict.fromkeys(chosen))

    def check_optional(self, fields: Sequence[TagField | None]) -> None:
        optional = [field for field in fields if field is not None and not field.required]
        if len(optional) > 1:
            raise NoTags(f"`{self.key}` is optional in several members")

    def check_default(self, fields: Sequence[TagField | None]) -> None:
        """Check OpenAPI's `defaultMapping`: the member for absent and unknown values."""
        target = self.stated.get("defaultMapping")
        index = self.index_of(target) if isinstance(target, str) else None
        if index is None:
            return
        others = [field for number, field in enumerate(fields) if number != index]
        if all(field is not None and field.values and field.required for field in others):
            # In order, the default last: then the others are tried before it.
            raise DefaultLast(index, f"`defaultMapping` for unknown values of `{self.key}`")
        self.findings.loss(
            self.stated.at("defaultMapping"),
            "defaultMapping",
            "`defaultMapping` for unknown values",
            "a union that refuses them",
        )


class DefaultLast(NoTags):
    """There is no discriminator, and one member must come last."""

    def __init__(self, index: int, why: str) -> None:
        super().__init__(why)
        self.index = index


def _implied(members: Sequence[Member], follow: Follow) -> Tags | None:
    """Return a discriminator that nothing states, but all members have."""
    if len(members) < 2 or not all(member.is_model for member in members):
        return None
    for key in sorted(_keys(members[0].schema, follow), key=_rank):
        fields = [tag_field(member.schema, key, follow) for member in members]
        values = [field.values for field in fields if field and field.required and field.values]
        if len(values) < len(members):
            continue
        everything = tuple(value for each in values for value in each)
        try:
            _check_values(everything, key)
        except NoTags:
            continue
        return Tags(key, tuple(values), everything, needs_mapping=False)
    return None


def _rank(key: str) -> int:
    return _USUAL.index(key) if key in _USUAL else len(_USUAL)


def _keys(schema: JsonObject, follow: Follow) -> Iterator[str]:
    for part in parts_of(schema, follow):
        properties = part.get("properties")
        if isinstance(properties, JsonObject):
            yield from properties


def _shared(fields: Sequence[TagField | None]) -> set[tuple[type, Plain]]:
    """Return the values that several members have."""
    seen: set[tuple[type, Plain]] = set()
    shared: set[tuple[type, Plain]] = set()
    for field in fields:
        own = {(type(value), value) for value in (field.values or () if field else ())}
        shared |= own & seen
        seen |= own
    return shared


def _check_values(values: Sequence[Plain], key: str) -> None:
    if len({type(value) for value in values}) > 1:
        raise NoTags(f"the values of `{key}` are of several kinds")
    seen: set[Plain] = set()
    for value in values:
        if value in seen:
            raise NoTags(f"`{_text(value)}` in `{key}` selects several members")
        seen.add(value)


def _text(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
