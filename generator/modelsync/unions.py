"""How the members of a union without discriminator are told apart, in every language alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

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

_Values: TypeAlias = frozenset[tuple[str, Value]]
"""Each value with its kind, which keeps `1` and `true` apart."""


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


class Covering:
    """Which types cover which others: a reader of the one takes every document of the other.

    So the other after the one in a union is never reached. Unknown keys do not count as part of
    what a model means.

    Types lead back to themselves, so a pair is taken to be covered until it is refuted. It is
    looked at once in a pass, for unions may have members in common at every level.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.assumed: set[tuple[Type, Type]] = set()
        self.refuted: set[tuple[Type, Type]] = set()
        self._values: dict[str | int, _Values | None] = {}

    def only_value(self, type_: Type) -> Constant | None:
        """Return the literal that `type_` comes to, if there is one value that it takes."""
        values = self.values(type_)
        if values is None or len(values) != 1:
            return None
        (_, value), *_ = values
        assert isinstance(value, str | int)
        return Constant(value)

    def values(self, type_: Type) -> _Values | None:
        """Return all that `type_` takes, if it is of literals alone."""
        if isinstance(type_, Constant):
            return frozenset({(kind_of(type_.value), type_.value)})
        if not isinstance(type_, Ref | AnyOf):
            return None
        # A type is known by its identity: to hash a union takes time by the number of its members.
        key = type_.id if isinstance(type_, Ref) else id(type_)
        if key not in self._values:
            self._values[key] = self._all_values(type_)
        return self._values[key]

    def _all_values(self, type_: Type) -> _Values | None:
        found: set[tuple[str, Value]] = set()
        seen: set[str] = set()
        waiting = [type_]
        while waiting:
            match waiting.pop():
                case Constant(value=value):
                    found.add((kind_of(value), value))
                case AnyOf(members=members):
                    waiting += members
                case Ref(id=id_) as ref:
                    match self.schema[ref]:
                        case Enum(open=False, values=values):
                            found |= {(kind_of(value.wire), value.wire) for value in values}
                        case Union(members=members) if id_ not in seen:
                            seen.add(id_)
                            waiting += members
                        case Union():
                            pass
                        case _:
                            return None
                case _:
                    return None
        return frozenset(found)

    def settled(self, first: Type, second: Type) -> bool:
        """Return whether `first` covers `second`."""
        while True:
            known = len(self.refuted)
            self.assumed.clear()
            if not self._covers(first, second):
                return False
            # What was refuted on the way may have been taken to be covered before.
            if len(self.refuted) == known:
                return True

    def _covers(self, first: Type, second: Type) -> bool:
        if first == second or first == Scalar("any"):
            return True
        pair = (first, second)
        if pair in self.refuted or pair in self.assumed:
            return pair not in self.refuted
        self.assumed.add(pair)
        if self._is_covered(first, second):
            return True
        self.refuted.add(pair)
        return False

    def _is_covered(self, first: Type, second: Type) -> bool:
        if isinstance(second, Nullable) and "null" not in kinds(self.schema, first):
            return False
        theirs = self.values(second)
        if theirs is not None and (ours := self.values(first)) is not None:
            return bool(theirs) and theirs <= ours
        parts = _parts(self.schema, second)
        if parts is not None:
            return all(self._covers(first, part) for part in parts)
        parts = _parts(self.schema, first)
        if parts is not None:
            return any(self._covers(part, second) for part in parts)
        match first, second:
            case ListOf(item=a), ListOf(item=b):
                return self._covers(a, b)
            case MapOf(value=a), MapOf(value=b):
                return self._covers(a, b)
            case _:
                pass
        one, other = _model(self.schema, first), _model(self.schema, second)
        if one is not None and other is not None:
            return self._model_covers(one, other)
        if isinstance(first, MapOf) and other is not None:
            return all(self._covers(first.value, field.type) for field in other.fields)
        if one is not None and isinstance(second, MapOf):
            return not any(field.required for field in one.fields) and all(
                self._field_covers(field, second.value) for field in one.fields
            )
        return _scalar_covers(self._scalar(first), theirs or self._scalar(second))

    def _scalar(self, type_: Type) -> str:
        """Return the name of the scalar whose values a type takes; empty for all others."""
        if isinstance(type_, Scalar):
            return type_.name
        definition = self.schema[type_] if isinstance(type_, Ref) else None
        return definition.type if isinstance(definition, Enum) and definition.open else ""

    def _model_covers(self, first: Model, second: Model) -> bool:
        for field in first.fields:
            other = second.by_wire.get(field.wire)
            if field.required and (other is None or not other.required):
                return False
            if other is not None and not self._field_covers(field, other.type):
                return False
        return True

    def _field_covers(self, field: Field, second: Type) -> bool:
        """Whether a field takes all of `second`, of which an optional one reads null as absent."""
        if isinstance(second, Nullable) and not field.required:
            second = second.inner
        return self._covers(field.type, second)


class Earlier:
    """Members of a union, of which those can be looked up that may cover a later one.

    To compare each with each takes too long for thousands. A model that requires a field covers
    only models that require it too and, if its type is of literals, have some of them in common:
    so it is filed under one of these fields.
    """

    def __init__(self, covering: Covering, members: Iterable[Type]) -> None:
        self._covering = covering
        self._filed: dict[tuple[object, ...], list[int]] = {}
        models = (_model(covering.schema, member) for member in members)
        self._uses = Counter(
            field.wire for model in models if model for field in model.fields if field.required
        )

    def add(self, index: int, type_: Type) -> None:
        """File a member by its index."""
        model = _model(self._covering.schema, type_)
        required = [field for field in model.fields if field.required] if model else []
        keys: Iterable[tuple[object, ...]] = [()]
        if required:
            field = min(required, key=self._commonness)
            values = self._covering.values(field.type)
            keys = [(field.wire, each) for each in values] if values else [(field.wire,)]
        for key in keys:
            self._filed.setdefault(key, []).append(index)

    def may_cover(self, type_: Type) -> list[int]:
        """Return the indexes of the members that may cover a type, in order."""
        keys: list[tuple[object, ...]] = [()]
        model = _model(self._covering.schema, self._first_part(type_))
        for field in model.fields if model else ():
            if field.required:
                keys.append((field.wire,))
                values = self._covering.values(field.type)
                keys += [(field.wire, each) for each in islice(values or (), 1)]
        return sorted(index for key in keys for index in self._filed.get(key, ()))

    def _commonness(self, field: Field) -> tuple[bool, int]:
        return not self._covering.values(field.type), self._uses[field.wire]

    def _first_part(self, type_: Type) -> Type:
        """Return what is to be covered first where a union is to be covered."""
        seen: set[str] = set()
        while (parts := _parts(self._covering.schema, type_)) and not (
            isinstance(type_, Ref) and type_.id in seen
        ):
            if isinstance(type_, Ref):
                seen.add(type_.id)
            type_ = parts[0]
        return type_


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


_NUMBERS: Final = frozenset({"int32", "int64", "float32", "float64"})


def _scalar_covers(first: str, second: str | _Values) -> bool:
    if not isinstance(second, str):
        kind = "number" if first in _NUMBERS else first
        return all(of_value == kind for of_value, _ in second)
    # Two types of number are the same to JSON, which has one.
    if first in _NUMBERS and second in _NUMBERS:
        return True
    return first == "string" and second in ("string", "datetime", "date", "bytes")
