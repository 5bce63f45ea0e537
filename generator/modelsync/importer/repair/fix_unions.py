"""How to change a union that breaks a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from modelsync.errors import Problem
from modelsync.graphs import components
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import sequence, text
from modelsync.importer.repair.documents import Document, Path
from modelsync.importer.repair.fix_types import by_name, read_type, simplified, stands_for
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import AnyOf, Ref, Type, rebuilt
from modelsync.spec.nodes import Node, ScalarNode, SequenceNode

_MAX_MOVES: Final = 6
"""In how many rounds the members of a union are moved, before it is marked as overlapping."""


class UnionFixes:
    """Changes the unions of documents, which it shares with others, and adds to `findings`."""

    def __init__(self, documents: dict[str, Document], findings: Findings) -> None:
        self.documents = documents
        self.findings = findings
        self._moves: Counter[str] = Counter()
        """In how many rounds members of a union were moved, by its label."""
        self._before: dict[str, tuple[Node, ...]] = {}
        """The members of the unions that have changed in this round, before it."""
        self._changed: set[str] = set()
        """The fields that were discriminators before this round."""

        self._moved: dict[tuple[str, int], Node] = {}
        """What was moved before a member in this round, by the label and that member's index."""

    def begin_round(self) -> None:
        """Forget what was changed before."""
        self._changed.clear()
        self._moves.update(self._before.keys())
        self._before.clear()
        self._moved.clear()

    def is_changed(self, document: Document, path: Path) -> bool:
        """Whether this round has removed the discriminator that a problem is about."""
        if document.kind == "union":
            return document.label in self._changed
        return path[:1] == ("fields",) and str(path[1]) in self._changed

    # Members that overlap -------------------------------------------------------------------------

    def fix_unreachable(self, document: Document, path: Path, problem: Problem) -> bool:
        """Let every member of a union be reachable. This never changes what it accepts."""
        if path[:1] != ("members",):
            return self._fix_inline(document, path, problem)
        place = problem.related[0][0] if problem.related else None
        earlier = document.path_of(place)[1:] if place and place.path == document.label else ()
        moves = self._moves[document.label]
        if problem.help.startswith("put ") and earlier and moves < _MAX_MOVES:
            return self._move(document, int(path[1]), int(earlier[0]), problem)
        if document.text("overlapping") != "true":
            at = document.position(path)
            self.findings.note(at, "overlapping", problem.message, "`overlapping: true`")
            document.put_plain(("overlapping",), "true")
        return True

    def _move(self, document: Document, member: int, before: int, problem: Problem) -> bool:
        """Put a member of a union before another one. The indexes are those before this round."""
        members = document.get("members")
        if not isinstance(members, SequenceNode):
            return False
        old = self._before.setdefault(document.label, members.items)
        items = [item for item in members.items if item is not old[member]]
        # Members that are moved before the same one stay in their order: the last one comes first.
        place = self._moved.get((document.label, before), old[before])
        items.insert(next(i for i, item in enumerate(items) if item is place), old[member])
        self._moved[document.label, before] = old[member]
        at = document.position(("members", members.items.index(old[member])))
        self.findings.note(at, "order", problem.message, "it before that one")
        return document.put(("members",), sequence(items, members.position))

    def _fix_inline(self, document: Document, path: Path, problem: Problem) -> bool:
        """Remove an unreachable member of a union in a type, or put it first."""
        node = document.get(*path)
        type_ = read_type(node.text) if isinstance(node, ScalarNode) else None
        name, earlier = problem.message.split("`")[1], problem.message.split("`")[-2]
        if type_ is None or not isinstance(node, ScalarNode):
            return False
        is_first = problem.help.startswith("put ")

        def reachable(part: Type) -> Type:
            if not isinstance(part, AnyOf):
                return part
            found = [each for each in part.members if unparse(each) == name]
            rest = [each for each in part.members if each not in found]
            covering = [number for number, each in enumerate(rest) if unparse(each) == earlier]
            if found and is_first and covering:
                rest[covering[0] : covering[0]] = found
            return AnyOf(tuple(rest)) if found and (covering or not is_first) else part

        new = simplified(rebuilt(type_, reachable))
        at = document.position(path)
        self.findings.note(
            at, "order", problem.message, f"it before `{earlier}`" if is_first else ""
        )
        return document.put(path, node._replace(text=unparse(new), plain=False))

    # Discriminators -------------------------------------------------------------------------------

    def fix_discriminator(self, document: Document, path: Path, problem: Problem) -> bool:
        """Let unions try their members in order, if their discriminator does not select one."""
        if path[:1] == ("mapping",) and "not a member" in problem.message:
            at = document.position(path)
            self.findings.note(at, "discriminator", problem.message, "")
            return document.remove(path)
        unions = [document] if document.kind == "union" else list(self._unions(document, path))
        changed = [self._without_discriminator(union, problem) for union in unions]
        return any(changed)

    def _unions(self, model: Document, path: Path) -> Iterator[Document]:
        """Yield the unions with a model as a member, and with one of its fields, or any of them."""
        names = {model.name}
        for _ in range(3):
            names |= {
                each.name
                for each in self.documents.values()
                if each.kind == "alias" and stands_for(each) <= names and stands_for(each)
            }
        for union in self.documents.values():
            if union.kind == "union" and union.get("discriminator") is not None:
                is_field = path[:2] == ("fields", union.text("discriminator"))
                if (is_field or path[:1] != ("fields",)) and names & stands_for(union):
                    yield union

    def _without_discriminator(self, union: Document, problem: Problem) -> bool:
        at = union.position(("discriminator",))
        self._changed |= {union.label, union.text("discriminator")}
        changed = [union.remove((name,)) for name in ("discriminator", "mapping")]
        is_open = union.remove(("open",))
        members = union.get("members")
        if is_open and isinstance(members, SequenceNode):
            any_ = text("any", members.position)
            union.put(("members",), sequence([*members.items, any_], members.position))
        if not any(changed) and not is_open:
            return False
        message = problem.message
        self.findings.note(at, "discriminator", message, "a union without a discriminator")
        return True

    # Unions that contain themselves ---------------------------------------------------------------

    def fix_circular(self, document: Document, path: Path, problem: Problem) -> bool:
        """Give a union that contains itself the members that the unions around it have."""
        del path
        named = by_name(self.documents)
        inner = {name: {x for x in stands_for(each) if x in named} for name, each in named.items()}
        circle = next(set(c) for c in components(inner) if document.name in c)
        if len(circle) == 1 and document.name not in inner[document.name]:
            return True  # another change of this round has opened the circle
        members: list[Node] = list(_members(document, circle))
        for name in circle - {document.name}:
            members += _members(named[name], circle)
        own: dict[str, Node] = {each.text: each for each in members if isinstance(each, ScalarNode)}
        at = document.position(())
        if own:
            self.findings.note(at, "$ref", problem.message, "all members of the circle")
        else:
            self.findings.loss(at, "$ref", problem.message, "`any`")
            own = {"any": text("any", at)}
        for name in ("discriminator", "mapping"):
            document.remove((name,))
        return document.put(("members",), sequence(own.values(), at))


def _members(document: Document, circle: set[str]) -> Iterator[ScalarNode]:
    """Yield the members of a union or an alias that are not in a circle."""
    found = document.get("members") if document.kind == "union" else document.get("type")
    items = found.items if isinstance(found, SequenceNode) else (found,)
    for item in items:
        type_ = read_type(item.text) if isinstance(item, ScalarNode) else None
        for each in type_.members if isinstance(type_, AnyOf) else (type_,):
            leads_back = isinstance(each, Ref) and each.id in circle
            if isinstance(item, ScalarNode) and each is not None and not leads_back:
                yield item._replace(text=unparse(each), plain=False)
