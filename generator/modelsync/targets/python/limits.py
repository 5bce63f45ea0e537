"""The functions of a module that check the constraints of its types."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING

from modelsync.patterns.parse import parse
from modelsync.patterns.translate import PYTHON, translate
from modelsync.schema import ir
from modelsync.schema.constraints import plain_number
from modelsync.schema.meaning import Holds, read
from modelsync.targets.base import Code, code
from modelsync.targets.limits import possible_checks
from modelsync.targets.python.text import literal

if TYPE_CHECKING:
    from modelsync.targets.python.module import Module


class Limits:
    """Collects the functions, one for each type with constraints."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._names: dict[ir.Limited, Code] = {}
        self.functions: list[SimpleNamespace] = []

    def function(self, type_: ir.Limited, name: Code) -> Code:
        """Return the function that checks the values of a type. `name` is part of its name."""
        known = self._names.get(type_)
        if known is None:
            known = self._names[type_] = self._module.imports.free(code("_check_{}", name))
            self.functions.append(self._view(type_, known))
        return known

    def _view(self, type_: ir.Limited, name: Code) -> SimpleNamespace:
        inner = type_.inner
        match self._module.schema.plain(inner):
            case ir.ListOf():
                annotation = Code("list[wire.T]")
            case ir.MapOf():
                annotation = Code("dict[str, wire.T]")
            case _:
                annotation = self._module.spell(inner)
        view = SimpleNamespace(position=self._module.imports.position, name=name, type=annotation)
        view.pattern = view.expression = None
        if type_.constraints.pattern is not None:
            self._module.use("typing", "Final")
            view.pattern = self._module.imports.free(
                Code(f"_{name.removeprefix('_check_').upper()}_PATTERN")
            )
            view.expression = _raw(translate(parse(type_.constraints.pattern), PYTHON))
        view.checks = [
            {"fails": fails, "reason": reason}
            for fails, reason in self._checks(type_, type_.scalar, view.pattern)
        ]
        return view

    def _checks(
        self, limited: ir.Limited, scalar: str, pattern: Code | None
    ) -> Iterator[tuple[Code, Code]]:
        """Yield a condition that holds for a bad value, and what is wrong with it then."""
        for check in possible_checks(limited, Holds()):
            reason = literal(check.reason)
            match check.name, check.limit:
                case "pattern", _:
                    yield code("not {}.search(value)", pattern or Code()), reason
                case "unique_items", _:
                    yield Code("not wire.differ(value)"), reason
                case "multiple_of", Decimal() as limit:
                    yield self._no_multiple(limit, scalar), reason
                case _, Decimal() as limit:
                    number = self._number(scalar, limit)
                    yield code("value {} {}", Code(check.outside), number), reason
                case _, limit:
                    outside, size = Code(check.outside), literal(limit)
                    found = Code(f'f"{check.reason}, found {{len(value)}}"')
                    yield code("len(value) {} {}", outside, size), found

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
