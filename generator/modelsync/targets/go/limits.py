"""The functions of a file that read, write and check the types with constraints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Final

from modelsync.patterns import translated
from modelsync.schema import ir, meaning
from modelsync.schema.constraints import plain_number
from modelsync.schema.scalars import Holds
from modelsync.targets.base import Code, code
from modelsync.targets.go.text import go_literal, indented, literal, raw_literal
from modelsync.targets.go.types import READ, WRITE, GoType, Speller
from modelsync.targets.limits import Check, Limits, possible_checks, step_of

PACKAGES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("min_length", "max_length"), frozenset({"strconv", "unicode/utf8"})),
    **dict.fromkeys(
        ("min_items", "max_items", "min_properties", "max_properties"), frozenset({"strconv"})
    ),
}
"""The packages of the standard library that a check uses."""
FILES: Final = {
    "pattern": "pattern",
    "unique_items": "unique",
    "multiple_of": "multiple",
    **dict.fromkeys(("min_items", "max_items", "min_properties", "max_properties"), "sized"),
}
"""The file of the package `codec` that a check uses, without `.go`."""
_COMPARABLE: Final = {"string", "bool", *ir.INTEGERS}
"""The Go types of which equal values, and only these, are written as the same JSON."""


def checks_in(limits: Iterable[ir.Limited]) -> set[str]:
    """Return the names of all checks; `step` is `multipleOf` for integers."""
    return {check.name for limited in limits for check in _checks(limited)}


def _checks(limited: ir.Limited) -> Iterator[Check]:
    """Yield the checks that a value of the type can fail, because vet reports the others."""
    for check in possible_checks(limited, Holds()):
        if check.name == "multiple_of" and _integers(limited):
            # An integer is a multiple of 1.5 if it is one of 3.
            yield check._replace(name="step", limit=step_of(Decimal(check.limit)))
        else:
            yield check


def _integers(limited: ir.Limited) -> range | None:
    return ir.INTEGERS.get(limited.scalar)


def limit_views(schema: ir.Schema, speller: Speller, limits: Limits) -> Iterator[SimpleNamespace]:
    """Yield the view of each limit; `speller` spells the types in the file."""
    for limited, (name, position) in limits.items():
        inner = speller.spell(limited.inner)
        sizes = [check for check in _checks(limited) if check.comes_first]
        checks = [check for check in _checks(limited) if not check.comes_first]
        pattern = limited.constraints.pattern
        is_string = inner.name == "string"
        yield SimpleNamespace(
            position=position,
            name=name,
            type=inner.name,
            text=Code("v" if is_string else "string(v)"),
            read=indented(_read(schema, limited, inner, name, sizes), 1),
            write=indented(inner.call(WRITE, Code("v")), 1),
            has_length=any(check.name.endswith("length") for check in checks),
            pattern=raw_literal(translated(pattern, "re2")) if pattern else None,
            **{
                key: [
                    {
                        "fails": _fails(schema, speller, limited, name, check),
                        "wanted": literal(check.reason.removeprefix("expected ")),
                        "found": _found(check),
                    }
                    for check in group
                ]
                for key, group in (("sizes", sizes), ("checks", checks))
            },
        )


def _read(
    schema: ir.Schema, limited: ir.Limited, inner: GoType, name: Code, sizes: list[Check]
) -> Code:
    """Return the call that reads a value; the size of a list or a map is checked first."""
    if not sizes:
        return inner.call(READ, Code("v"))
    if inner.argument is None:  # an alias
        kind = "Array" if isinstance(schema.plain(limited), ir.ListOf) else "Object"
        return code(
            "codec.ReadMeasured(v, r, {}, codec.{}Kind, measure{})",
            inner.function(READ),
            Code(kind),
            name,
        )
    most = next((check.limit for check in sizes if check.name.startswith("max")), None)
    return code(
        "codec.ReadSized{}(v, r, {}, {}, measure{})",
        Code(inner.word),
        inner.argument(READ),
        Code("codec.NoLimit" if most is None else str(most)),
        name,
    )


def _fails(
    schema: ir.Schema, speller: Speller, limited: ir.Limited, name: Code, check: Check
) -> Code:
    """Return a condition that is true for a bad value."""
    outside = Code(check.outside)
    match check.name, check.limit, schema.plain(limited):
        case "pattern", _, _:
            is_string = speller.spell(limited.inner).name == "string"
            return code("!matches{}({})", name, Code("v" if is_string else "string(v)"))
        case "unique_items", _, ir.ListOf(item=item):
            return _repeats(schema, speller, item)
        case "multiple_of", Decimal() as divisor, _:
            write = speller.spell(limited.inner).function(WRITE)
            return code("!codec.IsMultiple(v, {}, {})", write, literal(plain_number(divisor)))
        case "step", int() as step, _:
            values = _integers(limited) or range(0)
            if step > max(values[-1], ir.INTEGERS["int64"][-1]):
                return Code("v != 0")
            return code("{}%{} != 0", Code("v" if step in values else "int64(v)"), go_literal(step))
        case _, Decimal() as limit, ir.Scalar("decimal"):
            return code("v.Compare({}) {} 0", literal(plain_number(limit)), outside)
        case _, Decimal() as limit, inner:
            number = int(limit) if _integers(limited) else float(limit)
            return code("v {} {}", outside, go_literal(meaning.read(schema, inner, number)))
        case _, size, _:
            return code("{} {} {}", _size(check), outside, Code(str(size)))


def _repeats(schema: ir.Schema, speller: Speller, item: ir.Type) -> Code:
    spelled = speller.spell(item)
    if spelled.plain_name in _COMPARABLE and schema.plain(item) != ir.Scalar("uuid"):
        return Code('repeated := codec.Repeated(v); repeated != ""')
    write = indented(spelled.function(WRITE), 1)
    return code('repeated := codec.RepeatedAsJSON(v, {}); repeated != ""', write)


def _size(check: Check) -> Code:
    return Code("length" if check.name.endswith("length") else "size")


def _found(check: Check) -> Code:
    """Return what an error about a bad value says that was found."""
    if check.is_size:
        return code("strconv.Itoa({})", _size(check))
    return Code("repeated" if check.name == "unique_items" else "codec.Shown(v)")
