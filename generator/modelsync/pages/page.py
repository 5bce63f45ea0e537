"""A model page: text -> its parts, and back byte for byte.

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

What a part says in the notation of a language is told elsewhere: here a type is the text of its
cell, and code is the text between its fences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from modelsync.errors import HIDDEN, Position, Problem, visible
from modelsync.pages.table import BREAK, Cell, Table, read_table, table
from modelsync.schema.ir import NOWHERE

_NO_REASON: Final = (
    "This will be removed in a future release, please migrate away from it as soon as possible."
)
_BANNER: Final = "> :warning: **DEPRECATED**: "
_BANNER_CELL: Final = ": warning: ** DEPRECATED **: "
_OPEN: Final = "This is an open enum. Unrecognized values will "
_OPEN_LIST: Final = f"{_OPEN}not fail type checks.\n\n"
_OPEN_KIND: Final = f"{_OPEN}be captured as the `Unrecognized<{{kind}}>` branded type.\n\n"
_KINDS: Final = ("string", "number")
_REQUIRED: Final = ":heavy_check_mark:"
_OPTIONAL: Final = ":heavy_minus_sign:"
_NO_DESCRIPTION: Final = "N/A"
_NO_NAME: Final = "-"
_FIELD_HEADERS: Final = ("Field", "Type", "Required", "Description")
_OWN_HEADERS: Final = frozenset({"Field", "Required"})
"""The columns that no table but that of a model has."""
_VALUE_HEADERS: Final = ("Name", "Value")
_EXAMPLE: Final = "Example"


@dataclass(frozen=True, slots=True)
class Row:
    """One field: its shown name, the cell of its type, and what else its row says."""

    name: str
    type: str
    required: bool
    description: str = ""
    examples: tuple[str, ...] = ()
    deprecated: str | None = None
    """Why it goes away, empty where the page has no reason of its own; None if it stays."""
    position: Position = NOWHERE
    type_position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Fields:
    """The table of a model, and its width where that is not the one of the longest cell."""

    rows: tuple[Row, ...]
    width: int = 0


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an enum: a table of names and values, a list of literals, or a line of code.

    `names` is empty but for a table; one that the table has already is empty in it. A literal is as
    its language writes it.
    """

    literals: tuple[str, ...]
    form: str = "table"
    """`table`, `list` (of Python) or `code` (of TypeScript)."""
    names: tuple[str, ...] = ()
    open: bool = False
    kind: str = ""
    """`string` or `number` where the page names the type of values that are not known."""
    told: bool = False
    """Whether a sentence above them says that as well."""
    width: int = 0
    """As of a model's table."""
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Member:
    """One type of a union: its heading, and its line of code, which a stream may lack."""

    head: str
    code: str
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Members:
    """The types of a union; `more` is what stands behind them on the pages of Go."""

    members: tuple[Member, ...]
    more: str = ""


Body: TypeAlias = Fields | Values | Members


@dataclass(frozen=True, slots=True)
class Page:
    """A model page. `usage` is the code of its example, None where it has none."""

    title: str
    body: Body
    description: str = ""
    deprecated: str | None = None
    """As of a row."""
    usage: str | None = None
    fence: str = ""
    """The language of its code, as it stands behind the backticks."""
    position: Position = NOWHERE
    usage_position: Position = NOWHERE
    end: str = ""
    """The line feeds that it ends with."""


def shown_description(page: Page) -> str:
    """Return what stands below the title: the description, and the banner of what is deprecated."""
    banner = "" if page.deprecated is None else _BANNER + (page.deprecated or _NO_REASON)
    return "\n\n".join(part for part in (page.description, banner) if part)


def fields_table(fields: Fields) -> str:
    """Return the table of a model."""
    with_examples = any(any(row.examples) for row in fields.rows)
    cells = [_row_cells(row, with_examples) for row in fields.rows]
    headers = [*_FIELD_HEADERS, _EXAMPLE] if with_examples else _FIELD_HEADERS
    return table(headers, cells, fields.width)


def _row_cells(row: Row, with_examples: bool) -> list[str]:
    description = row.description
    name = f"`{row.name}`"
    if row.deprecated is not None:
        banner = _BANNER_CELL + (row.deprecated or _NO_REASON)
        description = "\n\n".join(part for part in (banner, description) if part)
        name = f"~~{name}~~"
    cells = [
        name,
        row.type,
        _REQUIRED if row.required else _OPTIONAL,
        description or _NO_DESCRIPTION,
    ]
    return [*cells, _examples_cell(row.examples)] if with_examples else cells


def _examples_cell(examples: tuple[str, ...]) -> str:
    if len(examples) <= 1:
        return "".join(examples)
    return BREAK.join(f"**Example {n}:** {text}" for n, text in enumerate(examples, start=1))


def values_text(values: Values) -> str:
    """Return what stands below the heading of an enum."""
    told = _OPEN_KIND.format(kind=values.kind) if values.told else ""
    rest = f"Unrecognized<{values.kind}>" if values.kind else ""
    match values.form:
        case "table":
            rows = [[f"`{n}`", v] for n, v in zip(values.names, values.literals, strict=True)]
            rows += [[_NO_NAME, f"`{rest}`"]] if rest else []
            return told + table(_VALUE_HEADERS, rows, values.width)
        case "code":
            line = " | ".join([*values.literals, rest] if rest else values.literals)
            return f"{told}```typescript\n{line}\n```"
        case _:
            listed = "".join(f"- `{literal}`\n" for literal in values.literals)
            return (_OPEN_LIST if values.open else "") + listed


_TITLE: Final = re.compile(r"# (~~)?([A-Za-z_]\w*)(?(1)~~)\n\n", re.ASCII)
_USAGE: Final = re.compile(
    r"(?:\A|\n\n)## Example Usage\n\n```(\w+)\n((?:(?!```).*\n)*?)```\n\n{1,2}\Z"
)
_HEADING: Final = re.compile(r"^## (Fields|Values|Supported Types)\n\n", re.M)
_MEMBER: Final = re.compile(r"### (.*)\n\n```(\w+)\n((?:(?!```).*\n)+?)```\n(?:\n|\Z)")
_STREAM: Final = re.compile(r"### (`EventStream<.*>`)\n(?:\n(?!```)|\Z)")
"""A member of which there is no value to show."""
_MARK: Final = re.compile(
    r"^## (?:Fields|Values|Supported Types|Example Usage)$|^\| (?:Field|Name) ", re.M
)
"""What only model pages have, or what is left of one."""
_CONTENT: Final = re.compile(r"^(?:#{2,} |\| ).*\n", re.M)
"""What a page has that is more than a title and text, and is not cut off."""
_ITEM: Final = re.compile(r"- `(.*)`")
_NAME: Final = re.compile(r"(~~)?`([^`\n]+)`(?(1)~~)")
_BANNER_LINES: Final = re.compile(rf"(?:\A|\n\n){re.escape(_BANNER)}(\S.*(?:\n.+)*)\Z")


class NoModelPage(Exception):
    """A page of another kind: `line` is the first that is otherwise, and `expected` what is not."""

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(expected)
        self.line = line
        self.expected = expected


class OtherPage(NoModelPage):
    """A page about something else, such as the options of a client: it has content of its own."""


def _no_model_page(text: str, line: int, expected: str) -> NoModelPage:
    is_other = _CONTENT.search(text) and not _MARK.search(text)
    return (OtherPage if is_other else NoModelPage)(line, expected)


def read_page(path: str, text: str, problems: list[Problem]) -> Page:
    """Read the text of a page, and add to `problems` what is wrong with its parts.

    A row or a value that cannot be read is left out. Raises :class:`NoModelPage`.
    """
    title = _TITLE.match(text)
    if title is None:
        raise _no_model_page(text, 1, "`# Name` and an empty line")
    heading = _last_heading(text)
    if heading is None or heading.start() < title.end():
        expected = "`## Fields`, `## Values` or `## Supported Types` and an empty line"
        raise _no_model_page(text, 3, expected)
    reader = _Reader(path, text, problems)
    before = text[title.end() : heading.start()]
    usage, fence, usage_position = None, "", NOWHERE
    example = _USAGE.search(before)
    if example:
        fence, usage = example[1], example[2].removesuffix("\n")
        usage_position = Position(path, reader.line(title.end() + example.start(2)))
        before = before[: example.start()] + ("\n\n" if example.start() else "")
        description = before.removesuffix("\n\n")
    else:
        description = before.removesuffix("\n").removesuffix("\n\n")
    deprecated = None
    if title[1]:
        banner = _BANNER_LINES.search(description)
        deprecated = _reason(banner[1]) if banner else ""
        description = description[: banner.start()] if banner else description
    body = reader.body(heading[1], heading.end())
    return Page(
        title[2],
        body,
        description,
        deprecated,
        usage,
        fence or reader.fence,
        Position(path, 1, 3, len(title[2])),
        usage_position,
        text[len(text.rstrip("\n")) :],
    )


def _last_heading(text: str) -> re.Match[str] | None:
    # A description may have headings of its own.
    return max(_HEADING.finditer(text), key=re.Match.start, default=None)


def _reason(said: str) -> str:
    return "" if said == _NO_REASON else said


class _Reader:
    def __init__(self, path: str, text: str, problems: list[Problem]) -> None:
        self.path = path
        self.text = text
        self.problems = problems
        self.fence = ""
        self._counted = (0, 1)

    def line(self, offset: int) -> int:
        """Return the line of an offset; none lies before the last one that was asked for."""
        start, line = self._counted
        line += self.text.count("\n", start, offset)
        self._counted = (offset, line)
        return line

    def problem(self, line: int, code: str, message: str, help_: str = "") -> None:
        self.problems.append(Problem(Position(self.path, line), code, message, help=help_))

    def body(self, kind: str, start: int) -> Body:
        if kind == "Supported Types":
            return self.members(start)
        if kind == "Fields":
            found = self.table(start, _FIELD_HEADERS)
            return Fields(tuple(self.rows(found)), found.width)
        return self.values(start)

    def table(self, start: int, headers: tuple[str, ...]) -> Table:
        first = self.line(start)
        found = read_table(self.path, first, self.text[start:].split("\n"), self.problems)
        if found.headers not in (headers, (*headers, _EXAMPLE)):
            is_table = headers == _FIELD_HEADERS and any(found.headers)
            if is_table and _OWN_HEADERS.isdisjoint(found.headers):
                raise OtherPage(first, f"the columns {', '.join(headers)}")
            columns = ", ".join(map(visible, found.headers)) or "none"
            message = f"the columns of this table are {columns}"
            self.problem(first, "MS103", message, f"expected {', '.join(headers)}")
            return Table(headers, ())
        return found

    def rows(self, found: Table) -> Iterator[Row]:
        names: set[str] = set()
        for cells in found.rows:
            row = self.row(cells)
            if row is None:
                continue
            if not names and _EXAMPLE in found.headers and not any(c[-1].text for c in found.rows):
                # There is a column since there is an example, and one of blanks is lost in it.
                row = replace(row, examples=(" ",))
            if row.name in names:
                message = f'the field "{visible(row.name)}" stands in this table twice'
                help_ = "remove or rename one of the two"
                self.problems.append(Problem(row.position, "MS116", message, help=help_))
                continue
            names.add(row.name)
            yield row

    def row(self, cells: tuple[Cell, ...]) -> Row | None:
        name, type_, required, description, *example = cells
        shown = _NAME.fullmatch(name.text)
        if shown is None:
            self.expected(name, "the name of a field in backticks")
            return None
        if required.text not in (_REQUIRED, _OPTIONAL):
            self.expected(required, f"{_REQUIRED} or {_OPTIONAL}")
            return None
        said = description.text
        deprecated = None
        if shown[1]:
            banner, apart, after = said.partition("\n\n")
            after = after or " " if apart else ""
            reason = banner.removeprefix(_BANNER_CELL)
            has_banner = banner.startswith(_BANNER_CELL) and bool(reason.strip())
            deprecated = _reason(reason) if has_banner else ""
            said = after if has_banner else said
        elif said == _NO_DESCRIPTION:
            said = ""
        elif not said:
            # Its blanks are lost among those that pad the cell.
            said = " "
        return Row(
            shown[2],
            # No type has several lines: a `<br/>` is that of a literal.
            type_.text.replace("\n", BREAK),
            required.text == _REQUIRED,
            said,
            _examples(example[0].text) if example else (),
            deprecated,
            name.position,
            type_.position,
        )

    def expected(self, cell: Cell, what: str) -> None:
        message = f"{what} is expected here"
        self.problems.append(Problem(cell.position, "MS104", message))

    def values(self, start: int) -> Values:
        told = next((text for text in _TOLD if self.text.startswith(text, start)), "")
        start += len(told)
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
            raise NoModelPage(line, "the values of an enum")
        return replace(values, told=bool(told))

    def value_table(self, start: int) -> Values:
        names, literals = [], []
        taken: set[str] = set()
        kind = ""
        found = self.table(start, _VALUE_HEADERS)
        for name, value in found.rows:
            if name.text == _NO_NAME and value.text in _REST_CELLS:
                kind = _REST_CELLS[value.text]
                continue
            shown = _NAME.fullmatch(name.text)
            if shown is None or shown[1]:
                self.expected(name, "the name of a value in backticks")
                continue
            named = shown[2]
            if named in taken:
                message = f'the value "{visible(named)}" stands in this table twice'
                help_ = "remove or rename one of the two"
                self.problems.append(Problem(name.position, "MS116", message, help=help_))
                named = ""
            taken.add(named)
            names.append(named)
            literals.append(value.text)
        return Values(
            tuple(literals), "table", tuple(names), open=bool(kind), kind=kind, width=found.width
        )

    def value_code(self, text: str, line: int) -> Values:
        shown = text.removeprefix("```typescript\n").removesuffix("\n").removesuffix("\n```")
        literals = _literals(shown)
        kind = _REST.get(literals[-1], "") if literals else ""
        if " | ".join(literals) != shown:
            self.problem(line, "MS112", "literals with ` | ` between them are expected here")
        known = self.known(literals[:-1] if kind else literals, line + 1)
        return Values(tuple(known), "code", open=bool(kind), kind=kind)

    def value_list(self, text: str, line: int) -> Values:
        is_open = text.startswith(_OPEN_LIST)
        lines = text.removeprefix(_OPEN_LIST).removesuffix("\n").split("\n")
        literals: list[str] = []
        for number, each in enumerate(lines, start=line + 2 * is_open):
            item = _ITEM.fullmatch(each)
            if item is None:
                self.problem(number, "MS112", 'a value such as - `"red"` is expected here')
                break
            literals += self.known([item[1]], number)
        return Values(tuple(literals), "list", open=is_open)

    def known(self, literals: list[str], line: int) -> Iterator[str]:
        """Yield the literals that the value of an enum can be."""
        for each in literals:
            if _is_value(each):
                yield each
            else:
                message = f"{visible(each[:60])} cannot be a value of an enum"
                self.problem(line, "MS112", message, "a value is a text or a whole number")

    def members(self, start: int) -> Members:
        found = []
        at = start
        while block := _MEMBER.match(self.text, at) or _STREAM.match(self.text, at):
            head, fence, code = [*block.groups(), "", ""][:3]
            found.append(Member(head, code[:-1], Position(self.path, self.line(at), 5)))
            self.fence = fence or self.fence
            at = block.end()
        if not found:
            raise NoModelPage(self.line(start), "a heading `### ...` and a line of code")
        more = self.text[at:]
        if more and not more.startswith(_MORE):
            message = "a heading `### ...` and a line of code, or the end, is expected here"
            self.problem(self.line(at), "MS104", message)
        return Members(tuple(found), more)


_MORE: Final = "## Union Discrimination\n"
_LITERAL: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^"| ]+', re.S)
_TOLD: Final = tuple(_OPEN_KIND.format(kind=kind) for kind in _KINDS)
_REST: Final = {f"Unrecognized<{kind}>": kind for kind in _KINDS}
"""What stands for all other values of an open enum, and the type that it tells."""
_REST_CELLS: Final = {f"`{rest}`": kind for rest, kind in _REST.items()}
_INT64: Final = range(-(2**63), 2**63)
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")


def _examples(cell: str) -> tuple[str, ...]:
    """Return the examples in a cell. One alone is the whole cell, whatever it looks like."""
    parts = cell.split(BREAK)
    heads = [f"**Example {number}:** " for number in range(1, len(parts) + 1)]
    pairs = list(zip(parts, heads, strict=True))
    if len(parts) > 1 and all(part.startswith(head) for part, head in pairs):
        return tuple(part.removeprefix(head) for part, head in pairs)
    return (cell,) if cell else ()


def _literals(line: str) -> list[str]:
    """Return the literals at the beginning of a line, up to what is none."""
    found = []
    at = 0
    while literal := _LITERAL.match(line, at):
        found.append(literal[0])
        at = literal.end()
        if not line.startswith(" | ", at):
            break
        at += len(" | ")
    return found


def _is_value(literal: str) -> bool:
    if literal.startswith('"'):
        try:
            value: object = json.loads(literal)
        except ValueError:
            return False
        return isinstance(value, str) and not HIDDEN.search(value)
    return bool(_INTEGER.fullmatch(literal)) and int(literal) in _INT64
