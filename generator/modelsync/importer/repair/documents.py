"""The documents of an import, whose nodes are numbered: each problem leads to the node it is about.

Several nodes may have the same position in the source, for instance those of a union that a source
writes inside a field. So rules are applied to copies of the documents, in which every node has a
line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from modelsync.errors import Position
from modelsync.importer.nodes import Entry
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path: TypeAlias = tuple[str | int, ...]
"""Where a node is in a document: the keys and indexes that lead to it. A key is at its value."""

_WIDTH: Final = 8


class Document:
    """The document of a definition, which can be changed."""

    def __init__(self, number: int, node: MappingNode, package: str = "") -> None:
        self.label = f"{number:0{_WIDTH}}"
        """The path that the positions of its numbered nodes have. Labels sort as numbers do."""
        self.package = package
        self.node = node
        """With positions in the source."""
        self._numbered: MappingNode | None = None
        self._paths: list[Path] = []

    @property
    def kind(self) -> str:
        """The first key: `model`, `enum`, `union` or `alias`."""
        return self.node.entries[0][0].text

    @property
    def name(self) -> str:
        """The name of the definition."""
        value = self.node.entries[0][1]
        return value.text if isinstance(value, ScalarNode) else ""

    @property
    def numbered(self) -> MappingNode:
        """The document, with a line of its own for each node."""
        if self._numbered is None:
            self._paths = []
            numbered = self._number(self.node, ())
            assert isinstance(numbered, MappingNode)
            self._numbered = numbered
        return self._numbered

    def _number(self, node: Node, path: Path) -> Node:
        self._paths.append(path)
        at = Position(self.label, len(self._paths))
        match node:
            case ScalarNode(text=text, plain=plain, block=block):
                return ScalarNode(text, plain, block, at)
            case SequenceNode(items=items):
                numbered = (self._number(item, (*path, i)) for i, item in enumerate(items))
                return SequenceNode(tuple(numbered), at)
            case MappingNode(entries=entries):
                return MappingNode(tuple(self._number_entries(entries, path)), at)

    def _number_entries(self, entries: tuple[Entry, ...], path: Path) -> Iterator[Entry]:
        for key, value in entries:
            inner = (*path, key.text)
            self._paths.append(inner)
            at = Position(self.label, len(self._paths))
            yield ScalarNode(key.text, key.plain, key.block, at), self._number(value, inner)

    def path_of(self, position: Position) -> Path:
        """Return the path of the node at a position of the numbered document."""
        return self._paths[position.line - 1] if position.line <= len(self._paths) else ()

    # Nodes ------------------------------------------------------------------------------------

    def get(self, *path: str | int) -> Node | None:
        """Return the node at a path, None if there is none."""
        node: Node | None = self.node
        for step in path:
            node = _inner(node, step)
        return node

    def text(self, *path: str | int) -> str:
        """Return the text of the scalar at a path; empty if there is none."""
        node = self.get(*path)
        return node.text if isinstance(node, ScalarNode) else ""

    def position(self, path: Path) -> Position:
        """Return the position in the source of a node, or of what is around it."""
        node: Node = self.node
        position = node.position
        for step in path:
            if isinstance(node, MappingNode):
                position = next(
                    (key.position for key, _ in node.entries if key.text == step), position
                )
            inner = _inner(node, step)
            if inner is None:
                break
            node = inner
        return position

    def remove(self, path: Path) -> bool:
        """Remove the entry or item at a path. Return whether there was one."""
        return self._change(path, None)

    def put(self, path: Path, value: Node) -> bool:
        """Replace the node at a path, or add an entry to the mapping around it."""
        return self._change(path, value)

    def put_plain(self, path: Path, text: str) -> bool:
        """Replace the node at a path with an unquoted scalar, or add an entry with one."""
        return self.put(path, ScalarNode(text, True, False, self.position(path)))

    def _change(self, path: Path, value: Node | None) -> bool:
        changed = _changed(self.node, path, value)
        if changed == self.node:
            return False
        assert isinstance(changed, MappingNode)
        self.node, self._numbered = changed, None
        return True

    def replace(self, node: MappingNode) -> None:
        """Replace the whole document."""
        self.node, self._numbered = node, None


def _inner(node: Node | None, step: str | int) -> Node | None:
    match node:
        case MappingNode(entries=entries):
            return next((value for key, value in entries if key.text == step), None)
        case SequenceNode(items=items) if isinstance(step, int) and step < len(items):
            return items[step]
        case _:
            return None


def _changed(node: Node, path: Path, value: Node | None) -> Node:
    """Return a node with another node at a path, or without the one that is there."""
    if not path:
        return node if value is None else value
    step, *rest = path
    match node:
        case MappingNode(entries=entries, position=position):
            new = []
            found = False
            for key, inner in entries:
                if key.text != step:
                    new.append((key, inner))
                    continue
                found = True
                if rest:
                    new.append((key, _changed(inner, tuple(rest), value)))
                elif value is not None:
                    new.append((key, value))
            if not found and not rest and value is not None:
                new.append((ScalarNode(str(step), True, False, value.position), value))
            return MappingNode(tuple(new), position)
        case SequenceNode(items=items, position=position) if isinstance(step, int):
            changed = [_changed(items[step], tuple(rest), value)] if rest or value else []
            return SequenceNode((*items[:step], *changed, *items[step + 1 :]), position)
        case _:
            return node
