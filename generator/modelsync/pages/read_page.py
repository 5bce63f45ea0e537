"""The text of a model page -> its parts, from which it can be rendered byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from modelsync.errors import HIDDEN, NOWHERE, Position, Problem, visible
from modelsync.pages.page import (
    BANNER,
    BANNER_CELL,
    EXAMPLE_HEADER,
    FIELD_HEADERS,
    NO_DESCRIPTION,
    NO_NAME,
    NO_REASON,
    OPEN_KINDS,
    OPEN_LIST,
    OPTIONAL,
    REQUIRED,
    UNRECOGNIZED,
    VALUE_HEADERS,
    Body,
    Fields,
    Member,
    Members,
    Page,
    Row,
    Values,
)
from modelsync.pages.table import BREAK, Cell, Table, read_table

_TITLE: Final = re.compile(r"# (~~)?([A-Za-z_]\w*)(?(1)~~)\n\n", re.ASCII)
_USAGE: Final = re.compile(
    r"(?:\A|\n\n)## Example Usage\n\n```(\w+)\n((?:(?!```).*\n)*?)```\n\n{1,2}\Z"
)
_HEADING: Final = re.compile(r"^## (Fields|Values|Supported Types)\n\n", re.M)
_MEMBER: Final = re.compile(r"### (.*)\n\n```(\w+)\n((?:(?!```).*\n)+?)```\n(?:\n|\Z)")
_STREAM: Final = re.compile(r"### (`EventStream<.*>`)\n(?:\n(?!```)|\Z)")
"""A member that has no value to show."""
_MORE: Final = "## Union Discrimination\n"
_MARK: Final = re.compile(
    r"^## (?:Fields|Values|Supported Types|Example Usage)$|^\| (?:Field|Name) ", re.M
)
"""Text that only model pages, or fragments of them, contain."""
_CONTENT: Final = re.compile(r"^(?:#{2,} |\| ).*\n", re.M)
"""Text that shows that a page is more than a title and text, and is not cut off."""
_MODEL_HEADERS: Final = frozenset({"Field", "Required"})
"""The columns that only the table of a model has."""
_ITEM: Final = re.compile(r"- `(.*)`")
_NAME: Final = re.compile(r"(~~)?`([^`\n]+)`(?(1)~~)")
_BANNER_LINES: Final = re.compile(rf"(?:\A|\n\n){re.escape(BANNER)}(\S.*(?:\n.+)*)\Z")
_UNRECOGNIZED_CELLS: Final = {f"`{text}`": kind for text, kind in UNRECOGNIZED.items()}
_LITERAL: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^"| ]+', re.S)
_INT64: Final = range(-(2**63), 2**63)
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_MAX_QUOTED: Final = 60
"""The maximum number of characters of a literal in a message."""


class NotModelPage(Exception):
    """A page is not a model page: `expected` is missing on `line`."""

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(expected)
        self.line = line
        self.expected = expected


class OtherPage(NotModelPage):
    """A page is about something else, such as the options of a client: it has its own content."""


def _not_model_page(text: str, line: int, expected: str) -> NotModelPage:
    is_other = _CONTENT.search(text) and not _MARK.search(text)
    return (OtherPage if is_other else NotModelPage)(line, expected)


def read_page(path: str, text: str, problems: list[Problem]) -> Page:
    """Read the text of a page, and add the problems of its parts to `problems`.

    A row or a value that cannot be read is omitted. Raises :class:`NotModelPage`.
    """
    title = _TITLE.match(text)
    if title is None:
        raise _not_model_page(text, 1, "`# Name` and an empty line")
    heading = _last_heading(text)
    if heading is None or heading.start() < title.end():
        expected = "`## Fields`, `## Values` or `## Supported Types` and an empty line"
        raise _not_model_page(text, 3, expected)
    reader = _Reader(path, text, problems)
    head = reader.head(title.end(), heading.start(), is_deprecated=bool(title[1]))
    body = reader.body(heading[1], heading.end())
    return replace(
        head,
        title=title[2],
        body=body,
        fence=head.fence or reader.fence,
        position=Position(path, 1, 3, len(title[2])),
        end=text[len(text.rstrip("\n")) :],
    )


def _last_heading(text: str) -> re.Match[str] | None:
    # A description may contain the same headings.
    return max(_HEADING.finditer(text), key=re.Match.start, default=None)


def _reason(text: str) -> str:
    return "" if text == NO_REASON else text


class _Reader:
    """Reads one page from top to bottom."""

    def __init__(self, path: str, text: str, problems: list[Problem]) -> None:
        self.path = path
        self.text = text
        self.problems = problems
        self.fence = ""
        """The language of the code of members."""
        self._counted = (0, 1)

    def line(self, offset: int) -> int:
        """Return the line of an offset, which must not be before the last one asked for."""
        start, line = self._counted
        line += self.text.count("\n", start, offset)
        self._counted = (offset, line)
        return line

    def report(self, position: Position, code: str, message: str, help_: str = "") -> None:
        self.problems.append(Problem(position, code, message, help=help_))

    def report_line(self, line: int, code: str, message: str, help_: str = "") -> None:
        self.report(Position(self.path, line), code, message, help_)

    # Head and body ----------------------------------------------------------------------------

    def head(self, start: int, end: int, *, is_deprecated: bool) -> Page:
        """Return a page with what is between its title and the heading of its body."""
        before = self.text[start:end]
        usage, fence, usage_position = None, "", NOWHERE
        example = _USAGE.search(before)
        if example:
            fence, usage = example[1], example[2].removesuffix("\n")
            usage_position = Position(self.path, self.line(start + example.start(2)))
            before = before[: example.start()] + ("\n\n" if example.start() else "")
            description = before.removesuffix("\n\n")
        else:
            description = before.removesuffix("\n").removesuffix("\n\n")
        deprecated = None
        if is_deprecated:
            banner = _BANNER_LINES.search(description)
            deprecated = _reason(banner[1]) if banner else ""
            description = description[: banner.start()] if banner else description
        return Page(
            "",
            Fields(()),
            description,
            deprecated,
            usage,
            fence,
            usage_position=usage_position,
        )

    def body(self, heading: str, start: int) -> Body:
        match heading:
            case "Supported Types":
                return self.members(start)
            case "Fields":
                table = self.table(start, FIELD_HEADERS)
                return Fields(tuple(self.rows(table)), table.width)
            case _:
                return self.values(start)

    def table(self, start: int, headers: tuple[str, ...]) -> Table:
        first = self.line(start)
        table = read_table(self.path, first, self.text[start:].split("\n"), self.problems)
        if table.headers in (headers, (*headers, EXAMPLE_HEADER)):
            return table
        expected = ", ".join(headers)
        is_table = headers == FIELD_HEADERS and any(table.headers)
        if is_table and _MODEL_HEADERS.isdisjoint(table.headers):
            raise OtherPage(first, f"the columns {expected}")
        columns = ", ".join(map(visible, table.headers)) or "none"
        message = f"table has the wrong columns: {columns}"
        self.report_line(first, "MS103", message, f"expected {expected}")
        return Table(headers, ())

    # Models -----------------------------------------------------------------------------------

    def rows(self, table: Table) -> Iterator[Row]:
        names: set[str] = set()
        for cells in table.rows:
            row = self.row(cells)
            if row is None:
                continue
            has_examples = EXAMPLE_HEADER in table.headers
            if not names and has_examples and not any(cells[-1].text for cells in table.rows):
                # Only examples add this column, so an example of spaces is lost in the padding.
                row = replace(row, examples=(" ",))
            if row.name in names:
                message = f"duplicate field `{visible(row.name)}`"
                self.report(row.position, "MS116", message, "remove or rename one of the two")
                continue
            names.add(row.name)
            yield row

    def row(self, cells: tuple[Cell, ...]) -> Row | None:
        name, type_, required, description, *example = cells
        match = _NAME.fullmatch(name.text)
        if match is None:
            self.expected(name, "the name of a field in backticks")
            return None
        if required.text not in (REQUIRED, OPTIONAL):
            self.expected(required, f"{REQUIRED} or {OPTIONAL}")
            return None
        text, deprecated = _description(description.text, is_deprecated=bool(match[1]))
        return Row(
            match[2],
            # No type has several lines: a `<br/>` belongs to a literal.
            type_.text.replace("\n", BREAK),
            required.text == REQUIRED,
            text,
            _examples(example[0].text) if example else (),
            deprecated,
            name.position,
            type_.position,
        )

    def expected(self, cell: Cell, what: str) -> None:
        self.report(cell.position, "MS104", f"expected {what}")

    # Enums ------------------------------------------------------------------------------------

    def values(self, start: int) -> Values:
        sentence = next((text for text in OPEN_KINDS if self.text.startswith(text, start)), "")
        start += len(sentence)
        text = self.text[start:]
        line = self.line(start)
        match text[:1]:
            case "|":
                values = self.value_table(start)
            case "`":
                values = self.value_code(text, line)
            case _:
                values = self.value_list(text, line)
        if not values.literals:
            raise NotModelPage(line, "the values of an enum")
        return replace(values, has_sentence=bool(sentence))

    def value_table(self, start: int) -> Values:
        names, literals = [], []
        taken: set[str] = set()
        kind = ""
        table = self.table(start, VALUE_HEADERS)
        for name, value in table.rows:
            if name.text == NO_NAME and value.text in _UNRECOGNIZED_CELLS:
                kind = _UNRECOGNIZED_CELLS[value.text]
                continue
            match = _NAME.fullmatch(name.text)
            if match is None or match[1]:
                self.expected(name, "the name of a value in backticks")
                continue
            names.append(self.unique_name(match[2], name.position, taken))
            literals.append(value.text)
        return Values(
            tuple(literals), "table", tuple(names), open=bool(kind), kind=kind, width=table.width
        )

    def unique_name(self, name: str, position: Position, taken: set[str]) -> str:
        """Return the name of a value, empty if another one of the table has it already."""
        if name in taken:
            message = f"duplicate value `{visible(name)}`"
            self.report(position, "MS116", message, "remove or rename one of the two")
            return ""
        taken.add(name)
        return name

    def value_code(self, text: str, line: int) -> Values:
        code = text.removeprefix("```typescript\n").removesuffix("\n").removesuffix("\n```")
        literals = _literals(code)
        kind = UNRECOGNIZED.get(literals[-1], "") if literals else ""
        if " | ".join(literals) != code:
            self.report_line(line, "MS112", "expected literals separated by ` | `")
        valid = self.valid_literals(literals[:-1] if kind else literals, line + 1)
        return Values(tuple(valid), "code", open=bool(kind), kind=kind)

    def value_list(self, text: str, line: int) -> Values:
        is_open = text.startswith(OPEN_LIST)
        lines = text.removeprefix(OPEN_LIST).removesuffix("\n").split("\n")
        literals: list[str] = []
        for number, item in enumerate(lines, start=line + 2 * is_open):
            match = _ITEM.fullmatch(item)
            if match is None:
                self.report_line(number, "MS112", 'expected a value such as - `"red"`')
                break
            literals += self.valid_literals([match[1]], number)
        return Values(tuple(literals), "list", open=is_open)

    def valid_literals(self, literals: list[str], line: int) -> Iterator[str]:
        """Yield the literals that can be values of an enum."""
        for literal in literals:
            if _is_value(literal):
                yield literal
            else:
                message = f"`{visible(literal[:_MAX_QUOTED])}` is not a value of an enum"
                self.report_line(line, "MS112", message, "write a string or an integer")

    # Unions -----------------------------------------------------------------------------------

    def members(self, start: int) -> Members:
        members = []
        at = start
        while block := _MEMBER.match(self.text, at) or _STREAM.match(self.text, at):
            head, fence, code = [*block.groups(), "", ""][:3]
            members.append(Member(head, code[:-1], Position(self.path, self.line(at), 5)))
            self.fence = fence or self.fence
            at = block.end()
        if not members:
            raise NotModelPage(self.line(start), "a heading `### ...` and a line of code")
        more = self.text[at:]
        if more and not more.startswith(_MORE):
            message = "expected a heading `### ...` and a line of code, or the end of the page"
            self.report_line(self.line(at), "MS104", message)
        return Members(tuple(members), more)


def _description(text: str, *, is_deprecated: bool) -> tuple[str, str | None]:
    """Return the description in a cell, and why the field is deprecated."""
    if is_deprecated:
        banner, separator, rest = text.partition("\n\n")
        reason = banner.removeprefix(BANNER_CELL)
        if not banner.startswith(BANNER_CELL) or not reason.strip():
            return text, ""
        # A description of spaces is lost in the padding of the cell.
        return rest or " " if separator else "", _reason(reason)
    if text == NO_DESCRIPTION:
        return "", None
    return text or " ", None


def _examples(cell: str) -> tuple[str, ...]:
    """Return the examples in a cell. A single one is the whole cell, whatever it looks like."""
    parts = cell.split(BREAK)
    heads = [f"**Example {number}:** " for number in range(1, len(parts) + 1)]
    pairs = list(zip(parts, heads, strict=True))
    if len(parts) > 1 and all(part.startswith(head) for part, head in pairs):
        return tuple(part.removeprefix(head) for part, head in pairs)
    return (cell,) if cell else ()


def _literals(line: str) -> list[str]:
    """Return the literals at the beginning of a line, up to anything else."""
    literals = []
    at = 0
    while literal := _LITERAL.match(line, at):
        literals.append(literal[0])
        at = literal.end()
        if not line.startswith(" | ", at):
            break
        at += len(" | ")
    return literals


def _is_value(literal: str) -> bool:
    if literal.startswith('"'):
        try:
            value: object = json.loads(literal)
        except ValueError:
            return False
        return isinstance(value, str) and not HIDDEN.search(value)
    return bool(_INTEGER.fullmatch(literal)) and int(literal) in _INT64
