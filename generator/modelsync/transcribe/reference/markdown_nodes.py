"""Markdown -> the nodes of a spec, with their positions on the page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import HIDDEN, Position, Problem
from modelsync.pages.reference.facts import LINK
from modelsync.pages.reference.page import Text
from modelsync.pages.reference.prose import SPAN, text_of, text_of_span
from modelsync.schema.json_values import refuse_constant
from modelsync.spec.nodes import MAX_DEPTH, MappingNode, Node, ScalarNode, SequenceNode
from modelsync.transcribe.reference.links import Links

_TOKEN: Final = re.compile(
    rf"(?P<link>{LINK})|(?P<code>{SPAN})|\\(?P<char>[!-/:-@\[-`{{-~])|(?P<reference>&\#?\w+;)|.",
    re.DOTALL,
)
_LINK: Final = re.compile(r"\[((?:\\.|[^\[\]\\])*+)\]\(([^()\s]*+)\)")


class PagePosition(Position):
    """The start of a text on a page, which knows where each character of the text comes from."""

    places: tuple[int, ...] = ()
    """The column of each character, and of the end."""

    def shifted(self, columns: int, width: int = 1) -> Position:
        """Return the position of a character of the text."""
        last = len(self.places) - 1
        start = self.places[min(columns, last)]
        end = self.places[min(columns + width, last)]
        return Position(self.path, self.line, start, max(1, end - start))


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class _Object:
    """An object, with all keys as written."""

    items: list[tuple[str, object]]


class Nodes:
    """Makes nodes, and collects problems."""

    def __init__(self, links: Links, problems: list[Problem]) -> None:
        self.links = links
        self.problems = problems

    def problem(
        self, at: Position, code: str, message: str, help_: str, first: Position | None = None
    ) -> None:
        """Add a problem; `first` is the position that it repeats."""
        related = ((first, "first used here"),) if first else ()
        self.problems.append(Problem(at, code, message, help_, related))

    # Scalars ----------------------------------------------------------------------------------

    def scalar(self, text: str, at: Position, *, plain: bool = False) -> ScalarNode:
        """Return a scalar. Characters that specs must not contain are a problem."""
        if hidden := HIDDEN.search(text):
            message = f"page contains U+{ord(hidden[0]):04X}, an invisible or control character"
            help_ = "remove the character, which is not allowed in specs"
            self.problem(at, "MS111", message, help_)
        return ScalarNode(text, plain, False, at)

    def flag(self, value: bool, at: Position) -> ScalarNode:
        """Return `true` or `false`."""
        return ScalarNode("true" if value else "false", True, False, at)

    def prose(self, text: Text) -> ScalarNode:
        """Return prose as it is without escapes."""
        return self.scalar(text_of(text.markdown), text.at())

    def reason(self, text: Text) -> ScalarNode:
        """Return the reason of a deprecation; `true` for an empty one."""
        text = text.stripped()
        if not text.markdown:
            return self.flag(value=True, at=text.at())
        # In a block, every text is a reason. Its last line feed is not part of it.
        return self.prose(text)._replace(text=text_of(text.markdown) + "\n", block=True)

    def code(self, text: Text) -> ScalarNode:
        """Return the text of code; other text is read as prose."""
        if re.fullmatch(SPAN, text.markdown):
            return self.scalar(text_of_span(text.markdown), text.at())
        if re.search(r"(?<!\\)[`<]", text.markdown):
            help_ = "write it between two backticks, and nothing else"
            self.problem(text.at(), "MS119", "expected code in backticks", help_)
        return self.prose(text)

    # Types ------------------------------------------------------------------------------------

    def type(self, text: Text) -> ScalarNode:
        """Return a type, with the ids of the definitions that its links lead to."""
        text = text.stripped()
        if re.fullmatch(SPAN, text.markdown) and text.markdown.startswith("`"):
            inner = text_of_span(text.markdown)
            return self._mapped(text, [(char, number + 1) for number, char in enumerate(inner)])
        chars: list[tuple[str, int]] = []
        for found in _TOKEN.finditer(text.markdown):
            if found["link"]:
                shown = self.reference(text.part(found.start(), found.end()))
                # All of the link is one word; the caret marks the text in brackets.
                chars += [(char, found.start() + 1) for char in shown]
            elif found["reference"]:
                chars += [(char, found.start()) for char in html.unescape(found[0])]
            else:
                shown = found["char"] or found[0]
                start = found.start() + (1 if found["char"] else 0)
                chars += [(char, start + number) for number, char in enumerate(shown)]
        return self._mapped(text, chars)

    def _mapped(self, text: Text, chars: Sequence[tuple[str, int]]) -> ScalarNode:
        start = text.at()
        position = PagePosition(*start)
        columns = [start.column + offset for _, offset in chars]
        position.places = (*columns, start.column + len(text.markdown))
        shown = "".join(char for char, _ in chars)
        return self.scalar(shown, position, plain=True)

    def reference(self, link: Text) -> str:
        """Return the id of the definition that a link points to, or its text if there is none."""
        found = _LINK.fullmatch(link.markdown)
        assert found is not None
        return self.links.id_of(
            text_of(found[1]), link.part(found.start(1), found.end(1)), link.part(*found.span(2))
        )

    # JSON -------------------------------------------------------------------------------------

    def json_code(self, text: Text) -> Node:
        """Return a JSON value in code. Anything else is plain text, as in a spec."""
        shown = self.code(text)
        return self._json(shown.text, text.at(), lenient=True)

    def json(self, text: Text) -> Node:
        """Return a JSON document."""
        return self._json(text.markdown, text.at(), lenient=False)

    def _json(self, text: str, at: Position, *, lenient: bool) -> Node:
        try:
            value: object = json.loads(
                text,
                parse_int=_Number,
                parse_float=_Number,
                parse_constant=refuse_constant,
                object_pairs_hook=_Object,
            )
        except (ValueError, RecursionError) as error:
            if lenient and text[:1] not in ("", "{", "[", '"'):
                return self.scalar(text, at, plain=True)
            line = at
            if isinstance(error, json.JSONDecodeError):
                line = Text(text, at).at(min(error.pos, max(0, len(text) - 1)))
                line = line if "\n" in text else at
            self.problem(line, "MS119", "expected a JSON value", "write it as in a document")
            return ScalarNode("null", True, False, at)
        return self._node(value, at, 0)

    def _node(self, value: object, at: Position, depth: int) -> Node:
        if depth >= MAX_DEPTH:
            message = f"mappings and lists nest more than {MAX_DEPTH} levels deep"
            self.problem(at, "MS004", message, "flatten this value")
            return ScalarNode("null", True, False, at)
        match value:
            case _Object(items=pairs):
                entries = (
                    (self.scalar(key, at), self._node(item, at, depth + 1)) for key, item in pairs
                )
                return self.mapping(entries, at)
            case list():
                items = (self._node(item, at, depth + 1) for item in value)
                return SequenceNode(tuple(items), at)
            case _Number(text=text):
                return ScalarNode(text, True, False, at)
            case str():
                return self.scalar(value, at)
            case _:
                return ScalarNode(json.dumps(value), True, False, at)

    # Mappings ---------------------------------------------------------------------------------

    def mapping(self, entries: Iterable[tuple[ScalarNode, Node]], at: Position) -> MappingNode:
        """Return a mapping. Duplicate keys are a problem, and the first one counts."""
        unique: dict[str, tuple[ScalarNode, Node]] = {}
        for key, value in entries:
            first = unique.setdefault(key.text, (key, value))
            if first[0] is not key:
                message = f"duplicate key `{key.text}`"
                help_ = "remove or rename one of the two"
                self.problem(key.position, "MS002", message, help_, first[0].position)
        return MappingNode(tuple(unique.values()), at)
