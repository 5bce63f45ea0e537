"""Schemas that are made from others, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from modelsync.importer.findings import Findings
from modelsync.importer.text.tree import Json, JsonObject
from modelsync.importer.translation.virtual import VirtualObject, depth_of, virtual, virtual_list

MAX_DEPTH: Final = 5
"""How many schemas may be combined one after the other."""
MAX_DEEP: Final = 1_000
"""How many schemas may be combined from combined ones."""


class Combined:
    """Makes schemas from others: the same one for the same schemas, so that it gets one name."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._made: dict[tuple[str | int, ...], tuple[VirtualObject, tuple[Json, ...]]] = {}
        self._deep = 0

    def made(
        self, kind: str, schemas: Sequence[Json], make: Callable[[], VirtualObject]
    ) -> VirtualObject:
        """Return the schema that `make` returns, the same one for the same schemas."""
        key: tuple[str | int, ...] = (kind, *map(id, schemas))
        if key not in self._made:
            self._made[key] = (make(), tuple(schemas))
        return self._made[key][0]

    def all_of(
        self, schemas: Sequence[Json], origin: JsonObject, within: Json = None
    ) -> VirtualObject:
        """Return the schema that accepts what all of some schemas accept.

        `within` is the schema that needs it, if that is not one of them. Schemas that refer to each
        other can be combined without end, so this has limits.
        """
        depth = 1 + max(map(depth_of, (*schemas, within)))
        if depth > MAX_DEPTH or self._deep > MAX_DEEP:
            message = "`allOf` inside `allOf` without end"
            self._findings.loss(origin.at(), "allOf", message, "`any`")
            return self.made("any", [origin], lambda: virtual(origin, {}))
        made = self.made(
            "allOf", schemas, lambda: virtual(origin, {"allOf": virtual_list(origin, schemas)})
        )
        if made.depth != depth:
            made.depth = depth
            self._deep += depth > 2
        return made
