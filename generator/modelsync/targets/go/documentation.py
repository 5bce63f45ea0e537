"""Doc comments of generated code, in the form that gofmt leaves unchanged."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from modelsync.schema.ir import Alias, Definition, Enum, EnumValue, Field, Model, Union
from modelsync.schema.type_expr import unparse
from modelsync.targets.base import Code
from modelsync.targets.documentation import NoteKind, notes_of
from modelsync.targets.go.names import fits_a_tag
from modelsync.targets.go.text import literal

_WIDTH: Final = 97
"""The longest line of a comment, without the slashes."""

_PHRASES: Final = {
    NoteKind.ONE_OF: "Exactly one of its fields is set.",
    NoteKind.OPEN: "It may have values other than those below.",
    NoteKind.INFERRED: "It was inferred from examples.",
    NoteKind.CONSTANT: "Always {}.",
    NoteKind.DEFAULT: "Default: {}.",
    NoteKind.FORMAT: "Format: {}.",
    NoteKind.CONSTRAINTS: "{}",
    NoteKind.ACCESS: "{}",
    NoteKind.DEPRECATED: "Deprecated: {}",
}


_NOUN: Final = re.compile(r"(?:A|An|One|The|What)\b(?!.*\?$)", re.DOTALL)
"""The start of a text that can follow "is"."""
_VERB: Final = re.compile(
    r"(?:Contains|Controls|Defines|Describes|Holds|Identifies|Lists|Provides|Represents|Specifies"
    r"|Stores)\b"
)


def definition_doc(
    definition: Definition, name: str, unions: Sequence[str] = ()
) -> tuple[Code, ...]:
    """Return the lines of the comment on a definition, which is called `name` in Go.

    `unions` has the names of the unions that it is a member of.
    """
    notes = _notes(definition)
    if unions:
        *others, last = (f"[{union}]" for union in unions)
        places = f"{', '.join(others)} and {last}" if others else last
        notes.insert(0, f"It is a member of {places}.")
    if isinstance(definition, Model):
        notes.append("To embed it in another struct, see [wire.MarshalParts].")
    text = _sentence(definition, name)
    if _PHRASES[NoteKind.ONE_OF] in text:
        notes.remove(_PHRASES[NoteKind.ONE_OF])
    deprecated = [note for note in notes if note.startswith("Deprecated: ")]
    rest = [note for note in notes if note not in deprecated]
    return comment("\n\n".join([text, *rest, *deprecated]))


def _sentence(definition: Definition, name: str) -> str:
    """Return the description of a definition, so that it starts with its name, as Go wants it."""
    text = definition.description.strip()
    if re.match(rf"(?:(?:A|An|The) )?{name} ", text):
        return text
    if _NOUN.match(text):
        return f"{name} is {text[0].lower()}{text[1:]}"
    if _VERB.match(text):
        return f"{name} {text[0].lower()}{text[1:]}"
    kind = _kind(definition, name)
    if not text:
        return kind
    end = "." if text[-1].isalnum() else ""  # without it, a line may be a heading
    return f"{kind}\n\n{text}{end}"


def _kind(definition: Definition, name: str) -> str:
    match definition:
        case Model():
            return f"{name} is a JSON object."
        case Enum():
            return f"{name} is an enum with values of the type {definition.type}."
        case Alias():
            type_ = unparse(definition.type, lambda ref: ref.id.rpartition(".")[2])
            return f"{name} stands for {type_}."
        case Union():
            return f"{name} is a union of several types. {_PHRASES[NoteKind.ONE_OF]}"


def item_doc(item: Field | EnumValue, default: str = "") -> tuple[Code, ...]:
    """Return the lines of the comment on a field or a value; none if there is nothing to say.

    `default` is the default of a field as JSON.
    """
    notes = _notes(item, default)
    if isinstance(item, Field) and not fits_a_tag(item.json_key):
        notes.insert(
            0, f"The JSON key, which a struct tag cannot hold, is {literal(item.json_key)}."
        )
    return comment("\n\n".join([item.description, *notes]))


def _notes(item: Definition | Field | EnumValue, default: str = "") -> list[str]:
    return [
        _PHRASES[kind].format((default if kind is NoteKind.DEFAULT else text) or "Do not use.")
        for kind, text in notes_of(item)
        if kind in _PHRASES and (kind is not NoteKind.DEFAULT or len(text) <= _WIDTH)
    ]


# gofmt ------------------------------------------------------------------------------------------

_QUOTE: Final = "\N{LEFT DOUBLE QUOTATION MARK}"
_REPLACED: Final[Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = (
    (re.compile(r"^\+build"), r"\\+build"),
    (re.compile(r"^go:"), r"\\go:"),
    (re.compile(r"^\[.*\]:.*"), lambda link: link[0].replace("]:", "] :")),
    (re.compile(r"^#\s+"), "# "),
    (re.compile(r"(?<!`)``(?!`)"), _QUOTE),
    (re.compile(r"''"), "\N{RIGHT DOUBLE QUOTATION MARK}"),
)
"""What Go's tools do not read as prose, or rewrite, at the start of a line or inside it."""

_HEADING: Final = re.compile(r"""(?!.*[;:!?+*/=\[\]{}_^°&§~%#@<">\\])[^\W\d_](?:.*\w)?""")
"""A line between paragraphs that gofmt, or a reader, takes for a heading."""

_MAY_BE_LINK: Final = re.compile(rb"\[[^\s\[\]]*\]")
_MAX_LINKS: Final = 20
_WRAPPER: Final = textwrap.TextWrapper(_WIDTH, break_long_words=False, break_on_hyphens=False)
_JOINERS: Final = "\u200c\u200d"
"""Invisible characters that emoji and some scripts need."""


@lru_cache(maxsize=16_384)
def comment(text: str) -> tuple[Code, ...]:
    """Return the lines of a comment with `text`, in the form that gofmt leaves unchanged.

    gofmt edits doc comments: it turns two backticks into a quote, moves what looks like the target
    of a link to the end, marks headings, and takes `+build` for a build constraint. Other tools
    warn about `go:build`, which the space after `//` keeps from being a directive.
    """
    paragraphs = list(_paragraphs(text))
    lines: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        is_inner = 0 < index < len(paragraphs) - 1
        is_heading = is_inner and len(paragraph) == 1 and _HEADING.fullmatch(paragraph[0])
        lines += ["//"] if index else []
        lines += [f"// # {line}" if is_heading else f"// {line}" for line in paragraph]
    return tuple(map(Code, lines))


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield the lines of each paragraph of `text`, wrapped, without control characters."""
    lines = (line if line.isprintable() else _printable(line) for line in text.splitlines())
    for is_text, group in groupby(map(str.strip, lines), key=bool):
        if is_text:
            fitting = (part for line in group for part in _wrapped(line))
            yield _fenced("\n".join(map(_as_prose, fitting))).split("\n")


def _wrapped(line: str) -> list[str]:
    return _WRAPPER.wrap(line) if len(line) > _WIDTH else [line]


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() or char in _JOINERS else " " for char in line)


def _as_prose(line: str) -> str:
    for pattern, replacement in _REPLACED:
        line = pattern.sub(replacement, line)
    return line


def _fenced(text: str) -> str:
    """Return a paragraph in which gofmt finds no quote in runs of three or more backticks.

    gofmt means to skip such a run, but continues at the wrong place (`parseText` in go/doc/comment)
    and may find two backticks in the middle of another run.
    """
    if "```" not in text:
        return text
    data = text.encode("utf-8")
    links = list(_MAY_BE_LINK.finditer(data))
    if links:
        # gofmt parses the text between links separately, and only it knows what is a link.
        starts, ends = ([0, *(link.end() for link in links)], [*(link.start() for link in links)])
        parts = (data[a:b] for a in starts for b in (*ends, len(data)) if a < b)
        if len(links) > _MAX_LINKS or any(_quote_in(part) >= 0 for part in parts):
            return re.sub("`{3,}", lambda run: run[0].replace("``", _QUOTE), text)
        return text
    while (at := _quote_in(data)) >= 0:
        data = data[:at] + _QUOTE.encode("utf-8") + data[at + 2 :]
    return data.decode("utf-8")


def _quote_in(data: bytes) -> int:
    """Return the offset of the first two backticks that gofmt turns into a quote, or -1."""
    at = data.find(b"``")
    while data[at : at + 3] == b"```":
        after = at + 3
        while data[at + after : at + after + 1] == b"`":
            after += 1
        at = data.find(b"``", after)
    return at
