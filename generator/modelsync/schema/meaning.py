"""The meaning of types in JSON: a reference decoder for the table in docs/spec-language.md.

:func:`read` decides whether a type accepts a JSON value, and what is written back. It is slow,
short and easy to check. Examples and defaults are checked with it, and `modelsync verify` compares
the generated code of every language with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple, TypeVar

from modelsync.schema.constraints import Constraints
from modelsync.schema.definitions import Alias, Definition, Enum, Field, Model, Union
from modelsync.schema.json_values import Json, Steps, kind_of, kinds, to_json
from modelsync.schema.scalars import DEFAULT, Holds, read_scalar
from modelsync.schema.schema import Schema, leaves_of, union_of
from modelsync.schema.type_expr import unparse
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
from modelsync.schema.validation import (
    UNKNOWN_KEY,
    ValidationError,
    mismatch,
    no_choice,
    no_key,
    no_member,
)
from modelsync.schema.wanted import wanted_literal, wanted_member, wanted_tag, wanted_value
from modelsync.threads import deeply

T = TypeVar("T")

MAX_ERRORS: Final = 100
"""How many errors of a document are found."""

UNKNOWN_MEMBER: Final = MapOf(Scalar("any"))
"""What an open union accepts if it does not know the discriminator's value."""


def read(schema: Schema, type_: Type, value: Json, holds: Holds = DEFAULT) -> Json:
    """Decode `value` as `type_`, and return what is encoded again.

    `holds` describes the language. Raises :class:`ValidationError` if the type does not accept the
    value or the language cannot represent it exactly, and :class:`NotPromised` as `holds` says.
    """
    try:
        return _Reading(schema, holds).value(type_, value, ())
    except RecursionError:
        return deeply(lambda: _Reading(schema, holds).value(type_, value, ()))


def errors(
    schema: Schema, type_: Type, value: Json, holds: Holds = DEFAULT
) -> list[ValidationError]:
    """Return all errors of `value`, in the order of its type, at most :data:`MAX_ERRORS`.

    There are none if :func:`read` accepts the value. The first one is the error that it raises.
    """
    return read_all(schema, type_, value, holds)[1]


def read_all(
    schema: Schema, type_: Type, value: Json, holds: Holds = DEFAULT
) -> tuple[Json, list[ValidationError]]:
    """Return what :func:`read` returns, and no errors, or None and what :func:`errors` returns."""
    try:
        return _read_all(schema, type_, value, holds)
    except RecursionError:
        return deeply(lambda: _read_all(schema, type_, value, holds))


def _read_all(
    schema: Schema, type_: Type, value: Json, holds: Holds
) -> tuple[Json, list[ValidationError]]:
    reading = _Collecting(schema, holds)
    try:
        return reading.value(type_, value, ()), []
    except ValidationError as error:
        reading.note(error)
    return None, reading.errors[:MAX_ERRORS]


class NestedDefault(NamedTuple):
    """A default inside another one that omits the field, and how many levels deep it is."""

    field: Field
    level: int


def nested_defaults(schema: Schema, field: Field) -> tuple[int, list[NestedDefault]]:
    """Return how many levels the default of a field has on its own, and the defaults inside it.

    Raises :class:`ValidationError` if the default does not match the type.
    """
    absent_fields: list[Field] = []

    def note(absent: Field) -> Json:
        absent_fields.append(absent)
        return _Place(len(absent_fields) - 1)

    reading = _Reading(schema, DEFAULT, note)
    written = reading.value(field.type, to_json(field.default), ())
    deepest, nested = 0, []
    waiting = [(written, 0)]
    while waiting:
        value, level = waiting.pop()
        match value:
            case _Place():
                nested.append(NestedDefault(absent_fields[value], level))
            case list() | dict():
                deepest = max(deepest, level + 1)
                items = value if isinstance(value, list) else value.values()
                waiting += ((item, level + 1) for item in items)
            case _:
                pass
    return deepest, nested


class _Place(int):
    """A placeholder for a nested default: its index."""


class _Reading:
    """The decoding of one document."""

    def __init__(
        self, schema: Schema, holds: Holds, default: Callable[[Field], Json] | None = None
    ) -> None:
        self.schema = schema
        self.holds = holds
        self.default = default
        """Returns what is written for an absent field with a default; None decodes the default."""
        # A cache by definition and path: unions without discriminator try their members in turn,
        # and would decode inner values again at every level.
        self.known: dict[tuple[str, Steps], Json | ValidationError] = {}

    def value(self, type_: Type, value: Json, steps: Steps) -> Json:
        match type_:
            case Scalar(name=name):
                return read_scalar(name, value, steps, self.holds)
            case Nullable(inner=inner):
                return None if value is None else self.value(inner, value, steps)
            case ListOf(item=item):
                if not isinstance(value, list):
                    raise mismatch(steps, "an array", value)
                return self.list(item, value, steps)
            case MapOf(value=inner):
                if not isinstance(value, dict):
                    raise mismatch(steps, "an object", value)
                return self.map(inner, value, steps)
            case Constant(value=literal):
                if kind_of(value) != kind_of(literal) or value != literal:
                    raise no_choice(steps, wanted_literal(literal), value)
                return literal
            case AnyOf(members=members):
                return self.first(members, self.text_of(type_), value, steps)
            case Limited():
                return self.limited(type_, value, steps)
            case Ref(id=id_):
                place = (id_, steps)
                if place not in self.known:
                    try:
                        self.known[place] = self.definition(self.schema[type_], value, steps)
                    except ValidationError as error:
                        self.known[place] = error
                result = self.known[place]
                if isinstance(result, ValidationError):
                    raise result
                return result

    def each(self, steps: Steps, reads: Iterable[Callable[[], T]]) -> list[T]:
        """Decode the parts of the array or object at `steps`; the first error ends it."""
        return [read() for read in reads]

    def member(self, type_: Type, value: Json, steps: Steps) -> Json:
        """Decode a value as one of several members of a union."""
        return self.value(type_, value, steps)

    def list(self, type_: Type, items: list[Json], steps: Steps) -> Json:
        places = enumerate(items)
        return self.each(steps, (partial(self.value, type_, v, (*steps, i)) for i, v in places))

    def map(self, type_: Type, entries: dict[str, Json], steps: Steps) -> dict[str, Json]:
        self.each(steps, (partial(read_scalar, "string", key, (*steps, key)) for key in entries))
        reads = (partial(self.value, type_, v, (*steps, key)) for key, v in entries.items())
        return dict(zip(entries, self.each(steps, reads), strict=True))

    def limited(self, type_: Limited, value: Json, steps: Steps) -> Json:
        is_container = isinstance(value, list | dict)
        if is_container and isinstance(self.schema.plain(type_), ListOf | MapOf):
            # The size comes first: the items of a list that is too long are not read.
            limits = type_.constraints
            if limits.unique_items is not None:
                limits = replace(limits, unique_items=None)
            _satisfy(limits, value, steps)
        written = self.value(type_.inner, value, steps)
        _satisfy(type_.constraints, written, steps, type_.scalar)
        return written

    def definition(self, definition: Definition, value: Json, steps: Steps) -> Json:
        match definition:
            case Model():
                return self.model(definition, value, steps)
            case Enum():
                return self.enum(definition, value, steps)
            case Union(discriminator=None):
                return self.first(definition.members, definition.name, value, steps)
            case Union():
                return self.tagged(definition, value, steps)
            case Alias(type=type_):
                return self.value(type_, value, steps)

    def enum(self, enum: Enum, value: Json, steps: Steps) -> Json:
        decoded = read_scalar(enum.type, value, steps, self.holds)
        if not enum.open and decoded not in enum.json_values:
            raise no_choice(steps, wanted_value(enum), value)
        return decoded

    def model(self, model: Model, value: Json, steps: Steps) -> Json:
        if not isinstance(value, dict):
            raise mismatch(steps, "an object", value)
        reads = [
            partial(self.field, field, value, steps)
            for field in model.fields
            if field.json_key in value or field.required or field.has_default
        ]
        if model.additional_properties is not None:
            known = model.by_json_key.keys() | model.ignored_keys
            others = {key: inner for key, inner in value.items() if key not in known}
            reads.append(partial(self.additional, model, others, steps))
        written: dict[str, Json] = {}
        for part in self.each(steps, reads):
            written |= part
        return written

    def additional(self, model: Model, others: dict[str, Json], steps: Steps) -> dict[str, Json]:
        """Return what is written back for the keys that no field has."""
        match model.additional_properties:
            case None:
                return {}
            case False:
                self.each(steps, (partial(_refuse_key, (*steps, key)) for key in others))
                return {}
            case type_:
                return self.map(type_, others, steps)

    def field(self, field: Field, value: dict[str, Json], steps: Steps) -> dict[str, Json]:
        """Return what is written back for one field; nothing if the key stays absent."""
        key = field.json_key
        present = key in value
        if present and value[key] is None and not field.required and self.holds.null_is_absent:
            present = self.schema.takes_null(field.type)
        if present:
            return {key: self.present(field, value[key], (*steps, key))}
        if field.required:
            raise no_key((*steps, key), "required, but absent")
        if field.has_default and self.default is not None:
            return {key: self.default(field)}
        if field.has_default:
            return {key: self.written_default(field, (*steps, key))}
        return {}

    def written_default(self, field: Field, steps: Steps) -> Json:
        """Return what is written for an absent field, which is the same in every document."""
        known, place = self.schema.written_defaults, (id(field), self.holds)
        if place not in known:
            # A new reading, because the cached paths belong to the document.
            reading = _Reading(self.schema, self.holds)
            known[place] = reading.value(field.type, to_json(field.default), steps)
        written: Json = known[place]
        return written

    def present(self, field: Field, value: Json, steps: Steps) -> Json:
        try:
            return self.value(field.type, value, steps)
        except ValidationError as error:
            if field.write_only:
                raise error.without_value() from None
            raise

    def tagged(self, union: Union, value: Json, steps: Steps) -> Json:
        tag_key = union.discriminator
        assert tag_key is not None
        if not isinstance(value, dict):
            raise mismatch(steps, "an object", value)
        tag_steps = (*steps, tag_key)
        absent = value.get(tag_key) is None if self.holds.null_is_absent else tag_key not in value
        if union.absent_tag is not None and absent:
            return self.value(Ref(union.absent_tag), value, steps)
        if tag_key not in value:
            raise no_key(tag_steps, "required, but absent")
        tag = read_scalar(union.tag_scalar, value[tag_key], tag_steps, self.holds)
        assert isinstance(tag, str | int)
        chosen = union.by_tag.get(tag)
        if chosen is None and union.open:
            return self.value(UNKNOWN_MEMBER, value, steps)
        if chosen is None:
            raise no_choice(tag_steps, wanted_tag(union), value[tag_key])
        written = self.value(Ref(chosen), value, steps)
        assert isinstance(written, dict)
        return written if tag_key in written else {tag_key: tag, **written}

    def first(self, members: tuple[Type, ...], what: str, value: Json, steps: Steps) -> Json:
        """Decode a union without discriminator.

        Only members that accept the value's kind are tried. If there is one, its error keeps its
        path. Of several, the first one that accepts the value wins.
        """
        kind = kind_of(value)
        # A loop instead of recursion: unions can nest many levels deep.
        inner: Union | None
        while True:
            candidates = [member for member in members if kind in kinds(self.schema, member)]
            inner = union_of(self.schema, candidates[0]) if len(candidates) == 1 else None
            if inner is None:
                break
            members, what = inner.members, inner.name
        if len(candidates) == 1:
            return self.value(candidates[0], value, steps)
        tried: list[tuple[str, ValidationError]] = []
        for member in leaves_of(self.schema, candidates):
            if kind in kinds(self.schema, member):
                try:
                    return self.member(member, value, steps)
                except ValidationError as error:
                    tried.append((self.text_of(member), error))
        if all(isinstance(member, Constant) for member in members):
            raise no_choice(steps, wanted_member(members, what), value)
        raise no_member(steps, what, value, tried)

    def text_of(self, member: Type) -> str:
        """Return what errors call a member: the name of its definition, or its type."""
        return unparse(member, lambda ref: self.schema[ref].name)


class _Noted(ValidationError):
    """The error of an array or object whose errors are noted already."""

    def without_value(self) -> ValidationError:
        return self


class _Collecting(_Reading):
    """The decoding of a document that goes on after errors, and notes them."""

    def __init__(self, schema: Schema, holds: Holds) -> None:
        super().__init__(schema, holds)
        self.errors: list[ValidationError] = []
        self.plain = _Reading(schema, holds)

    def each(self, steps: Steps, reads: Iterable[Callable[[], T]]) -> list[T]:
        written, errors = [], len(self.errors)
        for read in reads:
            try:
                written.append(read())
            except ValidationError as error:
                self.note(error)
        if len(self.errors) > errors:
            raise _Noted(steps, "")
        return written

    def member(self, type_: Type, value: Json, steps: Steps) -> Json:
        return self.plain.value(type_, value, steps)

    def present(self, field: Field, value: Json, steps: Steps) -> Json:
        earlier = len(self.errors)
        try:
            return super().present(field, value, steps)
        finally:
            if field.write_only:
                self.errors[earlier:] = [error.without_value() for error in self.errors[earlier:]]

    def note(self, error: ValidationError) -> None:
        if not isinstance(error, _Noted):
            self.errors.append(error)


def _refuse_key(steps: Steps) -> None:
    raise no_key(steps, UNKNOWN_KEY)


def _satisfy(constraints: Constraints, value: Json, steps: Steps, scalar: str = "") -> None:
    failure = constraints.failure(value, scalar)
    if failure is not None:
        error = ValidationError(steps, *failure)
        error.is_constraint = True
        raise error
