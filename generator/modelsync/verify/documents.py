"""Schema -> documents of each definition: the smallest, the fullest, and deeply nested ones.

Documents are always text, not values, because the spelling of `1.0`, `-0` or an escape matters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from modelsync.schema.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    Field,
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
from modelsync.verify.strict import nesting

_SAMPLES: Final[Mapping[str, str]] = {
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
"""Keys of maps that have a special meaning in JavaScript."""


def literal(value: str | int | bool) -> str:
    """Return a literal as JSON text."""
    return json.dumps(value, ensure_ascii=False)


def object_text(members: Mapping[str, str]) -> str:
    """Return a JSON object with these members, in order; values are JSON text."""
    return "{" + ", ".join(f"{literal(key)}: {text}" for key, text in members.items()) + "}"


class Around(NamedTuple):
    """The text before and after a document inside another one, and its nesting depth there."""

    before: str = ""
    after: str = ""
    depth: int = 0

    def holding(self, text: str) -> str:
        """Return the outer document with `text` inside it."""
        return self.before + text + self.after

    def within(self, outer: Around) -> Around:
        """Return the frame of this frame inside `outer`."""
        before, after, depth = outer
        return Around(before + self.before, self.after + after, depth + self.depth)


class Documents:
    """Generates documents for a schema. Equal schemas give equal documents."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._smallest: dict[str, str] = {}
        self._without_value: str | None = None
        """The text for `T | null` while no document of T is known."""
        self._find_smallest()

    def _find_smallest(self) -> None:
        """Find the smallest document of each definition, starting with those that need no other.

        Definitions that must contain either themselves or null come next.
        """
        left = list(self.schema.definitions)
        for self._without_value in (None, "null"):
            while found := self._found(left):
                self._smallest |= found
                left = [item for item in left if item.id not in found]

    def _found(self, definitions: Iterable[Definition]) -> dict[str, str]:
        """Return a document of each definition that has one."""
        texts = {item.id: self.of_definition(item) for item in definitions}
        return {id_: text for id_, text in texts.items() if text is not None}

    def of_type(self, type_: Type, room: int | None = None) -> str | None:
        """Return a document of a type, None if there is none.

        It is small: it has no optional keys, and its lists and maps are empty. With `room`, it has
        all keys and two items per list and map, and so do the definitions inside it, down to `room`
        levels.
        """
        match type_:
            case Scalar(name=name):
                return _SAMPLES[name]
            case Constant(value=value):
                return literal(value)
            case Nullable(inner=inner):
                return self.of_type(inner, room) or self._without_value
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
        """Return a document of a definition, as :meth:`of_type` does for a type."""
        match definition:
            case Model():
                members = self.members(definition, room)
                return None if members is None else object_text(members)
            case Enum(values=values):
                return literal(values[0].json_value) if values else None
            case Union(discriminator=None, members=types):
                return self._first(types, room)
            case Union(mapping=mapping):
                texts = (self.tagged(definition, tag, room) for tag, _ in mapping)
                return next(filter(None, texts), None)

    def members(self, model: Model, room: int | None = None) -> dict[str, str] | None:
        """Return the value of each required field, or with `room` of every field, by its key.

        None if a required field has none.
        """
        found: dict[str, str] = {}
        for field in model.fields:
            if room is None and not field.required:
                continue
            text = self.of_type(field.type, room)
            if text is not None:
                found[field.json_key] = text
            elif field.required:
                return None
        return found

    def without(self, model: Model, field: Field) -> dict[str, str] | None:
        """Return the smallest document of `model` without a field, None if there is none."""
        members = self.members(model)
        if members is not None:
            members.pop(field.json_key, None)
        return members

    def around(self, model: Model, field: Field) -> Around | None:
        """Return the frame around the value of `field` in the smallest document of `model`.

        The field comes first. None if the model has no document.
        """
        others = self.without(model, field)
        return None if others is None else around(field.json_key, others)

    def tagged(self, union: Union, tag: str, room: int | None = None) -> str | None:
        """Return a document of the member that a tag selects, None if there is none."""
        member = self.schema.model(dict(union.mapping)[tag])
        assert union.discriminator is not None
        members = self.members(member, room)
        if members is None:
            return None
        return object_text({**members, union.discriminator: literal(tag)})

    def _first(self, types: tuple[Type, ...], room: int | None) -> str | None:
        return next(filter(None, (self.of_type(each, room) for each in types)), None)

    # Depth ------------------------------------------------------------------------------------

    def nests(self, definition: Definition) -> bool:
        """Whether documents of a definition can nest to any depth."""
        return definition.id in self._endless

    def nested(self, start: Definition, depth: int, *, mixed: bool = False) -> str:
        """Return a document that nests `depth` levels, or one less if the last level does not fit.

        Each level uses the first member that can nest to any depth, or with `mixed` each of them in
        turn.
        """
        steps, level = [(start.id, Around())], 0
        visits: Counter[str] = Counter()
        while level < depth:
            here, _ = steps[-1]
            ways = self._endless[here]
            step = ways[visits[here] % len(ways) if mixed else 0]
            visits[here] += 1
            steps.append(step)
            level += step[1].depth
        while nesting(text := self._text(steps)) > depth:
            steps.pop()
        return text

    def _text(self, steps: list[tuple[str, Around]]) -> str:
        innermost, _ = steps[-1]
        befores = (step.before for _, step in steps)
        afters = (step.after for _, step in reversed(steps))
        return "".join((*befores, self._smallest[innermost], *afters))

    @cached_property
    def _endless(self) -> dict[str, list[tuple[str, Around]]]:
        """The definitions inside each definition that can nest to any depth, with their frames."""
        ways = {
            item.id: [(ref.id, step) for ref, step in self._holds(item) if ref.id in self._smallest]
            for item in self.schema.definitions
        }
        holders: dict[str, list[str]] = {id_: [] for id_ in ways}
        for id_, held in ways.items():
            for other, _ in held:
                holders[other].append(id_)
        # Remove definitions that contain no other, then those that contain only removed ones, and
        # so on.
        going = Counter({id_: len(held) for id_, held in ways.items()})
        ended = [id_ for id_ in ways if not going[id_]]
        for id_ in ended:
            for holder in holders[id_]:
                going[holder] -= 1
                if not going[holder]:
                    ended.append(holder)
        return {
            id_: [step for step in held if going[step[0]]]
            for id_, held in ways.items()
            if going[id_]
        }

    def _holds(self, definition: Definition) -> Iterator[tuple[Ref, Around]]:
        """Yield each definition that this one may contain, with the frame around it."""
        match definition:
            case Model(fields=fields):
                for field in fields:
                    refs = list(_refs(field.type))
                    outer = self.around(definition, field) if refs else None
                    if outer is not None:
                        yield from ((ref, inner.within(outer)) for ref, inner in refs)
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


def around(key: str, others: Mapping[str, str]) -> Around:
    """Return the frame around the value of `key` in an object that also has `others`."""
    rest = object_text(others)[1:]
    return Around(f"{{{literal(key)}: ", f", {rest}" if others else rest, 1)


def _refs(type_: Type) -> Iterator[tuple[Ref, Around]]:
    """Yield each definition that a type may contain, with the frame around it."""
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
