"""Schema -> the text of specs, as you would write them by hand. The inverse of `read.py`.

Each definition is one file, named after it, in the folder of its package. Default values are
omitted. Text is plain if YAML allows it, a block if it has several lines, and quoted otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Final, Literal

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
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import AnyOf, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.schema.values import NOTHING, Object, Value
from modelsync.spec.alias_types import nullable_aliases
from modelsync.spec.reader import FLAGS
from modelsync.spec.written_limits import written_limits

_PLAIN: Final = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~](?:[^\n:#]|:(?=\S)|(?<=\S)#)*(?<=\S)")
"""Text that needs no quotes, outside of brackets: it does not start with an indicator of YAML, and
contains neither a colon before a space nor a `#` after one."""
_GUESSED: Final = re.compile(r"<<|null|true|false|-?[0-9].*|\.\.\.|---.*", re.I)
"""Text that needs quotes because YAML would not read it as a string."""
_BLOCK: Final = re.compile(r"(?![ \t\n])[^\r\x85\u2028\u2029]*\n[^\r\x85\u2028\u2029]*")
_ESCAPED: Final = re.compile(
    "[\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)


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


def plain(text: str) -> str:
    """Return text as a scalar on one line, in quotes if it needs them."""
    if _PLAIN.fullmatch(text) and not _GUESSED.fullmatch(text) and _is_visible(text):
        return text
    if '"' in text and "\\" not in text and text.isprintable() and _is_visible(text):
        return "'" + text.replace("'", "''") + "'"
    return quoted(text)


def quoted(text: str) -> str:
    """Return text in double quotes."""
    # JSON strings are valid YAML, except for characters that editors hide.
    in_quotes = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", in_quotes)


def _is_visible(text: str) -> bool:
    return text.isascii() or not _ESCAPED.search(text)


def _in_brackets(text: str) -> str:
    """Return text as a scalar in a list in brackets."""
    return (
        json.dumps(text) if re.search(r"[,\[\]{}]", text) and text == plain(text) else plain(text)
    )


def entry(key: str, text: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of a key with a text."""
    head = f"{indent}{plain(key)}:"
    if not _BLOCK.fullmatch(text) or not _is_visible(text) or text.endswith("\n\n"):
        yield f"{head} {plain(text)}"
        return
    # The line feed that ends a block is not part of its text; `+` keeps one that is.
    yield f"{head} |{'+' if text.endswith(chr(10)) else ''}"
    for line in text.split("\n"):
        yield f"{indent}  {line}" if line else ""


def value_lines(key: str, value: Value, indent: str = "") -> Iterator[str]:
    """Yield the lines of a key with a JSON value."""
    if isinstance(value, str):
        yield from entry(key, value, indent)
        return
    yield from _under(f"{indent}{plain(key)}:", value, indent)


def _under(head: str, value: Value, indent: str) -> Iterator[str]:
    """Yield the lines of a value that starts after `head`."""
    match value:
        case Object(items=()):
            yield f"{head} {{}}"
        case ():
            yield f"{head} []"
        case Object(items=items):
            yield head
            for key, item in items:
                yield from value_lines(key, item, f"{indent}  ")
        case tuple():
            yield head
            for item in value:
                yield from _item(item, f"{indent}  ")
        case str():
            yield f"{head} {plain(value)}"
        case _:
            yield f"{head} {json.dumps(value)}"


def _item(value: Value, indent: str) -> Iterator[str]:
    match value:
        case Object(items=items) if items:
            lines = [line for key, item in items for line in value_lines(key, item, f"{indent}  ")]
            first = lines[0].removeprefix(indent).lstrip()
            yield f"{indent}- {first}"
            yield from lines[1:]
        case tuple() if value:
            yield f"{indent}-"
            for item in value:
                yield from _item(item, f"{indent}  ")
        case _:
            yield from _under(f"{indent}-", value, indent)


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
        yield from _flag("readOnly", field.read_only or None, "    ")
        yield from _flag("writeOnly", field.write_only or None, "    ")
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
        if field.pages:
            yield "    pages:"
        for language, page in field.pages.items():
            lines = list(self._field_page(page, package))
            yield f"      {language}:{'' if lines else ' {}'}"
            yield from lines

    def _field_page(self, page: FieldPage, package: str) -> Iterator[str]:
        indent = " " * 8
        yield from _optional_text("name", page.name, indent)
        if page.type is not None:
            yield f"{indent}type: {plain(self.type(page.type, package))}"
        yield from _flag("nullable", page.nullable, indent)
        yield from _optional_text("wrapper", page.wrapper, indent)
        yield from _optional_text("cell", page.cell, indent)
        yield from _flag("required", page.required, indent)
        yield from _optional_text("description", page.description, indent)
        yield from _optional_value("examples", page.examples, indent)
        yield from _reason(page.deprecated, indent)

    def pages(self, definition: Definition) -> Iterator[str]:
        """Yield the lines of the overrides for pages of a definition."""
        if not definition.pages:
            return
        yield "pages:"
        for language, page in definition.pages.items():
            if not page.shown:
                yield f"  {language}: false"
                continue
            lines = list(self._definition_page(page, definition.package))
            yield f"  {language}:{'' if lines else ' {}'}"
            yield from lines

    def _definition_page(self, page: DefinitionPage, package: str) -> Iterator[str]:
        indent = " " * 4
        members = None
        if page.members is not None:
            members = tuple(self.type(member, package) for member in page.members)
        yield from _optional_text("name", page.name, indent)
        yield from _optional_text("file", page.file, indent)
        yield from _optional_text("module", page.module, indent)
        yield from _optional_text("description", page.description, indent)
        yield from _reason(page.deprecated, indent)
        yield from _flag("open", page.open, indent)
        yield from _flag("named", page.named, indent)
        yield from _flag("usage", page.usage, indent)
        yield from _optional_value("order", page.order, indent)
        yield from _optional_value("members", members, indent)
        yield from _optional_value("tags", page.tags, indent)
        yield from _optional_value("example", page.example, indent)
        yield from _optional_value("examples", page.examples, indent)
        yield from _optional_text("code", page.code, indent)
        yield from _optional_value("heads", page.heads, indent)
        yield from _optional_value("codes", page.codes, indent)
        yield from _optional_text("more", page.more, indent)
        if page.width is not None:
            yield f"{indent}width: {page.width}"
        yield from text_map("options", page.options, indent)

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
        yield from _flag("open", union.open or None, "")
        yield from _flag("overlapping", union.overlapping or None, "")
        if union.example is not None:
            yield from value_lines("example", union.example)


def value_pages(value: EnumValue) -> Iterator[str]:
    """Yield the lines of the overrides for pages of a value of an enum."""
    if value.pages:
        yield "    pages:"
    for language, page in value.pages.items():
        yield f"      {language}:{' {}' if page.name is None else ''}"
        if page.name is not None:
            yield from entry("name", page.name, "        ")


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
    yield from _reason(item.deprecated, indent)
    if not isinstance(item, Field | EnumValue) and item.inferred:
        yield f"{indent}inferred: true"
    yield from text_map("names", item.names, indent)
    for key, value in item.extensions.items():
        yield from value_lines(key, value, indent)
    if item.only:
        yield f"{indent}only: [{', '.join(map(_in_brackets, item.only))}]"


def _reason(reason: str | Literal[False] | None, indent: str) -> Iterator[str]:
    if reason and reason.lower() in FLAGS:
        yield from (f"{indent}deprecated: |", f"{indent}  {reason}")
    elif reason:
        yield from entry("deprecated", reason, indent)
    elif reason is not None:
        yield f"{indent}deprecated: {'false' if reason is False else 'true'}"


def text_map(key: str, texts: Mapping[str, str], indent: str = "") -> Iterator[str]:
    """Yield the lines of a mapping of texts; none if it is empty."""
    if texts:
        yield f"{indent}{key}:"
        for name, text in texts.items():
            yield from entry(name, text, f"{indent}  ")


def _optional_text(key: str, text: str | None, indent: str) -> Iterator[str]:
    if text is not None:
        yield from entry(key, text, indent)


def _optional_value(key: str, value: Value, indent: str) -> Iterator[str]:
    if value is not None:
        yield from value_lines(key, value, indent)


def _flag(key: str, value: bool | None, indent: str) -> Iterator[str]:
    if value is not None:
        yield f"{indent}{key}: {'true' if value else 'false'}"


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
