"""`oneOf` and `anyOf` -> unions: their members, their order and their discriminator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from modelsync.errors import Position
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, TypeOf, key, mapping, plain, sequence, text
from modelsync.importer.tree import Json, JsonObject
from modelsync.spec.nodes import ScalarNode

Follow: TypeAlias = Callable[[JsonObject], JsonObject | None]
"""Returns the schema that the `$ref` of a schema leads to, as far as it leads; a schema without
`$ref` is returned as it is. None if it leads nowhere, or to `true` or `false`."""

Tag: TypeAlias = str | int | bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The alternatives of a schema, before their types are known."""

    keyword: str
    """`oneOf` or `anyOf`."""
    members: tuple[JsonObject | bool, ...]
    """Without those that only accept null."""
    at: Position
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One alternative, translated."""

    type_of: TypeOf
    schema: JsonObject
    """The schema after its `$ref`."""
    at: Position
    ref: str = ""
    """The `$ref`, as written."""
    name: str = ""
    """The name of the definition that it is, if it is one."""
    is_model: bool = False
    is_union: bool = False


@dataclass(frozen=True, slots=True)
class UnionOf:
    """What a spec has for the alternatives of a schema."""

    members: tuple[TypeOf, ...]
    at: Position
    nullable: bool = False
    discriminator: str = ""
    mapping: tuple[tuple[Tag, str, Position], ...] = ()
    """The value and the name of each member, if the members' types do not imply them."""
    constrained: tuple[int, ...] = ()
    """The indexes of the members that need an alias, because of their constraints."""
    beside: tuple[Entry, ...] = field(default=())
    """The constraints that the field or the alias can have beside an inline union."""

    @property
    def needs_name(self) -> bool:
        """Whether a type expression cannot say it."""
        return bool(self.discriminator)

    @property
    def type_of(self) -> TypeOf:
        """The alternatives as a type expression."""
        text_ = " | ".join(dict.fromkeys(member.text for member in self.members))
        return TypeOf(text_, self.at, self.nullable, self.beside)

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
    given = [keyword for keyword in ("oneOf", "anyOf") if isinstance(schema.get(keyword), list)]
    if not given or not schema[given[0]]:
        return None
    for keyword in given[1:]:
        findings.loss(schema.at(keyword), keyword, f"`{keyword}` beside `{given[0]}`")
    keyword = given[0]
    values = schema[keyword]
    assert isinstance(values, list)
    members = [each for each in values if isinstance(each, dict | bool)]
    others = [each for each in members if not is_null(each, follow)]
    is_nullable = len(others) < len(members)
    if keyword == "oneOf" and len(members) - len(others) > 1:
        findings.note(schema.at(keyword), keyword, "null in several members of `oneOf`", "`| null`")
    # `false` accepts nothing.
    kept = tuple(each for each in others if each is not False)
    return Choices(keyword, kept, schema.at(keyword), is_nullable)


def is_null(schema: Json, follow: Follow) -> bool:
    """Return whether a schema only accepts null."""
    if not isinstance(schema, JsonObject):
        return False
    target = follow(schema)
    if target is None:
        return False
    if "const" in target:
        return target["const"] is None
    return target.get("type") in ("null", ["null"]) or target.get("enum") == [None]


def union_of(
    choices: Choices,
    members: Sequence[Member],
    schema: JsonObject,
    findings: Findings,
    follow: Follow,
) -> UnionOf:
    """Return the union of the members of `choices`, which have the same order.

    `schema` is the one with `oneOf` or `anyOf`, and perhaps a discriminator.
    """
    del schema, findings, follow
    kept: dict[str, TypeOf] = {}
    for member in members:
        kept.setdefault(member.type_of.text, member.type_of)
    nullable = choices.nullable or any(member.type_of.nullable for member in members)
    return UnionOf(tuple(kept.values()), choices.at, nullable)


def _tag_node(tag: Tag, at: Position) -> ScalarNode:
    if isinstance(tag, bool):
        return plain("true" if tag else "false", at)
    return plain(str(tag), at) if isinstance(tag, int) else text(tag, at)
