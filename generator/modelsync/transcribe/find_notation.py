"""Find the notation of pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from modelsync.pages.notation import NOTATIONS, NotThisNotation, Place
from modelsync.pages.notation.base import ANYTHING
from modelsync.pages.page import Fields, Page, Values
from modelsync.schema.types import Ref

_SAMPLE: Final = 300
"""The maximum number of pages of a folder to examine."""
_FENCE_VOTES: Final = 5
"""The number of type cells that the language of an example counts as."""


def find_notation(pages: Iterable[Page]) -> str:
    """Return the notation in which most of the pages are written."""
    votes = _votes(pages)
    return votes.most_common(1)[0][0] if votes else "typescript"


def notation_of_page(page: Page) -> str:
    """Return the notation that a page alone shows, empty if it may be one of several."""
    first, second, *_ = [*_votes([page]).most_common(2), ("", 0), ("", 0)]
    return first[0] if first[1] > second[1] else ""


def type_cells(page: Page) -> Iterator[tuple[str, bool]]:
    """Yield the cell of each type on the page of a model, and whether its field is required."""
    if isinstance(page.body, Fields):
        for row in page.body.rows:
            yield row.type, row.required


def _votes(pages: Iterable[Page]) -> Counter[str]:
    """Return the number of signs on the pages for each notation."""
    votes: Counter[str] = Counter()
    for page in islice(pages, _SAMPLE):
        if page.fence in NOTATIONS:
            votes[page.fence] += _FENCE_VOTES
        if isinstance(page.body, Values):
            votes[_notation_of_values(page.title, page.body)] += 1
        for cell, required in type_cells(page):
            for name, notation in NOTATIONS.items():
                try:
                    notation.read_type_cell(cell, required, _AnyReferences())
                except NotThisNotation:
                    continue
                votes[name] += 1
    return votes


class _AnyReferences:
    """References that are not resolved: only the form of the cells counts."""

    anything = ANYTHING

    def page(self, place: Place, link: str) -> Ref:
        del link
        return Ref(place.shown)

    def outside(self, text: str, link: str) -> Ref:
        raise NotThisNotation(0, f"a known type, not {text} {link}")

    def at(self, link: str) -> Ref:
        return Ref(link)


def _notation_of_values(title: str, values: Values) -> str:
    """Return the notation whose pages list the values of an enum like this."""
    if values.form != "table":
        return "typescript" if values.form == "code" else "python"
    if all(name.startswith(title) for name in values.names):
        return "go"
    capitals = all(name == name.upper() for name in values.names)
    return "python" if capitals else "typescript"
