"""What a language model would return for a document, from the specs alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from helpers.places import MEANING
from helpers.projects import schema_in
from helpers.shallow import shallow_cases
from modelsync.schema.definitions import Alias, Enum, Model, Union
from modelsync.schema.json_values import Json, to_json
from modelsync.schema.meaning import read
from modelsync.schema.scalars import DEFAULT
from modelsync.schema.schema import Schema
from modelsync.schema.structured import (
    ADDITIONAL_ENTRIES,
    JSON_TEXT,
    KEY,
    MAP_ENTRIES,
    ROOT_VALUE,
    VALUE,
)
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
)
from modelsync.schema.validation import ValidationError
from modelsync.verify.expected import expected
from modelsync.verify.strict import nesting, parse


class Form(NamedTuple):
    """A value of a definition, in its ordinary form or as a language model returns it."""

    definition: str
    value: Json


_LEVELS = 8


def valid_documents(schema: Schema, each: int) -> Iterator[Form]:
    """Yield documents of `verify`, at most `each` for a definition, and none that nests deep."""
    counts: Counter[str] = Counter()
    for case in shallow_cases(schema):
        if counts[case.definition] < each:
            outcome = expected(schema, case, DEFAULT)
            if outcome and outcome.accepted and nesting(outcome.json) < _LEVELS:
                counts[case.definition] += 1
                yield Form(case.definition, parse(outcome.json))


@cache
def meaning() -> Schema:
    """Return the schema that has every kind of type."""
    return schema_in(MEANING)


@cache
def documents() -> list[Form]:
    """Return valid documents of it, in their ordinary form."""
    return list(valid_documents(meaning(), 25))


class Unsayable(Exception):
    """A document that the preset has no form for."""


def returned(schema: Schema, root: str, built: Schema, document: Json) -> Json:
    """Return the form of a valid document in the schema `built` that a preset makes of `root`.

    Raises :class:`Unsayable`.
    """
    first = built.definitions[0]
    assert isinstance(first, Model)
    form = _Form(schema, built)
    only = first.by_json_key.get(ROOT_VALUE)
    if only is not None:
        return {ROOT_VALUE: form.value(Ref(root), only.type, document)}
    return form.value(Ref(root), Ref(first.id), document)


class _Form:
    """The forms of the parts of one document."""

    def __init__(self, schema: Schema, built: Schema) -> None:
        self.schema = schema
        self.built = built

    def value(self, type_: Type, form: Type, value: Json) -> Json:
        """Return the form of a value of a type, whose form is a type of the preset's schema."""
        made = self.built[form] if isinstance(form, Ref) else None
        if isinstance(made, Model) and list(made.by_json_key) == [JSON_TEXT]:
            return {JSON_TEXT: json.dumps(value)}
        match type_, form:
            case Limited(inner=inner), Limited(inner=inner_form):
                return self.value(inner, inner_form, value)
            case Nullable(inner=inner), Nullable(inner=inner_form):
                return None if value is None else self.value(inner, inner_form, value)
            case _, Nullable(inner=inner_form) | Limited(inner=inner_form):
                return self.value(type_, inner_form, value)
            case Limited(inner=inner), _:
                return self.value(inner, form, value)
            case ListOf(item=item), ListOf(item=item_form):
                assert isinstance(value, list)
                return [self.value(item, item_form, each) for each in value]
            case MapOf(value=inner), _:
                assert isinstance(made, Model)
                assert isinstance(value, dict)
                return {MAP_ENTRIES: self.entries(inner, made.fields[0].type, value)}
            case AnyOf(members=members), AnyOf(members=forms):
                return self.member(members, forms, value)
            case Ref(id=id_), Ref(id=made_id) if id_ == made_id and made is not None:
                return self.definition(type_, made, value)
            case Scalar() | Constant(), _:
                return value
            case _:
                raise AssertionError((type_, form))

    def entries(self, type_: Type, form: Type, value: dict[str, Json]) -> Json:
        assert isinstance(form, ListOf)
        assert isinstance(form.item, Ref)
        inner = self.built.model(form.item.id).by_json_key[VALUE].type
        return [{KEY: key, VALUE: self.value(type_, inner, each)} for key, each in value.items()]

    def definition(self, ref: Ref, made: Model | Enum | Union | Alias, value: Json) -> Json:
        match self.schema[ref], made:
            case Enum(), _:
                return value
            case Alias(type=type_), Alias(type=form):
                return self.value(type_, form, value)
            case Union(discriminator=str()) as union, Union(members=forms):
                return self.tagged(union, forms, value)
            case Union(members=members), Union(members=forms):
                return self.member(members, forms, value)
            case Model() as model, Model():
                return self.model(model, made, value)
        raise AssertionError((ref, made))

    def model(self, model: Model, made: Model, value: Json) -> Json:
        assert isinstance(value, dict)
        form: dict[str, Json] = {}
        for key, field in made.by_json_key.items():
            own = model.by_json_key.get(key)
            if own is None:
                form[key] = [] if key == ADDITIONAL_ENTRIES else self.tag(field.type)
            elif isinstance(field.type, Constant):
                form[key] = field.type.value
            elif value.get(key) is None and not own.required and own.has_default and own.nullable:
                default = None if key in value else to_json(own.default)
                form[key] = self.value(own.type, field.type, default)
            elif value.get(key) is None and not own.required:
                form[key] = None
            else:
                form[key] = self.value(own.type, field.type, value[key])
        if model.additional_type is not None:
            others = {key: each for key, each in value.items() if key not in model.by_json_key}
            entries = made.by_json_key[ADDITIONAL_ENTRIES].type
            form[ADDITIONAL_ENTRIES] = self.entries(model.additional_type, entries, others)
        return form

    def tag(self, type_: Type) -> Json:
        assert isinstance(type_, Constant)
        return type_.value

    def tagged(self, union: Union, forms: tuple[Type, ...], value: Json) -> Json:
        key = str(union.discriminator)
        assert isinstance(value, dict)
        tag = value.get(key)
        if union.absent_tag is not None and tag is None:
            tag = next(tag for tag, id_ in union.mapping if id_ == union.absent_tag)
        if tag not in union.by_tag:
            raise Unsayable
        assert isinstance(tag, str | int)
        model = model_of_tag(self.schema, union, tag)
        for form in forms:
            assert isinstance(form, Ref)
            made = self.built.model(form.id)
            field = made.by_json_key.get(key)
            if field is not None and field.type == Constant(tag):
                return self.model(model, made, value)
        return {JSON_TEXT: json.dumps(value)}

    def member(self, members: tuple[Type, ...], forms: tuple[Type, ...], value: Json) -> Json:
        """Return the form of a value of the first member that accepts it."""
        for type_ in members:
            if self.accepts(self.schema, type_, value):
                for form in self.forms_of(type_, forms, value):
                    return form
        raise AssertionError((members, value))

    def forms_of(self, type_: Type, forms: tuple[Type, ...], value: Json) -> Iterator[Json]:
        for each in forms:
            try:
                form = self.value(type_, each, value)
            except (AssertionError, KeyError, AttributeError):
                continue
            if self.accepts(self.built, each, form):
                yield form

    def accepts(self, schema: Schema, type_: Type, value: Json) -> bool:
        try:
            read(schema, type_, value)
        except ValidationError:
            return False
        return True


def undone(value: Json, *, is_root: bool = True) -> Json:
    """Return the ordinary form of what a language model returned: what each language must do."""
    if isinstance(value, list):
        return [undone(item, is_root=False) for item in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("json_text", str() as text)]:
            found: Json = json.loads(text)
            return found
        case [("root_value", inner)] if is_root:
            return undone(inner, is_root=False)
        case [("map_entries", list() as entries)]:
            return _map_of(entries)
        case _:
            others = value.get(ADDITIONAL_ENTRIES)
            more = _map_of(others) if isinstance(others, list) else {}
            known = {key: each for key, each in value.items() if key != ADDITIONAL_ENTRIES}
            return {**more, **{key: undone(each, is_root=False) for key, each in known.items()}}


def _map_of(entries: list[Json]) -> dict[str, Json]:
    found = {}
    for entry in entries:
        assert isinstance(entry, dict)
        found[str(entry[KEY])] = undone(entry[VALUE], is_root=False)
    return found
