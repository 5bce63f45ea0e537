"""Schema -> valid documents of each definition: the smallest and the fullest one.

Documents are always text, not values, because the spelling of `1.0`, `-0` or an escape matters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from modelsync.schema.aliases import constraints_of, opaque_aliases
from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Tag, Union
from modelsync.schema.formats import FORMATS
from modelsync.schema.json_values import Json, to_json
from modelsync.schema.meaning import read
from modelsync.schema.schema import Schema
from modelsync.schema.tagged import model_of_tag
from modelsync.schema.types import (
    NUMBERS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.schema.validation import ValidationError
from modelsync.threads import deeply

_SAMPLES: Final[Mapping[str, str]] = {
    "string": '"text"',
    "bool": "true",
    "int32": "7",
    "int64": "7",
    "uint32": "7",
    "uint64": "7",
    "float32": "1.5",
    "float64": "1.5",
    "decimal": '"12.50"',
    "datetime": '"2024-02-29T12:30:00.5Z"',
    "date": '"2024-02-29"',
    "time": '"12:30:00.5Z"',
    "duration": '"P1DT12H"',
    "uuid": '"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"',
    "uri": '"https://example.com/a?b=c"',
    "email": '"ada@example.com"',
    "hostname": '"api.example.com"',
    "ipv4": '"192.0.2.1"',
    "ipv6": '"2001:db8::1"',
    "bytes": '"AQI="',
    "any": '{"a": [1, null]}',
}
"""A document of each scalar."""
_SMALLEST: Final = 1_000_000
"""A definition whose smallest document is longer than this has none: each level of models with two
required fields doubles the length."""
_LONGEST_ITEM: Final = 2_000
"""Of the documents longer than this, lists have only the smallest one as an item: each level of
lists multiplies the length."""
_SHORT: Final = 100
"""A document with all keys that is too long still has the keys whose values are shorter."""


def literal(value: str | int | bool) -> str:
    """Return a literal as JSON text."""
    return json.dumps(value, ensure_ascii=False)


def object_text(members: Mapping[str, str]) -> str:
    """Return a JSON object with these members, in order; values are JSON text."""
    return "{" + ", ".join(f"{literal(key)}: {text}" for key, text in members.items()) + "}"


def _parsed(text: str) -> Json:
    """Decode a document, however deep it nests."""
    value: Json
    try:
        value = json.loads(text)
    except RecursionError:
        value = deeply(lambda: json.loads(text))
    return value


class Samples:
    """Generates documents for a schema. Equal schemas give equal documents."""

    keys: tuple[str, ...] = ("key",)
    """The keys of maps, and those of models that keep unknown ones."""
    pairs = False
    """Whether lists have two items, instead of one."""
    longest = 100_000
    """How many characters a document with all keys may have: beyond that, the definitions inside it
    have fewer keys. Without a limit, the length grows exponentially with the levels."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.opaque = opaque_aliases(schema.by_id)
        """The aliases of which other definitions have only the smallest document."""
        self.smallest: dict[str, str] = {}
        self._without_value: str | None = None
        """The text for `T | null` while no document of T is known."""
        self._members: dict[tuple[str, int], dict[str, str] | None] = {}
        self._find_smallest()

    def _find_smallest(self) -> None:
        """Find the smallest document of each definition, starting with those that need no other.

        Definitions that must contain either themselves or null come next.
        """
        remaining = list(self.schema.definitions)
        for self._without_value in (None, "null"):
            while texts := self._documents_of(remaining):
                self.smallest |= texts
                remaining = [item for item in remaining if item.id not in texts]

    def _documents_of(self, definitions: Iterable[Definition]) -> dict[str, str]:
        """Return a document of each definition that has one."""
        texts = {item.id: self.of_definition(item) for item in definitions}
        return {id_: text for id_, text in texts.items() if text is not None}

    def of_type(self, type_: Type, levels: int | None = None) -> str | None:
        """Return a document of a type, None if there is none.

        It is small: it has no optional keys, and its lists and maps are empty. With `levels`, it
        has all keys, and items in its lists and maps, and so do the definitions inside it, down
        to that depth.
        """
        match type_:
            case Scalar(name=name):
                return _SAMPLES[name]
            case Constant(value=value):
                return literal(value)
            case Nullable(inner=inner):
                return self.of_type(inner, levels) or self._without_value
            case AnyOf(members=members):
                return self._first(members, levels)
            case ListOf() if levels is None:
                return "[]"
            case MapOf() if levels is None:
                return "{}"
            case ListOf(item=item):
                items = (self.of_type(item, levels), self.of_type(item) if self.pairs else None)
                return f"[{', '.join(filter(None, items))}]"
            case MapOf(value=inner):
                text = self.of_type(inner, levels)
                return "{}" if text is None else object_text(dict.fromkeys(self.keys, text))
            case Ref(id=id_) if levels:
                return self.of_definition(self.schema.by_id[id_], levels - 1)
            case Ref(id=id_):
                return self.smallest.get(id_)
            case Limited(inner=inner):
                usual = (self.of_type(inner, levels), self.of_type(inner))
                texts = chain(usual, self.at_limits(type_))
                valid = (text for text in texts if text is not None and self.accepts(type_, text))
                return next(valid, None)

    def example(self, definition: Definition) -> Json:
        """Return a document that explains a definition; None if there is none.

        It is the example of the spec, or has all keys, with the examples of the fields.
        """
        for document in self._examples(definition):
            try:
                read(self.schema, Ref(definition.id), document)
            except ValidationError:
                continue
            return document
        return None

    def _examples(self, definition: Definition) -> Iterator[Json]:
        if definition.example is not None:
            yield to_json(definition.example)
        text = self.of_definition(definition, 1)
        sample: Json = None if text is None else json.loads(text)
        if isinstance(definition, Model) and isinstance(sample, dict):
            shown = {
                field.json_key: to_json(field.examples[0])
                for field in definition.fields
                if field.examples
            }
            yield sample | shown
        if sample is not None:
            yield sample

    def accepts(self, type_: Type, text: str) -> bool:
        """Return whether a type accepts a document."""
        try:
            read(self.schema, type_, _parsed(text))
        except ValidationError:
            return False
        return True

    def at_limits(self, type_: Limited) -> Iterator[str]:
        """Yield documents at the limits of a type and beside them, valid and invalid ones."""
        # Parsing patterns takes a while to import; most schemas have none.
        from modelsync.schema import sample_limits as limits  # noqa: PLC0415

        inner = self.schema.plain(type_)
        constraints = constraints_of(self.schema.by_id, type_)
        match inner:
            case ListOf(item=item):
                items = self.different(item)
                yield from limits.lists(items, constraints) if items else ()
            case MapOf(value=value):
                text = self.of_type(value)
                yield from limits.maps(text, constraints) if text is not None else ()
            case Scalar(name=name) if name in NUMBERS or name == "decimal":
                yield from limits.numbers(inner, constraints)
            case _:
                yield from limits.texts(inner, constraints)

    def different(self, type_: Type) -> list[str]:
        """Return documents of a type, each with another meaning if the type has several."""
        more = (text for text in self._more(type_) if len(text) <= _LONGEST_ITEM)
        texts = dict.fromkeys(filter(None, (self.of_type(type_), *more)))
        return [text for text in texts if self.accepts(type_, text)]

    def _more(self, type_: Type) -> Iterator[str]:
        match type_:
            case Scalar(name="string"):
                yield from (f'"{number}"' for number in range(20))
            case Scalar(name=name) if name in NUMBERS:
                yield from map(str, range(20))
            case Scalar(name=name) if name in FORMATS:
                from modelsync.patterns.samples import samples  # noqa: PLC0415

                yield from map(literal, samples(FORMATS[name].pattern, 20))
            case Scalar(name="bool"):
                yield from ("true", "false")
            case Ref(id=id_) if isinstance(enum := self.schema.by_id[id_], Enum):
                yield from (literal(value.json_value) for value in enum.values)
            case Ref(id=id_) if isinstance(alias := self.schema.by_id[id_], Alias):
                yield from () if id_ in self.opaque else self._more(alias.type)
            case Limited(inner=inner):
                yield from self.at_limits(type_)
                yield from self._more(inner)
            case AnyOf(members=members):
                for member in members:
                    yield from filter(None, (self.of_type(member), *self._more(member)))
            case Nullable(inner=inner):
                yield "null"
                yield from self._more(inner)
            case Constant(value=value):
                yield literal(value)
            case _:
                return

    def of_definition(self, definition: Definition, levels: int | None = None) -> str | None:
        """Return a document of a definition, as :meth:`of_type` does for a type."""
        match definition:
            case Model():
                members = self.members(definition, levels)
                return None if members is None else object_text(members)
            case Enum(values=values):
                return literal(values[0].json_value) if values else None
            case Union(discriminator=None, members=types):
                return self._first(types, levels)
            case Union(mapping=mapping):
                texts = (self.tagged(definition, tag, levels) for tag, _ in mapping)
                return next(filter(None, texts), None)
            case Alias(type=type_):
                return self.of_type(type_, levels)

    def members(self, model: Model, levels: int | None = None) -> dict[str, str] | None:
        """Return the value of each required field, or with `levels` of every field, by its key.

        With `levels`, a model that keeps unknown keys has some. If the document is longer than
        :attr:`longest`, it has fewer levels, and then no optional fields with long values.
        None if a required field has none.
        """
        if levels is None:
            return self._required(model)
        key = model.id, levels
        if key not in self._members:
            self._members[key] = self._everything(model, levels)
        members = self._members[key]
        return None if members is None else dict(members)

    def _required(self, model: Model) -> dict[str, str] | None:
        """Return the value of each required field. None if one has none, or all are too long."""
        members: dict[str, str] = {}
        length = 0
        for field in model.fields:
            if field.required:
                text = self.of_type(field.type)
                length += 0 if text is None else len(text)
                if text is None or length > _SMALLEST:
                    return None
                members[field.json_key] = text
        return members

    def _everything(self, model: Model, levels: int) -> dict[str, str] | None:
        """Return the value of each field, with as many levels as are not too long."""
        members: dict[str, str] = {}
        length = 0
        for field in model.fields:
            text = self.of_type(field.type, levels)
            length += 0 if text is None else len(text)
            if length > self.longest and levels:
                return self.members(model, levels - 1)
            if length > self.longest and text is not None and len(text) > _SHORT:
                text = self.of_type(field.type) if field.required else None
            if text is not None:
                members[field.json_key] = text
            elif field.required:
                return None
        if model.additional_type is not None:
            text = self.of_type(model.additional_type, levels)
            keys = (key for key in self.keys if key not in model.by_json_key)
            members |= dict.fromkeys(keys, text) if text is not None else {}
        return members

    def without(self, model: Model, field: Field) -> dict[str, str] | None:
        """Return the smallest document of `model` without a field, None if there is none."""
        members = self.members(model)
        if members is not None:
            members.pop(field.json_key, None)
        return members

    def tagged(self, union: Union, tag: Tag, levels: int | None = None) -> str | None:
        """Return a document of the member that a tag selects, None if there is none."""
        assert union.discriminator is not None
        members = self.members(model_of_tag(self.schema, union, tag), levels)
        if members is None:
            return None
        return object_text({**members, union.discriminator: literal(tag)})

    def _first(self, types: tuple[Type, ...], levels: int | None) -> str | None:
        return next(filter(None, (self.of_type(type_, levels) for type_ in types)), None)
