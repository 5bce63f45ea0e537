"""The parts of a type that the constraints of a field apply to, and what is wrong with them.

Most specs have no constraints, so this module is imported when it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from modelsync.errors import Problem
from modelsync.schema.aliases import constraints_of, plain
from modelsync.schema.constraints import KINDS, NONE, Constraints, Kind
from modelsync.schema.definitions import Definition, Enum, Union
from modelsync.schema.types import (
    INTEGERS,
    NUMBERS,
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
    alternatives,
    refs_in,
)
from modelsync.spec.limits import KEYS, Limits
from modelsync.spec.possible import (
    bounds_of,
    fits_float,
    has_length,
    has_match_of,
    has_number,
    has_size,
)

_LIMITED_TEXTS: Final = frozenset({"string", "uri", "email", "hostname"})
_NOUNS: Final[Mapping[Kind, str]] = {
    "text": "strings",
    "number": "numbers",
    "list": "lists",
    "map": "maps",
}
_COUNTERPARTS: Final[Mapping[str, Mapping[Kind, str]]] = {
    least: {
        "text": f"{least}Length",
        "number": f"{least}imum",
        "list": f"{least}Items",
        "map": f"{least}Properties",
    }
    for least in ("min", "max")
}
"""The key for each kind of type that says the least, or the most."""


class Limiter:
    """Applies the constraints of one field to its type, and collects what is wrong with them."""

    def __init__(
        self, limits: Limits, definitions: Mapping[str, Definition], problems: list[Problem]
    ) -> None:
        self._limits = limits
        self._definitions = definitions
        self._problems = problems
        self._used: set[str] = set()

    def limited(self, type_: Type) -> Type:
        """Return the type with the constraints at each alternative that they are about."""
        result = self._apply(type_)
        if any(ref.id not in self._definitions for ref in refs_in(type_)):
            return result  # the type is unknown, which is a problem already
        for name in self._limits.positions:
            if name not in self._used:
                self._misplaced(name, type_)
        return result

    def _apply(self, type_: Type) -> Type:
        match type_:
            case Nullable(inner=inner):
                return Nullable(self._apply(inner))
            case AnyOf(members=members):
                return AnyOf(tuple(map(self._apply, members)))
            case _:
                plain_type = plain(self._definitions, type_)
                kind = kind_of_type(plain_type)
                own = self._limits.constraints.of_kind(kind) if kind else NONE
                if not own:
                    return type_
                self._used |= {name for name, _ in own.items()}
                checked = self._possible(type_, plain_type, self._checked(plain_type, own))
                scalar = plain_type.name if isinstance(plain_type, Scalar) else ""
                return Limited(type_, checked, scalar) if checked else type_

    def _problem(self, name: str, code: str, message: str, help_: str = "") -> None:
        self._problems.append(Problem(self._limits.positions[name], code, message, help_))

    def _misplaced(self, name: str, type_: Type) -> None:
        key, noun = KEYS[name].name, _NOUNS[KINDS[name]]
        parts = [plain(self._definitions, part) for part in alternatives(type_)]
        kinds = {kind for part in parts if (kind := kind_of_type(part))}
        counterpart = ""
        if len(kinds) == 1 and key[:3] in _COUNTERPARTS:
            (kind,) = kinds
            counterpart = f"for {_NOUNS[kind]}, write `{_COUNTERPARTS[key[:3]][kind]}`"
        help_ = "; ".join(filter(None, (counterpart, self._inside_help(name, parts))))
        self._problem(name, "MS023", f"`{key}` is for {noun}", help_ or f"remove `{key}`")

    def _inside_help(self, name: str, parts: Iterable[Type]) -> str:
        """Return help for a constraint that items of a list, or values of a map, can have."""
        for part in parts:
            match part:
                case ListOf(item=inner):
                    what, type_ = "items", "list[ItsName]"
                case MapOf(value=inner):
                    what, type_ = "values", "map[ItsName]"
                case _:
                    continue
            if kind_of_type(plain(self._definitions, inner)) == KINDS[name]:
                return f"to limit the {what}, move it to an alias, and write `{type_}`"
        return ""

    def _checked(self, type_: Type, own: Constraints) -> Constraints:
        """Return the constraints of a type in their simplest form. Invalid ones are problems."""
        match type_:
            case Scalar(name=name) if name in INTEGERS:
                own = self._of_integers(self._with_divisor(own))
            case Scalar(name="float32" | "float64" as name):
                own = self._of_floats(name, self._with_divisor(own))
            case Scalar(name="decimal"):
                own = self._with_divisor(own)
            case ListOf(item=item) if own.unique_items and not self._is_comparable(item):
                message = "`uniqueItems` is for lists of strings, integers, booleans and enums"
                own = self._without(own, "unique_items", message, "remove `uniqueItems`")
            case _:
                pass
        return own

    def _without(self, own: Constraints, name: str, message: str, help_: str) -> Constraints:
        """Report a constraint, and return the others."""
        self._problem(name, "MS023", message, help_)
        return replace(own, **{name: None})

    def _with_divisor(self, own: Constraints) -> Constraints:
        divisor = own.multiple_of
        if divisor is not None and divisor <= 0:
            message = "`multipleOf` must be greater than 0"
            return self._without(own, "multiple_of", message, "write a positive number")
        if divisor is not None and len(divisor.normalize().as_tuple().digits) > _MAX_DIVISOR:
            message = f"`multipleOf` has more than {_MAX_DIVISOR} digits"
            return self._without(own, "multiple_of", message, "write fewer digits")
        return own

    def _of_integers(self, own: Constraints) -> Constraints:
        """Return the constraints of an integer with inclusive bounds."""
        for name, limit in bounds_of(own):
            if limit != limit.to_integral_value():
                message = f"`{KEYS[name].name}` of an integer must be an integer"
                help_ = f"write `{int(limit)}`, or use `float64`"
                own = self._without(own, name, message, help_)
        given = dict(bounds_of(own))
        least = [given[name] for name in ("minimum",) if name in given]
        least += [Decimal(int(given[name]) + 1) for name in ("exclusive_minimum",) if name in given]
        most = [given[name] for name in ("maximum",) if name in given]
        most += [Decimal(int(given[name]) - 1) for name in ("exclusive_maximum",) if name in given]
        return replace(
            own,
            minimum=max(least, default=None),
            exclusive_minimum=None,
            maximum=min(most, default=None),
            exclusive_maximum=None,
        )

    def _of_floats(self, scalar: str, own: Constraints) -> Constraints:
        for name, limit in bounds_of(own):
            key, nearest = KEYS[name].name, float(limit)
            if not fits_float(scalar, nearest):
                message = f"`{key}` is out of the range of a {scalar}"
                own = self._without(
                    own, name, message, f"remove `{key}`, or write a smaller number"
                )
            elif Decimal(repr(nearest)) != limit:
                message = f"`{key}` has more digits than a float64"
                own = self._without(own, name, message, f"write `{nearest!r}`")
        return own

    def _possible(self, type_: Type, plain_type: Type, own: Constraints) -> Constraints:
        """Return the constraints that some value satisfies, with those of its aliases.

        The others are problems. `plain_type` is the type without aliases.
        """
        scalar = plain_type.name if isinstance(plain_type, Scalar) else ""
        item = plain_type.item if isinstance(plain_type, ListOf) else None
        most_items = None if item is None else self._different_values(item)
        all_ = own.combined(constraints_of(self._definitions, type_))
        for names, exists in (
            (("min_length", "max_length"), has_length(scalar, all_)),
            (("pattern", "max_length"), has_match_of(all_.pattern, most=all_.max_length)),
            (("pattern", "min_length"), has_match_of(all_.pattern, least=all_.min_length)),
            (("min_items", "max_items"), has_size(all_.min_items, all_.max_items)),
            (
                ("min_items", "unique_items"),
                not all_.unique_items or has_size(all_.min_items, most_items),
            ),
            (
                ("min_properties", "max_properties"),
                has_size(all_.min_properties, all_.max_properties),
            ),
            (_NUMBERS, not scalar or has_number(scalar, all_)),
        ):
            if not exists:
                given = [name for name in names if name in self._limits.positions]
                *others, last = [f"`{KEYS[name].name}`" for name in given]
                keys = f"{', '.join(others)} and {last}" if others else last
                noun = f"`{scalar}`" if scalar else "map" if item is None else "list"
                if isinstance(type_, Ref):
                    noun = f"`{self._definitions[type_.id].name}`"
                help_ = "change or remove " + ("one of them" if len(given) > 1 else "it")
                self._problem(given[-1], "MS025", f"no {noun} satisfies {keys}", help_)
                # Nothing that only follows from this one is reported.
                own = replace(own, **dict.fromkeys(names, None))
        return own

    def _is_comparable(self, type_: Type) -> bool:
        """Return whether equal values of a type are written as the same JSON in every language."""
        type_ = plain(self._definitions, type_)
        match type_:
            case Nullable(inner=inner):
                return self._is_comparable(inner)
            case AnyOf(members=members):
                return all(map(self._is_comparable, members))
            case Scalar(name=name):
                return name in INTEGERS or name in _COMPARABLE
            case Ref(id=id_):
                definition = self._definitions.get(id_)
                if isinstance(definition, Union) and definition.is_alias:
                    return all(map(self._is_comparable, definition.members))
                return isinstance(definition, Enum)
            case _:
                return isinstance(type_, Constant)

    def _different_values(self, type_: Type) -> int | None:
        """Return the number of values of a type; None if it is not known to be small."""
        type_ = plain(self._definitions, type_)
        match type_:
            case Constant():
                return 1
            case Scalar(name="bool"):
                return 2
            case Nullable(inner=inner):
                values = self._different_values(inner)
                return None if values is None else values + 1
            case AnyOf(members=members) if all(isinstance(each, Constant) for each in members):
                return len(members)
            case Ref(id=id_):
                definition = self._definitions.get(id_)
                if isinstance(definition, Union) and definition.is_alias:
                    return self._different_values(AnyOf(definition.members))
                if isinstance(definition, Enum) and not definition.open:
                    return len(definition.values)
                return None
            case _:
                return None


_MAX_DIVISOR: Final = 15
_NUMBERS: Final = tuple(name for name, kind in KINDS.items() if kind == "number")


def kind_of_type(type_: Type) -> Kind | None:
    """Return what the constraints of a type are about; None if it cannot have any."""
    match type_:
        case Scalar(name=name) if name in _LIMITED_TEXTS:
            return "text"
        case Scalar(name=name) if name in NUMBERS or name == "decimal":
            return "number"
        case ListOf():
            return "list"
        case MapOf():
            return "map"
        case _:
            return None


_COMPARABLE: Final = _LIMITED_TEXTS | {
    "bool",
    "time",
    "duration",
    "uuid",
    "ipv4",
    "ipv6",
    "date",
    "bytes",
}
