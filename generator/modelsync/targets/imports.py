"""The imports of one generated file, collected while its code is generated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from modelsync.errors import Position
from modelsync.targets.base import Code, code, join


@dataclass(slots=True)
class Import:
    """What a file imports from one module."""

    names: set[Code] = field(default_factory=set)
    first_use: Position | None = None
    """The position in the spec of the item that needed it first."""


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import of a file, as a template writes it."""

    module: Code
    names: Code
    """The names, with a comma between them."""
    position: Position | None
    """The position in the spec of the item that needed it first."""
    alias: Code | None = None
    """The name of the module itself in this file, if it is a different one."""
    path: Code | None = None
    """The path of a module that is only imported when it is used, as a literal."""


def import_line(
    module: Code, names: Iterable[Code], position: Position | None, order: Callable[[Code], Any]
) -> ImportLine:
    """Return an import with its names sorted by the key `order`."""
    return ImportLine(module, join(", ", sorted(names, key=order)), position)


class ImportCollector:
    """Collects what one file imports, and keeps the names in that file distinct."""

    def __init__(self, taken: Iterable[Code] = ()) -> None:
        self.position: Position | None = None
        """The position in the spec of the item whose code is being generated."""
        self._imports: dict[Code, Import] = {}
        self._taken: set[Code] = set(taken)

    def use(self, module: Code, *names: Code) -> None:
        """Import `names` from `module`; without names, import the module itself."""
        entry = self._imports.get(module)
        if entry is None:
            entry = self._imports[module] = Import(first_use=self.position)
        entry.names.update(names)

    def use_free(self, module: Code, name: Code) -> Code:
        """Import `name` from `module`, renamed if it is taken, and return its name here."""
        alias = self.free(name)
        self.use(module, name if alias == name else code("{} as {}", name, alias))
        return alias

    def is_free(self, names: Iterable[Code]) -> bool:
        """Whether none of `names` means something else in this file."""
        return self._taken.isdisjoint(names)

    def take(self, names: Iterable[Code]) -> None:
        """Reserve names in this file."""
        self._taken.update(names)

    def free(self, name: Code) -> Code:
        """Reserve `name`, with as many `_` after it as it takes to be free, and return it."""
        while name in self._taken:
            name = Code(f"{name}_")
        self._taken.add(name)
        return name

    def __iter__(self) -> Iterator[tuple[Code, Import]]:
        """Yield each module with what is imported from it, in order of first use."""
        yield from self._imports.items()

    def lines(self, order: Callable[[Code], Any]) -> Iterator[ImportLine]:
        """Yield each import, with its names sorted by the key `order`."""
        for module, entry in self._imports.items():
            yield import_line(module, entry.names, entry.first_use, order)
