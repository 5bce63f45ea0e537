"""The functions of a file that read, write and check the types with constraints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Final

from modelsync.patterns.parse import parse
from modelsync.patterns.translate import RE2, translate
from modelsync.schema.constraints import plain_number
from modelsync.schema.ir import (
    INTEGERS,
    Limited,
    ListOf,
    Scalar,
    Schema,
    Type,
    unlimited,
)
from modelsync.schema.meaning import Holds, read
from modelsync.targets.base import Code, code
from modelsync.targets.go.text import go_literal, indented, literal, raw_literal
from modelsync.targets.go.types import READ, WRITE, Speller
from modelsync.targets.limits import Check, Limits, possible_checks, scalar_of, step_of

_COMPARABLE: Final = {"string", "bool", *INTEGERS}
"""The Go types of which equal values, and only these, are written as the same JSON."""
_HOLDS: Final = Holds()
_MAX_INT64: Final = INTEGERS["int64"][-1]


def packages_of(limits: Iterable[Limited]) -> set[str]:
    """Return the packages of the standard library that the checks of a file use."""
    sizes = {
        check.name
        for limited in limits
        for check in possible_checks(limited, _HOLDS)
        if check.is_size
    }
    packages = {"strconv"} if sizes else set()
    return packages | (
        {"unicode/utf8"} if any(name.endswith("length") for name in sizes) else set()
    )


def support_files_of(limits: Iterable[Limited]) -> set[str]:
    """Return the files of the support package that the functions use, without `.go`."""
    files: set[str] = set()
    for limited in limits:
        files.add("limits")
        names = {check.name for check in possible_checks(limited, _HOLDS)}
        files |= {"pattern"} if "pattern" in names else set()
        files |= {"unique"} if "unique_items" in names else set()
        is_integer = scalar_of(limited) in INTEGERS
        files |= {"multiple"} if "multiple_of" in names and not is_integer else set()
    return files


class LimitViews:
    """Builds the views of a definition's limits; `speller` spells the types in its file."""

    def __init__(self, schema: Schema, speller: Speller) -> None:
        self._schema = schema
        self._speller = speller

    def of(self, limits: Limits) -> Iterator[SimpleNamespace]:
        """Yield the view of each limit."""
        for limited, (name, position) in limits.items():
            inner = self._speller.spell(limited.inner)
            checks = list(possible_checks(limited, _HOLDS))
            pattern = limited.constraints.pattern
            yield SimpleNamespace(
                position=position,
                name=name,
                type=inner.name,
                read=indented(inner.call(READ, Code("v")), 1),
                write=indented(inner.call(WRITE, Code("v")), 1),
                has_length=any(check.name.endswith("length") for check in checks),
                pattern=raw_literal(translate(parse(pattern), RE2)) if pattern else None,
                checks=[
                    {"fails": self._fails(limited, name, check), "reason": _reason(check)}
                    for check in checks
                ],
            )

    def _fails(self, limited: Limited, name: Code, check: Check) -> Code:
        """Return a condition that is true for a bad value."""
        match check.name, check.limit:
            case "pattern", _:
                return code("!matches{}(v)", name)
            case "unique_items", _:
                return self._repeats(limited.inner)
            case "multiple_of", Decimal() as divisor:
                return self._no_multiple(limited, divisor)
            case _, Decimal() as limit if limited.inner == Scalar("decimal"):
                number = literal(plain_number(limit))
                return code("v.Compare({}) {} 0", number, Code(check.outside))
            case _, Decimal() as limit:
                return code("v {} {}", Code(check.outside), self._number(limited.inner, limit))
            case _, size:
                return code("{} {} {}", _size(check), Code(check.outside), Code(str(size)))

    def _repeats(self, type_: Type) -> Code:
        assert isinstance(type_, ListOf)
        item = self._speller.spell(type_.item)
        if item.name in _COMPARABLE and unlimited(type_.item) != Scalar("uuid"):
            return Code("!wire.AreDifferent(v)")
        return code("!wire.AreDifferentAsJSON(v, {})", indented(item.function(WRITE), 1))

    def _no_multiple(self, limited: Limited, divisor: Decimal) -> Code:
        values = INTEGERS.get(scalar_of(limited))
        if values is None:
            write = self._speller.spell(limited.inner).function(WRITE)
            return code("!wire.IsMultiple(v, {}, {})", write, literal(plain_number(divisor)))
        step = step_of(divisor)
        if step > max(values[-1], _MAX_INT64):
            return Code("v != 0")
        return code("{}%{} != 0", Code("v" if step in values else "int64(v)"), go_literal(step))

    def _number(self, type_: Type, number: Decimal) -> Code:
        if isinstance(type_, Scalar) and type_.name in INTEGERS:
            return go_literal(int(number))
        return go_literal(read(self._schema, type_, float(number)))


def _size(check: Check) -> Code:
    return Code("length" if check.name.endswith("length") else "len(v)")


def _reason(check: Check) -> Code:
    if check.is_size:
        return code("{} + strconv.Itoa({})", literal(f"{check.reason}, found "), _size(check))
    return literal(check.reason)
