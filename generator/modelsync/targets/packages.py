"""Packages of a language in which packages must not import each other, as in Go.

The option `join` moves the definitions of one spec package into the package of another.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.graphs import components, shortest_cycle
from modelsync.schema.definitions import Definition, refs_of
from modelsync.schema.schema import Schema
from modelsync.targets.base import Option, Settings, Target

_SPEC_PACKAGE: Final = re.compile(r"(?:[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)?")


JOIN: Final = Option(
    "join",
    "For packages that would import each other: a mapping of a package to the one that its"
    " definitions move to.",
    kind="names",
    default={},
)


class PackageTarget(Target):
    """A target whose packages must not import each other. Its options include :data:`JOIN`."""

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.joined = settings.names("join")
        super().__init__(schema, settings)

    def home(self, definition: Definition) -> str:
        """Return the spec package whose package in this language has a definition."""
        return self.joined.get(definition.package, definition.package)

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        by_home: dict[str, list[Definition]] = {}
        for definition in self.schema.definitions:
            by_home.setdefault(self.home(definition), []).append(definition)
        return {package: tuple(definitions) for package, definitions in by_home.items()}

    def packages_used_by(self, definition: Definition) -> dict[str, Position]:
        """Return the other packages that a definition uses, with the position of each first use."""
        used: dict[str, Position] = {}
        for ref in refs_of(definition):
            if ref.id in self.schema.by_id:
                used.setdefault(self.home(self.schema[ref]), ref.position)
        used.pop(self.home(definition), None)
        return used

    @cached_property
    def _uses(self) -> Mapping[str, Mapping[str, Position]]:
        """The packages that each package uses, with the position of each first use."""
        uses: dict[str, dict[str, Position]] = {}
        for definition in self.schema.definitions:
            for package, position in self.packages_used_by(definition).items():
                uses.setdefault(self.home(definition), {}).setdefault(package, position)
        return uses

    @cached_property
    def _rings(self) -> list[tuple[str, ...]]:
        """The sets of packages that would import each other."""
        used = {other for others in self._uses.values() for other in others}
        packages = sorted({*self._uses, *used})
        targets = {package: tuple(self._uses.get(package, ())) for package in packages}
        return sorted(tuple(sorted(ring)) for ring in components(targets) if len(ring) > 1)

    @cached_property
    def joining(self) -> dict[str, str]:
        """The value of `join` that merges each set into its largest package."""
        packages = self.packages()
        homes: dict[str, str] = {}
        for ring in self._rings:
            homes |= dict.fromkeys(ring, max(ring, key=lambda package: len(packages[package])))
        joined = {package: self.joined.get(package, package) for package in self.schema.packages}
        moved = {p: homes[there] for p, there in joined.items() if there in homes}
        return dict(self.joined) | {p: home for p, home in moved.items() if p != home}

    def problems(self) -> Iterator[Problem]:
        """Yield packages that would import each other, and faults in the option `join`."""
        yield from super().problems()
        for package, *_ in self._rings:
            yield self._cycle(package)
        where = self.settings.where("join")
        for package, home in self.joined.items():
            if package not in self.schema.packages:
                yield Problem(where, "MS077", f"unknown package `{visible(package)}`")
            if not _SPEC_PACKAGE.fullmatch(home):
                message = f"`{visible(home)}` cannot be a package"
                yield Problem(where, "MS074", message, help="write it as in specs: `shop.orders`")

    def _cycle(self, package: str) -> Problem:
        path = shortest_cycle(package, self._uses)
        related = tuple(
            (self._uses[user][used], f"{_quoted(user)} uses {_quoted(used)} here")
            for user, used in itertools.pairwise(path[1:])
        )
        return Problem(
            self._uses[package][path[1]],
            "MS056",
            f"{_quoted(package)} and {_quoted(path[1])} would import each other,"
            f" which `{self.language}` does not allow",
            help="merge them into one package by adding to this target in `modelsync.yaml`:"
            f" `join: {json.dumps(self.joining)}`; or move definitions to other packages",
            related=related,
        )


def _quoted(package: str) -> str:
    return f"the package `{package}`" if package else "the root package"
