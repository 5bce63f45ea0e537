"""A model page as its parts, and the text of the parts.

    # Title                              # Title                        # Title

    Description                          ## Example Usage
                                                                        ## Supported Types
                                         ```typescript
    ## Fields                            let value: Title = {};         ### `models.Member`
                                         ```
    | Field | Type | ... |                                              ```typescript
    | ----- | ---- | ... |               ## Values                      const value: ... = ...;
                                                                        ```
                                         "a" | "b"

A type is the text of its cell here, and code is the text between its fences: the notations read
those. :mod:`modelsync.pages.read_page` reads pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from modelsync.errors import NOWHERE, Position
from modelsync.pages.table import BREAK, table

NO_REASON: Final = (
    "This will be removed in a future release, please migrate away from it as soon as possible."
)
BANNER: Final = "> :warning: **DEPRECATED**: "
BANNER_CELL: Final = ": warning: ** DEPRECATED **: "
_OPEN: Final = "This is an open enum. Unrecognized values will "
OPEN_LIST: Final = f"{_OPEN}not fail type checks.\n\n"
_OPEN_KIND: Final = f"{_OPEN}be captured as the `Unrecognized<{{kind}}>` branded type.\n\n"
_KINDS: Final = ("string", "number")
OPEN_KINDS: Final = tuple(_OPEN_KIND.format(kind=kind) for kind in _KINDS)
"""The sentences about the values that an open enum in TypeScript does not list."""
UNRECOGNIZED: Final = {f"Unrecognized<{kind}>": kind for kind in _KINDS}
"""The entry for all other values of an open enum, and the type that it names."""
REQUIRED: Final = ":heavy_check_mark:"
OPTIONAL: Final = ":heavy_minus_sign:"
NO_DESCRIPTION: Final = "N/A"
NO_NAME: Final = "-"
FIELD_HEADERS: Final = ("Field", "Type", "Required", "Description")
VALUE_HEADERS: Final = ("Name", "Value")
EXAMPLE_HEADER: Final = "Example"


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a model."""

    name: str
    """The name that the page shows."""
    type: str
    """The cell of its type."""
    required: bool
    description: str = ""
    examples: tuple[str, ...] = ()
    deprecated: str | None = None
    """The reason for the deprecation, empty if the page gives none; None if not deprecated."""
    position: Position = NOWHERE
    type_position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Fields:
    """The table of a model."""

    rows: tuple[Row, ...]
    width: int = 0
    """The width of the columns, or 0 if it is the width of the longest cell."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an enum."""

    literals: tuple[str, ...]
    """The values as their language writes them."""
    form: Literal["table", "list", "code"] = "table"
    """A table of names and values, a list (in Python), or a line of code (in TypeScript)."""
    names: tuple[str, ...] = ()
    """The names in a table; one that appears a second time is empty."""
    open: bool = False
    kind: str = ""
    """`string` or `number` if the page names the type of values that are not listed."""
    has_sentence: bool = False
    """Whether a sentence above the values names that type as well."""
    width: int = 0
    """The width of the columns of a table, as for a model."""
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Member:
    """One type of a union."""

    head: str
    """Its heading."""
    code: str
    """Its line of code; a stream may have none."""
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Members:
    """The types of a union."""

    members: tuple[Member, ...]
    more: str = ""
    """The text after them on pages of Go."""


Body: TypeAlias = Fields | Values | Members


@dataclass(frozen=True, slots=True)
class Page:
    """A model page."""

    title: str
    body: Body
    description: str = ""
    deprecated: str | None = None
    """As for a row."""
    usage: str | None = None
    """The code of its example, None if it has none."""
    fence: str = ""
    """The language of its code, as it follows the backticks."""
    position: Position = NOWHERE
    usage_position: Position = NOWHERE
    end: str = ""
    """The line feeds that it ends with."""


def description_text(page: Page) -> str:
    """Return what is below the title: the description, and the banner if it is deprecated."""
    banner = "" if page.deprecated is None else BANNER + (page.deprecated or NO_REASON)
    return "\n\n".join(part for part in (page.description, banner) if part)


def with_sentences(description: str, sentences: str) -> str:
    """Return the description of a field, and below it the sentences about its constraints."""
    return "\n\n".join(part for part in (description, sentences) if part)


def without_sentences(text: str) -> tuple[str, str]:
    """Return the parts that :func:`with_sentences` may have joined."""
    before, separator, last = text.rpartition("\n\n")
    return (before, last) if separator else ("", text)


def fields_table(fields: Fields) -> str:
    """Return the table of a model."""
    with_examples = any(any(row.examples) for row in fields.rows)
    cells = [_row_cells(row, with_examples) for row in fields.rows]
    headers = [*FIELD_HEADERS, EXAMPLE_HEADER] if with_examples else FIELD_HEADERS
    return table(headers, cells, fields.width)


def _row_cells(row: Row, with_examples: bool) -> list[str]:
    description = row.description
    name = f"`{row.name}`"
    if row.deprecated is not None:
        banner = BANNER_CELL + (row.deprecated or NO_REASON)
        description = "\n\n".join(part for part in (banner, description) if part)
        name = f"~~{name}~~"
    cells = [
        name,
        row.type,
        REQUIRED if row.required else OPTIONAL,
        description or NO_DESCRIPTION,
    ]
    return [*cells, _examples_cell(row.examples)] if with_examples else cells


def _examples_cell(examples: tuple[str, ...]) -> str:
    if len(examples) <= 1:
        return "".join(examples)
    return BREAK.join(f"**Example {n}:** {text}" for n, text in enumerate(examples, start=1))


def values_text(values: Values) -> str:
    """Return what is below the heading of an enum."""
    sentence = _OPEN_KIND.format(kind=values.kind) if values.has_sentence else ""
    rest = f"Unrecognized<{values.kind}>" if values.kind else ""
    match values.form:
        case "table":
            rows = [[f"`{n}`", v] for n, v in zip(values.names, values.literals, strict=True)]
            rows += [[NO_NAME, f"`{rest}`"]] if rest else []
            return sentence + table(VALUE_HEADERS, rows, values.width)
        case "code":
            line = " | ".join([*values.literals, rest] if rest else values.literals)
            return f"{sentence}```typescript\n{line}\n```"
        case "list":
            items = "".join(f"- `{literal}`\n" for literal in values.literals)
            return (OPEN_LIST if values.open else "") + items
