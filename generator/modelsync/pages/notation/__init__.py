"""How the pages of one language write names and types, and how to read them.

Go          **int64*   []*string*   [*components.Money](../../models/components/money.md)
TypeScript  *number*   *string*[]   [models.Money](../models/money.md)   *models.Shape*
Python      *Optional[int]*   List[*str*]   [models.Money](../models/money.md)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelsync.pages.notation.base import (
    DEFAULT_DIALECT,
    FILES,
    CellType,
    Dialect,
    Notation,
    NotThisNotation,
    Place,
    References,
)
from modelsync.pages.notation.go import Go
from modelsync.pages.notation.python import Python
from modelsync.pages.notation.typescript import TypeScript

__all__ = [
    "DEFAULT_DIALECT",
    "FILES",
    "NOTATIONS",
    "CellType",
    "Dialect",
    "NotThisNotation",
    "Notation",
    "Place",
    "References",
]

NOTATIONS: Final[Mapping[str, type[Notation]]] = {
    notation.name: notation for notation in (Go, TypeScript, Python)
}
