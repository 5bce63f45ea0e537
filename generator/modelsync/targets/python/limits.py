"""The functions of a module that check the constraints of its types."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING

from modelsync.patterns import translated
from modelsync.schema import ir
from modelsync.schema.constraints import plain_number
from modelsync.schema.meaning import read
from modelsync.schema.scalars import Holds
from modelsync.targets.base import Code, code
from modelsync.targets.limits import Check, possible_checks
from modelsync.targets.python.text import literal

if TYPE_CHECKING:
    from modelsync.targets.python.module import Module


class Limits:
    """Collects the functions, one for each type with constraints."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._names: dict[ir.Limited, tuple[Code | None, Code | None]] = {}
        self.functions: list[SimpleNamespace] = []

    def functions_of(self, type_: ir.Limited, name: Code) -> tuple[Code | None, Code | None]:
        """Return the functions that check the size of a list or map, and the values of a type.

        `name` is part of their names.
        """
        if type_ not in self._names:
            checks = list(possible_checks(type_, Holds()))
            self._names[type_] = (
                self._function(type_, code("{}_size", name), [c for c in checks if c.comes_first]),
                self._function(type_, name, [c for c in checks if not c.comes_first]),
            )
        return self._names[type_]

    def _function(self, type_: ir.Limited, name: Code, checks: list[Check]) -> Code | None:
        if not checks:
            return None
        free = self._module.imports.free(code("_check_{}", name))
        self.functions.append(self._view(type_, free, checks))
        return free

    def _view(self, type_: ir.Limited, name: Code, checks: list[Check]) -> SimpleNamespace:
        inner = type_.inner
        size = None
        plain = self._module.schema.plain(inner)
        match plain:
            case ir.ListOf() | ir.MapOf() if checks[0].comes_first:
                annotation = Code("wire.T")
                size = Code("list_size" if isinstance(plain, ir.ListOf) else "map_size")
            case ir.ListOf():
                annotation = Code("list[wire.T]")
            case _:
                annotation = self._module.spell(inner)
        view = SimpleNamespace(position=self._module.imports.position, name=name, type=annotation)
        view.pattern = view.expression = None
        view.size = size
        if type_.constraints.pattern is not None:
            self._module.use("typing", "Final")
            view.pattern = self._module.imports.free(
                Code(f"_{name.removeprefix('_check_').upper()}_PATTERN")
            )
            view.expression = _raw(translated(type_.constraints.pattern, "re"))
        view.checks = [
            {"fails": fails, "error": error}
            for fails, error in self._conditions(checks, type_.scalar, view.pattern)
        ]
        return view

    def _conditions(
        self, checks: list[Check], scalar: str, pattern: Code | None
    ) -> Iterator[tuple[Code, Code]]:
        """Yield a condition that holds for a bad value, and the statement that refuses it."""
        for check in checks:
            expected = check.reason.removeprefix("expected ")
            unfit = code("return wire.unfit({}, value)", literal(expected))
            match check.name, check.limit:
                case "pattern", _:
                    yield code("not {}.search(value)", pattern or Code()), unfit
                case "unique_items", _:
                    yield Code("not wire.differ(value)"), Code("raise wire.repeated(value)")
                case "multiple_of", Decimal() as limit:
                    yield self._no_multiple(limit, scalar), unfit
                case _, Decimal() as limit:
                    number = self._number(scalar, limit)
                    yield code("value {} {}", Code(check.outside), number), unfit
                case _, limit if check.comes_first:
                    error = Code(
                        f'raise wire.DecodeError("{check.reason}", detail=f", found {{size}}")'
                    )
                    yield code("size {} {}", Code(check.outside), literal(limit)), error
                case _, limit:
                    unfit = code("return wire.unfit_length({}, value)", literal(expected))
                    yield code("len(value) {} {}", Code(check.outside), literal(limit)), unfit

    def _no_multiple(self, divisor: Decimal, scalar: str) -> Code:
        if scalar in ir.INTEGERS and divisor == int(divisor):
            return code("value % {}", literal(int(divisor)))
        return code("not wire.is_multiple(value, {})", literal(plain_number(divisor)))

    def _number(self, scalar: str, number: Decimal) -> Code:
        if scalar == "decimal":
            self._module.use("decimal", "Decimal")
            is_integer = number == number.to_integral_value()
            written = literal(int(number) if is_integer else plain_number(number))
            return code("Decimal({})", written)
        if scalar in ir.INTEGERS:
            return literal(int(number))
        value = read(self._module.schema, ir.Scalar(scalar), float(number))  # type: ignore[arg-type]
        assert isinstance(value, float)
        return literal(value)


def _raw(expression: str) -> Code:
    """Return a regular expression as a raw string, if it can be one."""
    return literal(expression) if '"' in expression else Code(f'r"{expression}"')
