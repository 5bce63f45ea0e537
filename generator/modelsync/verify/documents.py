"""Schema -> documents of each definition: the smallest, the fullest, and one that nests deep.

Documents are text from the start and never values: what matters about `1.0`, `-0` or an escape is
how it is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from modelsync.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)

SAMPLES: Final[Mapping[str, str]] = {
    "string": '"text"',
    "bool": "true",
    "int32": "7",
    "int64": "7",
    "float32": "1.5",
    "float64": "1.5",
    "datetime": '"2024-02-29T12:30:00.5Z"',
    "date": '"2024-02-29"',
    "bytes": '"AQI="',
    "any": '{"a": [1, null]}',
}
"""A document of each scalar."""

_KEYS: Final = ("__proto__", "constructor")
"""Keys of maps that mean something else to JavaScript."""

DEPTH: Final = 100
"""How deep documents nest here; all languages read at least 200 levels."""


def literal(value: str | int | bool) -> str:
    """Return a literal as JSON text."""
    return json.dumps(value, ensure_ascii=False)


def object_text(members: Mapping[str, str]) -> str:
    """Return a JSON object of texts, in their order."""
    return "{" + ", ".join(f"{literal(key)}: {text}" for key, text in members.items()) + "}"


class Around(NamedTuple):
    """What stands before and after a document that is held by another, and how deep it is there."""

    before: str = ""
    after: str = ""
    depth: int = 0

    def within(self, outer: Around) -> Around:
        """Return what stands around this, held by `outer`."""
        before, after, depth = outer
        return Around(before + self.before, self.after + after, depth + self.depth)


class Documents:
    """Makes documents of a schema. Equal schemas give equal documents."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._smallest: dict[str, str] = {}
        self._find_smallest()

    def _find_smallest(self) -> None:
        """Find the smallest document of each definition: of those first that need no other."""
        left = list(self.schema.definitions)
        while left:
            texts = {item.id: self.of_definition(item) for item in left}
            found = {id_: text for id_, text in texts.items() if text is not None}
            if not found:
                break  # what always has to hold itself has no document
            self._smallest |= found
            left = [item for item in left if item.id not in found]

    def of_type(self, type_: Type, room: int | None = None) -> str | None:
        """Return a document of a type; None where there is none.

        It is small: no optional key, nothing in lists and maps. With `room` it has all keys, and
        two items, and so have the definitions inside it, down to `room` levels.
        """
        match type_:
            case Scalar(name=name):
                return SAMPLES[name]
            case Constant(value=value):
                return literal(value)
            case Nullable(inner=inner):
                return self.of_type(inner, room)
            case AnyOf(members=members):
                return self._first(members, room)
            case ListOf() if room is None:
                return "[]"
            case MapOf() if room is None:
                return "{}"
            case ListOf(item=item):
                items = filter(None, (self.of_type(item, room), self.of_type(item)))
                return f"[{', '.join(items)}]"
            case MapOf(value=inner):
                text = self.of_type(inner, room)
                return "{}" if text is None else object_text(dict.fromkeys(_KEYS, text))
            case Ref(id=id_) if room:
                return self.of_definition(self.schema.by_id[id_], room - 1)
            case Ref(id=id_):
                return self._smallest.get(id_)

    def of_definition(self, definition: Definition, room: int | None = None) -> str | None:
        """Return a document of a definition as :meth:`of_type` does of a type."""
        match definition:
            case Model():
                members = self.members(definition, room)
                return None if members is None else object_text(members)
            case Enum(values=values):
                return literal(values[0].wire) if values else None
            case Union(discriminator=None, members=types):
                return self._first(types, room)
            case Union(mapping=mapping):
                texts = (self.tagged(definition, tag, room) for tag, _ in mapping)
                return next(filter(None, texts), None)

    def members(self, model: Model, room: int | None = None) -> dict[str, str] | None:
        """Return a document of each required field, or with `room` of every field, by its key.

        None where there is none of a required one.
        """
        found: dict[str, str] = {}
        for field in model.fields:
            if room is None and not field.required:
                continue
            text = self.of_type(field.type, room)
            if text is not None:
                found[field.wire] = text
            elif field.required:
                return None
        return found

    def tagged(self, union: Union, tag: str, room: int | None = None) -> str | None:
        """Return a document of the member that a tag of a union tells; None where there is none."""
        member = self.schema.by_id[dict(union.mapping)[tag]]
        assert isinstance(member, Model)
        assert union.discriminator is not None
        members = self.members(member, room)
        if members is None:
            return None
        return object_text({**members, union.discriminator: literal(tag)})

    def _first(self, types: tuple[Type, ...], room: int | None) -> str | None:
        return next(filter(None, (self.of_type(each, room) for each in types)), None)

    # Depth ------------------------------------------------------------------------------------

    def deepest(self, definition: Definition) -> str | None:
        """Return a document of a definition that holds itself, again and again.

        None where it cannot hold itself.
        """
        inner = self.of_definition(definition)
        around = self._way_back(definition)
        if inner is None or around is None or not around.depth:
            return None
        times = DEPTH // around.depth
        return around.before * times + inner + around.after * times

    def _way_back(self, start: Definition) -> Around | None:
        """Return what stands around a definition on the shortest way from itself to itself."""
        ways = {start.id: Around()}
        left = [start]
        while left:
            following = []
            for definition in left:
                for ref, inner in self._holds(definition):
                    way = inner.within(ways[definition.id])
                    if ref.id == start.id:
                        return way
                    if ref.id not in ways:
                        ways[ref.id] = way
                        following.append(self.schema[ref])
            left = following
        return None

    def _holds(self, definition: Definition) -> Iterator[tuple[Ref, Around]]:
        """Yield each definition that another one may hold, and what then stands around it."""
        match definition:
            case Model(fields=fields):
                members = self.members(definition)
                if members is None:
                    return
                for field in fields:
                    others = {key: text for key, text in members.items() if key != field.wire}
                    before = object_text(others)[:-1] + (", " if others else "")
                    outer = Around(f"{before}{literal(field.wire)}: ", "}", 1)
                    for ref, inner in _refs(field.type):
                        yield ref, inner.within(outer)
            case Union(discriminator=None, members=types):
                for type_ in types:
                    yield from _refs(type_)
            case Union(discriminator=key, mapping=mapping):
                for tag, id_ in mapping:
                    # Of two equal keys the last one counts.
                    for ref, (before, after, depth) in self._holds(self.schema.by_id[id_]):
                        tagged = f"{after[:-1]}, {literal(str(key))}: {literal(tag)}}}"
                        yield ref, Around(before, tagged, depth)
            case Enum():
                return


def _refs(type_: Type) -> Iterator[tuple[Ref, Around]]:
    """Yield each definition that a type may hold, and what then stands around it."""
    match type_:
        case Ref():
            yield type_, Around()
        case ListOf(item=item):
            for ref, inner in _refs(item):
                yield ref, inner.within(Around("[", "]", 1))
        case MapOf(value=value):
            for ref, inner in _refs(value):
                yield ref, inner.within(Around('{"key": ', "}", 1))
        case Nullable(inner=inner_type):
            yield from _refs(inner_type)
        case AnyOf(members=members):
            for member in members:
                yield from _refs(member)
        case _:
            return
