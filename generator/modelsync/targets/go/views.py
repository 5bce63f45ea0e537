"""What the templates of definitions place: models, enums and unions with the code for their JSON.

A model is read by a switch over its keys, a union by its tag or by the kind of the JSON value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from modelsync.errors import Position
from modelsync.schema import meaning
from modelsync.schema.ir import (
    Constant,
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
)
from modelsync.schema.unions import branches
from modelsync.targets.base import Code, code, from_lines, join, member_places
from modelsync.targets.go.names import fits_a_tag
from modelsync.targets.go.text import MAX_LINE, comment, json_text, literal, raw_literal
from modelsync.targets.go.types import (
    READ,
    SCALARS,
    Speller,
    Stored,
    Variable,
    constant_literal,
    has_nil,
    indented,
    plain_literal,
)

_KINDS: Final[Mapping[str, Code]] = {
    kind: Code(f"wire.{kind.capitalize()}Kind") for kind in meaning.KINDS
}


@dataclass(frozen=True, slots=True)
class Names:
    """The schema, what Go holds of its values, and what everything in it is called in Go.

    `members` has the fields of each union, in the order of its members.
    """

    schema: Schema
    holds: meaning.Holds
    definitions: Mapping[str, str]
    fields: Mapping[tuple[str, str], str]
    values: Mapping[tuple[str, str | int], str]
    members: Mapping[str, Sequence[Code]]


@dataclass(frozen=True, slots=True)
class _FieldView:
    """A field as the template of a model places it."""

    position: Position
    index: Code
    wire: Code
    key: Code
    doc: tuple[Code, ...]
    cells: tuple[Code, Code, Code]
    required: bool
    read: Code
    write: Code
    variable: Variable
    default: Code | None
    set_default: Code | None


@dataclass(frozen=True, slots=True)
class _ValueView:
    """A value as the template of an enum places it."""

    position: Position
    doc: tuple[Code, ...]
    declaration: Code


@dataclass(frozen=True, slots=True)
class _MemberView:
    """A member as the template of a union places it."""

    position: Position
    declaration: Code
    is_set: Code
    write: Code
    add_tag: Code | None = None
    check_tag: Code | None = None


@dataclass(frozen=True, slots=True)
class _CaseView:
    """A way to read a union: one member, or several to try."""

    position: Position
    when: Code
    read: Code | None
    attempts: tuple[Code, ...] = ()


def _aligned(rows: Sequence[tuple[Code, ...]], breaks: Iterable[bool]) -> list[Code]:
    """Return rows of cells as gofmt aligns them: anew after each comment, where `breaks` is set."""
    out: list[Code] = []
    block: list[tuple[Code, ...]] = []
    for row, starts in zip(rows, breaks, strict=True):
        if starts and block:
            out += _aligned_block(block)
            block = []
        block.append(row)
    return [*out, *_aligned_block(block)]


def _aligned_block(rows: Sequence[tuple[Code, ...]]) -> Iterator[Code]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [Code(cell.ljust(width)) for cell, width in zip(row[:-1], widths, strict=False)]
        yield join(" ", [*padded, row[-1]])


def struct_tag(field: Field, stored: Stored) -> Code:
    """Return the tag of a field, which leaves it out where a tag cannot hold its wire name."""
    if not fits_a_tag(field.json_key):
        return Code('`json:"-"`')
    if field.required:
        return Code(f'`json:"{field.json_key}"`')
    is_pointer = isinstance(stored, Nullable) and not has_nil(stored.inner)
    return Code(f'`json:"{field.json_key},{"omitempty" if is_pointer else "omitzero"}"`')


@lru_cache(maxsize=65_536)
def key_literal(wire: str) -> Code:
    """Return a key of an object as JSON, with the colon, as a string literal."""
    return raw_literal(f"{json_text(wire)}:")


class Views:
    """Builds the view of the definition of one file, in which `speller` spells."""

    def __init__(self, names: Names, speller: Speller) -> None:
        self.names = names
        self.speller = speller

    # Models -----------------------------------------------------------------------------------

    def model(self, model: Model) -> dict[str, object]:
        """Return what the template of a model places."""
        fields = [
            self._field(index, field, self._variable(model, field))
            for index, field in enumerate(model.fields)
        ]
        breaks = [bool(field.doc) for field in fields]
        declarations = _aligned([field.cells for field in fields], breaks)
        return {"fields": list(zip(fields, declarations, strict=True))}

    def _variable(self, model: Model, field: Field) -> Variable:
        name = Code(self.names.fields[model.id, field.json_key])
        return Variable(name, field.type, field.required)

    def _field(self, index: int, field: Field, variable: Variable) -> _FieldView:
        has_default = field.has_default and not field.required
        return _FieldView(
            position=field.position,
            index=Code(str(index)),
            wire=literal(field.json_key),
            key=key_literal(field.json_key),
            doc=_field_doc(field),
            cells=(
                Code(variable.value.removeprefix("v.")),
                self.speller.type(variable.stored),
                struct_tag(field, variable.stored),
            ),
            required=field.required,
            read=indented(self.speller.read(variable), 3),
            write=indented(self.speller.write(variable), 1 if field.required else 2),
            variable=variable,
            default=raw_literal(json_text(self._default(field))) if has_default else None,
            set_default=indented(self._set_default(field, variable), 2) if has_default else None,
        )

    def _default(self, field: Field) -> meaning.Json:
        """Return what is written for an absent field."""
        default = meaning.to_json(field.default)
        return meaning.read(self.names.schema, field.type, default, self.names.holds)

    def _set_default(self, field: Field, variable: Variable) -> Code:
        """Return the statement that gives an absent field its default."""
        default = self._default(field)
        if _is_plain(self.names.schema, field.type):
            assert isinstance(default, (str, int, float))
            type_ = self.speller.type(field.type)
            return code("{} = wire.Ptr[{}]({})", variable.value, type_, plain_literal(default))
        read = self.speller.function(READ, variable.stored)
        text = raw_literal(json_text(default))
        return code("wire.ReadDefault(&{}, {}, {})", variable.value, read, text)

    # Enums ------------------------------------------------------------------------------------

    def enum(self, enum: Enum) -> dict[str, object]:
        """Return what the template of an enum places."""
        name = Code(self.names.definitions[enum.id])
        names = [Code(self.names.values[enum.id, value.json_value]) for value in enum.values]
        docs = [_value_doc(value) for value in enum.values]
        rows = [
            (value_name, name, code("= {}", constant_literal(value.json_value)))
            for value_name, value in zip(names, enum.values, strict=True)
        ]
        declarations = _aligned(rows, map(bool, docs))
        scalar = "string" if enum.type == "string" else "int64"
        return {
            "type": SCALARS[scalar][0],
            "scalar": SCALARS[scalar][1],
            "open": enum.open,
            "values": [
                _ValueView(value.position, doc, declaration)
                for value, doc, declaration in zip(enum.values, docs, declarations, strict=True)
            ],
            "cases": _cases(enum, names),
            "refusal": literal(f"expected a value of {enum.name}"),
        }

    # Unions -----------------------------------------------------------------------------------

    def union(self, union: Union) -> dict[str, object]:
        """Return what the template of a union places."""
        variables = [
            Variable(name, member)
            for name, member in zip(self.names.members[union.id], union.members, strict=True)
        ]
        rows = [
            (name, self._member_type(variable))
            for name, variable in zip(self.names.members[union.id], variables, strict=True)
        ]
        places = member_places(union)
        members = [
            self._member(union, place, variable, declaration)
            for place, variable, declaration in zip(
                places, variables, _aligned(rows, [False] * len(rows)), strict=True
            )
        ]
        reads = [self._member_read(variable) for variable in variables]
        tagged = union.discriminator is not None
        return {
            "id": literal(union.id),
            "display_name": literal(union.name),
            "is_set": join(", ", [member.is_set for member in members]),
            "members": members,
            "tag": literal(union.discriminator) if union.discriminator is not None else None,
            "cases": self._tagged(union, reads) if tagged else self._branches(union, reads),
            "refusal": literal(
                f"expected a {union.discriminator} of {union.name}"
                if tagged
                else f"expected a value of {union.name}"
            ),
        }

    def _member(
        self, union: Union, place: Position, variable: Variable, declaration: Code
    ) -> _MemberView:
        if isinstance(variable.type, Constant):
            write = code("w.Raw({})", raw_literal(json_text(variable.type.value)))
            return _MemberView(place, declaration, variable.value, write)
        add_tag, check_tag = self._tag_on_writing(union, variable)
        write = indented(self.speller.write(variable), 2)
        return _MemberView(place, declaration, variable.is_present, write, add_tag, check_tag)

    def _member_type(self, variable: Variable) -> Code:
        """Return the type of a union's field. Of a constant, only its being there is kept."""
        if isinstance(variable.type, Constant):
            return Code("bool")
        return self.speller.type(variable.stored)

    def _member_read(self, variable: Variable) -> Code:
        if isinstance(variable.type, Constant):
            read = self.speller.function(READ, variable.type)
            return code("wire.ReadFlag(&{}, r, {})", variable.value, read)
        return self.speller.read(variable)

    def _tag_on_writing(self, union: Union, variable: Variable) -> tuple[Code | None, Code | None]:
        """Return the tag that a member has no field for, or the check of one that may be wrong."""
        if union.discriminator is None:
            return None, None
        assert isinstance(variable.type, Ref)
        model = self.names.schema[variable.type]
        assert isinstance(model, Model)
        key = f"{json_text(union.discriminator)}:"
        tags = union.tags[model.id]
        field = model.by_json_key.get(union.discriminator)
        if field is None:
            return raw_literal(key + json_text(tags[0])), None
        if not self._is_text(field.type):
            return None, None
        name = Code(self.names.fields[model.id, field.json_key])
        texts = join(", ", [literal(tag) for tag in tags])
        tag = code("{}.{}", variable.value, name)
        return None, code("w.CheckTag({}, string({}), {})", raw_literal(key), tag, texts)

    def _is_text(self, type_: Type) -> bool:
        """Whether a Go string holds a value of `type_`, and holds others as well."""
        is_enum = isinstance(type_, Ref) and isinstance(self.names.schema[type_], Enum)
        return is_enum or type_ == Scalar("string")

    def _tagged(self, union: Union, reads: Sequence[Code]) -> list[_CaseView]:
        """Return how the tag chooses a member."""
        tags = union.tags
        return [
            _CaseView(place, join(", ", map(literal, tags[member.id])), indented(read, 2))
            for member, place, read in zip(union.members, member_places(union), reads, strict=True)
            if isinstance(member, Ref)
        ]

    def _branches(self, union: Union, reads: Sequence[Code]) -> list[_CaseView]:
        """Return how the kind of a JSON value chooses a member, or several to try."""
        kinds: dict[tuple[int, ...], list[Code]] = {}
        for branch in branches(self.names.schema, union):
            kinds.setdefault(branch.members, []).append(_KINDS[branch.kind])
        name = Code(self.names.definitions[union.id])
        places = member_places(union)
        out = []
        for members, names in kinds.items():
            when = join(", ", names)
            if len(members) == 1:
                out.append(_CaseView(places[members[0]], when, indented(reads[members[0]], 2)))
                continue
            attempts = [
                (indented(self.speller.wrapped(READ, name, reads[index]), 3), places[index])
                for index in members
            ]
            tried = tuple(from_lines([attempt]) for attempt in attempts)
            out.append(_CaseView(union.position, when, None, tried))
        return out


def _cases(enum: Enum, names: Sequence[Code]) -> Code:
    """Return the constants of an enum as a `case` lists them, one a line."""
    ends = [code("{},", name) for name in names[:-1]] + list(names[-1:])
    indents = [Code("")] + [Code("\t\t")] * (len(ends) - 1)
    return from_lines(
        (code("{}{}", indent, end), value.position)
        for indent, end, value in zip(indents, ends, enum.values, strict=True)
    )


def _is_plain(schema: Schema, type_: Type) -> bool:
    """Whether a Go literal says a value of `type_`."""
    match type_:
        case Scalar(name=name):
            return name in ("string", "bool", "int32", "int64", "float32", "float64")
        case Constant():
            return True
        case Ref():
            return isinstance(schema[type_], Enum)
        case _:
            return False


# Documentation ----------------------------------------------------------------------------------


def definition_doc(definition: Definition, name: str) -> tuple[Code, ...]:
    """Return the lines of the comment on a definition, which is called `name`."""
    text = definition.description.strip()
    if not text:
        text = f"{name} {_what(definition)}"
    elif not text.startswith(f"{name} "):
        text = f"{name}: {text}"
    more = []
    if isinstance(definition, Union) and definition.description:
        more.append("Exactly one of its fields is set.")
    if isinstance(definition, Enum) and definition.open:
        more.append("It may hold other values than those below.")
    if definition.inferred:
        more.append("It was inferred from examples.")
    return comment(_with_notes(text, more, definition.deprecated))


def _what(definition: Definition) -> str:
    match definition:
        case Model():
            return "is a JSON object."
        case Enum(type=type_):
            return f"is one of a set of {'strings' if type_ == 'string' else 'integers'}."
        case Union():
            return "is one of several types: exactly one of its fields is set."


def _field_doc(field: Field) -> tuple[Code, ...]:
    more = []
    if isinstance(field.bare_type, Constant):
        more.append(f"It is always {json.dumps(field.bare_type.value, ensure_ascii=False)}.")
    if field.has_default and not field.required:
        text = json.dumps(meaning.to_json(field.default), ensure_ascii=False)
        if len(text) <= MAX_LINE:
            more.append(f"Default: {text}.")
    if not fits_a_tag(field.json_key):
        more.append(f"Its key, which a tag cannot hold, is {literal(field.json_key)}.")
    if not field.description and not more and field.deprecated is None:
        return ()
    return comment(_with_notes(field.description, more, field.deprecated))


def _value_doc(value: EnumValue) -> tuple[Code, ...]:
    if not value.description and value.deprecated is None:
        return ()
    return comment(_with_notes(value.description, [], value.deprecated))


def _with_notes(text: str, notes: Iterable[str], deprecated: str | None) -> str:
    """Return a description with paragraphs behind it."""
    paragraphs = [text, *notes]
    if deprecated is not None:
        paragraphs.append(f"Deprecated: {deprecated or 'do not use it.'}")
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
