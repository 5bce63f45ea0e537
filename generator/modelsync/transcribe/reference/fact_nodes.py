"""The facts on a reference page -> entries of a spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from modelsync.errors import Position
from modelsync.pages.reference.facts import (
    LINK,
    RANGE_KEYS,
    Fact,
    UnknownFact,
    limits_in,
    read_facts,
)
from modelsync.pages.reference.page import Text
from modelsync.pages.reference.prose import SPAN
from modelsync.spec.nodes import Node, ScalarNode, SequenceNode
from modelsync.targets.markdown.languages import language_of_label

if TYPE_CHECKING:
    from modelsync.transcribe.reference.markdown_nodes import Nodes

Entry: TypeAlias = tuple[ScalarNode, Node]

_LIMITS: Final = frozenset(
    {"format", "length", "pattern", "range", "multiple", "items", "unique", "keys"}
)
_EVERYWHERE: Final = frozenset({"name", "only"})
_ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "model": frozenset(
        {"kind", "extends", "refused", "refused_as", "kept", "kept_as", *_EVERYWHERE}
    ),
    "enum": frozenset({"kind", "open_enum", *_EVERYWHERE}),
    "union": frozenset({"kind", "open_union", *_EVERYWHERE}),
    "alias": frozenset({"kind", "type", *_LIMITS, *_EVERYWHERE}),
    "external": frozenset({"kind", "only"}),
    "value": _EVERYWHERE,
    "field": frozenset(
        {
            *("read_only", "write_only", "default", "example", "examples", "origin"),
            *_LIMITS,
            *_EVERYWHERE,
        }
    ),
}
"""The facts that a part of a page can have."""
_FLAGS: Final = {
    "unique": "uniqueItems",
    "read_only": "readOnly",
    "write_only": "writeOnly",
    "open_enum": "open",
    "open_union": "open",
}


class FactNodes:
    """Reads the facts of one definition, field or value."""

    def __init__(self, nodes: Nodes, owner: str) -> None:
        self.nodes = nodes
        self.owner = owner
        """What the facts are about: a kind of definition, `field` or `value`."""
        self.parent = ""
        """The id of the model whose spec has the field, if it is not this one."""

    def entries(self, text: Text) -> Iterator[Entry]:
        """Yield the entries of a spec that facts stand for."""
        names: list[Entry] = []
        # A fact may continue on the next line; offsets stay the same.
        for fact in read_facts(text.markdown.replace("\n", " ")):
            if isinstance(fact, UnknownFact):
                self._unknown(text.part(fact.start, fact.end), fact.help)
            elif fact.name not in _ALLOWED[self.owner]:
                owner = f"a{'n' * (self.owner[0] in 'ae')} {self.owner}"
                message = f"{owner} cannot have this fact"
                at = text.at(fact.start, fact.end)
                self.nodes.problem(at, "MS119", message, "remove it, or move it where it belongs")
            elif fact.name == "name":
                code, language = _parts(text, fact)
                key = self.nodes.scalar(language_of_label(language.markdown), language.at())
                names.append((key, self.nodes.code(code)))
            else:
                yield from self._entries(text, fact)
        if names:
            at = names[0][0].position
            yield _key("names", at), self.nodes.mapping(names, at)

    def _unknown(self, text: Text, help_: str) -> None:
        shown = text.markdown if len(text.markdown) <= 60 else f"{text.markdown[:60]}..."
        help_ = help_ or "move it above the facts, where it is part of the description"
        self.nodes.problem(text.at(), "MS119", f"unknown fact `{shown}`", help_)

    def _entries(self, text: Text, fact: Fact) -> Iterator[Entry]:
        at = text.at(fact.start, fact.end)
        parts = _parts(text, fact)
        nodes = self.nodes
        match fact.name:
            case "unique" | "read_only" | "write_only" | "open_enum" | "open_union":
                yield _key(_FLAGS[fact.name], at), nodes.flag(value=True, at=at)
            case "length" | "range" | "items" | "keys":
                yield from self._limits(fact.name, parts[0])
            case "multiple":
                yield _key("multipleOf", at), nodes.scalar(parts[0].markdown, at, plain=True)
            case "format" | "pattern":
                yield _key(fact.name, at), nodes.code(parts[0])
            case "default" | "example":
                yield _key(fact.name, at), nodes.json_code(parts[0])
            case "examples":
                items = tuple(map(nodes.json_code, _all(SPAN, parts[0])))
                yield _key("examples", at), SequenceNode(items, at)
            case "type":
                yield _key("type", at), nodes.type(parts[0])
            case "extends":
                parents = tuple(map(nodes.type, _all(LINK, parts[0])))
                yield _key("extends", at), SequenceNode(parents, at)
            case "refused":
                yield _key("additionalProperties", at), nodes.flag(value=False, at=at)
            case "kept":
                yield _key("additionalProperties", at), nodes.type(parts[0])
            case "only":
                labels = _all(rf"[A-Za-z][\w-]*+|{SPAN}", parts[0])
                languages = [
                    nodes.scalar(language_of_label(label.markdown), label.at())
                    for label in labels
                    if label.markdown != "and"
                ]
                yield _key("only", at), SequenceNode(tuple(languages), at)
            case "origin":
                self.parent = nodes.reference(parts[0])
            case _:
                pass  # the kind, and what other pages say

    def _limits(self, name: str, range_: Text) -> Iterator[Entry]:
        keys = RANGE_KEYS[name]
        for words, number, start in limits_in(range_.markdown):
            at = range_.at(start, start + len(number))
            if words not in keys:
                help_ = f"write `{' ... or `'.join(keys)} ...`"
                message = f"expected a number with `{'` or `'.join(keys)}`"
                self.nodes.problem(at, "MS119", message, help_)
                continue
            yield _key(keys[words], at), self.nodes.scalar(number, at, plain=True)


def _key(name: str, at: Position) -> ScalarNode:
    return ScalarNode(name, True, False, at)


def _parts(text: Text, fact: Fact) -> list[Text]:
    return [text.part(part.start, part.start + len(part.markdown)) for part in fact.parts]


def _all(pattern: str, text: Text) -> list[Text]:
    return [text.part(*found.span()) for found in re.finditer(pattern, text.markdown)]
