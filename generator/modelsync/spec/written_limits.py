"""The constraints of a type, as a spec has them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from modelsync.schema.constraints import Constraints
from modelsync.schema.types import INTEGERS, Limited, Type, alternatives
from modelsync.spec.limits import KEYS


def written_limits(type_: Type) -> Iterator[tuple[str, str | int | Decimal | bool]]:
    """Yield the key and the value of each constraint of a field, from its type."""
    values = dict(written_constraints(type_).items())
    for name, key in KEYS.items():
        if name in values:
            yield key.name, values[name]


def written_constraints(type_: Type) -> Constraints:
    """Return the constraints that a spec has for a type."""
    limited = [part for part in alternatives(type_) if isinstance(part, Limited)]
    # Those of integers are in another form than they were written.
    others = [part for part in limited if part.scalar not in INTEGERS]
    has_number = any(part.constraints.of_kind("number") for part in others)
    values = {
        name: value
        for part in (others if has_number else limited)
        for name, value in part.constraints.items()
    }
    return Constraints(**values)  # type: ignore[arg-type]
