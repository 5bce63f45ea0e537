"""Resolve the references on pages: to merged definitions, and external types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from modelsync.naming import pascal
from modelsync.schema.definitions import External, Union
from modelsync.schema.types import Ref, Scalar, Type, map_type
from modelsync.transcribe.definition_names import definition_names
from modelsync.transcribe.match import Group
from modelsync.transcribe.typed_pages import TypedPages

_MAX_EXTERNAL: Final = 60
"""The maximum length of the name of an external type."""


class References:
    """Resolves references that name pages to references that name definitions."""

    def __init__(self, sets: Sequence[TypedPages], groups: Sequence[Group]) -> None:
        self.names = definition_names(groups)
        self.group_of: dict[str, Group] = {}
        """The pages of each definition, by its id."""
        self.externals: dict[str, Union] = {}
        """The external types that were resolved so far, by their ids."""
        self._sets = sets
        self._ids: dict[str, str] = {}
        """The id of a definition by each page id that refers to it."""
        for group in groups:
            self.group_of[self.id_of(group)] = group
            self._ids |= dict.fromkeys(group.ids, self.id_of(group))
        self._external_ids: dict[tuple[str, str, str], str] = {}
        """The ids of external types, by notation, text and link."""
        self._external_names = {id_.rpartition(".")[2] for id_ in self.group_of}

    def id_of(self, group: Group) -> str:
        """Return the id of the definition that a group of pages is about."""
        return f"{group.package}.{self.names[group]}"

    def resolve(self, type_: Type) -> Type:
        """Return `type_` with the definitions that its references mean."""

        def resolved(leaf: Type) -> Type:
            if not isinstance(leaf, Ref):
                return leaf
            return Ref(self._ids.get(leaf.id) or self._external(leaf.id), leaf.position)

        return map_type(type_, resolved)

    def group_at(self, page_id: str) -> Group | None:
        """Return the group of the definition that a page id means, None if it means none."""
        return self.group_of.get(self._ids.get(page_id, ""))

    def _external(self, page_id: str) -> str:
        """Return the id of an external type that a page refers to; create it if it is new."""
        typed = self._sets[int(page_id.partition(":")[0])]
        text, link = typed.externals[page_id]
        notation = typed.pages.notation
        id_ = self._external_ids.get((notation, text, link))
        if id_ is not None:
            return id_
        external = Union(
            name=self._external_name(text),
            members=(Scalar("any"),),
            external=External({notation: text}, {notation: link} if link else {}),
        )
        self.externals[external.id] = external
        self._external_ids[notation, text, link] = external.id
        self._ids[page_id] = external.id
        return external.id

    def _external_name(self, text: str) -> str:
        name = re.sub(r"[^A-Za-z0-9]", "", pascal(text))[:_MAX_EXTERNAL]
        name = name if name[:1].isalpha() else f"External{name}"
        while name in self._external_names:
            name += "Type"
        self._external_names.add(name)
        return name

    def join_externals(self, one: Ref, other: Ref) -> Ref | None:
        """Return one reference for two external types that different languages show.

        None if one of the two is not external, or a language shows both.
        """
        left, right = self.externals.get(one.id), self.externals.get(other.id)
        if left is None or right is None or not left.external or not right.external:
            return None
        if left.external.shown.keys() & right.external.shown.keys():
            return None
        shown = {**left.external.shown, **right.external.shown}
        links = {**left.external.links, **right.external.links}
        self.externals[one.id] = replace(left, external=External(shown, links))
        for notation, text in right.external.shown.items():
            link = right.external.links.get(notation, "")
            self._external_ids[notation, text, link] = one.id
        return one
