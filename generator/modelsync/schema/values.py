"""The JSON values that specs contain: defaults, examples and `x-` keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """Return :data:`NOTHING`, for the defaults of dataclasses."""
    return NOTHING


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object in an example or a default, in the order written."""

    items: tuple[tuple[str, Value], ...] = ()


Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Object | None"
"""A JSON value of a spec, frozen and hashable: arrays are tuples, objects are :class:`Object`.

Documents that are decoded or encoded are :data:`modelsync.schema.json_values.Json` instead, as
:mod:`json` reads and writes them."""
