"""A type -> JSON texts to test it with: every edge case, or only the most revealing ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Union
from modelsync.schema.json_values import kind_of, kinds
from modelsync.schema.samples import literal, object_text
from modelsync.schema.schema import Schema
from modelsync.schema.tagged import model_of_tag
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
    map_type,
    walk,
)
from modelsync.verify.documents import Documents
from modelsync.verify.probes import (
    FORMS,
    INVALID_MAP_KEYS,
    MAP_KEYS,
    OF_EACH_KIND,
    REVEALING,
    SCALARS,
)

_UNKNOWN_VALUES: Final = ('""', '"modelsync unknown"', "-1", "12345678901", "1.5", '"\\ud800"')
"""Values that no enum lists; only open enums accept them."""
_UNKNOWN_TAGS: Final = ('"modelsync unknown"', '""', '"__proto__"', '"\\ud800"')
_UNKNOWN_NUMBERS: Final = ("-1", "12345678901", "12345678901.0", "1.5", "1e400", str(2**53 + 1))
_LITERAL: Final = re.compile(r"-?(?:0|[1-9]\d{0,8})|true|false|null", re.ASCII)
"""Text that is a different JSON value without its quotes."""
_LONG: Final = 10_000
"""If the smallest document of a model is longer than this, few of its fields are tested inside
other definitions."""
_LIMIT: Final = 8
"""How many values of an enum, tags and models of a union, and fields of a model are tested."""


class Values:
    """Generates values to test, as JSON text, in the order of the schema."""

    def __init__(self, schema: Schema, documents: Documents) -> None:
        self.schema = schema
        self.documents = documents
        self.forms = dict(FORMS)
        """The spellings of scalars that no case has tested yet."""

    def wrong(self, type_: Type) -> str | None:
        """Return a value of a JSON kind that a type does not accept, None if it accepts all."""
        accepted = kinds(self.schema, type_)
        return next(
            (text for text in OF_EACH_KIND[1:] if kind_of(json.loads(text)) not in accepted), None
        )

    def shape(self, type_: Type) -> Type:
        """Return a type that is equal for all types that code decodes in the same way.

        It is the type itself, with the kind of each definition instead of its name.
        """

        def without_name(leaf: Type) -> Type:
            match leaf:
                case Ref():
                    return Ref(self._kind_of(self.schema[leaf]))
                case Constant(value=value):
                    return Constant(type(value)())
                case _:
                    return leaf

        return map_type(type_, without_name)

    # All ----------------------------------------------------------------------------------------

    def all(self, type_: Type) -> Iterator[str]:
        """Yield a value of each JSON kind, and all edge cases of a type."""
        yield from OF_EACH_KIND
        match type_:
            case Scalar(name=name):
                yield from SCALARS[name]
                yield from self.forms.pop(name, ())
            case Nullable(inner=inner):
                yield from self.all(inner)
            case AnyOf(members=members):
                for member in members:
                    yield from self.all(member)
            case Constant(value=value):
                yield from _similar(value)
            case ListOf(item=item):
                yield from self._list(item)
            case MapOf(value=value):
                yield from self._map(value)
            case Ref():
                yield from self._definition(self.schema[type_])
            case Limited(inner=inner):
                yield from self.documents.at_limits(type_)
                yield from self.all(inner)

    def _list(self, item: Type) -> Iterator[str]:
        good, wrong = self.documents.of_type(item), self.wrong(item)
        if good is not None:
            yield f"[{good}, {good}]"
            yield from (f"[{good}, {text}]" for text in OF_EACH_KIND)
        if wrong is not None:
            yield f"[{wrong}, {wrong}]"
        yield from (f"[{text}]" for text in self.all(item))

    def _map(self, value: Type) -> Iterator[str]:
        good, wrong = self.documents.of_type(value), self.wrong(value)
        if good is not None:
            yield from (f"{{{key}: {good}}}" for key in (*MAP_KEYS, *INVALID_MAP_KEYS))
            yield from (f'{{"key": {text}, "key": {good}}}' for text in OF_EACH_KIND)
        if wrong is not None:
            yield from (f"{{{key}: {wrong}}}" for key in MAP_KEYS)
            yield f'{{"b": {wrong}, "a": {wrong}}}'
            yield from (f'{{"a": {wrong}, {key}: {good}}}' for key in INVALID_MAP_KEYS if good)
        yield from (f'{{"a key": {text}}}' for text in self.all(value))

    def _definition(self, definition: Definition) -> Iterator[str]:
        texts = (self.documents.of_definition(definition, levels) for levels in (None, 1))
        yield from filter(None, texts)
        match definition:
            case Enum(values=values):
                yield from self.of_enum(replace(definition, values=values[:_LIMIT]))
            case Union():
                yield from self.of_union(definition)
            case Model(fields=fields):
                length = len(self.documents.smallest.get(definition.id, ""))
                for field in fields if length <= _LONG else fields[:_LIMIT]:
                    yield from self._invalid_models(definition, field)
                yield from self._unknown_key(definition)
            case Alias(id=id_, type=type_) if id_ not in self.documents.opaque:
                yield from self.all(type_)
            case _:
                pass

    def _invalid_models(self, model: Model, field: Field) -> Iterator[str]:
        """Yield a model's smallest document without each field, and with a wrong value for it."""
        others, frame = self.documents.without(model, field), self.documents.frame(model, field)
        wrong = self.wrong(field.type)
        if others is not None:
            yield object_text(others)
        if frame is not None and wrong is not None:
            yield frame.filled(wrong)

    def _unknown_key(self, model: Model) -> Iterator[str]:
        """Yield a model's smallest document with a key that it refuses, or with a wrong value."""
        others, type_ = self.documents.members(model), model.additional_type
        wrong = "1" if type_ is None else self.wrong(type_)
        if others is not None and wrong is not None and model.additional_properties is not None:
            yield object_text({"modelsync key": wrong, **others})

    def of_enum(self, enum: Enum) -> Iterator[str]:
        """Yield the values of an enum, similar invalid values, and other values."""
        yield from (literal(value.json_value) for value in enum.values)
        for value in enum.values[:_LIMIT]:
            yield from _similar(value.json_value)
        yield from _UNKNOWN_VALUES

    def of_union(self, union: Union) -> Iterator[str]:
        """Yield documents of each member of a union; with a discriminator, of each tag and none."""
        if union.discriminator is None:
            for member in union.members:
                texts = (self.documents.of_type(member, levels) for levels in (None, 1))
                yield from filter(None, texts)
            yield from self._mistakable(union)
            return
        key = literal(union.discriminator)
        for tag, _ in union.mapping:
            texts = (self.documents.tagged(union, tag, levels) for levels in (None, 1))
            yield from filter(None, texts)
            yield f"{{{key}: {literal(tag)}}}"
        for tag, _ in union.mapping[:_LIMIT]:
            yield from (f"{{{key}: {text}}}" for text in _similar(tag))
        for text in (*OF_EACH_KIND, *_UNKNOWN_TAGS):
            yield f"{{{key}: {text}}}"
        # The error is at the tag, wherever the tag is.
        for tags in ("", f"{key}: {_UNKNOWN_TAGS[0]}, ", f"{key}: 3, "):
            yield f'{{{tags}"modelsync other": 1}}'
        if union.open or union.absent_tag is not None or union.tag_scalar != "string":
            yield from self._tagged_otherwise(union, union.discriminator)

    def _tagged_otherwise(self, union: Union, key: str) -> Iterator[str]:
        """Yield documents of each member with an unknown tag, null, no tag, or a wrong value.

        An unknown object may contain any JSON.
        """
        unknown = unknown_tag(union)
        for tag, _ in union.mapping[:_LIMIT]:
            model = model_of_tag(self.schema, union, tag)
            members = self.documents.members(model, 1) or {}
            body = {name: text for name, text in members.items() if name != key}
            yield object_text(body)
            yield object_text({key: "null", **body})
            if unknown is not None:
                yield object_text({key: unknown, **body})
            for field in model.fields[:_LIMIT]:
                wrong = self.wrong(field.type)
                if field.json_key != key and wrong is not None:
                    yield object_text({**body, field.json_key: wrong, key: literal(tag)})
        for text in _UNKNOWN_NUMBERS if union.tag_scalar == "int64" else ():
            yield object_text({key: text})
        if union.open and unknown is not None:
            frame = f"{{{literal(key)}: {unknown}, "
            yield from (f"{frame}{name}: 1}}" for name in (*MAP_KEYS, *INVALID_MAP_KEYS))
            yield from (f'{frame}"a key": {text}}}' for text in SCALARS["any"])
            yield f'{{"first": {{"b": [1, {{}}]}}, {literal(key)}: {unknown}, "last": null}}'

    def _mistakable(self, union: Union) -> Iterator[str]:
        """Yield documents that one member of a union accepts, although they look like another one.

        The first are models with unknown keys, which they ignore and other members reject. The
        others are models with an error deep inside. Each must be encoded again as the member that
        accepted it.
        """
        models = [each for each in map(self._model, union.members) if each is not None]
        wrong = {
            field.json_key: text
            for model in models[:_LIMIT]
            for field in model.fields
            if (text := self.wrong(field.type)) is not None
        }
        for model in models if len(models) > 1 else ():
            known = {field.json_key for field in model.fields}
            ignored = {key: text for key, text in wrong.items() if key not in known}
            for levels in (None, 1):
                members = self.documents.members(model, levels)
                if members is not None:
                    yield object_text({**members, **ignored})
        for model in models[:_LIMIT]:
            fields = (field for field in model.fields if _holds_definition(field.type))
            for field in islice(fields, _LIMIT):
                frame = self.documents.frame(model, field)
                if frame is not None:
                    yield from map(frame.filled, islice(self.revealing(field.type), 3))

    def _model(self, type_: Type) -> Model | None:
        type_ = self.schema.resolved(type_)
        definition = self.schema[type_] if isinstance(type_, Ref) else None
        return definition if isinstance(definition, Model) else None

    # The most revealing values ------------------------------------------------------------------

    def few(self, type_: Type) -> Iterator[str]:
        """Yield a value of each JSON kind, and an edge case or two of a type."""
        yield from OF_EACH_KIND
        yield from self.revealing(type_)

    def revealing(self, type_: Type) -> Iterator[str]:
        """Yield the valid and invalid values of a type that best show how code decodes it."""
        match type_:
            case Scalar(name=name):
                yield REVEALING[name]
            case Nullable(inner=inner):
                yield from self.revealing(inner)
            case Limited(inner=inner):
                yield from self._revealing_limit(type_)
                yield from self.revealing(inner)
            case AnyOf(members=members):
                for member in members:
                    yield from islice(self.revealing(member), 1)
            case Constant(value=value):
                yield literal(value)
            case ListOf(item=item):
                yield from (f"[{text}]" for text in self._item(item))
            case MapOf(value=value):
                yield from (f'{{"a key": {text}}}' for text in self._item(value))
            case Ref():
                yield from self._revealing_of(self.schema[type_])

    def _revealing_limit(self, type_: Limited) -> Iterator[str]:
        """Yield a value that only the constraints of a type reject, and one that they accept."""
        texts = list(self.documents.at_limits(type_))
        for is_valid in (False, True):
            of_this_kind = (
                text
                for text in texts
                if self.documents.accepts(type_.inner, text)
                and self.documents.accepts(type_, text) is is_valid
            )
            yield from islice(of_this_kind, 1)

    def _item(self, type_: Type) -> Iterator[str]:
        """Yield the most revealing value of an item, and one of the wrong kind."""
        yield from islice(self.revealing(type_), 1)
        wrong = self.wrong(type_)
        if wrong is not None:
            yield wrong

    def _revealing_of(self, definition: Definition) -> Iterator[str]:
        match definition:
            case Enum(values=values):
                yield from (literal(value.json_value) for value in values[-1:])
                yield '"modelsync unknown"' if definition.type == "string" else "12345678901"
            case Model(fields=fields):
                faults = (
                    text for field in fields for text in self._invalid_models(definition, field)
                )
                yield from islice(faults, 2)
                yield from self._unknown_key(definition)
            case Union(discriminator=None, members=members):
                yield from filter(None, map(self.documents.of_type, members[-1:]))
                for model in islice(filter(None, map(self._model, members)), 1):
                    yield from self._revealing_of(model)
            case Union(discriminator=key, mapping=mapping):
                tags = (self.documents.tagged(definition, tag) for tag, _ in mapping[-1:])
                yield from filter(None, tags)
                yield object_text({str(key): unknown_tag(definition) or "null"})
            case Alias(id=id_, type=type_) if id_ not in self.documents.opaque:
                yield from self.revealing(type_)
            case Alias():
                texts = (self.documents.of_definition(definition, levels) for levels in (None, 1))
                yield from filter(None, texts)

    def _kind_of(self, definition: Definition) -> str:
        """Return what all definitions have in common that code decodes in the same way."""
        match definition:
            case Model():
                return "model"
            case Enum(type=scalar, open=is_open):
                return f"enum of {scalar}, {is_open}"
            case Union(discriminator=None):
                return "union"
            case Union(open=is_open, absent_tag=absent, tag_scalar=scalar):
                return f"union with tags of {scalar}, {is_open}, {absent is not None}"
            case Alias(id=id_):
                aliased = self.schema.plain(Ref(id_))
                return f"alias of {getattr(aliased, 'name', type(aliased).__name__)}"


def _holds_definition(type_: Type) -> bool:
    return any(isinstance(each, Ref) for each in walk(type_))


def unknown_tag(union: Union) -> str | None:
    """Return a tag that selects no member, of the kind of the others; None if there is none."""
    match union.tag_scalar:
        case "string":
            return _UNKNOWN_TAGS[0]
        case "bool":
            return next((literal(tag) for tag in (True, False) if tag not in union.by_tag), None)
        case _:
            return next(str(tag) for tag in range(12, 10_000_000) if tag not in union.by_tag)


def _similar(value: str | int | bool) -> Iterator[str]:
    """Yield a literal, and invalid values that look like it."""
    yield literal(value)
    match value:
        case bool():
            yield from (literal(not value), literal(int(value)), f'"{literal(value)}"')
        case int():
            yield from (f"{value}.0", f"{value}.5", literal(value + 1), literal(str(value)))
        case str():
            yield from map(literal, (f"{value} ", f" {value}", f"{value}\n", *other_cases(value)))
            if _LITERAL.fullmatch(value):
                yield value  # without its quotes


def other_cases(text: str) -> Iterator[str]:
    """Yield the text in upper and lower case, which a case-insensitive reader would accept."""
    cases = (text.upper(), text.lower(), text.swapcase(), text[:1].swapcase() + text[1:])
    yield from (other for other in dict.fromkeys(cases) if other != text)
