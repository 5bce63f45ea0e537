"""Schemas that modelsync has written -> the documents of specs that they come from.

The targets `json-schema` and `openapi` say the same thing in one form only, so what is in that form
is read back exactly, without findings. A definition in another form, which was changed by hand,
is translated like that of any other source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from modelsync.errors import Position
from modelsync.importer.exported.ids import OF_FILES, is_exported
from modelsync.importer.exported.own_words import reason_node
from modelsync.importer.exported.types import Differs, Limits, TypeReader, Words
from modelsync.importer.nodes import Entry, key, mapping, plain, sequence, text
from modelsync.importer.scalars.values import Unsayable, node_of
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.importer.translation.objects import field_node
from modelsync.importer.translation.places import Place
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import AnyOf, Nullable, Type
from modelsync.spec.nodes import MappingNode, Node, ScalarNode
from modelsync.targets.json_schema.types import OWN, Types

if TYPE_CHECKING:
    from modelsync.importer.translation.translator import Translator

_TYPES: Final = Types(str)
_Entries: TypeAlias = Iterator[Entry]


def exported_document(translator: Translator, name: str, schema: Json) -> MappingNode | None:
    """Return the document of a definition, None if it is not in the form of an export."""
    if not isinstance(schema, JsonObject) or not (is_exported(schema) or OWN in schema):
        return None
    try:
        return _Definition(translator, name, schema).document()
    except Differs:
        return None


class _Definition(TypeReader):
    """Reads one definition."""

    def __init__(self, translator: Translator, name: str, schema: JsonObject) -> None:
        super().__init__(translator)
        self.name = name
        self.schema = schema
        self.words = Words(schema)
        self.at = schema.at()
        for word in OF_FILES if schema is schema.source.root else ():
            self.words.rest.pop(word, None)
        for word in ("name", "package"):
            self.words.own.pop(word, None)

    def document(self) -> MappingNode:
        """Return the document. Raises :class:`Differs`."""
        common = [*self.common(self.words), *self.example()]
        kind, entries = self.body()
        self.words.end()
        own = plain(self.name.rpartition(".")[2], self.at)
        return mapping([(key(kind, self.at), own), *entries, *common], self.at)

    def body(self) -> tuple[str, list[Entry]]:
        """Return the kind of the definition and the keys that only this kind has."""
        rest, own = self.words.rest, self.words.own
        if "external" in own:
            external = own.pop("external")
            if not isinstance(external, JsonObject) or rest:
                raise Differs
            return "external", [
                (key(word, self.at), self.node(external[word])) for word in external
            ]
        if "properties" in rest:
            return "model", [*self.model()]
        if "discriminator" in own:
            return "union", [*self.tagged()]
        if own.pop("alias", None) is True:
            return "alias", [*self.typed(self.words)]
        if own.pop("union", None) is True:
            return "union", [*self.union()]
        if self.is_enum(rest):
            return "enum", [*self.enum(rest)]
        if self.is_union(rest):
            return "union", [*self.union()]
        return "alias", [*self.typed(self.words)]

    # What all definitions, fields and values have ---------------------------------------------

    def common(self, words: Words) -> _Entries:
        """Yield descriptions and the like."""
        if "description" in words.rest:
            yield self.entry("description", words.text_of("description"))
        reason = words.own.pop("deprecated", None)
        if words.rest.pop("deprecated", None) is True:
            yield key("deprecated", self.at), self.reason(reason)
        elif reason is not None:
            raise Differs
        for word in ("names", "only", "inferred"):
            if word in words.own:
                yield key(word, self.at), self.node(words.own.pop(word))
        if "pages" in words.own:
            yield key("pages", self.at), self.page(words.own.pop("pages"))
        for word in [word for word in words.rest if word.startswith("x-")]:
            yield key(word, self.at), self.node(words.rest.pop(word))

    def reason(self, reason: Json) -> Node:
        try:
            return reason_node(reason, self.at)
        except Unsayable:
            raise Differs from None

    def page(self, value: Json) -> Node:
        """Return overrides for pages, or a part of them."""
        if not isinstance(value, JsonObject):
            return self.node(value)
        entries = [
            (
                text(name, self.at),
                self.reason(inner) if name == "deprecated" and inner else self.page(inner),
            )
            for name, inner in value.items()
        ]
        return mapping(entries, self.at)

    def example(self) -> _Entries:
        """Yield the example of a definition."""
        if "examples" in self.words.rest:
            examples = self.words.rest.pop("examples")
            if not isinstance(examples, JsonList) or len(examples) != 1:
                raise Differs
            yield key("example", self.at), self.node(examples[0])

    def typed(self, words: Words) -> _Entries:
        """Yield the type of a field or an alias, with its constraints and its format."""
        limits = Limits()
        type_ = self.type(words, limits)
        yield self.entry("type", self.expression(type_))
        for word, limit in limits.written():
            yield key(word, self.at), plain(limit, self.at)
        if limits.pattern is not None:
            yield self.entry("pattern", limits.pattern)
        format_ = words.own.pop("format", limits.format)
        if format_:
            yield key("format", self.at), self.node(format_)

    def expression(self, type_: Type) -> str:
        return unparse(type_, lambda ref: ref.id)

    # Models -----------------------------------------------------------------------------------

    def model(self) -> _Entries:
        """Yield what is special about a model."""
        rest, own = self.words.rest, self.words.own
        if rest.pop("type", None) != "object":
            raise Differs
        properties, required = rest.pop("properties"), _texts(rest.pop("required", None))
        if not isinstance(properties, JsonObject) or not properties.keys() >= set(required):
            raise Differs
        parents = self.parents(properties)
        if own.pop("abstract", None) is True:
            yield key("abstract", self.at), plain("true", self.at)
        if parents:
            names = [plain(name, self.at) for name in parents]
            yield key("extends", self.at), sequence(names, self.at)
        yield from self.other_keys([*parents.values()])
        replaced = _texts(own.pop("own", None))
        fields: list[Entry] = []
        for name, schema in properties.items():
            is_required = name in required
            if name in replaced or not self.is_inherited(
                name, schema, is_required, parents.values()
            ):
                at = properties.at(name)
                fields.append((text(name, at), self.field(name, schema, is_required, at)))
        yield key("fields", self.at), mapping(fields, self.at)

    def parents(self, properties: JsonObject) -> dict[str, JsonObject]:
        """Return the schema of each parent by its name."""
        parents: dict[str, JsonObject] = {}
        for id_ in _texts(self.words.own.pop("extends", None)):
            name = self.translator.exported_names.get(id_, "")
            schema = self.translator.root_of(name)
            inherited = schema.get("properties") if schema is not None else None
            if schema is None or not isinstance(inherited, JsonObject):
                raise Differs
            if not properties.keys() >= inherited.keys():
                raise Differs  # the source says that it is no longer a parent
            parents[name] = schema
        return parents

    def is_inherited(
        self, name: str, schema: Json, is_required: bool, parents: Iterable[JsonObject]
    ) -> bool:
        for parent in parents:
            properties, required = parent["properties"], _texts(parent.get("required"))
            assert isinstance(properties, JsonObject)
            if name in properties:
                return (name in required) == is_required and properties[name] == schema
        return False

    def other_keys(self, parents: list[JsonObject]) -> _Entries:
        """Yield what the model itself does with keys that no field has."""
        word = "additionalProperties"
        is_own = self.words.own.pop("ownAdditionalProperties", None) is True
        inherited = [parent[word] for parent in parents if word in parent]
        if word not in self.words.rest:
            if inherited:
                raise Differs
            return
        value = self.words.rest.pop(word)
        if not is_own and inherited:
            if any(each != value for each in inherited):
                raise Differs
            return
        if value is False or value is True:
            yield key(word, self.at), plain("true" if value else "false", self.at)
        elif isinstance(value, JsonObject):
            yield self.entry(word, self.expression(self.inner(value)))

    def field(self, name: str, schema: Json, is_required: bool, at: Position) -> MappingNode:
        """Return the node of a field, which may be in another form than the others."""
        try:
            return self.exported_field(schema, is_required, at)
        except Differs:
            place = Place(self.name).field(name)
            return field_node(self.translator, schema, place, at, is_required)

    def exported_field(self, schema: Json, is_required: bool, at: Position) -> MappingNode:
        """Return the node of a field in the form of an export. Raises :class:`Differs`."""
        if not isinstance(schema, JsonObject):
            raise Differs
        words = Words(schema)
        self.at = at
        entries = [*self.common(words)]
        if is_required:
            entries.append((key("required", at), plain("true", at)))
        for word in ("default", "examples"):
            if word in words.rest:
                entries.append((key(word, at), self.node(words.rest.pop(word))))
        for word in ("readOnly", "writeOnly"):
            if words.rest.pop(word, None) is True:
                entries.append((key(word, at), plain("true", at)))
        found = mapping([*self.typed(words), *entries], at)
        words.end()
        self.at = self.schema.at()
        return found

    # Enums ------------------------------------------------------------------------------------

    def is_enum(self, rest: dict[str, Json]) -> bool:
        """Return whether a schema is an enum, closed or open."""
        match rest.get("anyOf"):
            case [
                {"type": str(), "enum": list()} | {"type": str(), "oneOf": list()},
                {"type": str()},
            ]:
                return True
            case None:
                values = rest.get("oneOf", rest.get("enum"))
                return isinstance(values, list) and None not in values
            case _:
                return False

    def enum(self, rest: dict[str, Json]) -> _Entries:
        """Yield what is special about an enum."""
        given = rest.pop("anyOf", None)
        values: dict[str, Json] = dict(rest)
        if isinstance(given, list):
            closed, others = given
            name = "string" if others == _TYPES.scalar("string") else "int64"
            if not isinstance(closed, JsonObject) or others != _TYPES.scalar(name):
                raise Differs
            values |= closed
            yield key("open", self.at), plain("true", self.at)
        rest.clear()
        scalar = values.pop("type", None)
        if scalar == "integer":
            yield self.entry("type", "int64")
        elif scalar != "string":
            raise Differs
        is_described = "oneOf" in values
        items = values.pop("oneOf" if is_described else "enum", None)
        if values or not isinstance(items, list):
            raise Differs
        pairs = [self.value(item, is_described) for item in items]
        yield key("values", self.at), mapping(pairs, self.at)

    def value(self, item: Json, is_described: bool) -> Entry:
        """Return a value of an enum."""
        if not is_described:
            return self.key_of(item), plain("", self.at)
        if not isinstance(item, JsonObject):
            raise Differs
        words = Words(item)
        value = words.rest.pop("const", None)
        entries = [*self.common(words)]
        words.end()
        return self.key_of(value), mapping(entries, self.at) if entries else plain("", self.at)

    def key_of(self, value: Json) -> ScalarNode:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Differs
        return text(value, self.at) if isinstance(value, str) else plain(str(value), self.at)

    # Unions -----------------------------------------------------------------------------------

    def is_union(self, rest: dict[str, Json]) -> bool:
        """Return whether a schema is a union, and not an alias of `T | null`."""
        members = rest.get("anyOf")
        return isinstance(members, list) and {"type": "null"} not in members

    def union(self) -> _Entries:
        """Yield what is special about a union without a discriminator."""
        type_ = self.type(self.words, Limits())
        members = type_.members if isinstance(type_, AnyOf) else (type_,)
        if any(isinstance(member, Nullable) for member in members):
            raise Differs
        yield from self.members([self.expression(member) for member in members])

    def members(self, names: list[str]) -> _Entries:
        yield key("members", self.at), sequence([text(name, self.at) for name in names], self.at)
        if self.words.own.pop("overlapping", None) is True:
            yield key("overlapping", self.at), plain("true", self.at)

    def tagged(self) -> _Entries:
        """Yield what is special about a union with a discriminator."""
        rest, own = self.words.rest, self.words.own
        tag_key, is_open = own.pop("discriminator"), own.pop("open", None) is True
        members = rest.pop("anyOf" if is_open else "oneOf", None)
        if not isinstance(tag_key, str) or not isinstance(members, list):
            raise Differs
        if is_open:
            self.check_unknown(members.pop(), tag_key)
        if "discriminator" in rest:
            stated = rest.pop("discriminator")
            if not isinstance(stated, JsonObject) or stated.get("propertyName") != tag_key:
                raise Differs
        yield self.entry("discriminator", tag_key)
        written = own.pop("mapping", None)
        if isinstance(written, list):
            yield key("mapping", self.at), mapping(map(self.tag, written), self.at)
        if is_open:
            yield key("open", self.at), plain("true", self.at)
        yield from self.members([self.tagged_member(each) for each in members])

    def check_unknown(self, schema: Json, tag_key: str) -> None:
        """Check the member that stands for unknown ones."""
        match schema:
            case {"type": "object", "properties": dict(properties), "required": [name]}:
                if name == tag_key and properties.keys() == {tag_key}:
                    return
        raise Differs

    def tagged_member(self, schema: Json) -> str:
        """Return a member of a union with a discriminator: a reference."""
        if not isinstance(schema, JsonObject) or "$ref" not in schema:
            raise Differs
        if schema.keys() - {"$ref", "properties", "required"}:
            raise Differs
        return self.reference(schema).id

    def tag(self, pair: Json) -> Entry:
        match pair:
            case [str() | int() as tag, str() as id_] if id_ in self.translator.exported_names:
                written = tag if isinstance(tag, str) else str(tag).lower()
                node = text(written, self.at) if isinstance(tag, str) else plain(written, self.at)
                return node, text(self.translator.exported_names[id_], self.at)
        raise Differs

    # Nodes ------------------------------------------------------------------------------------

    def entry(self, name: str, value: str) -> Entry:
        return key(name, self.at), text(value, self.at)

    def node(self, value: Json) -> Node:
        try:
            return node_of(value, self.at)
        except Unsayable:
            raise Differs from None


def _texts(value: Json) -> list[str]:
    """Return a list of texts; none if the value is absent."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Differs
    return [str(each) for each in value]
