"""Whether one schema accepts every document of a type of another schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from modelsync.breaking import limits
from modelsync.schema.aliases import constraints_of
from modelsync.schema.constraints import NONE, Constraints
from modelsync.schema.definitions import Enum, Field, Model, Tag, Union
from modelsync.schema.json_values import Json
from modelsync.schema.meaning import UNKNOWN_MEMBER, read
from modelsync.schema.schema import Schema, union_of
from modelsync.schema.types import (
    INTEGERS,
    NUMBERS,
    TEXTS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.schema.validation import ValidationError

_BOOLEANS: Final = (False, True)


class Part(NamedTuple):
    """One alternative of a type: a plain type with the constraints that apply to it."""

    type: Type
    constraints: Constraints


class Accepting:
    """Compares types of a schema that reads with types of a schema that writes.

    A document of a type is one that it accepts; null for an optional field that may not be null,
    which readers take for an absent key, is in no document. Definitions that are the same one in
    both schemas accept each other's documents: where they differ, the change is theirs.
    """

    def __init__(self, reader: Schema, writer: Schema, is_same: Callable[[str, str], bool]) -> None:
        self.reader = reader
        self.writer = writer
        self.is_same = is_same
        """Takes an id of the reader and one of the writer."""
        self._assumed: dict[tuple[Type, Type], None] = {}
        """The questions whose answer is yes, unless something refutes it, in order."""

    def accepts(self, reader: Type, writer: Type) -> bool:
        """Return whether the type of the reader accepts all documents of that of the writer.

        Types can be recursive, so it does unless something refutes it.
        """
        if self._are_same(reader, writer):
            return True
        question = (reader, writer)
        if question in self._assumed:
            return True
        before = len(self._assumed)
        self._assumed[question] = None
        answer = self._accepts(reader, writer)
        if not answer:
            # The answers since then may rest on this one.
            while len(self._assumed) > before:
                self._assumed.popitem()
        return answer

    def _are_same(self, reader: Type, writer: Type) -> bool:
        match reader, writer:
            case Ref(id=one), Ref(id=other):
                return self.is_same(one, other)
            case _:
                return False

    def _accepts(self, reader: Type, writer: Type) -> bool:
        if self.reader.is_any(reader):
            return True
        if isinstance(writer, Nullable):
            if not self.reader.takes_null(reader):
                return False
            writer = writer.inner
        if isinstance(reader, Nullable):
            reader = reader.inner
        readers = [*parts_of(self.reader, reader)]
        return all(self._any_accepts(readers, part) for part in parts_of(self.writer, writer))

    def _any_accepts(self, readers: list[Part], writer: Part) -> bool:
        """Whether some alternatives accept together what one of the writer is."""
        values = self._values(writer)
        if values is not None:
            return all(
                any(self._accepts_value(each, value) for each in readers) for value in values
            )
        if any(self._part_accepts(each, writer) for each in readers):
            return True
        union = self.writer[writer.type] if isinstance(writer.type, Ref) else None
        # All models of a union with a discriminator, if there are other unions on the other side.
        return (
            isinstance(union, Union)
            and not union.open
            and all(self._any_accepts(readers, Part(Ref(id_), NONE)) for id_ in union.tags)
        )

    def _values(self, part: Part) -> list[Json] | None:
        """Return all values of a part, if they can be listed."""
        match part.type:
            case Constant(value=value):
                return [value]
            case Scalar(name="bool"):
                return [*_BOOLEANS]
            case Ref() as ref if isinstance(enum := self.writer[ref], Enum) and not enum.open:
                return [
                    value
                    for value in (each.json_value for each in enum.values)
                    if part.constraints.failure(value) is None
                ]
            case _:
                return None

    def _accepts_value(self, part: Part, value: Json) -> bool:
        try:
            written = read(self.reader, part.type, value)
        except ValidationError:
            return False
        return part.constraints.failure(written) is None

    def _part_accepts(self, reader: Part, writer: Part) -> bool:
        if self._are_same(reader.type, writer.type):
            return limits.implied(reader, writer)
        match reader.type, writer.type:
            case Scalar(name="any"), _:
                return True
            case (ListOf(item=mine), ListOf(item=its)) | (MapOf(value=mine), MapOf(value=its)):
                is_empty = 0 in (writer.constraints.max_items, writer.constraints.max_properties)
                return limits.implied(reader, writer) and (is_empty or self.accepts(mine, its))
            case _:
                pass
        one, other = _scalar(self.reader, reader.type), _scalar(self.writer, writer.type)
        if one is not None and other is not None:
            written = limits.as_integer(Part(other, writer.constraints))
            assert isinstance(written.type, Scalar)
            return scalar_accepts(one.name, written.type.name) and limits.implied(
                Part(one, reader.constraints), written
            )
        return self._object_accepts(reader, writer)

    # Objects ----------------------------------------------------------------------------------

    def _object_accepts(self, reader: Part, writer: Part) -> bool:
        one = self.reader[reader.type] if isinstance(reader.type, Ref) else reader.type
        other = self.writer[writer.type] if isinstance(writer.type, Ref) else writer.type
        match one, other:
            case _, Union():
                return self._union_is_accepted(reader, other)
            case Union(), Model():
                return self._accepts_by_tag(one, other)
            case Model(), Model():
                return self._model_accepts(one, other)
            case MapOf(value=value), Model():
                fields = all(self.accepts(value, field.type) for field in other.fields)
                more = other.additional_type
                return fields and (more is None or self.accepts(value, more)) and not reader[1]
            case Model(), MapOf(value=value):
                return self._accepts_map(one, value)
            case _:
                return False

    def _accepts_map(self, model: Model, value: Type) -> bool:
        if model.additional_properties is False or any(each.required for each in model.fields):
            return False
        types = [field.type for field in model.fields]
        if model.additional_type is not None:
            types.append(model.additional_type)
        return all(self.accepts(type_, value) for type_ in types)

    def _model_accepts(self, reader: Model, writer: Model) -> bool:
        written = writer.by_json_key
        for field in reader.fields:
            if field.required and not (
                field.json_key in written and written[field.json_key].required
            ):
                return False
        return all(self.accepts_key(reader, field) for field in writer.fields) and (
            self.accepts_others(reader, writer)
        )

    def accepts_key(self, reader: Model, field: Field) -> bool:
        """Return whether a model of the reader accepts the key of a field of the writer."""
        own = reader.by_json_key.get(field.json_key)
        if own is not None:
            return self.accepts(optional(own), field.type)
        return self.accepts_unknown(reader, field.json_key, field.type)

    def accepts_unknown(self, reader: Model, key: str, type_: Type) -> bool:
        """Return whether a model of the reader, without a field for a key, accepts its values."""
        if reader.additional_properties is None or key in reader.ignored_keys:
            return True
        if reader.additional_properties is False:
            return False
        return self.accepts(reader.additional_properties, type_)

    def accepts_others(self, reader: Model, writer: Model) -> bool:
        """Return whether a model accepts the keys of another one that no field of that has."""
        if writer.additional_properties is False:
            return True
        if reader.additional_properties is False:
            return False
        if writer.additional_properties is None:
            return True  # what it ignores, it does not write: only by hand is it in documents
        own = [field for field in reader.fields if field.json_key not in writer.by_json_key]
        types = [optional(field) for field in own]
        if reader.additional_type is not None:
            types.append(reader.additional_type)
        return all(self.accepts(type_, writer.additional_properties) for type_ in types)

    # Unions with a discriminator --------------------------------------------------------------

    def _union_is_accepted(self, reader: Part, union: Union) -> bool:
        own = self.reader[reader.type] if isinstance(reader.type, Ref) else None
        if isinstance(own, Union):
            return self.accepts_members(own, union)
        takes_unknown = not union.open or self._part_accepts(reader, Part(UNKNOWN_MEMBER, NONE))
        return takes_unknown and all(self.accepts(reader.type, Ref(id_)) for id_ in union.tags)

    def accepts_members(self, reader: Union, writer: Union) -> bool:
        """Return whether a union with a discriminator accepts the documents of another one."""
        if reader.discriminator != writer.discriminator:
            return False
        if writer.open and not (reader.open and reader.by_tag.keys() <= writer.by_tag.keys()):
            return False
        if writer.absent_tag is not None and not (
            reader.absent_tag is not None
            and self.accepts(Ref(reader.absent_tag), Ref(writer.absent_tag))
        ):
            return False
        return all(self._accepts_tag(reader, tag, id_) for tag, id_ in writer.mapping)

    def _accepts_tag(self, reader: Union, tag: Tag, id_: str) -> bool:
        # Python would equate `1` and `true`.
        own = reader.by_tag.get(tag) if type(tag).__name__ in reader.tag_kinds else None
        return reader.open if own is None else self.accepts(Ref(own), Ref(id_))

    def _accepts_by_tag(self, reader: Union, model: Model) -> bool:
        if reader.discriminator is None:
            return False
        field = model.by_json_key.get(reader.discriminator)
        if field is None or not field.required:
            return False
        values: list[Json] = []
        for part in parts_of(self.writer, field.type):
            own = self._values(part)
            if own is None:
                return False
            values += own
        return all(
            isinstance(value, str | int) and self._accepts_tag(reader, value, model.id)
            for value in values
        )


def parts_of(schema: Schema, type_: Type) -> Iterator[Part]:
    """Yield the alternatives of a type: what aliases and unions without discriminator stand for."""
    seen: set[str] = set()
    waiting = [type_]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Nullable):
            each = each.inner
        if isinstance(each, AnyOf):
            waiting += reversed(each.members)
            continue
        union = union_of(schema, each)
        if union is not None:
            if union.id not in seen:
                seen.add(union.id)
                waiting += reversed(union.members)
            continue
        plain = schema.plain(each)
        if isinstance(plain, Nullable | AnyOf) or union_of(schema, plain) is not None:
            waiting.append(plain)
            continue
        is_bare = type(each) is Scalar
        yield Part(plain, NONE if is_bare else constraints_of(schema.by_id, each))


def _scalar(schema: Schema, type_: Type) -> Scalar | None:
    """Return the scalar that a type is, or accepts: an open enum accepts its own."""
    match type_:
        case Scalar():
            return type_
        case Ref() as ref if isinstance(enum := schema[ref], Enum) and enum.open:
            return Scalar(enum.type)
        case _:
            return None


def optional(field: Field) -> Type:
    """Return the type of a field, with null if readers take that for an absent key."""
    if field.required or isinstance(field.type, Nullable):
        return field.type
    return Nullable(field.type)


def scalar_accepts(reader: str, writer: str) -> bool:
    """Return whether a scalar accepts the documents of another one, but for limits of numbers."""
    if reader in INTEGERS:
        return writer in INTEGERS
    if reader in NUMBERS:
        return writer in NUMBERS
    return reader == writer or (reader == "string" and writer in TEXTS)
