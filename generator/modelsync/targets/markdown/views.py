"""The views of page templates: the parts of a page as text, with their origins."""

from __future__ import annotations

from collections.abc import Sequence

from modelsync.errors import Position
from modelsync.pages.notation import Place
from modelsync.pages.page import (
    Fields,
    Members,
    Page,
    Values,
    description_text,
    fields_table,
    values_text,
)
from modelsync.pages.table import table
from modelsync.schema.definitions import Definition, EnumValue, Union
from modelsync.targets.base import Code, with_origins


def model_view(page: Page, fields: Fields, *, trimmed: bool) -> dict[str, object]:
    """Return what the page of a model shows; a trimmed page ends with one line feed."""
    positions: list[Position | None] = [row.position for row in fields.rows]
    end = [None] if trimmed else []
    content = _lines(fields_table(fields) + "\n" * trimmed, [*positions, *end])
    return _table_view(page, "Fields", content)


def enum_view(
    page: Page, values: Values, ordered: Sequence[EnumValue], *, trimmed: bool
) -> dict[str, object]:
    """Return what the page of an enum shows; `ordered` has its values in the order of the page."""
    trimmed = trimmed and values.form != "list"
    text = values_text(values) + "\n" * trimmed
    content = Code(text)
    if values.form != "code":
        # A list ends with a line feed, and a table may end with a row for all other values.
        ends = (values.form == "list" or trimmed) + bool(values.kind)
        content = _lines(text, [*(value.position for value in ordered), *[None] * ends])
    return _table_view(page, "Values", content)


def union_view(page: Page, body: Members, union: Union, *, trimmed: bool) -> dict[str, object]:
    """Return what the page of a union shows."""
    positions = list(union.positions)
    if len(positions) != len(body.members):
        positions = [union.position] * len(body.members)
    members = tuple(
        {"position": position, "head": Code(member.head), "sample": Code(member.code)}
        for member, position in zip(body.members, positions, strict=True)
    )
    return _view(page) | {
        "members": members,
        "more": Code(body.more),
        "trimmed": trimmed and not body.more,
    }


def _table_view(page: Page, heading: str, content: Code) -> dict[str, object]:
    gap = page.fence != "typescript"
    return _view(page) | {"gap": gap, "heading": Code(heading), "content": content}


def _view(page: Page) -> dict[str, object]:
    return {
        "title": Code(page.title if page.deprecated is None else f"~~{page.title}~~"),
        "description": Code(description_text(page)),
        "fence": Code(page.fence),
        "usage": None if page.usage is None else Code(page.usage),
    }


def index_view(package: str, entries: Sequence[tuple[Place, Definition]]) -> dict[str, object]:
    """Return what the page that lists a package shows."""
    rows = [
        [
            f"[{place.title}]({place.path.rpartition('/')[2]})",
            type(definition).__name__.lower(),
            definition.description.partition("\n")[0],
        ]
        for place, definition in entries
    ]
    text = table(["Name", "Kind", "Description"], rows)
    positions = [definition.position for _, definition in entries]
    return {"package": Code(package), "content": _lines(text, positions)}


def _lines(text: str, positions: Sequence[Position | None]) -> Code:
    """Return a text whose last lines come from `positions`, one line from each."""
    head = [None] * (text.count("\n") + 1 - len(positions))
    return with_origins(Code(text), (*head, *positions))
