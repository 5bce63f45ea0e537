"""Problems of sources as text, in JSON and in YAML."""

from __future__ import annotations

from typing import Final

from modelsync.errors import Position, Problem
from modelsync.importer.text.tree import JsonObject

ENCODING: Final = "MS133"
SYNTAX: Final = "MS134"
DUPLICATE: Final = "MS135"
LIMITS: Final = "MS136"

_MAX_DUPLICATES: Final = 1000


class Refused(Exception):
    """A source cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def too_deep(at: Position, limit: int) -> Problem:
    """Return the problem of a source whose objects and lists nest too deep."""
    message = f"objects and lists nest more than {limit} levels deep"
    return Problem(at, LIMITS, message, "move the inner values to definitions, and refer to them")


def add_duplicate(
    obj: JsonObject, offsets: list[int], key: str, offset: int, problems: list[Problem]
) -> None:
    """Add the problem of a key that is twice in an object, whose keys so far are at `offsets`."""
    source = obj.source
    first = offsets[list(obj).index(key)]
    problem = Problem(
        source.position(offset, source.width_at(offset, key)),
        DUPLICATE,
        f"duplicate key `{key}`",
        "remove or rename one of the two; most programs use the last",
        ((source.position(first, source.width_at(first, key)), "first used here"),),
    )
    if sum(other.code == DUPLICATE for other in problems) >= _MAX_DUPLICATES:
        raise Refused(problem)
    problems.append(problem)
