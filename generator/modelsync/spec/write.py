"""Schema -> the text of specs, as you would write them by hand. The inverse of `read.py`.

Each definition is one file, named after it, in the folder of its package. Default values are
omitted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial

from modelsync.naming import snake
from modelsync.progress import Progress, counted, silent
from modelsync.schema.constraints import plain_number
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Union,
    kind_of_definition,
)
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import AnyOf, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.schema.values import NOTHING
from modelsync.spec.alias_types import nullable_aliases
from modelsync.spec.write_lines import (
    entry,
    flag,
    in_brackets,
    plain,
    reason,
    text_map,
    value_lines,
)
from modelsync.spec.write_pages import definition_pages, field_pages, value_pages
from modelsync.spec.written_limits import written_limits


def write_specs(
    schema: Schema,
    root: str,
    progress: Progress = silent,
    places: Mapping[str, str] = NOTHING,
) -> dict[str, str]:
    """Return the texts of specs by their paths, which start with `root`.

    There is one for each definition, except for those whose ids are in `places`: these are in the
    spec at that path, in the order of the schema.
    """
    writer = Writer(schema)
    texts: dict[str, str] = {}
    taken = {path.rpartition(".")[0] for path in places.values()}
    for definition in counted(schema.definitions, "writing specs", progress):
        text = "".join(f"{line}\n" for line in writer.definition(definition))
        if definition.id in places:
            before = texts.get(places[definition.id])
            texts[places[definition.id]] = text if before is None else f"{before}---\n{text}"
            continue
        folder = "/".join([root, *definition.package.split(".")]).rstrip("/")
        stem = path = f"{folder}/{snake(definition.name) or definition.name.lower()}"
        number = 1
        while path in taken:
            number += 1
            path = f"{stem}_{number}"
        taken.add(path)
        texts[f"{path}.yaml"] = text
    return texts


class Writer:
    """Writes definitions of a schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.nullable = nullable_aliases(schema.definitions)
        self.count: dict[str, int] = {}
        for definition in schema.definitions:
            self.count[definition.name] = self.count.get(definition.name, 0) + 1

    def type(self, type_: Type, package: str) -> str:
        """Return a type expression as it is written in a spec of `package`."""

        def written(ref: Ref) -> str:
            target = self.schema[ref]
            unique = self.count[target.name] == 1
            return target.name if unique or target.package == package else target.id

        return unparse(_as_written(type_, self.nullable) if self.nullable else type_, written)

    def definition(self, definition: Definition) -> Iterator[str]:
        """Yield the lines of a spec."""
        kind = _kind(definition)
        yield f"{kind}: {definition.name}"
        if definition.description:
            yield from entry("description", definition.description)
        yield from _common(definition)
        match definition:
            case Model():
                yield from self.pages(definition)
                yield from self._model(definition)
            case Enum():
                yield from self.pages(definition)
                yield from _enum(definition)
            case Alias(type=type_):
                yield from self.pages(definition)
                yield from self._alias(definition, type_)
            case Union(is_alias=True, members=members):
                yield from self.pages(definition)
                yield from self._alias(definition, AnyOf(members))
            case Union(external=None):
                yield from self.pages(definition)
                yield from self._union(definition)
            case Union(external=external):
                assert external is not None
                yield from text_map("shown", external.shown)
                yield from text_map("links", external.links)

    def _model(self, model: Model) -> Iterator[str]:
        if model.extends:
            parents = (self.type(Ref(id_), model.package) for id_ in model.extends)
            yield f"extends: [{', '.join(parents)}]"
        if model.abstract:
            yield "abstract: true"
        if model.additional_origin:
            pass  # inherited
        elif model.additional_type is not None:
            is_any = model.additional_type == Scalar("any")
            text = "true" if is_any else plain(self.type(model.additional_type, model.package))
            yield f"additionalProperties: {text}"
        elif model.additional_properties is False:
            yield "additionalProperties: false"
        own = list(model.own_fields)
        if not own:
            yield "fields: {}"
        else:
            yield "fields:"
            for field in own:
                yield f"  {plain(field.json_key)}:"
                yield from self._field(field, model.package)
        if model.example is not None:
            yield from value_lines("example", model.example)

    def _alias(self, alias: Alias | Union, type_: Type) -> Iterator[str]:
        written = Nullable(type_) if alias.nullable else type_
        yield f"type: {plain(self.type(written, alias.package))}"
        for key, limit in written_limits(type_):
            yield f"{key}: {_limit(limit)}"
        if alias.format:
            yield f"format: {plain(alias.format)}"
        if alias.example is not None:
            yield from value_lines("example", alias.example)

    def _field(self, field: Field, package: str) -> Iterator[str]:
        yield f"    type: {plain(self.type(field.type, package))}"
        if field.required:
            yield "    required: true"
        yield from flag("readOnly", field.read_only or None, "    ")
        yield from flag("writeOnly", field.write_only or None, "    ")
        for key, limit in written_limits(field.type):
            yield f"    {key}: {_limit(limit)}"
        if field.format:
            yield f"    format: {plain(field.format)}"
        if field.description:
            yield from entry("description", field.description, "    ")
        if len(field.examples) == 1:
            yield from value_lines("example", field.examples[0], "    ")
        elif field.examples:
            yield from value_lines("examples", field.examples, "    ")
        if field.has_default:
            yield from value_lines("default", field.default, "    ")
        yield from _common(field, "    ")
        yield from self.field_pages(field, package)

    def field_pages(self, field: Field, package: str) -> Iterator[str]:
        """Yield the lines of the overrides for pages of a field."""
        return field_pages(field, partial(self.type, package=package))

    def pages(self, definition: Definition) -> Iterator[str]:
        """Yield the lines of the overrides for pages of a definition."""
        return definition_pages(definition, partial(self.type, package=definition.package))

    def _union(self, union: Union) -> Iterator[str]:
        if union.discriminator is not None:
            yield from entry("discriminator", union.discriminator)
        yield "members:"
        for member in union.members:
            yield f"  - {plain(self.type(member, union.package))}"
        # Members that are unions contribute the values of their own mapping.
        own = [pair for pair in union.mapping if isinstance(self.schema.by_id[pair[1]], Model)]
        if own:
            yield "mapping:"
            for tag, id_ in own:
                key = plain(tag) if isinstance(tag, str) else json.dumps(tag)
                yield f"  {key}: {plain(self.type(Ref(id_), union.package))}"
        yield from flag("open", union.open or None, "")
        yield from flag("overlapping", union.overlapping or None, "")
        if union.example is not None:
            yield from value_lines("example", union.example)


def _limit(limit: str | int | Decimal | bool) -> str:
    """Return a constraint as a scalar on one line."""
    match limit:
        case bool():
            return json.dumps(limit)
        case str():
            return plain(limit)
        case Decimal():
            return plain_number(limit)
        case _:
            return str(limit)


def _kind(definition: Definition) -> str:
    """Return the key that a spec starts with."""
    if isinstance(definition, Union) and definition.external is not None:
        return "external"
    return kind_of_definition(definition)


def _as_written(type_: Type, nullable: Collection[str]) -> Type:
    """Return a type without `| null` after the name of an alias that accepts null."""
    match type_:
        case Nullable(inner=Ref(id=id_) as ref) if id_ in nullable:
            return ref
        case ListOf(item=item):
            return ListOf(_as_written(item, nullable))
        case MapOf(value=value):
            return MapOf(_as_written(value, nullable))
        case Nullable(inner=inner):
            return Nullable(_as_written(inner, nullable))
        case _:
            return type_


def _common(item: Definition | Field | EnumValue, indent: str = "") -> Iterator[str]:
    """Yield the keys that definitions, fields and values have in common."""
    yield from reason(item.deprecated, indent)
    if not isinstance(item, Field | EnumValue) and item.inferred:
        yield f"{indent}inferred: true"
    yield from text_map("names", item.names, indent)
    for key, value in item.extensions.items():
        yield from value_lines(key, value, indent)
    if item.only:
        yield f"{indent}only: [{', '.join(map(in_brackets, item.only))}]"


def _enum(enum: Enum) -> Iterator[str]:
    if enum.type != "string":
        yield f"type: {enum.type}"
    if enum.open:
        yield "open: true"
    yield "values:"
    for value in enum.values:
        key = (
            str(value.json_value) if isinstance(value.json_value, int) else plain(value.json_value)
        )
        if value.deprecated is None and not (
            value.names or value.only or value.pages or value.extensions
        ):
            text = f" {plain(value.description)}" if value.description else ""
            yield f"  {key}:{text}"
            continue
        yield f"  {key}:"
        if value.description:
            yield from entry("description", value.description, "    ")
        yield from _common(value, "    ")
        yield from value_pages(value)
    if enum.example is not None:
        yield from value_lines("example", enum.example)
