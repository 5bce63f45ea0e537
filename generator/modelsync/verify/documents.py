"""Schema -> documents of each definition: the smallest, the fullest, and deeply nested ones.

Documents are always text, not values, because the spelling of `1.0`, `-0` or an escape matters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

from modelsync.patterns.samples import samples
from modelsync.schema.aliases import constraints_of
from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Tag, Union
from modelsync.schema.formats import FORMATS
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
from modelsync.verify import limits
from modelsync.verify.strict import nesting

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

_KEYS: Final = ("__proto__", "constructor")
"""Keys of maps that have a special meaning in JavaScript."""


_NO_FIELD: Final = "modelsync key"
"""A key that no field has."""


def literal(value: str | int | bool) -> str:
    """Return a literal as JSON text."""
    return json.dumps(value, ensure_ascii=False)


def object_text(members: Mapping[str, str]) -> str:
    """Return a JSON object with these members, in order; values are JSON text."""
    return "{" + ", ".join(f"{literal(key)}: {text}" for key, text in members.items()) + "}"


class Frame(NamedTuple):
    """The text before and after a document inside another one, and its nesting depth there."""

    before: str = ""
    after: str = ""
    depth: int = 0

    def filled(self, text: str) -> str:
        """Return the outer document with `text` in the frame."""
        return self.before + text + self.after

    def within(self, outer: Frame) -> Frame:
        """Return this frame inside `outer`, as one frame."""
        before, after, depth = outer
        return Frame(before + self.before, self.after + after, depth + self.depth)


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
        remaining = list(self.schema.definitions)
        for self._without_value in (None, "null"):
            while texts := self._documents_of(remaining):
                self._smallest |= texts
                remaining = [item for item in remaining if item.id not in texts]

    def _documents_of(self, definitions: Iterable[Definition]) -> dict[str, str]:
        """Return a document of each definition that has one."""
        texts = {item.id: self.of_definition(item) for item in definitions}
        return {id_: text for id_, text in texts.items() if text is not None}

    def of_type(self, type_: Type, levels: int | None = None) -> str | None:
        """Return a document of a type, None if there is none.

        It is small: it has no optional keys, and its lists and maps are empty. With `levels`, it
        has all keys and two items per list and map, and so do the definitions inside it, down to
        that depth.
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
                items = filter(None, (self.of_type(item, levels), self.of_type(item)))
                return f"[{', '.join(items)}]"
            case MapOf(value=inner):
                text = self.of_type(inner, levels)
                return "{}" if text is None else object_text(dict.fromkeys(_KEYS, text))
            case Ref(id=id_) if levels:
                return self.of_definition(self.schema.by_id[id_], levels - 1)
            case Ref(id=id_):
                return self._smallest.get(id_)
            case Limited(inner=inner):
                usual = (self.of_type(inner, levels), self.of_type(inner))
                texts = chain(usual, self.at_limits(type_))
                valid = (text for text in texts if text is not None and self.accepts(type_, text))
                return next(valid, None)

    def accepts(self, type_: Type, text: str) -> bool:
        """Return whether a type accepts a document."""
        try:
            read(self.schema, type_, json.loads(text))
        except ValidationError:
            return False
        return True

    def at_limits(self, type_: Limited) -> Iterator[str]:
        """Yield documents at the limits of a type and beside them, valid and invalid ones."""
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
        texts = [self.of_type(type_), *self._more(type_)]
        valid = [text for text in texts if text is not None and self.accepts(type_, text)]
        return list(dict.fromkeys(valid))

    def _more(self, type_: Type) -> Iterator[str]:
        match type_:
            case Scalar(name="string"):
                yield from (f'"{number}"' for number in range(20))
            case Scalar(name=name) if name in NUMBERS:
                yield from map(str, range(20))
            case Scalar(name=name) if name in FORMATS:
                yield from map(literal, samples(FORMATS[name].pattern, 20))
            case Scalar(name="bool"):
                yield from ("true", "false")
            case Ref(id=id_) if isinstance(enum := self.schema.by_id[id_], Enum):
                yield from (literal(value.json_value) for value in enum.values)
            case Ref(id=id_) if isinstance(alias := self.schema.by_id[id_], Alias):
                yield from self._more(alias.type)
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

        With `levels`, a model that keeps unknown keys has some. None if a required field has none.
        """
        members: dict[str, str] = {}
        for field in model.fields:
            if levels is None and not field.required:
                continue
            text = self.of_type(field.type, levels)
            if text is not None:
                members[field.json_key] = text
            elif field.required:
                return None
        if levels is not None and model.additional_type is not None:
            text = self.of_type(model.additional_type, levels)
            keys = (key for key in _KEYS if key not in model.by_json_key)
            members |= dict.fromkeys(keys, text) if text is not None else {}
        return members

    def without(self, model: Model, field: Field) -> dict[str, str] | None:
        """Return the smallest document of `model` without a field, None if there is none."""
        members = self.members(model)
        if members is not None:
            members.pop(field.json_key, None)
        return members

    def frame(self, model: Model, field: Field) -> Frame | None:
        """Return the frame around the value of `field` in the smallest document of `model`.

        The field comes first. None if the model has no document.
        """
        others = self.without(model, field)
        return None if others is None else frame(field.json_key, others)

    def tagged(self, union: Union, tag: Tag, levels: int | None = None) -> str | None:
        """Return a document of the member that a tag selects, None if there is none."""
        assert union.discriminator is not None
        members = self.members(model_of_tag(self.schema, union, tag), levels)
        if members is None:
            return None
        return object_text({**members, union.discriminator: literal(tag)})

    def _first(self, types: tuple[Type, ...], levels: int | None) -> str | None:
        return next(filter(None, (self.of_type(type_, levels) for type_ in types)), None)

    # Depth ------------------------------------------------------------------------------------

    def nests(self, definition: Definition) -> bool:
        """Whether documents of a definition can nest to any depth."""
        return definition.id in self._endless

    def nested(self, start: Definition, depth: int, *, mixed: bool = False) -> str:
        """Return a document that nests `depth` levels, or one less if the last level does not fit.

        Each level uses the first member that can nest to any depth, or with `mixed` each of them in
        turn.
        """
        steps, depth_so_far = [(start.id, Frame())], 0
        visits: Counter[str] = Counter()
        while depth_so_far < depth:
            id_, _ = steps[-1]
            members = self._endless[id_]
            step = members[visits[id_] % len(members) if mixed else 0]
            visits[id_] += 1
            steps.append(step)
            depth_so_far += step[1].depth
        while nesting(text := self._text(steps)) > depth:
            steps.pop()
        return text

    def _text(self, steps: list[tuple[str, Frame]]) -> str:
        innermost, _ = steps[-1]
        before = (step.before for _, step in steps)
        after = (step.after for _, step in reversed(steps))
        return "".join((*before, self._smallest[innermost], *after))

    @cached_property
    def _endless(self) -> dict[str, list[tuple[str, Frame]]]:
        """The definitions inside each definition that can nest to any depth, with their frames."""
        contained = {
            item.id: [
                (ref.id, step) for ref, step in self._contained_in(item) if ref.id in self._smallest
            ]
            for item in self.schema.definitions
        }
        holders: dict[str, list[str]] = {id_: [] for id_ in contained}
        for id_, members in contained.items():
            for other, _ in members:
                holders[other].append(id_)
        # Remove definitions that contain no other, then those that contain only removed ones, and
        # so on.
        endless_members = Counter({id_: len(members) for id_, members in contained.items()})
        finite = [id_ for id_ in contained if not endless_members[id_]]
        for id_ in finite:
            for holder in holders[id_]:
                endless_members[holder] -= 1
                if not endless_members[holder]:
                    finite.append(holder)
        return {
            id_: [step for step in members if endless_members[step[0]]]
            for id_, members in contained.items()
            if endless_members[id_]
        }

    def _contained_in(self, definition: Definition) -> Iterator[tuple[Ref, Frame]]:
        """Yield each definition that this one may contain, with the frame around it."""
        match definition:
            case Model(fields=fields, additional_type=additional):
                for field in fields:
                    refs = list(_refs(field.type))
                    outer = self.frame(definition, field) if refs else None
                    if outer is not None:
                        yield from ((ref, inner.within(outer)) for ref, inner in refs)
                others = None if additional is None else self.members(definition)
                if additional is not None and others is not None:
                    outer = frame(_NO_FIELD, others)
                    yield from ((ref, inner.within(outer)) for ref, inner in _refs(additional))
            case Union(discriminator=None, members=types):
                for type_ in types:
                    yield from _refs(type_)
            case Union(discriminator=key, mapping=mapping):
                for tag, _ in mapping:
                    # Of two equal keys the last one counts.
                    model = model_of_tag(self.schema, definition, tag)
                    for ref, (before, after, depth) in self._contained_in(model):
                        tagged = f"{after[:-1]}, {literal(str(key))}: {literal(tag)}}}"
                        yield ref, Frame(before, tagged, depth)
            case Alias(type=type_):
                yield from _refs(type_)
            case Enum():
                return


def frame(key: str, others: Mapping[str, str]) -> Frame:
    """Return the frame around the value of `key` in an object that also has `others`."""
    rest = object_text(others)[1:]
    return Frame(f"{{{literal(key)}: ", f", {rest}" if others else rest, 1)


def _refs(type_: Type) -> Iterator[tuple[Ref, Frame]]:
    """Yield each definition that a type may contain, with the frame around it."""
    match type_:
        case Ref():
            yield type_, Frame()
        case ListOf(item=item):
            for ref, inner in _refs(item):
                yield ref, inner.within(Frame("[", "]", 1))
        case MapOf(value=value):
            for ref, inner in _refs(value):
                yield ref, inner.within(Frame('{"key": ', "}", 1))
        case Nullable(inner=inner_type) | Limited(inner=inner_type):
            yield from _refs(inner_type)
        case AnyOf(members=members):
            for member in members:
                yield from _refs(member)
        case _:
            return
