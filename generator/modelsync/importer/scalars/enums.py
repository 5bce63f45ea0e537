"""`enum`, `const`, and `oneOf` of `const`: the values of a schema -> literals or an enum."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, TypeAlias

from modelsync.errors import HIDDEN, Position
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, TypeOf, key, mapping, plain, text
from modelsync.importer.scalars.satisfies import broken_keyword
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.naming import INITIALISMS, constant, pascal, words
from modelsync.spec.nodes import Node, ScalarNode

Plain: TypeAlias = str | int | bool
"""A value that a literal type can have."""

_INT64: Final = range(-(2**63), 2**63)
_MAX_INLINE: Final = 100
"""How long literals are in a type expression at most: more are hard to read in one line."""


@dataclass(frozen=True, slots=True)
class Literal:
    """One value of an enum."""

    value: Plain
    at: Position
    name: str = ""
    """What the source calls it, which is not always an identifier."""
    description: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a schema that has only these, besides null."""

    literals: tuple[Literal, ...]
    at: Position
    nullable: bool = False
    is_open: bool = False
    """Whether any other text is accepted, too."""

    @property
    def scalar(self) -> str:
        """The `type` of an enum of these values; empty if no enum can have them."""
        kinds = {type(literal.value) for literal in self.literals}
        return {str: "string", int: "int64"}.get(kinds.pop(), "") if len(kinds) == 1 else ""

    @property
    def needs_name(self) -> bool:
        """Whether a type expression cannot say it, or only in a very long line."""
        is_described = any(
            each.name or each.description or each.deprecated for each in self.literals
        )
        is_long = len(self.type_of.text) > _MAX_INLINE
        return self.is_open or (bool(self.scalar) and (is_described or is_long))

    @property
    def type_of(self) -> TypeOf:
        """The values as a type expression: `"open" | "paid"`."""
        literals = [literal.value for literal in self.literals]
        if set(map(repr, literals)) == {"True", "False"}:
            return TypeOf("bool", self.at, self.nullable)
        texts = (json.dumps(value, ensure_ascii=False) for value in literals)
        return TypeOf(" | ".join(texts), self.at, self.nullable)

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Return the entries of the document of an enum called `name`, after its description.

        Only if :attr:`scalar` is not empty.
        """
        found: list[Entry] = []
        if self.scalar != "string":
            found.append((key("type", self.at), plain(self.scalar, self.at)))
        if self.is_open:
            found.append((key("open", self.at), plain("true", self.at)))
        values = (
            (_value_key(each.value, each.at), _value_node(name, each)) for each in self.literals
        )
        found.append((key("values", self.at), mapping(values, self.at)))
        return tuple(found)


def _value_key(value: str | int, at: Position) -> ScalarNode:
    return text(value, at) if isinstance(value, str) else plain(str(value), at)


def _value_node(enum: str, literal: Literal) -> Node:
    at = literal.at
    names = _names(enum, literal)
    if not names and not literal.deprecated:
        return text(literal.description, at) if literal.description else plain("", at)
    entries: list[Entry] = []
    if literal.description:
        entries.append((key("description", at), text(literal.description, at)))
    if literal.deprecated:
        entries.append((key("deprecated", at), plain("true", at)))
    if names:
        each = ((key(language, at), plain(name, at)) for language, name in names.items())
        entries.append((key("names", at), mapping(each, at)))
    return mapping(entries, at)


def _names(enum: str, literal: Literal) -> dict[str, str]:
    """Return the name of a value in each language, if the source has one that is an identifier."""
    name = literal.name
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name, re.ASCII) or not words(name):
        return {}
    if words(name.lower()) == words(str(literal.value).lower()):
        return {}  # the derived name
    return {
        "python": constant(name),
        "typescript": pascal(name),
        "go": f"{enum}{pascal(name, INITIALISMS)}",
    }


def has_values(schema: JsonObject) -> bool:
    """Return whether a schema lists its values."""
    return "const" in schema or bool(_enum(schema)) or _is_extensible(schema)


def _enum(schema: JsonObject) -> JsonList | None:
    """Return the values of `enum`. An empty list would accept nothing, which nobody means."""
    values = schema.get("enum")
    return values if isinstance(values, JsonList) else None


def note_empty_enum(schema: JsonObject, findings: Findings) -> None:
    """Report an `enum` without values, which is ignored."""
    if schema.get("enum") == []:
        findings.loss(schema.at("enum"), "enum", "`enum` without values")


def _is_extensible(schema: JsonObject) -> bool:
    """Whether `x-extensible-enum` lists known values of a text, which may have others."""
    return schema.get("type") == "string" and isinstance(schema.get(_EXTENSIBLE), list)


_EXTENSIBLE: Final = "x-extensible-enum"


def values_of(
    schema: JsonObject,
    findings: Findings,
    kinds: Collection[str] = (),
    *,
    nullable: bool = False,
) -> Values | TypeOf:
    """Return the values of a schema with `enum` or `const`; a type, if no literals can say them.

    `kinds` are those of `type`, also `null`; none if the schema has no `type`. `nullable` is the
    keyword of OpenAPI 3.0. Values that the type excludes are left out.
    """
    return _Reader(schema, findings, frozenset(kinds), nullable).read()


def values_of_choices(schema: JsonObject, findings: Findings) -> Values | None:
    """Return the values of `oneOf` or `anyOf` if all members are constants; None otherwise.

    Members may have a title, which is a name, and a description. One of them may be null.
    """
    for keyword in ("oneOf", "anyOf"):
        members = schema.get(keyword)
        if (
            isinstance(members, list)
            and members
            and schema.keys().isdisjoint({"properties", "$ref"})
        ):
            return _of_choices(schema, keyword, members)
    return None


def _of_choices(schema: JsonObject, keyword: str, members: JsonList) -> Values | None:
    literals: dict[tuple[type, object], Literal] = {}
    nullable = False
    for member in members:
        if not isinstance(member, dict) or not member.keys() <= _OF_CHOICE:
            return None
        value = _only_value(member)
        if value is None:
            return None
        nullable |= value is _NULL
        if isinstance(value, str | int):
            literals.setdefault((type(value), value), _literal(member, value))
    if not literals:
        return None
    return Values(tuple(literals.values()), schema.at(keyword), nullable)


_OF_CHOICE: Final = frozenset(
    {"const", "enum", "type", "title", "description", "deprecated", "$comment", "examples"}
)


class _Null:
    """Null as a value, which differs from no value."""


_NULL: Final = _Null()


def _only_value(member: JsonObject) -> str | int | bool | _Null | None:
    """Return the value of a schema that has only one; None if it has others."""
    if member.get("type") == "null":
        return _NULL
    kinds = member.get("type")
    names = frozenset(
        each for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)
    )
    if "const" in member:
        value = member["const"]
    else:
        values = member.get("enum")
        if not isinstance(values, list) or len(values) != 1:
            return None
        value = values[0]
    kind = next((names_ for cls, names_ in _KIND_NAMES.items() if type(value) is cls), ())
    if names and names.isdisjoint(kind):
        return None  # which no value satisfies
    return _NULL if value is None else plain_value(value)


def _literal(member: JsonObject, value: Plain) -> Literal:
    title, description = member.get("title"), member.get("description")
    name = title if isinstance(title, str) else ""
    words_ = description if isinstance(description, str) else ""
    if not words_ and name and not re.fullmatch(r"\w+", name):
        words_ = name  # a title of several words describes more than it names
    at = member.at("const" if "const" in member else "enum")
    return Literal(value, at, name, words_, member.get("deprecated") is True)


def plain_value(value: Json) -> Plain | None:
    """Return a value that a literal can have; None for others. `1.0` is the integer 1."""
    if isinstance(value, Decimal):
        is_whole = abs(value) < _TOO_LARGE and value == value.to_integral_value()
        value = int(value) if is_whole else None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value in _INT64 else None
    if isinstance(value, str):
        return None if HIDDEN.search(value) else value
    return None


_TOO_LARGE: Final = Decimal(2**64)
_KIND_NAMES: Final[Mapping[type, tuple[str, ...]]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    Decimal: ("number", "integer"),
    type(None): ("null",),
}
_TYPES_OF_KINDS: Final = {
    "string": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "object": "map[any]",
    "array": "list[any]",
}


class _Reader:
    def __init__(
        self, schema: JsonObject, findings: Findings, kinds: frozenset[str], nullable: bool
    ) -> None:
        self.schema = schema
        self.findings = findings
        self.kinds = kinds
        self.nullable = nullable
        self.keyword = next(name for name in ("const", "enum", _EXTENSIBLE) if name in schema)
        self.at = schema.at(self.keyword)

    def read(self) -> Values | TypeOf:
        excluded: list[tuple[str, str, Position]] = []
        pairs = list(self.allowed(excluded))
        given = [value for value, _ in pairs]
        nullable = self.is_nullable(None in given)
        others = [pair for pair in pairs if pair[0] is not None]
        for shown, by, at in excluded if others else ():
            message = f"`{shown}` in `{self.keyword}`, which `{by}` excludes"
            self.findings.note(at, self.keyword, message)
        literals = {
            (type(value), value): Literal(value, at)
            for raw, at in others
            if (value := plain_value(raw)) is not None
        }
        if any(plain_value(raw) is None for raw, _ in others):
            return self.without_literals([raw for raw, _ in others], nullable)
        if len(literals) < len(others):
            self.findings.note(
                self.at,
                self.keyword,
                f"`{self.keyword}` has the same value several times",
                "it once",
            )
        if not literals:
            return self.without_values(nullable)
        found = tuple(literals.values())
        is_open = self.keyword == _EXTENSIBLE
        return Values(self.described(found, given), self.at, nullable, is_open)

    def without_values(self, nullable: bool) -> TypeOf:
        """Return the type for values that the type all excludes: it may be what is meant."""
        values = [plain_value(value) for value, _ in self.all_values() if value is not None]
        only = next((kind for kind in self.kinds if kind != "null"), "")
        text_ = _TYPES_OF_KINDS.get(only, "any")
        if only == "array" and values and None not in values:
            literals = dict.fromkeys(json.dumps(value, ensure_ascii=False) for value in values)
            text_ = f"list[{' | '.join(literals)}]"
        what = f"all values of `{self.keyword}` are excluded by other keywords"
        if not values:
            what = f"`{self.keyword}` with null alone"
        self.findings.loss(self.at, self.keyword, what, f"`{text_}`")
        return TypeOf(text_, self.at, nullable and text_ != "any")

    def allowed(self, excluded: list[tuple[str, str, Position]]) -> Iterator[tuple[Json, Position]]:
        """Yield each value that no other keyword excludes, with its position."""
        for value, at in self.all_values():
            by = self.excluding(value)
            if by:
                excluded.append((json.dumps(value, default=str), by, at))
            else:
                yield value, at

    def excluding(self, value: Json) -> str:
        """Return the keyword that excludes a value; empty if none does."""
        kind = next((name for cls, name in _KIND_NAMES.items() if type(value) is cls), ())
        is_null = value is None and (self.nullable or not self.kinds)
        if self.kinds and not is_null and self.kinds.isdisjoint(kind) and kind:
            return "type"
        if kind == ("number", "integer") and self.kinds and "number" not in self.kinds:
            return "" if plain_value(value) is not None else "type"
        listed = self.schema.get("enum")
        if self.keyword == "const" and isinstance(listed, JsonList) and kind:
            same = (type(each) is type(value) and each == value for each in listed)
            return "" if any(same) else "enum"
        return broken_keyword(self.schema, value)

    def all_values(self) -> Iterator[tuple[Json, Position]]:
        values = self.schema[self.keyword]
        if self.keyword == "const":
            yield values, self.at
        elif isinstance(values, JsonList):
            for index, value in enumerate(values):
                yield value, values.at(index)

    def is_nullable(self, has_null: bool) -> bool:
        if has_null:
            return True
        if self.nullable:
            message = f"`nullable` beside `{self.keyword}` without null"
            self.findings.note(self.at, self.keyword, message, "`| null`")
        elif "null" in self.kinds:
            message = f"`null` in `type`, which `{self.keyword}` excludes"
            self.findings.note(self.at, self.keyword, message)
        return self.nullable

    def without_literals(self, values: list[Json], nullable: bool) -> TypeOf:
        """Return a type for values that are not all texts, 64-bit integers or booleans."""
        text_ = "any"
        if all(isinstance(value, str) for value in values):
            text_, why = "string", "texts with invisible characters"
        elif all(isinstance(value, int | Decimal) and value is not True for value in values):
            text_, why = "float64", "numbers that are not 64-bit integers"
        elif any(isinstance(value, dict | list) for value in values):
            why = "objects or lists"
        else:
            why = "values that no literal can have"
        is_nullable = nullable and text_ != "any"
        self.findings.loss(self.at, self.keyword, f"`{self.keyword}` with {why}", f"`{text_}`")
        return TypeOf(text_, self.at, is_nullable)

    def described(self, literals: tuple[Literal, ...], given: list[Json]) -> tuple[Literal, ...]:
        """Return the values with the names and descriptions that extensions have for them."""
        names = self.texts(given, "x-enum-varnames", "x-enumNames", "x-enum-names")
        descriptions = self.texts(given, "x-enum-descriptions", "x-enumDescriptions")
        described = [
            replace(
                each,
                name=names.get(_shown(each.value), ""),
                description=descriptions.get(_shown(each.value), ""),
            )
            for each in literals
        ]
        return tuple(self.of_microsoft(described))

    def texts(self, given: list[Json], *keywords: str) -> dict[str, str]:
        """Return the text for each value, as JSON: from a list in their order, or from a map."""
        for keyword in keywords:
            texts = self.schema.get(keyword)
            if isinstance(texts, list) and len(texts) == len(given):
                pairs = zip(given, texts, strict=True)
                return {_shown(value): each for value, each in pairs if isinstance(each, str)}
            if isinstance(texts, dict):
                return {name: each for name, each in texts.items() if isinstance(each, str)}
        return {}

    def of_microsoft(self, literals: list[Literal]) -> Iterator[Literal]:
        """Yield the values with what `x-ms-enum` says about them."""
        extension = self.schema.get("x-ms-enum")
        entries = extension.get("values") if isinstance(extension, dict) else None
        by_value: dict[str, JsonObject] = {
            _shown(entry.get("value")): entry
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, dict)
        }
        for each in literals:
            entry = by_value.get(_shown(each.value))
            name = entry.get("name") if entry else None
            description = entry.get("description") if entry else None
            yield replace(
                each,
                name=name if isinstance(name, str) else each.name,
                description=description if isinstance(description, str) else each.description,
            )


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
