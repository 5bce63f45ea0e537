"""Which types accept all documents of others: in a union, no document reaches the latter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from modelsync.schema.definitions import Alias, Enum, Field, Model, Union, types_of
from modelsync.schema.json_values import kind_of, kinds
from modelsync.schema.meaning import UNKNOWN_MEMBER
from modelsync.schema.schema import Schema, leaves_of
from modelsync.schema.types import (
    NUMBERS,
    TEXTS,
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
from modelsync.schema.values import Value

_Values: TypeAlias = frozenset[tuple[str, Value]]
"""Each value with its kind, because `1` and `true` differ."""

_Pair: TypeAlias = tuple[Type, Type]


@dataclass(frozen=True, slots=True)
class _Claim:
    """The other pairs of types that the answer for a pair depends on: all of them, or any."""

    combine: Callable[[Iterable[bool]], bool]
    pairs: tuple[_Pair, ...] = ()


_TRUE: Final = _Claim(all)
_FALSE: Final = _Claim(any)


class Covering:
    """Determines which types cover others: a type covers another if it accepts all its documents.

    In a union, a member is unreachable after one that covers it. Keys that both models ignore do
    not count. Types can be recursive, so a type covers another one unless something refutes it.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._settled: dict[_Pair, bool] = {}
        self._values: dict[str | int, _Values | None] = {}

    def only_value(self, type_: Type) -> Constant | None:
        """Return the literal for `type_`, if it accepts exactly one value."""
        values = self.values(type_)
        if values is None or len(values) != 1:
            return None
        (_, value), *_ = values
        assert isinstance(value, str | int)
        return Constant(value)

    def values(self, type_: Type) -> _Values | None:
        """Return all values of `type_`, if it consists of literals only."""
        if isinstance(type_, Constant):
            return frozenset({(kind_of(type_.value), type_.value)})
        if not isinstance(type_, Ref | AnyOf):
            return None
        # Keyed by identity: hashing a union takes time proportional to its members.
        key = type_.id if isinstance(type_, Ref) else id(type_)
        if key not in self._values:
            self._values[key] = self._all_values(type_)
        return self._values[key]

    def _all_values(self, type_: Type) -> _Values | None:
        literals: set[tuple[str, Value]] = set()
        seen: set[str] = set()
        waiting = [type_]
        while waiting:
            match waiting.pop():
                case Constant(value=value):
                    literals.add((kind_of(value), value))
                case AnyOf(members=members):
                    waiting += members
                case Ref(id=id_) as ref:
                    match self.schema[ref]:
                        case Enum(open=False, values=values):
                            literals |= {
                                (kind_of(value.json_value), value.json_value) for value in values
                            }
                        case Union(members=members) if id_ not in seen:
                            seen.add(id_)
                            waiting += members
                        case Union():
                            pass
                        case Alias(type=aliased) if id_ not in seen:
                            seen.add(id_)
                            waiting.append(aliased)
                        case _:
                            return None
                case _:
                    return None
        return frozenset(literals)

    def settled(self, first: Type, second: Type) -> bool:
        """Return whether `first` covers `second`.

        Visits each pair of types once, and without recursion, because chains of definitions can be
        long.
        """
        question = (first, second)
        claims: dict[_Pair, _Claim] = {}
        users: dict[_Pair, list[_Pair]] = {}
        refuted: list[_Pair] = []
        waiting = [question]
        while waiting:
            pair = waiting.pop()
            if pair in claims or pair in self._settled:
                continue
            claim = claims[pair] = self._claim(*pair)
            for other in claim.pairs:
                users.setdefault(other, []).append(pair)
            waiting += claim.pairs
            if claim == _FALSE:
                refuted.append(pair)
        left = {pair: len(claim.pairs) for pair, claim in claims.items()}
        wrong = set(refuted)
        while refuted:
            for user in users.get(refuted.pop(), ()):
                left[user] -= 1
                if user not in wrong and (claims[user].combine is all or not left[user]):
                    wrong.add(user)
                    refuted.append(user)
        self._settled.update((pair, pair not in wrong) for pair in claims)
        return self._settled[question]

    def _both(self, pairs: Iterable[_Pair]) -> _Claim:
        """Return the claim that all of some pairs are covered, without the settled ones."""
        left = []
        for pair in pairs:
            is_covered = self._known(*pair)
            if is_covered is False:
                return _FALSE
            if is_covered is None:
                left.append(pair)
        return _Claim(all, tuple(left))

    def _either(self, pairs: Iterable[_Pair]) -> _Claim:
        """Return the claim that any of some pairs is covered, without the settled ones."""
        left = []
        for pair in pairs:
            is_covered = self._known(*pair)
            if is_covered is True:
                return _TRUE
            if is_covered is None:
                left.append(pair)
        return _Claim(any, tuple(left))

    def _known(self, first: Type, second: Type) -> bool | None:
        """Return whether `first` covers `second`; None if that depends on other types."""
        if first == second or first == Scalar("any"):
            return True
        if isinstance(first, Limited):
            return False
        second_values = self.values(second)
        if second_values is not None and (first_values := self.values(first)) is not None:
            return bool(second_values) and second_values <= first_values
        if isinstance(first, Scalar) and (second_values is not None or isinstance(second, Scalar)):
            return _scalar_covers(self._scalar(first), second_values or self._scalar(second))
        return self._settled.get((first, second))

    def _claim(self, first: Type, second: Type) -> _Claim:
        """Return what the answer to whether `first` covers `second` depends on."""
        is_covered = self._known(first, second)
        if is_covered is not None:
            return _TRUE if is_covered else _FALSE
        if isinstance(second, Nullable) and "null" not in kinds(self.schema, first):
            return _FALSE
        if isinstance(second, Limited):
            return self._both([(first, second.inner)])
        parts = self._parts(second)
        if parts is not None:
            unknown = (UNKNOWN_MEMBER,) if self._open(second) else ()
            return self._both((first, part) for part in (*parts, *unknown))
        parts = self._parts(first)
        if parts is not None:
            union = self._open(first)
            if union is not None and self._is_unknown(union, second):
                return _TRUE
            return self._either((part, second) for part in parts)
        match first, second:
            case (ListOf(item=a), ListOf(item=b)) | (MapOf(value=a), MapOf(value=b)):
                return self._both([(a, b)])
            case _:
                pass
        one, other = _model(self.schema, first), _model(self.schema, second)
        if one is not None and other is not None:
            return self._model_claim(one, other)
        if isinstance(first, MapOf) and other is not None:
            return self._both((first.value, type_) for type_ in types_of(other))
        if one is not None and isinstance(second, MapOf):
            if any(field.required for field in one.fields) or one.additional_properties is False:
                return _FALSE
            shared = [_of_field(field, second.value) for field in one.fields]
            return self._both([*shared, *_of_additional(one, second.value)])
        second_values = self.values(second) or self._scalar(second)
        return _TRUE if _scalar_covers(self._scalar(first), second_values) else _FALSE

    def _model_claim(self, first: Model, second: Model) -> _Claim:
        shared: list[_Pair] = []
        for field in first.fields:
            other = second.by_json_key.get(field.json_key)
            if field.required and (other is None or not other.required):
                return _FALSE
            if other is not None:
                shared.append(_of_field(field, other.type))
            elif second.additional_type is not None:
                shared.append(_of_field(field, second.additional_type))
        known = first.by_json_key.keys() | first.ignored_keys
        keys = {field.json_key: field.type for field in second.fields}
        keys |= dict.fromkeys(second.ignored_keys, Scalar("any"))
        others = [type_ for key, type_ in keys.items() if key not in known]
        if first.additional_properties is False:
            is_closed = second.additional_properties is False and not others
            return self._both(shared) if is_closed else _FALSE
        for type_ in others:
            shared += _of_additional(first, type_)
        if second.additional_properties is not False:
            # A document may have any keys that the second model ignores.
            shared += _of_additional(first, second.additional_type or Scalar("any"))
        return self._both(shared)

    def _parts(self, type_: Type) -> Iterable[Type] | None:
        """Return the alternatives of a union, in any form; None for other types."""
        match type_:
            case Nullable(inner=inner):
                return (inner,)
            case Ref() if isinstance(union := self.schema[type_], Union):
                return leaves_of(self.schema, union.members)
            case Ref() if isinstance(alias := self.schema[type_], Alias):
                return (alias.type,)
            case AnyOf(members=members):
                return leaves_of(self.schema, members)
            case _:
                return None

    def _open(self, type_: Type) -> Union | None:
        """Return the union that a type refers to, if it is open."""
        union = self.schema[type_] if isinstance(type_, Ref) else None
        return union if isinstance(union, Union) and union.open else None

    def _is_unknown(self, union: Union, type_: Type) -> bool:
        """Whether all documents of a type are models that an open union does not know."""
        model = _model(self.schema, type_)
        field = union.tag_field(model) if model is not None else None
        values = self.values(field.type) if field is not None and field.required else None
        if not values:
            return False
        known = {(kind_of(tag), tag) for tag in union.by_tag}
        return {kind for kind, _ in values} == {kind for kind, _ in known} and not values & known

    def first_leaf(self, type_: Type) -> Type:
        """Return the first alternative of `type_`, which is not a union itself."""
        while (parts := self._parts(type_)) is not None:
            leaf = next(iter(parts), None)
            if leaf is None or leaf == type_:
                break
            type_ = leaf
        return type_

    def _scalar(self, type_: Type) -> str:
        """Return the name of the scalar whose values a type accepts; empty for other types."""
        if isinstance(type_, Scalar):
            return type_.name
        definition = self.schema[type_] if isinstance(type_, Ref) else None
        return definition.type if isinstance(definition, Enum) and definition.open else ""


class Earlier:
    """An index of the earlier members of a union that may cover a later one.

    Comparing all pairs would be too slow for thousands of members. A model with a required field
    only covers models that require it too and, if its type consists of literals, share some of
    them. So a model is filed under one of its required fields.
    """

    def __init__(self, covering: Covering, members: Iterable[Type]) -> None:
        self._covering = covering
        self._filed: dict[tuple[object, ...], list[int]] = {}
        models = (_model(covering.schema, member) for member in members)
        self._uses = Counter(
            field.json_key for model in models if model for field in model.fields if field.required
        )

    def add(self, index: int, type_: Type) -> None:
        """Add a member by its index."""
        model = _model(self._covering.schema, type_)
        required = [field for field in model.fields if field.required] if model else []
        keys: Iterable[tuple[object, ...]] = [()]
        if required:
            field = min(required, key=self._commonness)
            values = self._covering.values(field.type)
            keys = [(field.json_key, value) for value in values] if values else [(field.json_key,)]
        for key in keys:
            self._filed.setdefault(key, []).append(index)

    def may_cover(self, type_: Type) -> list[int]:
        """Return the indexes of the members that may cover a type, in order."""
        keys: list[tuple[object, ...]] = [()]
        model = _model(self._covering.schema, self._covering.first_leaf(type_))
        for field in model.fields if model else ():
            if field.required:
                keys.append((field.json_key,))
                values = self._covering.values(field.type)
                keys += [(field.json_key, value) for value in islice(values or (), 1)]
        return sorted(index for key in keys for index in self._filed.get(key, ()))

    def _commonness(self, field: Field) -> tuple[bool, int]:
        return not self._covering.values(field.type), self._uses[field.json_key]


def _of_field(field: Field, second: Type) -> _Pair:
    """Return the pair for a field and a type. Optional fields read null as absent."""
    if isinstance(second, Nullable) and not field.required:
        second = second.inner
    return field.type, second


def _of_additional(model: Model, second: Type) -> list[_Pair]:
    """Return the pair for a key that is none of a model's fields, if the model keeps it."""
    return [] if model.additional_type is None else [(model.additional_type, second)]


def _model(schema: Schema, type_: Type) -> Model | None:
    type_ = schema.resolved(type_)
    definition = schema[type_] if isinstance(type_, Ref) else None
    return definition if isinstance(definition, Model) else None


_WITHIN_HOSTNAME: Final = frozenset({"hostname", "ipv4", "uuid"})
"""The scalars whose texts are all valid hostnames."""


def _scalar_covers(first: str, second: str | _Values) -> bool:
    if not isinstance(second, str):
        kind = "number" if first in NUMBERS else first
        return all(of_value == kind for of_value, _ in second)
    # JSON has a single number type.
    if first in NUMBERS and second in NUMBERS:
        return True
    if first == "hostname":
        return second in _WITHIN_HOSTNAME
    return first == "string" and second in TEXTS
