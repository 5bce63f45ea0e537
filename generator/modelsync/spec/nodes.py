"""YAML text -> nodes with positions: the YAML that specs and the config may use.

A strict part of YAML 1.2: mappings, sequences and scalars. Scalars are text, and what reads them
says what they mean, so a key called `no` or a version `1.10` is safe. Anchors, aliases, merge
keys, tags and equal keys are problems: they are where YAML surprises people, and where its bombs
come from. Read from PyYAML's event stream, which neither recurses nor resolves anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

import yaml

from modelsync.errors import HIDDEN, Position, Problem, position_of, visible

MAX_DEPTH: Final = 64
"""How deep mappings and sequences may nest."""
MAX_BYTES: Final = 8 * 1024 * 1024
"""How large one file may be."""
BEGINNINGS: Final = frozenset({"model", "enum", "union", "external"})
"""The keys that begin a definition."""

_ALIAS_HELP: Final = (
    "write the value out where it is used; text that begins with * is written in quotes"
)
_KEY: Final = re.compile(r"[\w$-]+:(?=\s)")
NO_SPACE: Final = re.compile(r"[ -]*([\w$-]+:)[^\s:/]")
"""A key whose value begins right behind the colon, which makes a text of both."""
_LINE_BREAK: Final = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_QUOTE_OR_ESCAPE: Final = re.compile(r'["\\]')
_ESCAPE: Final = re.compile(
    r'\\(?:[0abtnvfreN_LP\t "/\\]|\r?\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})'
)
"""An escape in double quotes that both of PyYAML's loaders take, and take for the same."""
_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}")
_DIGITS: Final = {"x": 2, "u": 4, "U": 8}

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScalarNode(NamedTuple):
    """Text. `plain` tells `null` from `"null"`; `block` marks `|` and `>` scalars."""

    text: str
    plain: bool
    block: bool
    position: Position

    @property
    def is_null(self) -> bool:
        """Whether this is nothing at all, or a plain `null` or `~`."""
        return self.plain and self.text in ("", "null", "~")


class SequenceNode(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    position: Position


class MappingNode(NamedTuple):
    """Pairs of a key and a node, in the order written; keys are scalars, and none repeats."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    position: Position


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    position: Position
    mapping: bool
    items: list[Node]


def decode(path: str, data: bytes, limit: int | None = MAX_BYTES) -> tuple[str, list[Problem]]:
    """Return the text of a file and what is wrong with its bytes: size, encoding, a BOM."""
    if limit is not None and len(data) > limit:
        message = f"the file is larger than {limit // 1024 // 1024} MiB"
        return "", [Problem(Position(path), "MS001", message, help="split it")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return data.decode("utf-8", "replace"), [
            Problem(
                position_of(path, before, len(before)),
                "MS001",
                f"the file is not UTF-8: byte 0x{data[error.start]:02x}",
                help="save it as UTF-8 (without a byte order mark)",
            )
        ]
    if text.startswith("\ufeff"):
        return text, [
            Problem(
                Position(path),
                "MS001",
                "the file begins with a byte order mark",
                help="save it as UTF-8 without one",
            )
        ]
    return text, []


def documents(path: str, text: str, problems: list[Problem]) -> Iterator[Node]:
    """Yield the root node of each YAML document in `text`, and add to `problems`.

    A syntax error ends the file: the documents before it come first. Empty documents are left
    out. In a file with a conflict of a merge, or with line breaks that are not LF or CR and LF,
    nothing else is looked at.
    """
    unfit = _line_break(path, text) or _conflict(path, text)
    if unfit is not None:
        problems.append(unfit)
        return
    found = 0
    try:
        for node in _roots(path, text, problems):
            found += 1
            yield node
    except _Refused as refused:
        problems.append(refused.problem)
    except yaml.YAMLError as error:
        end = _too_deep_for_libyaml(error)
        if end is None:
            problems.append(_syntax_problem(path, text, error))
            return
        # Only the loader has refused it: up to there, it is read as with any other.
        known = set(problems)
        again: list[Problem] = []
        yield from islice(documents(path, text[:end], again), found, None)
        problems += [problem for problem in again if problem not in known]


class Fingerprint:
    """A digest of what documents say: comments, line ends and indentation do not count."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._between = b""

    def add(self, root: Node) -> None:
        """Add one more document."""
        parts: list[str] = []
        # Depth first, in the order written; a mark of its own for each kind of collection.
        rest: list[Node] = [root]
        while rest:
            node = rest.pop()
            if isinstance(node, ScalarNode):
                parts.append(node.text if node.plain else f"'{node.text}")
            elif isinstance(node, SequenceNode):
                parts.append(f"[{len(node.items)}")
                rest += node.items[::-1]
            else:
                parts.append(f"{{{len(node.entries)}")
                for key, value in reversed(node.entries):
                    rest += (value, key)
        self._hash.update(self._between + "\0".join(parts).encode("utf-8", "surrogatepass"))
        self._between = b"\0"

    def digest(self) -> str:
        """Return the digest."""
        return self._hash.hexdigest()[:16]


def without_follow_ups(problems: list[Problem]) -> list[Problem]:
    """Return `problems` without those of the empty values that stand where aliases are."""
    aliases = {
        (problem.position.path, problem.position.line, problem.position.column)
        for problem in problems
        if problem.help == _ALIAS_HELP
    }
    return [
        problem
        for problem in problems
        if problem.code == "MS003"
        or (problem.position.path, problem.position.line, problem.position.column) not in aliases
    ]


def _roots(path: str, text: str, problems: list[Problem]) -> Iterator[Node]:
    stack: list[_Open] = []
    # Text waits for the end of its document: it may be a key whose colon lacks a space.
    text_root: ScalarNode | None = None
    for event in _events(path, text):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            node: Node = _scalar(path, text, event, problems)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            position = _position(path, event.start_mark)
            _check_properties(position, event, problems)
            if len(stack) >= MAX_DEPTH:
                message = f"mappings and lists nest more than {MAX_DEPTH} deep"
                raise _Refused(Problem(position, "MS004", message, help="flatten this value"))
            stack.append(_Open(position, kind is yaml.MappingStartEvent, []))
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            done = stack.pop()
            if done.mapping:
                node = _mapping(done, problems, is_root=not stack)
            else:
                node = SequenceNode(tuple(done.items), done.position)
        elif kind is yaml.AliasEvent:
            position = _position(path, event.start_mark, len(event.anchor) + 1)
            message = "YAML aliases are not part of the spec language"
            problems.append(Problem(position, "MS003", message, help=_ALIAS_HELP))
            node = ScalarNode("", True, False, position)
        elif kind is yaml.DocumentEndEvent and text_root is not None:
            yield text_root
            text_root = None
            continue
        else:
            continue
        if stack:
            stack[-1].items.append(node)
        elif not isinstance(node, ScalarNode):
            yield node
        elif not (node.plain and node.text == ""):
            text_root = node


def _events(path: str, text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        while (event := loader.get_event()) is not None:
            yield event
    except (ValueError, OverflowError):
        # The loader in Python takes any number behind \U for a character.
        raise _Refused(_escape_problem(path, text, loader.index - len("\\U"))) from None
    finally:
        loader.dispose()


def _position(path: str, mark: Any, width: int = 1) -> Position:
    return Position(path, mark.line + 1, mark.column + 1, width)


def _scalar(path: str, text: str, event: Any, problems: list[Problem]) -> ScalarNode:
    start, end = event.start_mark, event.end_mark
    one_line = start.line == end.line
    width = end.column - start.column if one_line else 1
    position = Position(path, start.line + 1, start.column + 1, width or 1)
    if event.anchor or event.tag:
        _check_properties(position, event, problems)
    if event.style == '"' and text.find("\\", start.index, end.index) >= 0:
        escape = _bad_escape(text, start.index)
        if escape is not None:
            problems.append(_escape_problem(path, text, escape))
            return ScalarNode("", False, False, position)
    value: str = event.value
    if not value.isascii() or not value.isprintable():
        bad = HIDDEN.search(value)
        if bad is not None:
            code_point = f"U+{ord(bad[0]):04X}"
            problems.append(
                Problem(
                    position,
                    "MS005",
                    f"this text holds {code_point}, a character that editors and terminals hide",
                    help="remove it; of the control characters, tab and line feed are allowed",
                )
            )
    style = event.style
    return ScalarNode(value, style is None or style == "", style in ("|", ">"), position)


def _check_properties(position: Position, event: Any, problems: list[Problem]) -> None:
    if event.anchor:
        message = "YAML anchors are not part of the spec language"
        problems.append(
            Problem(position, "MS003", message, help=f'remove "&{visible(event.anchor)}"')
        )
    if event.tag:
        message = "YAML tags are not part of the spec language"
        problems.append(
            Problem(
                position,
                "MS003",
                message,
                help=f'remove "{visible(event.tag)}": what a value means follows from its key',
            )
        )


def _mapping(done: _Open, problems: list[Problem], *, is_root: bool) -> MappingNode:
    entries: list[tuple[ScalarNode, Node]] = []
    seen: dict[str, Position] = {}
    begun: list[str] = []
    pairs = iter(done.items)
    for key in pairs:
        value = next(pairs)
        if not isinstance(key, ScalarNode):
            problems.append(Problem(key.position, "MS003", "a key must be text"))
            continue
        if is_root and key.text in BEGINNINGS:
            begun.append(key.text)
        if key.text in seen and len(begun) > 1 and key.text != begun[-1]:
            continue  # a key of the second definition, whose beginning is a problem
        if key.text in seen and begun.count(key.text) > 1:
            if len(begun) > 2:
                continue
            problems.append(
                Problem(
                    key.position,
                    "MS002",
                    f'the key "{visible(key.text)}" stands here twice',
                    help='put a line "---" before each definition but the first',
                    related=((seen[key.text], "the first one"),),
                )
            )
            continue
        if key.text in seen:
            problems.append(
                Problem(
                    key.position,
                    "MS002",
                    f'the key "{visible(key.text)}" stands here twice',
                    help="remove or rename one of the two",
                    related=((seen[key.text], "the first one"),),
                )
            )
            continue
        seen[key.text] = key.position
        if key.plain and key.text == "<<":
            problems.append(
                Problem(
                    key.position,
                    "MS003",
                    "YAML merge keys are not part of the spec language",
                    help='write the entries out; a key called "<<" is written in quotes',
                )
            )
            continue
        entries.append((key, value))
    return MappingNode(tuple(entries), done.position)


def _line_break(path: str, text: str) -> Problem | None:
    """Return the first character that ends a line for some readers of YAML, as a problem.

    Version 1.1, and so libyaml, has more line breaks than 1.2; here and in other tools a line ends
    at a line feed. A position has to mean the same everywhere.
    """
    if text.isascii() and "\r" not in text:
        return None
    found = _LINE_BREAK.search(text)
    if found is None:
        return None
    char = found[0]
    help_ = f'remove it, or write "\\u{ord(char):04x}" in double quotes'
    if char == "\r":
        help_ = "end each line with a line feed (LF), or with CR and LF"
    elif char == "\x85":
        help_ = "remove it"
    return Problem(
        position_of(path, text, found.start()),
        "MS001",
        f"U+{ord(char):04X} ends a line for some readers of YAML, and not for others",
        help=help_,
    )


def _bad_escape(text: str, quote: int) -> int | None:
    """Return where the text in double quotes that begins at `quote` has a wrong escape, or None."""
    at = quote + 1
    while (found := _QUOTE_OR_ESCAPE.search(text, at)) and found[0] != '"':
        escape = _ESCAPE.match(text, found.start())
        if escape is None and found.end() == len(text):
            return None  # the quote has no end
        if escape is None or _is_no_character(escape):
            return found.start()
        at = escape.end()
    return None


def _is_no_character(escape: re.Match[str]) -> bool:
    code = int(escape[0][2:], 16) if escape[0][1] in _DIGITS else 0
    return 0xD800 <= code < 0xE000 or code > 0x10FFFF


def _escape_problem(path: str, text: str, at: int) -> Problem:
    """Return what is wrong with the escape at an index, and how to write it."""
    pair = _PAIR.match(text, at)
    escape = _ESCAPE.match(text, at)
    kind = text[at + 1 : at + 2]
    if pair is not None:
        whole = json.loads(f'"{pair[0]}"')
        shown = pair[0]
        message = f"{shown} is U+{ord(whole):04X} as JSON escapes it, and not as YAML does"
        help_ = f"write \\U{ord(whole):08X}"
    elif escape is not None:
        shown = escape[0]
        message = f"{shown} is half of a character"
        help_ = "write the whole character, such as \\U0001F600"
        if int(shown[2:], 16) > 0x10FFFF:
            message = f"{shown} is not a character"
            help_ = "characters are those up to \\U0010FFFF"
    else:
        shown = f"\\{visible(kind)}"
        message = f"{shown} is not an escape of YAML"
        help_ = "write \\\\ for a backslash"
        if kind in _DIGITS:
            message = f"{shown} needs {_DIGITS[kind]} hexadecimal digits"
        elif kind == "'":
            help_ = "write ' alone: in double quotes it needs no backslash"
    return Problem(position_of(path, text, at, len(shown)), "MS001", message, help=help_)


def _conflict(path: str, text: str) -> Problem | None:
    """Return the first conflict that a merge by git has left, as a problem."""
    start = f"\n{text}".find("\n<<<<<<< ")
    if start < 0 or "\n=======" not in text[start:]:
        return None
    return Problem(
        position_of(path, text, start, len("<<<<<<<")),
        "MS001",
        "a merge has left a conflict here",
        help="keep what should stay of both sides, and remove the lines that begin with <<<<<<<,"
        " ======= and >>>>>>>",
    )


def _too_deep_for_libyaml(error: yaml.YAMLError) -> int | None:
    """Return where libyaml itself refused to nest deeper, as an index into the text.

    Since version 0.2.6 it allows 1,000 levels, and reads ahead: it fails there before it reports
    the levels above. The text up to there is enough to find the one that exceeds MAX_DEPTH.
    """
    mark: Any = getattr(error, "problem_mark", None)
    if mark is None or "nesting" not in str(getattr(error, "problem", "")):
        return None
    return int(mark.index)


def _is_behind(text: str, mark: Any) -> bool:
    """Whether a mark stands at the end of the text, or of its document."""
    # By index: YAML counts more characters as line breaks than "\n".
    rest = text[text.rfind("\n", 0, mark.index) + 1 :]
    return not rest.strip() or rest.startswith(("---", "..."))


def _is_first_in_line(text: str, index: int) -> bool:
    return not text[text.rfind("\n", 0, index) + 1 : index].strip()


def _is_behind_quote(text: str, index: int) -> bool:
    """Whether something stands in the same line behind a text in quotes: `"a" | "b"`."""
    line = text[text.rfind("\n", 0, index) + 1 : index].rstrip()
    return line.endswith(('"', "'")) and not text.startswith(("\n", "\r"), index)


def _syntax_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    """Return a YAML syntax error as a problem, in words of what the user sees."""
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:
        # A character that YAML itself does not allow: the error counts it from the beginning.
        offset = getattr(error, "position", 0)
        bad = HIDDEN.search(text)
        offset = bad.start() if bad else min(int(offset or 0), len(text))
        shown = f"U+{ord(text[offset]):04X}" if offset < len(text) else "a character"
        message = f"YAML does not allow {shown} here"
        return Problem(position_of(path, text, offset), "MS001", message, "remove it")
    help_ = ""
    context = str(getattr(error, "context", "") or "")
    began = getattr(error, "context_mark", None)
    if began is not None and "quoted scalar" in context:
        escape = _bad_escape(text, began.index) if text[began.index] == '"' else None
        if escape is not None:
            return _escape_problem(path, text, escape)
        return Problem(_position(path, began), "MS001", "this quote has no end", "close it")
    if began is not None and "flow" in context and _is_behind(text, mark):
        message = "this bracket or brace has no end"
        return Problem(_position(path, began), "MS001", message, "close it")
    if "while scanning an a" in context:  # an alias or an anchor
        help_ = "put text that begins with * or & in quotes"
    elif "mapping values are not allowed" in said:
        help_ = 'put text that holds ": " in quotes'
        before = text[: text.rfind("\n", 0, mark.index) + 1].rstrip()
        if glued := NO_SPACE.match(before[before.rfind("\n") + 1 :]):
            help_ = f'put a space behind "{visible(glued[1])}" in the line above'
    elif "<document start>" in said and text[: mark.index].rstrip().endswith("\n..."):
        help_ = 'write "---" between two definitions, not "..."'
    elif "expected ',' or" in said and _is_first_in_line(text, mark.index):
        help_ = "put a comma or the closing bracket at the end of the line above"
    elif "expected ',' or" in said and (key := _KEY.match(text, mark.index)):
        help_ = f'put a comma before "{visible(key[0])}"'
    elif _is_behind_quote(text, (began or mark).index) or _is_behind_quote(text, mark.index):
        help_ = "put all of the text in quotes of the other kind: it ends at the quote before this"
    elif "cannot start any token" in said and text.startswith("\t", mark.index):
        help_ = "indent with blanks, not with tabs"
    elif "cannot start any token" in said:
        help_ = "put text that begins with this character in quotes"
    elif "expected ',' or" in said:
        help_ = "inside { } and [ ], put text that holds a bracket, a brace or a comma in quotes"
    elif "could not find expected ':'" in said or "did not find expected key" in said:
        help_ = "check the indentation of this line and of those above"
    return Problem(_position(path, mark), "MS001", f"this is not YAML: {said}", help=help_)
