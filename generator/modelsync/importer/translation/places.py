"""Names of definitions: from the keys of a source, and from the places of inline schemas."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final, NamedTuple

from modelsync.naming import pascal, snake
from modelsync.paths import path_problem
from modelsync.schema.type_expr import RESERVED
from modelsync.spec.reader import MAX_NAME

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_]+(.?)", re.ASCII)
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*/([^?#]*?)(?:\.json|\.ya?ml)?(?:[?#].*)?", re.I)
_NO_NAME: Final = re.compile(r"definitions|defs|schemas|components|v?[0-9.]+", re.I)
"""Steps of a path that say nothing about a definition: folders of schemas, and versions."""
_KEY: Final = re.compile(r"[A-Za-z0-9._-]+")
"""What OpenAPI accepts as a key."""
_PREFIX: Final = "Schema"
"""What precedes names that do not start with a letter."""


class Place(NamedTuple):
    """Where a schema is: what a definition that is written there is called."""

    name: str
    is_definition: bool = False
    """Whether the schema is all of the definition with this name, not a part of another one."""
    depth: int = 0
    """In how many lists, maps and unions it is, inside one field."""

    def field(self, key: str) -> Place:
        """Return the place of a field."""
        return Place(self.name + (part_of_name(key) or "Field"))

    def within(self, part: str) -> Place:
        """Return the place of a part, such as `Item` of a list and `Value` of a map."""
        return Place(self.name + part, depth=self.depth + 1)

    @property
    def item(self) -> Place:
        """The place of the items of a list."""
        return self.within("Item")

    @property
    def value(self) -> Place:
        """The place of the values of a map."""
        return self.within("Value")


@lru_cache(maxsize=65_536)
def part_of_name(text: str) -> str:
    """Return text in the style of names of definitions: `created_at` -> `CreatedAt`."""
    return pascal(re.sub(r"[^A-Za-z0-9]+", " ", text))


def definition_name(key: str) -> str:
    """Return the name of a definition by its key in a source.

    It is the key itself if possible. Other characters than letters, digits and `_` are dropped, and
    the character after them is raised: `user.v2-x` -> `userV2X`. Of a URL, only the path counts:
    `https://example.com/definitions/1.2/order.json` -> `order`.
    """
    url = _URL.fullmatch(key)
    if url is not None:
        steps = [step for step in url[1].split("/") if step and not _NO_NAME.fullmatch(step)]
        key = "-".join(steps) or key
    name = _NOT_IN_NAMES.sub(lambda match: match[1].upper(), key)
    # The character after dropped ones may be one to drop, too.
    name = re.sub(r"[^A-Za-z0-9_]", "", name)
    if not name[:1].isalpha():
        name = _PREFIX + name
    if name in RESERVED:
        name = name[0].upper() + name[1:]
    return _of_valid_length(name)


def _of_valid_length(name: str, most: int = MAX_NAME) -> str:
    """Return a name, shortened if it is too long for a spec: then it ends with a digest of all."""
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8].upper()
    return f"{name[: most - 9]}X{digest}"


def can_be_key(name: str) -> bool:
    """Return whether every export can have a key: in OpenAPI, and as the name of a file."""
    return _KEY.fullmatch(name) is not None and not path_problem(f"{name}.json")


def why_renamed(name: str) -> str:
    """Return why a definition cannot have the name that it has in its source."""
    if len(name) > MAX_NAME:
        return f"the name `{name[:40]}...` is longer than {MAX_NAME} characters"
    return f"the name `{name}` is the same as another one in code"


class Names:
    """The names of all definitions, which differ in every style of identifiers."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        """Return a free name, which is taken from now on: the name itself, or with a number."""
        name = _of_valid_length(name, MAX_NAME - 4)
        if name in RESERVED:
            name = name[0].upper() + name[1:]
        number, free = 1, name
        while not self.is_free(free):
            number += 1
            free = f"{name}{number}"
        self._taken |= _styles(free)
        return free

    def is_free(self, name: str) -> bool:
        """Return whether no definition has the name, or one that is the same in some style."""
        return self._taken.isdisjoint(_styles(name))


@lru_cache(maxsize=65_536)
def _styles(name: str) -> frozenset[str]:
    package, _, own = name.rpartition(".")
    styles = frozenset((own, pascal(own), snake(own)))
    return frozenset(f"{package}.{style}" for style in styles) if package else styles
