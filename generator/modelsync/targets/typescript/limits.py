"""The functions of a module that check its types with constraints."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, NamedTuple

from modelsync.errors import Position, Problem
from modelsync.patterns import translated
from modelsync.schema import ir
from modelsync.schema.constraints import KINDS, plain_number
from modelsync.schema.types import LEAVES
from modelsync.targets.base import Code, Target, code
from modelsync.targets.limits import Check, Limits, limits_of, possible_checks, scalar_of, step_of
from modelsync.targets.typescript.text import json_literal, literal

if TYPE_CHECKING:
    from modelsync.targets.typescript.module import Module

WIDE: Final = ("int64", "uint64")
"""The integers whose type is an option."""


def limits_in(target: Target, definition: ir.Definition, taken: set[str]) -> Limits:
    """Return the types with constraints of a definition.

    `taken` has the names of the definitions whose functions the module may import.
    """
    if not target.schema.constraints:
        return {}
    return limits_of(_parts(target, definition), taken, target.holds)


def _parts(target: Target, definition: ir.Definition) -> Iterator[tuple[str, ir.Type, Position]]:
    match definition:
        case ir.Model(fields=fields):
            for field in fields:
                name = target.field_names[definition.id, field.json_key]
                yield name[:1].upper() + name[1:], field.type, field.position
            if definition.additional_type is not None:
                at = definition.additional_position
                yield "AdditionalProperties", definition.additional_type, at
        case ir.Union(members=members, positions=positions):
            for member, position in zip(members, positions, strict=True):
                yield _word(member), member, position
        case ir.Alias():
            yield target.definition_names[definition.id], definition.type, definition.position
        case ir.Enum():
            pass


def _word(member: ir.Type) -> str:
    """Return the name of a member of a union, in the names of functions."""
    match member:
        case ir.Limited(inner=inner) | ir.Nullable(inner=inner):
            return _word(inner)
        case ir.Scalar(name=name):
            return name.capitalize()
        case _:
            return "List" if isinstance(member, ir.ListOf) else "Map"


def unheld(target: Target, definition: ir.Definition) -> Iterator[Problem]:
    """Yield the types whose constraints leave none of the integers that the target holds."""
    for _, type_, position in _parts(target, definition):
        for limited in () if type(type_) in LEAVES else ir.walk(type_):
            if not isinstance(limited, ir.Limited) or scalar_of(limited) not in ir.INTEGERS:
                continue
            values, limits = target.holds.range_of(scalar_of(limited)), limited.constraints
            if (limits.minimum or 0) > values[-1] or (limits.maximum or 0) < values[0]:
                message = f"a `number` in TypeScript holds no {scalar_of(limited)} in this range"
                help_ = "set the option `int64: bigint` of the target"
                yield Problem(position, "MS053", message, help_)


class LimitViews:
    """Builds the views of the types with constraints of a module."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def all(self) -> Iterator[SimpleNamespace]:
        """Yield the view of each type."""
        for limited, (name, position) in self._module.limits.items():
            reader = self._module.readers.spell(limited.inner)
            writer = self._module.writers.spell(limited.inner)
            is_one = self._module.has_one_codec(limited.inner)
            checks = list(possible_checks(limited, self._module.target.holds))
            kind = _KINDS[KINDS[checks[0].name]]
            views = [self._check(limited, kind, check) for check in checks]
            first = sum(check.comes_first for check in checks)
            pattern = limited.constraints.pattern
            alias = self._module.alias_of(limited)
            yield SimpleNamespace(
                position=position,
                name=name,
                exported=alias is not None,
                json=self._module.jsons.spell(limited.inner),
                type=alias or self._module.spell(limited.inner),
                reader=reader,
                writer=None if is_one else writer,
                subject=kind.subject,
                checked=kind.type,
                measure=kind.measure if first else None,
                pattern=Code(f"/{translated(pattern, 'ecmascript')}/u") if pattern else None,
                sizes=views[:first],
                checks=views[first:],
            )

    def _check(self, limited: ir.Limited, kind: _Kind, check: Check) -> SimpleNamespace:
        return SimpleNamespace(
            fails=self._fails(limited, kind, check),
            wanted=literal(check.reason.removeprefix("expected ")),
            found=kind.size if check.is_size else _shortest(limited, kind.subject),
            error=Code("repeated" if check.name == "unique_items" else "refuse"),
        )

    def _fails(self, limited: ir.Limited, kind: _Kind, check: Check) -> Code:
        """Return a condition that is true for a bad value."""
        subject, outside = kind.subject, Code(check.outside)
        match check.name, check.limit:
            case "min_length" | "max_length" as name, int() as limit:
                function = Code("isShorter" if name == "min_length" else "isLonger")
                return code("wire.{}({}, {})", function, subject, literal(limit))
            case "pattern", _:
                return code("!pattern.test({})", subject)
            case "unique_items", _:
                return code("!wire.areDifferent({})", subject)
            case "multiple_of", Decimal() as divisor:
                return self._no_multiple(limited, subject, divisor)
            case _, Decimal() as limit if scalar_of(limited) == "decimal":
                number = literal(plain_number(limit))
                return code("wire.compareDecimals({}, {}) {} 0", subject, number, outside)
            case _, Decimal() as limit if scalar_of(limited) in ir.INTEGERS:
                number = self._integer(scalar_of(limited), int(limit))
                return code("{} {} {}", subject, outside, number)
            case _, Decimal() as limit if scalar_of(limited) == "float32":
                number = json_literal(float(limit) + 0.0)  # and not -0
                return code("Math.fround({}) {} Math.fround({})", subject, outside, number)
            case _, Decimal() as limit:
                return code("{} {} {}", subject, outside, json_literal(float(limit) + 0.0))
            case _, limit:
                return code("{} {} {}", kind.size, outside, literal(int(limit)))

    def _no_multiple(self, limited: ir.Limited, subject: Code, divisor: Decimal) -> Code:
        scalar = scalar_of(limited)
        if scalar in ir.INTEGERS:
            zero = self._integer(scalar, 0)
            step, values = step_of(divisor), ir.INTEGERS[scalar]
            if step > max(-values[0], values[-1]):
                return code("{} !== {}", subject, zero)
            return code("{} % {} !== {}", subject, self._integer(scalar, step), zero)
        number = _shortest(limited, subject)
        return code("!wire.isMultiple({}, {})", number, literal(plain_number(divisor)))

    def _integer(self, scalar: str, value: int) -> Code:
        """Spell a number that is compared with the values of a scalar."""
        return self._module.literal(value) if scalar in WIDE else literal(value)


def _shortest(limited: ir.Limited, subject: Code) -> Code:
    """Return a number as documents have it: of a 32-bit one, the fewest digits."""
    if scalar_of(limited) != "float32":
        return subject
    return code("wire.writeFloat32({}, parent, key)", subject)


class _Kind(NamedTuple):
    """What code writes for a kind of value that constraints are about."""

    subject: Code
    """The name of the variable."""
    size: Code
    """The size, as errors mention it."""
    type: Code
    """The type that is wide enough for the checks."""
    measure: Code = Code()
    """The function that returns the size of a value that has not been converted yet."""


_KINDS: Final = {
    "text": _Kind(Code("text"), Code("wire.characters(text)"), Code("string")),
    "number": _Kind(Code("number"), Code(), Code("number")),
    "list": _Kind(Code("list"), Code("size"), Code("readonly unknown[]"), Code("listSize")),
    "map": _Kind(Code("map"), Code("size"), Code("object"), Code("mapSize")),
}
