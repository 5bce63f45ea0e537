"""YAML text -> nodes with positions.

Specs and the config use a strict subset of YAML 1.2: mappings, sequences and scalars. Scalars are
text, and their reader decides what they mean, so a key called `no` or a version `1.10` is safe.
Anchors, aliases, merge keys, tags and duplicate keys are problems, because they surprise people and
make "YAML bombs" possible. Nodes are read from PyYAML's event stream, which neither recurses nor
resolves anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

import yaml

from modelsync.errors import HIDDEN, Position, Problem, position_of
from modelsync.spec.yaml_problems import (
    bad_escape,
    conflict_problem,
    escape_problem,
    line_break_problem,
    mark_position,
    syntax_problem,
    too_deep_for_libyaml,
)

MAX_DEPTH: Final = 64
"""How deep mappings and sequences may nest."""
MAX_BYTES: Final = 8 * 1024 * 1024
"""How large a file may be."""
BEGINNINGS: Final = frozenset({"model", "enum", "union", "external"})
"""The keys that start a definition."""

_ALIAS_HELP: Final = "write the value itself; quote text that starts with `*`"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScalarNode(NamedTuple):
    """Text."""

    text: str
    plain: bool
    """Whether it is written without quotes, which makes `null` differ from `"null"`."""
    block: bool
    """Whether it is a `|` or `>` block."""
    position: Position

    @property
    def is_null(self) -> bool:
        """Whether the value is empty, or a plain `null` or `~`."""
        return self.plain and self.text in ("", "null", "~")


class SequenceNode(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    position: Position


class MappingNode(NamedTuple):
    """Pairs of a key and a node, in the order written. Keys are unique scalars."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    position: Position


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not been read yet."""

    position: Position
    mapping: bool
    items: list[Node]


def decode(path: str, data: bytes, limit: int | None = MAX_BYTES) -> tuple[str, list[Problem]]:
    """Return the text of a file, and problems with its size, its encoding or a BOM."""
    if limit is not None and len(data) > limit:
        message = f"the file is larger than {limit // 1024 // 1024} MiB"
        return "", [Problem(Position(path), "MS001", message, help="split the file")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return data.decode("utf-8", "replace"), [
            Problem(
                position_of(path, before, len(before)),
                "MS001",
                f"the file is not UTF-8: byte 0x{data[error.start]:02x}",
                help="save it as UTF-8 without a byte order mark",
            )
        ]
    if text.startswith("\ufeff"):
        return text, [
            Problem(
                Position(path),
                "MS001",
                "the file starts with a byte order mark",
                help="save it as UTF-8 without a byte order mark",
            )
        ]
    return text, []


def documents(path: str, text: str, problems: list[Problem]) -> Iterator[Node]:
    """Yield the root node of each YAML document in `text`, and add to `problems`.

    Empty documents are skipped. A syntax error ends the file, after the documents before it. Files
    with merge conflict markers, or with unusual line breaks, are not read at all.
    """
    unreadable = line_break_problem(path, text) or conflict_problem(path, text)
    if unreadable is not None:
        problems.append(unreadable)
        return
    count = 0
    try:
        for node in _roots(path, text, problems):
            count += 1
            yield node
    except _Refused as refused:
        problems.append(refused.problem)
    except yaml.YAMLError as error:
        end = too_deep_for_libyaml(error)
        if end is None:
            problems.append(syntax_problem(path, text, error))
            return
        # libyaml stopped at its own limit: find where the text before it exceeds MAX_DEPTH.
        reported = set(problems)
        again: list[Problem] = []
        yield from islice(documents(path, text[:end], again), count, None)
        problems += [problem for problem in again if problem not in reported]


class Fingerprint:
    """A digest of the content of documents: comments, line endings and indentation do not count."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._between = b""

    def add(self, root: Node) -> None:
        """Add one more document."""
        parts: list[str] = []
        # Depth first, in the order written, with a different prefix for each kind of node.
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
    """Return `problems` without those of the empty values that replace aliases."""
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
    # A document that is only text: wait for its end, because a key without a space after its colon
    # looks like text, too.
    text_root: ScalarNode | None = None
    for event in _events(path, text):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            node: Node = _scalar(path, text, event, problems)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            stack.append(_open(path, event, len(stack), problems))
            continue
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            node = _close(stack.pop(), problems, is_root=not stack)
        elif kind is yaml.AliasEvent:
            node = _alias(path, event, problems)
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
        # PyYAML's Python loader accepts any number after \U.
        raise _Refused(escape_problem(path, text, loader.index - len("\\U"))) from None
    finally:
        loader.dispose()


def _open(path: str, event: Any, depth: int, problems: list[Problem]) -> _Open:
    position = mark_position(path, event.start_mark)
    _check_properties(position, event, problems)
    if depth >= MAX_DEPTH:
        message = f"mappings and lists nest more than {MAX_DEPTH} levels deep"
        raise _Refused(Problem(position, "MS004", message, help="flatten this value"))
    return _Open(position, isinstance(event, yaml.MappingStartEvent), [])


def _close(collection: _Open, problems: list[Problem], *, is_root: bool) -> Node:
    if collection.mapping:
        return _mapping(collection, problems, is_root=is_root)
    return SequenceNode(tuple(collection.items), collection.position)


def _alias(path: str, event: Any, problems: list[Problem]) -> ScalarNode:
    """Report an alias, and return an empty node instead of it."""
    position = mark_position(path, event.start_mark, len(event.anchor) + 1)
    message = "YAML aliases are not supported"
    problems.append(Problem(position, "MS003", message, help=_ALIAS_HELP))
    return ScalarNode("", True, False, position)


def _scalar(path: str, text: str, event: Any, problems: list[Problem]) -> ScalarNode:
    start, end = event.start_mark, event.end_mark
    one_line = start.line == end.line
    width = end.column - start.column if one_line else 1
    position = Position(path, start.line + 1, start.column + 1, width or 1)
    if event.anchor or event.tag:
        _check_properties(position, event, problems)
    if event.style == '"' and text.find("\\", start.index, end.index) >= 0:
        escape = bad_escape(text, start.index)
        if escape is not None:
            problems.append(escape_problem(path, text, escape))
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
                    f"text contains {code_point}, an invisible or control character",
                    help="remove it; the only control characters allowed are tab and line feed",
                )
            )
    style = event.style
    return ScalarNode(value, style is None or style == "", style in ("|", ">"), position)


def _check_properties(position: Position, event: Any, problems: list[Problem]) -> None:
    if event.anchor:
        message = "YAML anchors are not supported"
        problems.append(Problem(position, "MS003", message, help=f"remove `&{event.anchor}`"))
    if event.tag:
        message = "YAML tags are not supported"
        problems.append(
            Problem(
                position,
                "MS003",
                message,
                help="remove the tag: the type of a value depends on its key",
            )
        )


def _mapping(done: _Open, problems: list[Problem], *, is_root: bool) -> MappingNode:
    entries: list[tuple[ScalarNode, Node]] = []
    seen: dict[str, Position] = {}
    beginnings: list[str] = []
    pairs = iter(done.items)
    for key in pairs:
        value = next(pairs)
        if not isinstance(key, ScalarNode):
            problems.append(Problem(key.position, "MS003", "expected a string as a key"))
            continue
        if is_root and key.text in BEGINNINGS:
            beginnings.append(key.text)
        if key.text in seen:
            duplicate = _duplicate(key, seen[key.text], beginnings)
            if duplicate is not None:
                problems.append(duplicate)
            continue
        seen[key.text] = key.position
        if key.plain and key.text == "<<":
            message = "YAML merge keys are not supported"
            help_ = "copy the entries; quote a key that is called `<<`"
            problems.append(Problem(key.position, "MS003", message, help=help_))
            continue
        entries.append((key, value))
    return MappingNode(tuple(entries), done.position)


def _duplicate(key: ScalarNode, first: Position, beginnings: list[str]) -> Problem | None:
    """Return the problem for a duplicate key.

    `beginnings` are the keys of the mapping so far that start a definition. If there are several,
    a line `---` is missing, and only the first duplicate is reported.
    """
    is_beginning = beginnings.count(key.text) > 1
    if len(beginnings) > 1 and (len(beginnings) > 2 or key.text != beginnings[-1]):
        return None
    help_ = "remove or rename one of the two"
    if is_beginning:
        help_ = "put a line `---` between the two definitions"
    message = f"duplicate key `{key.text}`"
    related = ((first, "first used here"),)
    return Problem(key.position, "MS002", message, help=help_, related=related)
