"""How the pages of one language write names and types, and how those are read.

Go          **int64*   []*string*   [*components.Money](../../models/components/money.md)
TypeScript  *number*   *string*[]   [models.Money](../models/money.md)   *models.Shape*
Python      *Optional[int]*   List[*str*]   [models.Money](../models/money.md)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelsync.pages.notation.base import (
    FILES,
    USUAL,
    Dialect,
    Notation,
    NotThisNotation,
    Place,
    References,
    Shown,
)
from modelsync.pages.notation.go import Go
from modelsync.pages.notation.python import Python
from modelsync.pages.notation.typescript import TypeScript

__all__ = [
    "FILES",
    "NOTATIONS",
    "USUAL",
    "Dialect",
    "NotThisNotation",
    "Notation",
    "Place",
    "References",
    "Shown",
]

NOTATIONS: Final[Mapping[str, type[Notation]]] = {
    notation.name: notation for notation in (Go, TypeScript, Python)
}
