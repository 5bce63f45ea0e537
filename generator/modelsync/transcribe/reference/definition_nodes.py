"""A reference page -> the node of the document that a spec has for its definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from modelsync.errors import Position, did_you_mean
from modelsync.pages.reference.comment import (
    DOCUMENT,
    GENERATED_EXAMPLE,
    MEMBERS,
    example_digest,
)
from modelsync.pages.reference.facts import KINDS
from modelsync.pages.reference.page import ReferencePage, Row, Text, split_description
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode, documents
from modelsync.transcribe.reference.fact_nodes import Entry, FactNodes
from modelsync.transcribe.reference.markdown_nodes import Nodes

_OWN_KEYS: Final = frozenset({GENERATED_EXAMPLE, DOCUMENT, MEMBERS, "fields", "values"})

Cells: TypeAlias = Mapping[str, Text]


class Inherited(NamedTuple):
    """A row of a field that the spec of another model has."""

    key: ScalarNode
    parent: str
    """The id of the other model."""
    field: MappingNode


class DefinitionNode(NamedTuple):
    """What a page says."""

    node: MappingNode
    inherited: Sequence[Inherited] = ()
    document: int = 0
    """The number of the document in its spec; 0 if there is only one."""


def kind_of_page(page: ReferencePage) -> tuple[str, str]:
    """Return what the definition of a page is, as :data:`KINDS` has it; empty if it is unknown."""
    facts = page.facts.markdown if page.facts is not None else ""
    for words, kind in KINDS.items():
        if re.match(rf"{words}(?: in \[|\.|\Z)", facts):
            return kind
    header = [cell.markdown for cell in page.header.cells] if page.header else [""]
    kinds = {"Field": ("model", ""), "Value": ("enum", "")}
    return kinds.get(header[0], ("union", "") if "Member" in header else ("", ""))


class DefinitionNodes(Nodes):
    """Reads the parts of one page."""

    def definition(
        self, page: ReferencePage, is_union: Callable[[str], bool]
    ) -> DefinitionNode | None:
        """Return the node of a definition. `is_union` says whether an id is that of a union."""
        kind, more = kind_of_page(page)
        if not kind:
            help_ = "write what it is below the description: `_Model in [Models](README.md)._`"
            self.problem(page.title.at(), "MS119", "page does not say what it defines", help_)
            return None
        facts = FactNodes(self, kind)
        entries: list[Entry] = [(self._key(kind, page.title.at()), self.prose(page.title))]
        entries += self._texts(page)
        if page.facts is not None:
            entries += facts.entries(page.facts)
        if more:
            key = "abstract" if more == "abstract" else "type"
            flag = self.flag(value=True, at=page.title.at())
            type_ = self.scalar(more, page.title.at(), plain=True)
            entries.append((self._key(key, page.title.at()), flag if more == "abstract" else type_))
        comment = self._comment(page)
        inherited: list[Inherited] = []
        entries += self._table(page, kind, comment, is_union, inherited)
        example = list(self._example(page, comment))
        shown = {"example"} if example else set()
        entries += example
        entries += [
            (key, value)
            for key, value in comment.entries
            if key.text not in _OWN_KEYS and key.text not in shown
        ]
        node = self.mapping(entries, page.title.at())
        return DefinitionNode(node, inherited, self._document(comment))

    def _key(self, name: str, at: Position) -> ScalarNode:
        return ScalarNode(name, True, False, at)

    def _texts(self, page: ReferencePage) -> Iterator[Entry]:
        if page.deprecated is not None:
            at = page.deprecated.at()
            yield self._key("deprecated", at), self.reason(page.deprecated)
        if page.description is not None:
            at = page.description.at()
            yield self._key("description", at), self.prose(page.description)

    # The comment and the example --------------------------------------------------------------

    def _comment(self, page: ReferencePage) -> MappingNode:
        """Return what the comment at the end has, as a mapping."""
        empty = MappingNode((), page.title.at())
        if page.comment is None:
            return empty
        before = page.comment.start.line - 1
        padded = "\n" * before + page.comment.markdown + "\n"
        node = next(documents(page.path, padded, self.problems), empty)
        if isinstance(node, MappingNode):
            return node
        message = "expected a mapping in the comment about the spec"
        self.problem(node.position, "MS119", message, "write `key: value`, or remove the comment")
        return empty

    def _document(self, comment: MappingNode) -> int:
        node = _entry(comment, DOCUMENT)
        is_number = isinstance(node, ScalarNode) and re.fullmatch(r"\d{1,6}", node.text)
        return int(node.text) if is_number and isinstance(node, ScalarNode) else 0

    def _example(self, page: ReferencePage, comment: MappingNode) -> Iterator[Entry]:
        """Yield the example, unless modelsync made it up and nobody has edited it since."""
        digest = _entry(comment, GENERATED_EXAMPLE)
        text = page.example
        if text is None or not text.markdown.strip():
            return
        if isinstance(digest, ScalarNode) and digest.text == example_digest(text.markdown):
            return  # the comment has the one of the spec, if that has any
        yield self._key("example", text.at()), self.json(text)

    # Tables -----------------------------------------------------------------------------------

    def _table(
        self,
        page: ReferencePage,
        kind: str,
        comment: MappingNode,
        is_union: Callable[[str], bool],
        inherited: list[Inherited],
    ) -> Iterator[Entry]:
        header = page.header
        at = header.cells[0].at() if header and header.cells else page.title.at()
        match kind:
            case "model":
                rows = self._cells(page, ("Field", "Type", "Required", "Description"))
                more = _entry(comment, "fields")
                fields = self.mapping(self._fields(rows, more, inherited), at)
                self._unused(more, fields, (row.key for row in inherited))
                yield self._key("fields", at), fields
            case "enum":
                rows = self._cells(page, ("Value", "Description"))
                more = _entry(comment, "values")
                values = self.mapping((self._value(cells, more) for cells in rows), at)
                self._unused(more, values)
                yield self._key("values", at), values
            case "union":
                yield from self._union(page, at, comment, is_union)
            case _ if page.rows:
                help_ = "remove the table, or change what the page defines"
                self.problem(at, "MS119", "this page cannot have a table", help_)
            case _:
                pass

    def _cells(self, page: ReferencePage, columns: Sequence[str]) -> Iterator[Cells]:
        """Yield the cells of each row by the names of the columns."""
        if page.header is None:
            return
        names = [cell.markdown for cell in page.header.cells]
        for cell in page.header.cells:
            if cell.markdown not in columns:
                help_ = did_you_mean(cell.markdown, columns)
                help_ = help_ or f"use the columns {', '.join(columns)}"
                message = f"unknown column `{cell.markdown}`"
                self.problem(cell.at(), "MS119", message, help_)
                return
        if missing := [column for column in columns if column not in names]:
            message = f"table has no column `{missing[0]}`"
            help_ = f"use the columns {', '.join(columns)}"
            self.problem(page.header.end, "MS119", message, help_)
            return
        for row in page.rows:
            if self._is_complete(row, len(names)):
                yield dict(zip(names, row.cells, strict=True))

    def _is_complete(self, row: Row, number: int) -> bool:
        found = len(row.cells)
        if found == number:
            return True
        message = f"row has {found} cells, and the table has {number} columns"
        help_ = "add `| |` for an empty cell" if found < number else r"write `\|` in text"
        at = row.end if found < number else row.cells[number].at()
        self.problem(at, "MS119", message, help_)
        return False

    def _unused(
        self, more: Node | None, used: MappingNode, inherited: Iterable[ScalarNode] = ()
    ) -> None:
        """Report what the comment has for rows that the table does not have."""
        keys = {key.text for key, _ in used.entries} | {key.text for key in inherited}
        for key, _ in more.entries if isinstance(more, MappingNode) else ():
            if key.text not in keys:
                message = f"the comment has more of `{key.text}`, which is not in the table"
                help_ = did_you_mean(key.text, keys) or "remove it, or rename it"
                self.problem(key.position, "MS119", message, help_)

    # Fields and values ------------------------------------------------------------------------

    def _fields(
        self, rows: Iterator[Cells], more: Node | None, inherited: list[Inherited]
    ) -> Iterator[Entry]:
        for cells in rows:
            key = self.code(_without_anchor(cells["Field"]))
            facts = FactNodes(self, "field")
            type_ = cells["Type"]
            entries: list[Entry] = [(self._key("type", type_.at()), self.type(type_))]
            entries += self._required(cells["Required"])
            entries += self._described(cells["Description"], facts)
            entries += _entries(_entry(more, key.text))
            field = self.mapping(entries, key.position)
            if facts.parent:
                inherited.append(Inherited(key, facts.parent, field))
            else:
                yield key, field

    def _required(self, cell: Text) -> Iterator[Entry]:
        match cell.markdown.casefold():
            case "yes":
                yield self._key("required", cell.at()), self.flag(value=True, at=cell.at())
            case "no":
                pass
            case _:
                message = f"`Required` must be `Yes` or `No`, not `{cell.markdown}`"
                self.problem(cell.at(), "MS119", message, "write `Yes` or `No`")

    def _described(self, cell: Text, facts: FactNodes) -> Iterator[Entry]:
        reason, description, more = split_description(cell)
        if reason is not None:
            yield self._key("deprecated", reason.at()), self.reason(reason)
        if description.markdown:
            yield self._key("description", description.at()), self.prose(description)
        if more is not None:
            yield from facts.entries(more)

    def _value(self, cells: Cells, more: Node | None) -> Entry:
        cell = cells["Value"]
        key = self.code(cell)
        if re.fullmatch(r'"(?:[^"\\]|\\.)*"|""', key.text):
            node = self.json_code(cell)
            text = node.text if isinstance(node, ScalarNode) else key.text
            key = self.scalar(text, cell.at())
        facts = FactNodes(self, "value")
        entries = [*self._described(cells["Description"], facts), *_entries(_entry(more, key.text))]
        return key, self.mapping(entries, key.position)

    # Unions -----------------------------------------------------------------------------------

    def _union(
        self,
        page: ReferencePage,
        at: Position,
        comment: MappingNode,
        is_union: Callable[[str], bool],
    ) -> Iterator[Entry]:
        header = page.header.cells if page.header else ()
        if len(header) < 2:
            rows = self._cells(page, ("Member",))
            members: list[Node] = [self.type(cells["Member"]) for cells in rows]
            yield self._key("members", at), SequenceNode(tuple(members), at)
            return
        key = header[0]
        rows = self._cells(page, (key.markdown, "Member"))
        found: dict[str, ScalarNode] = {}
        mapping: list[Entry] = []
        for cells in rows:
            member = self.type(cells["Member"])
            found.setdefault(member.text, member)
            tag = cells[key.markdown]
            # Members that are unions have their own values.
            if tag.markdown and not is_union(member.text):
                value = self.json_code(tag)
                if isinstance(value, ScalarNode):
                    mapping.append((value, member))
        yield self._key("discriminator", key.at()), self.code(key)
        items = tuple(_in_order(found, _entry(comment, MEMBERS)))
        yield self._key("members", at), SequenceNode(items, at)
        if mapping:
            yield self._key("mapping", at), self.mapping(mapping, at)


def _in_order(found: Mapping[str, ScalarNode], order: Node | None) -> Iterator[ScalarNode]:
    """Yield members in an order, and then those that it does not have."""
    items = order.items if isinstance(order, SequenceNode) else ()
    first = [item.text for item in items if isinstance(item, ScalarNode) and item.text in found]
    yield from (found[text] for text in dict.fromkeys([*first, *found]))


def _without_anchor(cell: Text) -> Text:
    anchor = re.match(r'<a id="[^"<>]*"></a>[ \t]*', cell.markdown)
    return cell.part(anchor.end()) if anchor else cell


def _entry(node: Node | None, name: str) -> Node | None:
    """Return the value of a key of a mapping; None if there is none."""
    return next((value for key, value in _entries(node) if key.text == name), None)


def _entries(node: Node | None) -> Sequence[Entry]:
    return node.entries if isinstance(node, MappingNode) else ()
