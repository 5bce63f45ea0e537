"""`oneOf` and `anyOf` -> unions: their members, their order and their discriminator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, TypeOf, key, mapping, plain, sequence, text
from modelsync.importer.scalars.enums import Literal, Plain, Values, has_values, values_of
from modelsync.importer.scalars.limits import limits_of
from modelsync.importer.text.tree import JsonList, JsonObject
from modelsync.importer.translation.kinds import kinds_of
from modelsync.importer.unions.members import Follow, Member, is_null
from modelsync.importer.unions.tags import DefaultLast, Tags, tags_of
from modelsync.schema.types import INTEGERS, NUMBERS, TEXTS
from modelsync.spec.nodes import ScalarNode


@dataclass(frozen=True, slots=True)
class Choices:
    """The alternatives of a schema, before their types are known."""

    keyword: str
    """`oneOf` or `anyOf`."""
    members: tuple[JsonObject | bool, ...]
    """Without those that only accept null, and without `false`."""
    at: Position
    nullable: bool = False
    """Whether one of them only accepts null."""


@dataclass(frozen=True, slots=True)
class UnionOf:
    """What a spec has for the alternatives of a schema."""

    members: tuple[TypeOf, ...]
    at: Position
    nullable: bool = False
    discriminator: str = ""
    mapping: tuple[tuple[Plain, str, Position], ...] = ()
    """The value and the name of each member, if the members' types do not imply them."""
    constrained: tuple[int, ...] = ()
    """The indexes of the members that need an alias, because of their constraints. Nothing else is
    decided then: call :func:`union_of` again with the aliases."""
    beside: tuple[Entry, ...] = ()
    """The constraints that the field or the alias can have beside an inline union."""
    may_overlap: bool = False
    """Whether several members may accept the same values, so that an order or `overlapping` may be
    needed, which only a named union has."""

    @property
    def needs_name(self) -> bool:
        """Whether a type expression cannot say it."""
        return len(self.members) > 1 and (bool(self.discriminator) or self.may_overlap)

    @property
    def type_of(self) -> TypeOf:
        """The alternatives as a type expression."""
        text_ = " | ".join(dict.fromkeys(member.text for member in self.members))
        return TypeOf(text_, self.at, self.nullable and text_ != "any", self.beside)

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries of the document of a union, after its name and its description."""
        found: list[Entry] = []
        if self.discriminator:
            found.append((key("discriminator", self.at), text(self.discriminator, self.at)))
        members = [plain(member.text, member.position) for member in self.members]
        found.append((key("members", self.at), sequence(members, self.at)))
        if self.mapping:
            pairs = ((_tag_node(tag, at), plain(name, at)) for tag, name, at in self.mapping)
            found.append((key("mapping", self.at), mapping(pairs, self.at)))
        return tuple(found)


def choices_of(schema: JsonObject, findings: Findings, follow: Follow) -> Choices | None:
    """Return the alternatives of a schema with `oneOf` or `anyOf`; None if it has neither.

    If a schema has both, the first one counts, and the other one is a loss.
    """
    given = [keyword for keyword in ("oneOf", "anyOf") if isinstance(schema.get(keyword), JsonList)]
    if not given or not schema[given[0]]:
        return None
    for keyword in given[1:]:
        findings.loss(schema.at(keyword), keyword, f"`{keyword}` beside `{given[0]}`")
    keyword = given[0]
    values = schema[keyword]
    assert isinstance(values, JsonList)
    members = [each for each in values if isinstance(each, JsonObject | bool)]
    others = [each for each in members if not is_null(each, follow)]
    kept = tuple(each for each in others if each is not False)
    return Choices(keyword, kept, schema.at(keyword), len(others) < len(members))


def open_values(choices: Choices, follow: Follow) -> Values | None:
    """Return the known values of a text that may have others: `anyOf: [string, enum]`."""
    literals: list[Literal] = []
    texts, nullable = 0, choices.nullable
    for member in choices.members:
        target = follow(member) if isinstance(member, JsonObject) else None
        if target is None:
            return None
        if has_values(target):
            values = values_of(target, Findings(), _kinds_in(target))
            if not isinstance(values, Values) or values.scalar != "string":
                return None
            literals += values.literals
            nullable |= values.nullable
        elif target.get("type") == "string" and target.keys() <= _OF_PLAIN_TEXT:
            texts += 1
        else:
            return None
    if texts != 1 or not literals:
        return None
    unique = {literal.value: literal for literal in reversed(literals)}
    kept = tuple(unique[value] for value in dict.fromkeys(one.value for one in literals))
    return Values(kept, choices.at, nullable, is_open=True)


def union_of(
    choices: Choices,
    members: Sequence[Member],
    schema: JsonObject,
    findings: Findings,
    follow: Follow,
) -> UnionOf:
    """Return the union of the members of `choices`, which have the same order.

    `schema` is the one with `oneOf` or `anyOf`, and perhaps a discriminator. Constraints beside
    these are those of the union.
    """
    constrained = _constrained(members)
    at = choices.at
    nullable = choices.nullable or any(member.type_of.nullable for member in members)
    if constrained:
        return UnionOf(tuple(each.type_of for each in members), at, nullable, "", (), constrained)
    if any(member.type_of.text == "any" for member in members):
        return _with_anything(choices, members, findings)
    different = list({member.type_of.text: member for member in reversed(members)}.values())[::-1]
    try:
        tags = tags_of(schema, different, findings, follow)
    except DefaultLast as last:
        findings.note(
            schema.at("discriminator"), "defaultMapping", f"{last}", "it as the last member"
        )
        different.append(different.pop(last.index))
        return UnionOf(_types(different), at, nullable, may_overlap=True)
    if tags is not None:
        return UnionOf(_types(different), at, nullable, tags.key, _mapping(different, tags))
    ordered = _in_order(different)
    limits = tuple(entry for each in ordered for entry in each.type_of.entries)
    names = [each.type_of.text.partition("[")[0] for each in ordered]
    beside = limits_of(schema, ["union", *names], findings)
    return UnionOf(
        _types(ordered),
        at,
        nullable,
        beside=tuple({name.text: (name, value) for name, value in (*limits, *beside)}.values()),
        may_overlap=_may_overlap(ordered),
    )


def _types(members: Sequence[Member]) -> tuple[TypeOf, ...]:
    return tuple(member.type_of for member in members)


def _mapping(members: Sequence[Member], tags: Tags) -> tuple[tuple[Plain, str, Position], ...]:
    if not tags.needs_mapping:
        return ()
    pairs = zip(members, tags.values, strict=True)
    return tuple((value, each.type_of.text, each.at) for each, values in pairs for value in values)


def _with_anything(choices: Choices, members: Sequence[Member], findings: Findings) -> UnionOf:
    """Return the union in which one member accepts everything."""
    first = next(member for member in members if member.type_of.text == "any")
    if choices.keyword == "oneOf" and len(members) > 1:
        message = "a member that accepts everything, among others"
        findings.loss(first.at, "oneOf", message, "`any`")
    elif len(members) > 1:
        findings.note(first.at, "anyOf", "a member that accepts everything", "`any`")
    return UnionOf((TypeOf("any", choices.at),), choices.at)


_OF_PLAIN_TEXT: Final = frozenset(
    {"type", "title", "description", "example", "examples", "default", "deprecated", "$comment"}
)


# Members ------------------------------------------------------------------------------------------


def _kinds(member: Member) -> frozenset[str]:
    """Return the kinds of JSON values that a member may accept; `any` if they are not known."""
    if has_values(member.schema) and not _kinds_in(member.schema):
        return frozenset({"string", "number", "boolean"})
    kinds = _kinds_in(member.schema)
    if not kinds or not {"oneOf", "anyOf", "allOf", "$ref"}.isdisjoint(member.schema):
        is_object = member.is_model and not {"oneOf", "anyOf"} & member.schema.keys()
        return frozenset({"object" if is_object else "any"})
    return frozenset("number" if kind == "integer" else kind for kind in kinds)


def _constrained(members: Sequence[Member]) -> tuple[int, ...]:
    """Return the indexes of the members whose constraints nothing but an alias can have.

    Those are all in a union with a name, and otherwise those that could be about another member.
    """
    kinds = [_kinds(member) for member in members]
    has_name = _may_overlap(members)
    return tuple(
        index
        for index, member in enumerate(members)
        if member.type_of.entries
        and any(
            has_name or kinds[index] & other or "any" in kinds[index] | other
            for number, other in enumerate(kinds)
            if number != index and (has_name or not _is_literal(members[number]))
        )
    )


def _is_literal(member: Member) -> bool:
    return member.type_of.text[:1] in set('"-0123456789') or member.type_of.text in (
        "true",
        "false",
    )


def _in_order(members: Sequence[Member]) -> list[Member]:
    """Return members with `string` after other texts, which would never be chosen after it.

    Of numbers, only the widest one is kept, because all are numbers in JSON.
    """
    numbers = [each for each in members if each.type_of.text in NUMBERS]
    widest = _widest([each.type_of.text for each in numbers]) if numbers else ""
    kept = [each for each in members if each.type_of.text in ("", widest) or each not in numbers]
    text_ = next((each for each in kept if each.type_of.text == "string"), None)
    narrower = [index for index, each in enumerate(kept) if _is_narrower_text(each)]
    if text_ is not None and narrower and kept.index(text_) < narrower[-1]:
        kept.insert(narrower[-1] + 1, text_)
        kept.remove(text_)
    return kept


def _widest(names: Sequence[str]) -> str:
    floats = [name for name in ("float64", "float32") if name in names]
    return floats[0] if floats else max(names, key=lambda name: INTEGERS[name][-1])


def _is_narrower_text(member: Member) -> bool:
    """Return whether a member accepts texts, but not all: a format, a literal or an enum."""
    name = member.type_of.text
    is_format = name in TEXTS and name != "string"
    return (
        is_format or name[:1] == '"' or (_kinds(member) == {"string"} and has_values(member.schema))
    )


def _may_overlap(members: Sequence[Member]) -> bool:
    """Return whether members that are not simple types may accept the same values."""
    taken: set[str] = set()
    for member in members:
        if member.type_of.text in TEXTS or _is_literal(member):
            continue
        kinds = _kinds(member)
        if taken & kinds or (taken and "any" in kinds) or "any" in taken:
            return True
        taken |= kinds
    return False


def _tag_node(tag: Plain, at: Position) -> ScalarNode:
    if isinstance(tag, bool):
        return plain("true" if tag else "false", at)
    return plain(str(tag), at) if isinstance(tag, int) else text(tag, at)


def _kinds_in(schema: JsonObject) -> list[str]:
    return kinds_of(schema, Findings()).names
