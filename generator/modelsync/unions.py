"""How the members of a union without discriminator are told apart, in every language alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from modelsync.ir import (
    AnyOf,
    Constant,
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
    Value,
)
from modelsync.wire import KINDS, kind_of, kinds


@dataclass(frozen=True, slots=True)
class Branch:
    """The members of a union, by index and in order, that may take one kind of JSON value."""

    kind: str
    members: tuple[int, ...]


def branches(schema: Schema, union: Union) -> tuple[Branch, ...]:
    """Return how a union without discriminator is read: a branch for each kind of JSON value.

    A branch with one member reads with it; one with several takes the first that accepts. A kind
    without a branch is refused.
    """
    taken = [kinds(schema, member) for member in union.members]
    return tuple(
        Branch(kind, indexes)
        for kind in KINDS
        if (indexes := tuple(i for i, of_member in enumerate(taken) if kind in of_member))
    )


def covers(schema: Schema, first: Type, second: Type) -> bool:
    """Whether a reader of `first` takes every document that `second` means.

    So `second` after `first` in a union is never reached. Unknown keys do not count as part of
    what a model means.
    """
    return _Covering(schema).settled(first, second)


class _Covering:
    """The search for an answer about one pair of types, which rests on those about others.

    Types lead back to themselves, so a pair is taken to be covered until it is refuted. It is
    looked at once in a pass, for unions may have members in common at every level.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.assumed: set[tuple[Type, Type]] = set()
        self.refuted: set[tuple[Type, Type]] = set()

    def settled(self, first: Type, second: Type) -> bool:
        """Return whether `first` covers `second`."""
        while True:
            known = len(self.refuted)
            self.assumed.clear()
            if not self.covers(first, second):
                return False
            # What was refuted on the way may have been taken to be covered before.
            if len(self.refuted) == known:
                return True

    def covers(self, first: Type, second: Type) -> bool:
        if first == second or first == Scalar("any"):
            return True
        pair = (first, second)
        if pair in self.refuted or pair in self.assumed:
            return pair not in self.refuted
        self.assumed.add(pair)
        if self.is_covered(first, second):
            return True
        self.refuted.add(pair)
        return False

    def is_covered(self, first: Type, second: Type) -> bool:
        if isinstance(second, Nullable) and "null" not in kinds(self.schema, first):
            return False
        parts = _parts(self.schema, second)
        if parts is not None:
            return all(self.covers(first, part) for part in parts)
        parts = _parts(self.schema, first)
        if parts is not None:
            return any(self.covers(part, second) for part in parts)
        match first, second:
            case ListOf(item=a), ListOf(item=b):
                return self.covers(a, b)
            case MapOf(value=a), MapOf(value=b):
                return self.covers(a, b)
            case _:
                pass
        one, other = _model(self.schema, first), _model(self.schema, second)
        if one is not None and other is not None:
            return self.model_covers(one, other)
        if isinstance(first, MapOf) and other is not None:
            return all(self.covers(first.value, field.type) for field in other.fields)
        if one is not None and isinstance(second, MapOf):
            return not any(field.required for field in one.fields) and all(
                self.field_covers(field, second.value) for field in one.fields
            )
        return _scalar_covers(_values(self.schema, first), _values(self.schema, second))

    def model_covers(self, first: Model, second: Model) -> bool:
        theirs = {field.wire: field for field in second.fields}
        for field in first.fields:
            other = theirs.get(field.wire)
            if field.required and (other is None or not other.required):
                return False
            if other is not None and not self.field_covers(field, other.type):
                return False
        return True

    def field_covers(self, field: Field, second: Type) -> bool:
        """Whether a field takes all of `second`, of which an optional one reads null as absent."""
        if isinstance(second, Nullable) and not field.required:
            second = second.inner
        return self.covers(field.type, second)


def _parts(schema: Schema, type_: Type) -> tuple[Type, ...] | None:
    """Return the alternatives of a union, however written; None for any other type."""
    match type_:
        case AnyOf(members=members):
            return members
        case Nullable(inner=inner):
            return (inner,)
        case Ref():
            definition = schema[type_]
            return definition.members if isinstance(definition, Union) else None
        case _:
            return None


def _model(schema: Schema, type_: Type) -> Model | None:
    definition = schema[type_] if isinstance(type_, Ref) else None
    return definition if isinstance(definition, Model) else None


def _values(schema: Schema, type_: Type) -> str | frozenset[tuple[str, Value]]:
    """Return what a scalar-like type takes: its scalar's name, or the very values."""
    match type_:
        case Scalar(name=name):
            return name
        case Constant(value=value):
            return frozenset({(kind_of(value), value)})
        case Ref():
            definition = schema[type_]
            if isinstance(definition, Enum):
                if definition.open:
                    return definition.type
                return frozenset((kind_of(value.wire), value.wire) for value in definition.values)
        case _:
            pass
    return ""


_NUMBERS: Final = frozenset({"int32", "int64", "float32", "float64"})


def _scalar_covers(
    first: str | frozenset[tuple[str, Value]], second: str | frozenset[tuple[str, Value]]
) -> bool:
    if isinstance(first, frozenset):
        return isinstance(second, frozenset) and second <= first
    if isinstance(second, frozenset):
        kind = "number" if first in _NUMBERS else first
        return bool(second) and all(of_value == kind for of_value, _ in second)
    # Two types of number are the same to JSON, which has one.
    if first in _NUMBERS and second in _NUMBERS:
        return True
    return first == "string" and second in ("string", "datetime", "date", "bytes")
