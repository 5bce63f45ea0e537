"""Nodes -> Python values, by the shapes of `shape.py`: what specs and the config share.

Nothing here raises: a value that cannot be read adds a problem and is left out, and the reading
goes on, so that one run reports everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from modelsync.errors import Names, Position, Problem, did_you_mean, suggests, visible
from modelsync.schema.type_expr import MEANINGS, RESERVED
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.other_keys import Instead, instead_of
from modelsync.spec.shape import DEFINITIONS, Key, Shape

MAX_NAME: Final = 120
"""How long a name may be: file names are made of it."""

FLAGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "n"), "false"),
}
"""What people and other versions of YAML write for `true` and `false`, in lower case."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d*)?(?:e[-+]?\d+)?", re.ASCII)

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,6}")

_COMMA_HELP: Final = "put the text before it in quotes: inside { }, a comma ends it"


def _follows_comma(key: ScalarNode, value: Node) -> bool:
    """Whether a key is a piece of a text that a comma has cut: `{description: one, two}`."""
    behind = key.position.column + key.position.width
    return (
        key.plain
        and isinstance(value, ScalarNode)
        and value.is_null
        and value.text == ""
        and (value.position.line, value.position.column) == (key.position.line, behind)
    )


def flag_help(node: Node) -> str:
    """Return what to write instead of what someone meant as true or false; empty for the rest."""
    meant = FLAGS.get(node.text.lower()) if isinstance(node, ScalarNode) else None
    if meant is None or not isinstance(node, ScalarNode):
        return ""
    if not node.plain:
        return f"write {meant}, without quotes"
    return f"write {meant}, in lower case" if meant == node.text.lower() else f"write {meant}"


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
            return "text"


def text_of(node: ScalarNode) -> str:
    """Return the text of a scalar, without the line break that ends a `|` or `>` block."""
    return node.text.removesuffix("\n") if node.block else node.text


class Reader:
    """Reads nodes and collects problems in :attr:`problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def problem(self, position: Position, code: str, message: str, help_: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(position, code, message, help=help_))

    def mapping(self, node: Node, what: str, help_: str = "") -> MappingNode | None:
        """Return `node` if it is a mapping; else add a problem."""
        if isinstance(node, MappingNode):
            return node
        self.problem(
            node.position, "MS012", f"{what} must be a mapping, and this is {describe(node)}", help_
        )
        return None

    def keys(self, node: Node, shape: Shape, help_: str = "") -> dict[Key, Node] | None:
        """Return the entries of a mapping of a known shape.

        Unknown keys are problems and left out; a needed key that is missing is a problem, and so
        is a node that is no mapping, for which None comes back.
        """
        mapping = self.mapping(node, shape.what, help_)
        if mapping is None:
            return None
        found: dict[Key, Node] = {}
        known = {key.name: key for key in shape.keys}
        names = Names(known)
        meant: set[str] = set()
        superseded: set[str] = set()
        comma = False
        for name, value in mapping.entries:
            key = known.get(name.text)
            if key is not None:
                found[key] = value
                continue
            if _follows_comma(name, value):
                if not comma:
                    message = f'{shape.what} has no key "{visible(name.text)}"'
                    self.problem(name.position, "MS010", message, _COMMA_HELP)
                comma = True
                continue
            instead = instead_of(shape.what, name.text, value, mapping)
            if instead is not None:
                superseded.add(instead.key)
            else:
                near = names.nearest(name.text) if suggests(self.problems) else None
                cure = f'did you mean "{near}"?' if near else "it has " + ", ".join(known)
                instead = Instead(cure, near or "")
            meant.add(instead.key)
            message = f'{shape.what} has no key "{visible(name.text)}"'
            self.problem(name.position, "MS010", message, instead.help)
        # Where one fault is about two keys, it is reported once.
        found = {key: value for key, value in found.items() if key.name not in superseded}
        for key in shape.keys:
            # A misspelt key is one fault, not two.
            if key.needed and key not in found and key.name not in meant:
                message = f'{shape.what} needs the key "{key.name}"'
                one_of = f" One of: {', '.join(key.choices)}." if key.choices else ""
                self.problem(mapping.position, "MS011", message, key.doc + one_of)
        return found

    def scalar(self, node: Node, what: str, help_: str = "") -> ScalarNode | None:
        """Return `node` if it is text; else add a problem."""
        if isinstance(node, ScalarNode):
            return node
        message = f'"{what}" must be text, and this is {describe(node)}'
        self.problem(node.position, "MS012", message, help_)
        return None

    def text(self, node: Node, what: str) -> str | None:
        """Return text, whatever it looks like: `no`, `3` and `null` are text too."""
        scalar = self.scalar(node, what)
        return None if scalar is None else text_of(scalar)

    def flag(self, node: Node, what: str) -> bool | None:
        """Return `true` or `false`, and nothing else."""
        if isinstance(node, ScalarNode) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        help_ = flag_help(node) or "write true or false"
        self.problem(node.position, "MS013", f'"{what}" must be true or false', help_)
        return None

    def reason(self, node: Node, what: str) -> str | None:
        """Return why something is deprecated: empty for `true`, None for `false`.

        What looks like a flag is a reason only as a `|` block, which nobody writes by mistake.
        """
        if isinstance(node, ScalarNode) and node.plain and node.text in ("true", "false"):
            return "" if node.text == "true" else None
        if isinstance(node, ScalarNode):
            help_ = "" if node.block else flag_help(node)
            nothing = node.is_null or not node.text.strip()
            if nothing or help_ or (node.plain and _NUMBER.fullmatch(node.text)):
                help_ = help_ or "write true, or the reason, such as: use `other` instead"
                message = f'"{what}" must be true, false or the reason'
                self.problem(node.position, "MS013", message, help_)
                return None
        return self.text(node, what)

    def shown_reason(self, node: Node, what: str) -> str | Literal[False] | None:
        """Return the reason on a page: empty for `true`, False for `false`."""
        if isinstance(node, ScalarNode) and node.plain and node.text == "false":
            return False
        return self.reason(node, what)

    def choice(self, node: Node, key: Key) -> str | None:
        """Return one of the texts that `key` allows."""
        found = self.text(node, key.name)
        if found is None or found in key.choices:
            return found
        self.problem(
            node.position,
            "MS013",
            f'"{key.name}" must be {" or ".join(key.choices)}, not "{visible(found)}"',
            did_you_mean(found, key.choices, self.problems),
        )
        return None

    def name(self, node: Node, what: str) -> str | None:
        """Return the name of a definition: ASCII letters, digits and `_`."""
        found = self.text(node, what)
        if found is None:
            return None
        defined = DEFINITIONS[what].what
        if not _NAME.fullmatch(found) or len(found) > MAX_NAME:
            self.problem(
                node.position,
                "MS014",
                f'"{visible(found[:MAX_NAME])}" cannot be the name of {defined}',
                "a name is a letter, then letters, digits and _, such as ExportSession; at most"
                f" {MAX_NAME} characters",
            )
            return None
        if found in RESERVED:
            why = "means something in types" if found in MEANINGS else "is reserved for later"
            self.problem(
                node.position,
                "MS014",
                f'"{found}" cannot be the name of {defined}: it {why}',
                f'rename it, for example to "{found.capitalize()}"',
            )
            return None
        return found

    def count(self, node: Node, what: str) -> int | None:
        """Return a whole number from 1 on."""
        said = node.text if isinstance(node, ScalarNode) and node.plain else ""
        if _COUNT.fullmatch(said):
            return int(said)
        help_ = "write it with digits alone, without quotes"
        message = f'"{what}" must be a whole number from 1 on'
        self.problem(node.position, "MS013", message, help_)
        return None

    def text_map(self, node: Node, what: str) -> dict[str, str]:
        """Return a mapping of text to text."""
        mapping = self.mapping(node, f'"{what}"')
        found = {}
        for key, value in mapping.entries if mapping else ():
            text = self.text(value, key.text)
            if text is not None:
                found[key.text] = text
        return found

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of one."""
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
            f'"{what}" must be a list, and this is {describe(node)}',
            'write "[a, b]", or a line "- a" for each',
        )
        return ()


SIMPLE: Final[Mapping[str, Callable[[Reader, Node, Key], object]]] = {
    "text": lambda reader, node, key: reader.text(node, key.name),
    "flag": lambda reader, node, key: reader.flag(node, key.name),
    "reason": lambda reader, node, key: reader.reason(node, key.name),
    "shown reason": lambda reader, node, key: reader.shown_reason(node, key.name),
    "choice": lambda reader, node, key: reader.choice(node, key),
    "name": lambda reader, node, key: reader.name(node, key.name),
    "names": lambda reader, node, key: reader.text_map(node, key.name),
    "text map": lambda reader, node, key: reader.text_map(node, key.name),
    "languages": lambda reader, node, key: reader.texts(node, key.name),
    "count": lambda reader, node, key: reader.count(node, key.name),
    "texts": lambda reader, node, key: reader.texts(node, key.name),
}
"""Kind of key -> how its value is read, where that needs nothing but the node."""
