"""How the members of a union without discriminator are told apart, in every language alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
    leaves_of,
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
    return _Covering(schema).settled((first, second))


_Pair: TypeAlias = tuple[Type, Type]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one pair of types rests on: all of some other pairs, or any of them."""

    combine: Callable[[Iterable[bool]], bool]
    pairs: tuple[_Pair, ...] = ()


_TRUE: Final = _Claim(all)
_FALSE: Final = _Claim(any)


class _Covering:
    """The search for an answer about one pair of types, which rests on those about others.

    Types lead back to themselves, so a pair is covered unless something refutes it. Each pair is
    looked at once, and nothing here is recursive: definitions may lead to each other in a long
    chain.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.claims: dict[_Pair, _Claim] = {}
        self.users: dict[_Pair, list[_Pair]] = {}

    def settled(self, asked: _Pair) -> bool:
        """Return whether the first of a pair covers the second."""
        waiting = [asked]
        refuted: list[_Pair] = []
        while waiting:
            pair = waiting.pop()
            if pair in self.claims:
                continue
            claim = self.claims[pair] = self.claim(*pair)
            for other in claim.pairs:
                self.users.setdefault(other, []).append(pair)
            waiting += claim.pairs
            if claim == _FALSE:
                refuted.append(pair)
        left = {pair: len(claim.pairs) for pair, claim in self.claims.items()}
        wrong = set(refuted)
        while refuted:
            for user in self.users.get(refuted.pop(), ()):
                left[user] -= 1
                if user not in wrong and (self.claims[user].combine is all or not left[user]):
                    wrong.add(user)
                    refuted.append(user)
        return asked not in wrong

    def both(self, pairs: Iterable[_Pair]) -> _Claim:
        """Return the claim that all of some pairs are covered, without those known at once."""
        left = []
        for pair in pairs:
            known = self.at_once(*pair)
            if known is False:
                return _FALSE
            if known is None:
                left.append(pair)
        return _Claim(all, tuple(left))

    def either(self, pairs: Iterable[_Pair]) -> _Claim:
        """Return the claim that any of some pairs is covered, without those known at once."""
        left = []
        for pair in pairs:
            known = self.at_once(*pair)
            if known is True:
                return _TRUE
            if known is None:
                left.append(pair)
        return _Claim(any, tuple(left))

    def at_once(self, first: Type, second: Type) -> bool | None:
        """Return whether `first` covers `second`, None where that rests on other types."""
        if first == second or first == Scalar("any"):
            return True
        if isinstance(first, Scalar | Constant) and isinstance(second, Scalar | Constant):
            return _scalar_covers(_values(self.schema, first), _values(self.schema, second))
        return None

    def claim(self, first: Type, second: Type) -> _Claim:
        """Return what it rests on that `first` covers `second`."""
        known = self.at_once(first, second)
        if known is not None:
            return _TRUE if known else _FALSE
        if isinstance(second, Nullable) and "null" not in kinds(self.schema, first):
            return _FALSE
        parts = self.parts(second)
        if parts is not None:
            return self.both((first, part) for part in parts)
        parts = self.parts(first)
        if parts is not None:
            return self.either((part, second) for part in parts)
        match first, second:
            case (ListOf(item=a), ListOf(item=b)) | (MapOf(value=a), MapOf(value=b)):
                return self.both([(a, b)])
            case _:
                pass
        one, other = _model(self.schema, first), _model(self.schema, second)
        if one is not None and other is not None:
            return self.model_claim(one, other)
        if isinstance(first, MapOf) and other is not None:
            return self.both((first.value, field.type) for field in other.fields)
        if one is not None and isinstance(second, MapOf):
            if any(field.required for field in one.fields):
                return _FALSE
            return self.both(_of_field(field, second.value) for field in one.fields)
        is_covered = _scalar_covers(_values(self.schema, first), _values(self.schema, second))
        return _TRUE if is_covered else _FALSE

    def model_claim(self, first: Model, second: Model) -> _Claim:
        theirs = {field.wire: field for field in second.fields}
        for field in first.fields:
            other = theirs.get(field.wire)
            if field.required and (other is None or not other.required):
                return _FALSE
        return self.both(
            _of_field(field, theirs[field.wire].type)
            for field in first.fields
            if field.wire in theirs
        )

    def parts(self, type_: Type) -> Iterable[Type] | None:
        """Return the alternatives of a union, however written; None for any other type."""
        match type_:
            case Nullable(inner=inner):
                return (inner,)
            case Ref() if isinstance(union := self.schema[type_], Union):
                return leaves_of(self.schema, union.members)
            case AnyOf(members=members):
                return leaves_of(self.schema, members)
            case _:
                return None


def _of_field(field: Field, second: Type) -> _Pair:
    """Return the pair for a field and a type, of which an optional one reads null as absent."""
    if isinstance(second, Nullable) and not field.required:
        second = second.inner
    return field.type, second


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
