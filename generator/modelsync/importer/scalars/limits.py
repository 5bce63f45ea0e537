"""The constraints of a JSON Schema -> the keys that a spec has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, key, plain, text
from modelsync.importer.patterns import is_implied_by_type, is_within_type, read_pattern
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.schema.constraints import KEYWORDS, KINDS, NONE, Constraints, Kind, plain_number
from modelsync.schema.types import INTEGERS, NUMBERS
from modelsync.spec.possible import fits_float, has_length, has_match_of, has_number, has_size

LIMITED_TEXTS: Final = frozenset({"string", "uri", "email", "hostname"})
"""The types of text that a spec can limit."""
_MAX_SIZE: Final = 999_999_999
_MAX_DIGITS: Final = 400
_MAX_SHOWN: Final = 100
"""How long a pattern in a message is at most."""
_MAX_DIVISOR: Final = 15
_SHORTEST: Final[Mapping[str, int]] = {
    "datetime": len("0001-01-01T00:00:00Z"),
    "date": len("0001-01-01"),
    "time": len("00:00:00Z"),
    "duration": len("P1D"),
    "uuid": 36,
    "ipv4": len("1.1.1.1"),
    "ipv6": len("::"),
    "bytes": 0,
    "decimal": 1,
}
_LONGEST: Final[Mapping[str, int]] = {
    "date": len("0001-01-01"),
    "uuid": 36,
    "ipv4": len("255.255.255.255"),
    "ipv6": 45,
    "decimal": 1000,
}
_NOUNS: Final[Mapping[Kind, str]] = {
    "text": "texts",
    "number": "numbers",
    "list": "lists",
    "map": "objects",
}
_BOUNDS: Final = ("minimum", "exclusive_minimum", "maximum", "exclusive_maximum")


def limits_of(
    schema: JsonObject,
    types: Collection[str],
    findings: Findings,
    *,
    may_be_unique: bool = True,
    extra: Constraints | None = None,
) -> tuple[Entry, ...]:
    """Return the constraints of a schema as entries of a field or an alias.

    `types` are the alternatives of the written type: scalars as in a spec, and `list`, `map`,
    `model` or anything else for types without constraints. `may_be_unique` says whether the items
    of a list are of types that `uniqueItems` is for. `extra` are constraints that the type itself
    adds, such as the range of 8 bits.

    Whatever a spec refuses is left out, and is a finding.
    """
    if extra is None and schema.keys().isdisjoint(_KEYWORDS):
        return ()  # as for most schemas
    return _Limits(schema, types, findings, may_be_unique).entries(extra)


_KEYWORDS: Final = frozenset(KEYWORDS.values())


def is_implied_by_form(keyword: str, value: Json, type_: str) -> bool:
    """Return whether all texts of a type with a form of its own satisfy a constraint of text."""
    if isinstance(value, str):
        return is_implied_by_type(value, type_)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    if keyword == "maxLength":
        longest = _LONGEST.get(type_)
        return longest is not None and value >= longest
    return value <= _SHORTEST[type_]


def says_form(schema: JsonObject, type_: str) -> bool:
    """Return whether the pattern of a schema allows some texts of a type only, and no others.

    Then the pattern says all that the type says, which cannot have one.
    """
    pattern = schema.get("pattern")
    if type_ not in _SHORTEST or not isinstance(pattern, str):
        return False
    return is_within_type(pattern, type_) and not is_implied_by_type(pattern, type_)


class _Limits:
    def __init__(
        self, schema: JsonObject, types: Collection[str], findings: Findings, may_be_unique: bool
    ) -> None:
        self.schema = schema
        self.types = types
        self.findings = findings
        self.may_be_unique = may_be_unique
        self.scalars: dict[Kind, str] = {}
        """The alternative that each kind of constraint is about."""
        self.lengths = NONE
        """The lengths that the pattern says."""
        for type_ in types:
            kind = _KINDS.get(type_)
            if kind is not None:
                self.scalars.setdefault(kind, type_)

    def entries(self, extra: Constraints | None) -> tuple[Entry, ...]:
        own = self.numbers_in_range(Constraints(**self.values())).combined(self.lengths)
        if extra is not None:
            own = own.combined(extra)
        own = self.possible(own)
        found = []
        for name, value in own.items():
            keyword = KEYWORDS[name]
            at = self.schema.at(keyword if keyword in self.schema else None)
            node = text(value, at) if isinstance(value, str) else plain(_scalar_text(value), at)
            found.append((key(keyword, at), node))
        return tuple(found)

    def loss(self, keyword: str, message: str, written: str = "") -> None:
        self.findings.loss(self.schema.at(keyword), keyword, message, written)

    def note(self, keyword: str, message: str, written: str = "") -> None:
        self.findings.note(self.schema.at(keyword), keyword, message, written)

    def values(self) -> dict[str, Any]:
        """Return each constraint that is about one of the types, by its attribute."""
        values: dict[str, Any] = {}
        for name, keyword in KEYWORDS.items():
            if keyword in self.schema and self.is_about_type(name, keyword):
                value = _READERS[name](self, name, keyword, self.schema[keyword])
                if value is not None:
                    values[name] = value
        return values

    def is_about_type(self, name: str, keyword: str) -> bool:
        kind = KINDS[name]
        if kind in self.scalars:
            return True
        if kind == "text":
            texts = [type_ for type_ in self.types if type_ in _SHORTEST]
            if texts:
                self.on_fixed_text(keyword, texts[0])
                return False
        if kind == "map" and "model" in self.types:
            if self.schema[keyword] != 0 or keyword != "minProperties":
                self.loss(keyword, f"`{keyword}` cannot limit a model, only a map")
        elif not {"any", "union"} & set(self.types):
            self.note(keyword, f"`{keyword}` has no effect: it is about {_NOUNS[kind]}")
        else:
            self.loss(keyword, f"`{keyword}` cannot limit this type")
        return False

    def on_fixed_text(self, keyword: str, type_: str) -> None:
        """Report a constraint of text on a type whose texts have a form of their own."""
        if is_implied_by_form(keyword, self.schema[keyword], type_):
            self.note(keyword, f"`{keyword}` has no effect on a `{type_}`")
        else:
            self.loss(keyword, f"`{keyword}` cannot limit a `{type_}`")

    # Values of keywords ---------------------------------------------------------------------------

    def number(self, keyword: str, value: Json) -> Decimal | None:
        """Return a number; text that is one counts, because it shows what is meant."""
        if isinstance(value, str) and re.fullmatch(r"(?a)-?\d{1,18}(\.\d{1,18})?", value):
            self.note(keyword, f"`{keyword}` is text instead of a number", f"`{value}`")
            return Decimal(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.loss(keyword, f"`{keyword}` is not a number")
            return None
        number = Decimal(value)
        adjusted = number.adjusted() if number else 0
        if abs(adjusted) > _MAX_DIGITS - 10 or len(plain_number(number)) > _MAX_DIGITS:
            self.too_long(keyword, number)
            return None
        return number

    def too_long(self, keyword: str, number: Decimal) -> None:
        is_upper = keyword.lower().endswith("maximum")
        if keyword != "multipleOf" and number.adjusted() > 0 and is_upper != number.is_signed():
            self.note(keyword, f"`{keyword}` is beyond every number that a spec has")
        else:
            self.loss(keyword, f"`{keyword}` has more than {_MAX_DIGITS} digits")

    def size(self, _name: str, keyword: str, value: Json) -> int | None:
        number = self.number(keyword, value)
        if number is None:
            return None
        if number != number.to_integral_value() or number < 0:
            self.loss(keyword, f"`{keyword}` is not an integer from 0")
            return None
        if number <= _MAX_SIZE:
            return int(number)
        if keyword.startswith("max"):
            self.note(keyword, f"`{keyword}` is larger than any value can be")
        else:
            self.loss(keyword, f"`{keyword}` is above {_MAX_SIZE}")
        return None

    def bound(self, name: str, keyword: str, value: Json) -> Decimal | None:
        """Return a bound. The booleans of earlier drafts make the bound beside them exclusive."""
        if isinstance(value, bool) and name.startswith("exclusive"):
            limit = self.schema.get(keyword.removeprefix("exclusive").lower())
            return self.number(keyword, limit) if value and limit is not None else None
        other = self.schema.get(f"exclusive{keyword[0].upper()}{keyword[1:]}")
        if not name.startswith("exclusive") and other is True:
            return None
        return self.number(keyword, value)

    def divisor(self, _name: str, keyword: str, value: Json) -> Decimal | None:
        number = self.number(keyword, value)
        if number is None:
            return None
        if number <= 0:
            self.loss(keyword, f"`{keyword}` is not greater than 0")
            return None
        if len(number.normalize().as_tuple().digits) > _MAX_DIVISOR:
            self.loss(keyword, f"`{keyword}` has more than {_MAX_DIVISOR} digits")
            return None
        return number

    def pattern(self, _name: str, keyword: str, value: Json) -> str | None:
        """Return a pattern, and add the lengths that it says to :attr:`lengths`."""
        if not isinstance(value, str):
            self.loss(keyword, f"`{keyword}` is not text")
            return None
        read = read_pattern(value)
        if read.problem:
            written = f"`{keyword}: {read.text}`" if read.text else ""
            self.loss(keyword, f"`{keyword}` {read.problem}", written)
        elif read.note:
            written = f"`{keyword}: {read.text}`"
            written = written if len(written) <= _MAX_SHOWN else ""
            self.note(keyword, f"`{keyword}` with {read.note}", written)
        self.lengths = Constraints(min_length=read.min_length or None, max_length=read.max_length)
        return read.text

    def unique(self, _name: str, keyword: str, value: Json) -> bool | None:
        if value is not True:
            return None
        if not self.may_be_unique:
            self.loss(keyword, f"`{keyword}` needs a list of strings, integers, booleans or enums")
            return None
        return True

    # What a spec refuses --------------------------------------------------------------------------

    def numbers_in_range(self, own: Constraints) -> Constraints:
        """Return the constraints with bounds that the number's type can have."""
        scalar = self.scalars.get("number")
        for name in _BOUNDS:
            limit: Decimal | None = getattr(own, name)
            if scalar is None or limit is None:
                continue
            if scalar in INTEGERS:
                own = self.integer_bound(own, name, limit, scalar)
            elif scalar != "decimal":
                own = _with(own, name, self.float_bound(name, limit, scalar))
        return own

    def integer_bound(
        self, own: Constraints, name: str, limit: Decimal, scalar: str
    ) -> Constraints:
        keyword = KEYWORDS[name]
        is_lower = name.endswith("minimum")
        values = INTEGERS[scalar]
        whole = limit.to_integral_value("ROUND_CEILING" if is_lower else "ROUND_FLOOR")
        if whole != limit:
            # `> 1.5` is `>= 2`.
            inclusive = name.removeprefix("exclusive_")
            written = f"`{KEYWORDS[inclusive]}: {plain_number(whole)}`"
            self.note(keyword, f"`{keyword}` of an integer has a fraction", written)
            beside = getattr(own, inclusive) if inclusive != name else None
            own = _with(own, name, None)
            if beside is not None:
                whole = max(beside, whole) if is_lower else min(beside, whole)
            name = inclusive
        is_useless = whole < values[0] if is_lower else whole > values[-1]
        if is_useless:
            self.note(keyword, f"`{keyword}` is beyond every `{scalar}`")
            return _with(own, name, None)
        return _with(own, name, whole)

    def float_bound(self, name: str, limit: Decimal, scalar: str) -> Decimal | None:
        keyword = KEYWORDS[name]
        nearest = float(limit)
        if not fits_float(scalar, nearest):
            if (limit < 0) == name.endswith("minimum"):
                self.note(keyword, f"`{keyword}` is beyond every `{scalar}`")
            else:
                self.loss(keyword, f"`{keyword}` is beyond every `{scalar}`, so nothing fits")
            return None
        shortest = Decimal(repr(nearest))
        if shortest != limit:
            written = f"`{keyword}: {plain_number(shortest)}`"
            self.note(keyword, f"`{keyword}` has more digits than a `{scalar}`", written)
        return shortest

    def possible(self, own: Constraints) -> Constraints:
        """Return the constraints without those that no value satisfies."""
        scalar = self.scalars.get("number", "")
        text_type = self.scalars.get("text", "")
        checks: tuple[tuple[tuple[str, ...], Callable[[Constraints], bool]], ...] = (
            (("min_length", "max_length"), lambda all_: has_length(text_type, all_)),
            (
                ("pattern", "max_length"),
                lambda all_: has_match_of(all_.pattern, most=all_.max_length),
            ),
            (
                ("pattern", "min_length"),
                lambda all_: has_match_of(all_.pattern, least=all_.min_length),
            ),
            (("min_items", "max_items"), lambda all_: has_size(all_.min_items, all_.max_items)),
            (
                ("min_properties", "max_properties"),
                lambda all_: has_size(all_.min_properties, all_.max_properties),
            ),
            ((*_BOUNDS, "multiple_of"), lambda all_: not scalar or has_number(scalar, all_)),
        )
        for names, exists in checks:
            given = [name for name in names if getattr(own, name) is not None]
            if given and not exists(own):
                keywords = " and ".join(f"`{KEYWORDS[name]}`" for name in given)
                verb = "excludes" if len(given) == 1 else "exclude"
                first = next(
                    (KEYWORDS[name] for name in given if KEYWORDS[name] in self.schema), None
                )
                self.findings.loss(
                    self.schema.at(first),
                    "impossible constraints",
                    f"{keywords} {verb} every value",
                )
                own = replace(own, **dict.fromkeys(names, None))
        return own


_KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(LIMITED_TEXTS, "text"),
    **dict.fromkeys(NUMBERS, "number"),
    "list": "list",
    "map": "map",
}


def _with(own: Constraints, name: str, limit: Decimal | None) -> Constraints:
    return replace(own, **{name: limit})  # type: ignore[arg-type]


def _scalar_text(value: int | Decimal | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else plain_number(value)


_Read = Callable[[_Limits, str, str, Json], Any]
_READERS: Final[Mapping[str, _Read]] = {
    **dict.fromkeys(
        ("min_length", "max_length", "min_items", "max_items", "min_properties", "max_properties"),
        _Limits.size,
    ),
    **dict.fromkeys(_BOUNDS, _Limits.bound),
    "multiple_of": _Limits.divisor,
    "pattern": _Limits.pattern,
    "unique_items": _Limits.unique,
}
