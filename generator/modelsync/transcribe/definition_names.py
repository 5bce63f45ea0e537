"""A name for each definition, from the titles of its pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Final

from modelsync.schema.type_expr import RESERVED
from modelsync.spec.reader import MAX_NAME
from modelsync.transcribe.match import Group
from modelsync.transcribe.typed_pages import by_precedence

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MAX_SUFFIX: Final = 12
"""The maximum length of the kind and the number that make a name unique."""


def definition_names(groups: Sequence[Group]) -> Mapping[Group, str]:
    """Return a name for each group, unique in its package."""
    names: dict[Group, str] = {}
    taken: set[tuple[str, str]] = set()
    # A group with pages in more languages chooses first.
    for group in sorted(groups, key=lambda group: -len(group.pages)):
        titles = [page.place.title[:MAX_NAME] for page in by_precedence(group.pages.values())]
        valid = (title for title in titles if _NAME.fullmatch(title) and title not in RESERVED)
        candidates = [*valid, *map(_valid_name, titles)]
        stem = candidates[0][: MAX_NAME - _MAX_SUFFIX] + group.kind.capitalize()
        numbered = (f"{stem}{number or ''}" for number in count())
        name = next(
            name
            for name in chain(candidates, numbered)
            if (group.package, name.lower()) not in taken
        )
        taken.add((group.package, name.lower()))
        names[group] = name
    return names


def _valid_name(title: str) -> str:
    """Return the name closest to a title that a definition can have."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    name = re.sub(r"\W", "", plain)
    name = name if name[:1].isalpha() else f"T{name.lstrip('_')}"
    return name.capitalize() if name in RESERVED else name[:MAX_NAME]
