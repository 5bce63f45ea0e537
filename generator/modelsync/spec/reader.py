"""Nodes -> Python values, by their :class:`Shape`. Specs and the config share this reader.

Nothing here raises: a value that cannot be read adds a problem and is omitted, and reading goes on,
so that one run reports everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from modelsync.errors import Names, Position, Problem, did_you_mean, in_backticks, suggests
from modelsync.schema.type_expr import MEANINGS, RESERVED
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.other_keys import Instead
from modelsync.spec.shape import EXTENSION, Key, Shape, T

MAX_NAME: Final = 120
"""The maximum length of a name. File names are derived from it."""

FLAGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "n"), "false"),
}
"""Other spellings of `true` and `false`, in lowercase: those of YAML 1.1 and common mistakes."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d*)?(?:e[-+]?\d+)?", re.ASCII)

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,6}")

_COMMA_HELP: Final = "quote the text before it: inside `{ }`, a comma ends a value"


def _follows_comma(key: ScalarNode, value: Node) -> bool:
    """Whether a key is the rest of a text that a comma ended: `{description: one, two}`."""
    end = key.position.column + key.position.width
    return (
        key.plain
        and isinstance(value, ScalarNode)
        and value.is_null
        and value.text == ""
        and (value.position.line, value.position.column) == (key.position.line, end)
    )


def flag_help(node: Node) -> str:
    """Return help for a value that was meant as true or false; empty for other values."""
    meant = FLAGS.get(node.text.lower()) if isinstance(node, ScalarNode) else None
    if meant is None or not isinstance(node, ScalarNode):
        return ""
    if not node.plain:
        return f"write `{meant}` without quotes"
    return f"write `{meant}` in lowercase" if meant == node.text.lower() else f"write `{meant}`"


def describe(node: Node) -> str:
    """Return what a node is, for messages."""
    match node:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case ScalarNode() if node.is_null:
            return "nothing"
        case ScalarNode():
            return "a string"


def text_of(node: ScalarNode) -> str:
    """Return the text of a scalar, without the line break that ends a `|` or `>` block."""
    return node.text.removesuffix("\n") if node.block else node.text


class Entries:
    """The entries of a mapping of a known shape. Each value has the type of its key's kind."""

    def __init__(
        self,
        nodes: Mapping[Key[Any], Node],
        values: Mapping[Key[Any], Any],
        extensions: Mapping[str, Node],
    ) -> None:
        self.nodes = nodes
        """The node of each key that was written."""
        self.extensions = extensions
        """The node of each key that starts with `x-`."""
        self._values = values

    def get(self, key: Key[T]) -> T | None:
        """Return the value of `key`; None if it is absent or could not be read."""
        return self._values.get(key)

    def get_or(self, key: Key[T], default: T) -> T:
        """Return the value of `key`, or `default` if it is absent or could not be read."""
        value: T = self._values.get(key, default)
        return value

    def position_of(self, key: Key[Any], default: Position) -> Position:
        """Return the position of the value of `key`, or `default` if it is absent."""
        return self.nodes[key].position if key in self.nodes else default


class Reader:
    """Reads nodes and collects problems in :attr:`problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def problem(self, position: Position, code: str, message: str, help_: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(position, code, message, help=help_))

    def mapping(self, node: Node, what: str, help_: str = "") -> MappingNode | None:
        """Return `node` if it is a mapping; otherwise add a problem."""
        if isinstance(node, MappingNode):
            return node
        message = f"expected a mapping for {what}, found {describe(node)}"
        self.problem(node.position, "MS012", message, help_)
        return None

    def read(self, node: Node, shape: Shape, help_: str = "") -> Entries | None:
        """Read the entries of a mapping of a known shape. None if `node` is not a mapping."""
        extensions: dict[str, Node] = {}
        nodes = self.keys(node, shape, help_, extensions)
        if nodes is None:
            return None
        values = {}
        for key, value_node in nodes.items():
            value = key.kind.read(self, value_node, key)
            if value is not None:
                values[key] = value
        return Entries(nodes, values, extensions)

    def keys(
        self,
        node: Node,
        shape: Shape,
        help_: str = "",
        extensions: dict[str, Node] | None = None,
    ) -> dict[Key[Any], Node] | None:
        """Return the nodes of a mapping of a known shape. None if `node` is not a mapping.

        Unknown keys and missing keys are problems. Adds the nodes of keys that start with `x-` to
        `extensions`.
        """
        mapping = self.mapping(node, shape.what, help_)
        if mapping is None:
            return None
        nodes: dict[Key[Any], Node] = {}
        unknown = []
        for name, value in mapping.entries:
            key = shape.by_name.get(name.text)
            if key is not None:
                nodes[key] = value
            elif not (shape.extensible and _is_extension(name.text)):
                unknown.append((name, value))
            elif extensions is not None:
                extensions[name.text] = value
        meant: set[str] = set()
        if unknown:
            meant, superseded = self._unknown_keys(unknown, shape, mapping)
            # One mistake that involves two keys is reported once.
            nodes = {key: value for key, value in nodes.items() if key.name not in superseded}
        for key in shape.needed:
            # A misspelled key is one mistake, not two.
            if key not in nodes and key.name not in meant:
                self.problem(mapping.position, "MS011", f"missing key `{key.name}`", key.help)
        return nodes

    def _unknown_keys(
        self, unknown: list[tuple[ScalarNode, Node]], shape: Shape, mapping: MappingNode
    ) -> tuple[set[str], set[str]]:
        """Report unknown keys. Return the keys that were meant, and those that they replace."""
        names = Names(key.name for key in shape.keys)
        meant: set[str] = set()
        superseded: set[str] = set()
        has_comma_problem = False
        for name, value in unknown:
            message = f"`{name.text}` is not a key of {shape.what}"
            if _follows_comma(name, value):
                if not has_comma_problem:
                    self.problem(name.position, "MS010", message, _COMMA_HELP)
                has_comma_problem = True
                continue
            find = shape.instead_of
            instead = find(name.text, value, mapping) if find is not None else None
            if instead is not None:
                superseded.add(instead.key)
            else:
                near = names.nearest(name.text) if suggests(self.problems) else None
                if near is not None:
                    instead = Instead(f"did you mean `{near}`?", near)
                else:
                    keys = in_backticks(key.name for key in shape.keys)
                    instead = Instead(f"use one of {keys}")
            meant.add(instead.key)
            self.problem(name.position, "MS010", message, instead.help)
        return meant, superseded

    def scalar(self, node: Node, what: str, help_: str = "") -> ScalarNode | None:
        """Return `node` if it is text; otherwise add a problem."""
        if isinstance(node, ScalarNode):
            return node
        message = f"expected a string for `{what}`, found {describe(node)}"
        self.problem(node.position, "MS012", message, help_)
        return None

    def text(self, node: Node, what: str) -> str | None:
        """Return a scalar as text, whatever it looks like: `no`, `3` and `null` are text too."""
        scalar = self.scalar(node, what)
        return None if scalar is None else text_of(scalar)

    def flag(self, node: Node, what: str) -> bool | None:
        """Return `true` or `false`, and nothing else."""
        if isinstance(node, ScalarNode) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        help_ = flag_help(node) or "write `true` or `false`"
        self.problem(node.position, "MS013", f"`{what}` must be `true` or `false`", help_)
        return None

    def reason(self, node: Node, what: str) -> str | None:
        """Return why something is deprecated: empty for `true`, None for `false`.

        What looks like a flag is a reason only in a `|` block, which nobody writes by mistake.
        """
        if isinstance(node, ScalarNode) and node.plain and node.text in ("true", "false"):
            return "" if node.text == "true" else None
        if isinstance(node, ScalarNode):
            help_ = "" if node.block else flag_help(node)
            is_empty = node.is_null or not node.text.strip()
            if is_empty or help_ or (node.plain and _NUMBER.fullmatch(node.text)):
                help_ = help_ or "write `true`, or a reason such as: use `other` instead"
                message = f"`{what}` must be `true`, `false` or a reason"
                self.problem(node.position, "MS013", message, help_)
                return None
        return self.text(node, what)

    def shown_reason(self, node: Node, what: str) -> str | Literal[False] | None:
        """Return the reason on a page: empty for `true`, False for `false`."""
        if isinstance(node, ScalarNode) and node.plain and node.text == "false":
            return False
        return self.reason(node, what)

    def choice(self, node: Node, key: Key[str]) -> str | None:
        """Return one of the texts that `key` allows."""
        text = self.text(node, key.name)
        if text is None or text in key.choices:
            return text
        message = f"`{key.name}` must be one of {in_backticks(key.choices)}, not `{text}`"
        help_ = did_you_mean(text, key.choices, self.problems)
        self.problem(node.position, "MS013", message, help_)
        return None

    def name(self, node: Node, what: str) -> str | None:
        """Return the name of a definition: ASCII letters, digits and `_`."""
        name = self.text(node, what)
        if name is None:
            return None
        if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
            self.problem(
                node.position,
                "MS014",
                f"invalid definition name `{name[:MAX_NAME]}`",
                "use a letter, then letters, digits and `_`, such as `ExportSession`; at most"
                f" {MAX_NAME} characters",
            )
            return None
        if name in RESERVED:
            why = "part of the type syntax" if name in MEANINGS else "reserved for later versions"
            self.problem(
                node.position,
                "MS014",
                f"invalid definition name `{name}`: it is {why}",
                f"rename it, for example to `{name.capitalize()}`",
            )
            return None
        return name

    def count(self, node: Node, what: str) -> int | None:
        """Return a positive integer."""
        digits = node.text if isinstance(node, ScalarNode) and node.plain else ""
        if _COUNT.fullmatch(digits):
            return int(digits)
        message = f"`{what}` must be a positive integer"
        self.problem(node.position, "MS013", message, "write only digits, without quotes")
        return None

    def text_map(self, node: Node, what: str) -> dict[str, str]:
        """Return a mapping of text to text."""
        mapping = self.mapping(node, f"`{what}`")
        texts = {}
        for key, value in mapping.entries if mapping else ():
            text = self.text(value, key.text)
            if text is not None:
                texts[key.text] = text
        return texts

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """Return a list of texts. A single text is a list of one."""
        if isinstance(node, ScalarNode):
            return (text_of(node),)
        texts = [self.text(item, what) for item in self.sequence(node, what)]
        return tuple(text for text in texts if text is not None)

    def sequence(self, node: Node, what: str) -> tuple[Node, ...]:
        """Return the items of a list."""
        if isinstance(node, SequenceNode):
            return node.items
        self.problem(
            node.position,
            "MS012",
            f"expected a list for `{what}`, found {describe(node)}",
            "write `[a, b]`, or one line `- a` per item",
        )
        return ()


def _is_extension(key: str) -> bool:
    return key.startswith(EXTENSION) and len(key) > len(EXTENSION)
