"""Anchors of fields: what links to a field of a page end with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_HEADINGS: Final = frozenset(
    ("diagram", "example", "go", "pydantic", "python", "related", "typescript", "used-by")
)
"""The anchors that renderers give to the headings of pages, whichever languages a project has."""


def anchors_of(title: str, keys: Iterable[str]) -> dict[str, str]:
    """Return an anchor for each key of a page with a title, different from all others of the page.

    It is the key, with `-` for what an anchor should not contain. That of a heading starts with
    `field-`, and a second one of the same kind ends with `-2`.
    """
    taken = {title.lower(), *_HEADINGS}
    anchors: dict[str, str] = {}
    for key in keys:
        plain = re.sub(r"[^\w-]", "-", key)
        start = f"field-{plain}" if plain in taken and plain not in anchors.values() else plain
        anchor, number = start, 1
        while anchor in taken:
            number += 1
            anchor = f"{start}-{number}"
        taken.add(anchor)
        anchors[key] = anchor
    return anchors
