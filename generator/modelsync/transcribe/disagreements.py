"""Where the pages of several languages contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.errors import Position
from modelsync.pages.page import Members, Page
from modelsync.transcribe.typed_pages import TypedField, TypedPage


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two pages that contradict each other."""

    subject: str
    """What they disagree on, in words."""
    one: Position
    other: Position
    statements: tuple[str, str]
    """The text on each of the two pages."""
    counts: str
    """Which of the statements modelsync uses, in words."""


def on_members(one: TypedPage, other: TypedPage, counts: str) -> Disagreement:
    """Return the disagreement of two pages about the members of a union."""
    return Disagreement(
        f"the members of {one.place.title}",
        one.position,
        other.position,
        (_headings(one.page), _headings(other.page)),
        counts,
    )


def on_type(rows: Sequence[tuple[TypedPage, TypedField]], other: TypedField) -> Disagreement:
    """Return the disagreement of the first row of a field and another one about its type."""
    first = rows[0][1].row
    return Disagreement(
        f"the type of {_title(rows)}",
        first.type_position,
        other.row.type_position,
        (first.type, other.row.type),
        "the first",
    )


def on_required(
    rows: Sequence[tuple[TypedPage, TypedField]], required: Sequence[bool]
) -> Disagreement:
    """Return the disagreement of rows about whether their field is required."""
    counts = "the first"
    fields = [field for _, field in rows]
    return _yes_or_no(f"whether {_title(rows)} is required", fields, required, counts)


def on_null(
    rows: Sequence[tuple[TypedPage, TypedField]],
    fields: Sequence[TypedField],
    takes_null: Sequence[bool],
) -> Disagreement:
    """Return the disagreement of `fields`, some of `rows`, about whether null is a value."""
    return _yes_or_no(f"whether {_title(rows)} may be null", fields, takes_null, "yes")


def _yes_or_no(
    subject: str, fields: Sequence[TypedField], answers: Sequence[bool], counts: str
) -> Disagreement:
    other = next(index for index, answer in enumerate(answers) if answer != answers[0])
    statements = ("yes", "no") if answers[0] else ("no", "yes")
    return Disagreement(
        subject, fields[0].row.position, fields[other].row.position, statements, counts
    )


def _title(rows: Sequence[tuple[TypedPage, TypedField]]) -> str:
    """Return a field as a message names it."""
    page, field = rows[0]
    return f"{page.place.title}.{field.row.name}"


def _headings(page: Page) -> str:
    """Return the members of a union as its page shows them."""
    assert isinstance(page.body, Members)
    return ", ".join(member.head for member in page.body.members)
