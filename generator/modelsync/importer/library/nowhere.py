"""Why a reference leads nowhere, and where it may be meant to lead."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Set
from typing import Any, Final

from modelsync.errors import Names, Problem, did_you_mean
from modelsync.importer.library.sources import Document, Resource
from modelsync.importer.library.uris import pointer, tokens
from modelsync.importer.text.tree import Json, JsonList, JsonObject

NOWHERE: Final = "MS138"
OUT_OF_REACH: Final = "MS139"
MISSING: Final[Any] = object()
"""What is at a key that an object or a list does not have."""
_HOLDERS: Final = (("components", "schemas"), ("$defs",), ("definitions",))


class NowhereError(Exception):
    """A reference leads nowhere."""

    def __init__(self, code: str, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.help = help_


def child(value: Json, token: str) -> Json:
    """Return what is at a key of an object or a list, otherwise `MISSING`."""
    if isinstance(value, JsonObject):
        return value.get(token, MISSING)
    if isinstance(value, JsonList) and token.isdecimal() and len(token) < 9:
        return value[int(token)] if int(token) < len(value) else MISSING
    return MISSING  # type: ignore[no-any-return]


class Help:
    """Explains references that lead nowhere, from the files that were read so far."""

    def __init__(
        self,
        by_path: Mapping[str, Document | None],
        unreadable: Mapping[str, str],
        meta_schemas: Set[str],
        problems: list[Problem],
    ) -> None:
        self._by_path = by_path
        self._unreadable = unreadable
        self._meta_schemas = meta_schemas
        self._problems = problems
        self._names: dict[int, Names] = {}

    def no_child(self, resource: Resource, holder: Json, token: str, ref: str) -> NowhereError:
        """Return why there is nothing at the end of a JSON pointer."""
        if resource.document.path in self._meta_schemas:
            message = f"`{ref}` is a part of a meta-schema that modelsync does not know"
            return NowhereError(OUT_OF_REACH, message, "write the schema instead of the reference")
        message = f"`{ref}` leads nowhere: there is no `{token}`"
        help_ = ""
        if isinstance(holder, JsonObject):
            names = self._names.setdefault(id(holder), Names(holder))
            help_ = did_you_mean(token, names, self._problems)
        help_ = help_ or self._same_name(resource, tokens(ref.partition("#")[2])[-1])
        return NowhereError(NOWHERE, message, help_ or "correct the reference")

    def no_anchor(self, resource: Resource, name: str) -> NowhereError:
        """Return why there is no schema with an anchor."""
        help_ = ""
        if self._find(resource.root, name.split("/")) is not MISSING:
            help_ = f"did you mean `#/{name}`?"
        help_ = help_ or did_you_mean(name, resource.anchors, self._problems)
        help_ = help_ or self._same_name(resource, name) or "correct the reference"
        return NowhereError(NOWHERE, f"there is no anchor `{name}`", help_)

    def no_file(self, path: str, ref: str, here: str) -> NowhereError:
        """Return why there is no file at a path."""
        known = [other for other, document in self._by_path.items() if document is not None]
        help_ = did_you_mean(path, known, self._problems)
        same = self.same_file_name(path)
        help_ = f"did you mean `{same}`?" if same else help_
        if path in self._unreadable:
            return NowhereError(OUT_OF_REACH, f"the file `{path}` cannot be read", "correct it")
        document = self._by_path.get(here)
        if document is not None:
            if document.root.relative_id:
                help_ = "its `$id` is relative to a folder: give all files of that folder"
            help_ = self._same_name(document.root, ref) or help_
        message = f"the file `{path}` does not exist"
        return NowhereError(NOWHERE, message, help_ or "correct the path")

    def same_file_name(self, path: str) -> str:
        """Return the path of the only file that was read and has the same name; empty if none."""
        name = posixpath.basename(path)
        found = [
            other
            for other, document in self._by_path.items()
            if document is not None and posixpath.basename(other) == name
        ]
        return found[0] if len(found) == 1 else ""

    def _same_name(self, resource: Resource, name: str) -> str:
        """Return help if there is a definition of a name, which is written without its place."""
        root = resource.document.source.root
        for holder in _HOLDERS:
            if isinstance(self._find(root, [*holder, name]), JsonObject):
                return f"did you mean `#{pointer([*holder, name])}`?"
        return ""

    def _find(self, value: Json, keys: Iterable[str]) -> Json:
        for key in keys:
            value = child(value, key)
        return value
