"""How to change a type expression that breaks a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from modelsync.errors import NOWHERE, Problem
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import key, mapping, plain, sequence, text
from modelsync.importer.repair.documents import Document, Path
from modelsync.importer.translation.places import part_of_name
from modelsync.schema.type_expr import TypeExpressionError, parse, unparse
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Nullable,
    Ref,
    Scalar,
    Type,
    map_type,
    rebuilt,
    refs_in,
)
from modelsync.spec.nodes import Node, ScalarNode

_ANY: Final = Scalar("any")


class TypeFixes:
    """Changes the types in documents, which it shares with others, and adds to `findings`."""

    def __init__(self, documents: dict[str, Document], findings: Findings) -> None:
        self.documents = documents
        self.findings = findings

    def fix_unknown(self, document: Document, path: Path, problem: Problem) -> bool:
        """Replace the definitions that do not exist by `any`."""
        if path[:1] == ("extends",):
            return False
        names = {each.name for each in self.documents.values()}
        return self._change(
            document,
            path,
            lambda type_: map_type(
                type_, lambda leaf: _ANY if isinstance(leaf, Ref) and leaf.id not in names else leaf
            ),
            lambda: self.findings.loss(document.position(path), "$ref", problem.message, "`any`"),
        )

    def fix_null(self, document: Document, path: Path, problem: Problem) -> bool:
        """Replace a nullable member of a union by what it is apart from null."""
        if path[:1] != ("members",) or "null" not in problem.message:
            return False
        by_name = {each.name: each for each in self.documents.values()}

        def without_null(type_: Type) -> Type:
            seen: set[str] = set()
            while isinstance(type_, Ref) and type_.id in by_name and type_.id not in seen:
                seen.add(type_.id)
                alias = by_name[type_.id]
                inner = read_type(alias.text("type")) if alias.kind == "alias" else None
                if inner is None:
                    break
                type_ = inner
            return type_.inner if isinstance(type_, Nullable) else type_

        return self._change(
            document,
            path,
            without_null,
            lambda: self.findings.loss(
                document.position(path), "null", problem.message, "a union without null"
            ),
        )

    def fix_circular_alias(self, document: Document, path: Path, problem: Problem) -> bool:
        """Remove what leads back to an alias from its type; if nothing is left, it is `any`."""
        circular = self._leading_to(document.name)

        def straight(type_: Type) -> Type:
            inner = type_.inner if isinstance(type_, Nullable) else type_
            members = inner.members if isinstance(inner, AnyOf) else (inner,)
            left = [
                each for each in members if not isinstance(each, Ref) or each.id not in circular
            ]
            if not left:
                return _ANY
            rest = left[0] if len(left) == 1 else AnyOf(tuple(left))
            return Nullable(rest) if isinstance(type_, Nullable) else rest

        at = document.position(path)
        return self._change(
            document,
            ("type",),
            straight,
            lambda: self.findings.loss(at, "$ref", problem.message, f"`{document.text('type')}`"),
        )

    def _leading_to(self, name: str) -> set[str]:
        """Return the definitions that stand for a definition, by way of aliases and unions."""
        users: dict[str, set[str]] = {}
        for each in self.documents.values():
            for inner in stands_for(each):
                users.setdefault(inner, set()).add(each.name)
        found = {name}
        rest = [name]
        while rest:
            new = users.get(rest.pop(), set()) - found
            found |= new
            rest += new
        return found

    def fix_abstract(self, document: Document, path: Path, problem: Problem) -> bool:
        """Make the abstract models in a type models that can be used."""
        type_ = read_type(document.text(*path))
        names = {ref.id for ref in refs_in(type_)} if type_ is not None else set()
        changed = False
        for each in self.documents.values():
            if each.name in names and each.remove(("abstract",)):
                self.findings.note(each.position(()), "abstract", problem.message, "a model")
                changed = True
        return changed

    def define_union(self, document: Document, path: Path, problem: Problem) -> bool:
        """Give the unions in a type a definition, because their derived name is taken.

        It is no loss: the union is only written in another form.
        """
        place = (*path[:2], "type") if path[:1] == ("fields",) else path
        place = place if document.text(*place) else ("type",)
        if path[:1] != ("members",) and document.kind == "union":
            return self._define_in_members(document, problem)
        at = document.position(place)
        owner = _owner(document, path)
        new: list[str] = []

        def defined(type_: Type) -> Type:
            if not isinstance(type_, AnyOf):
                return type_
            members = sequence([text(unparse(each), at) for each in type_.members], at)
            new.append(self._define("union", f"{owner}Value", "members", members, document))
            return Ref(new[-1])

        return self._change(
            document,
            place,
            lambda type_: rebuilt(type_, defined),
            lambda: self.findings.note(
                at, "names", "the derived name of a union is taken", f"`{'`, `'.join(new)}`"
            ),
        )

    def _define_in_members(self, document: Document, problem: Problem) -> bool:
        """Give the unions inside the members of a union definitions."""
        count = 0
        while document.get("members", count) is not None:
            count += 1
        changed = [self.define_union(document, ("members", i), problem) for i in range(count)]
        return any(changed)

    def define_enum(self, document: Document, path: Path, problem: Problem) -> bool:
        """Give the texts in a type a definition, because they need `names` to be valid in code."""
        place = (*path[:2], "type") if path[:1] == ("fields",) else path
        at = document.position(place)
        owner = _owner(document, path)
        new: list[str] = []

        def defined(type_: Type) -> Type:
            if not isinstance(type_, AnyOf):
                return type_
            texts = [
                each.value
                for each in type_.members
                if isinstance(each, Constant) and isinstance(each.value, str)
            ]
            if not texts:
                return type_
            values = mapping([(text(each, at), plain("", at)) for each in texts], at)
            new.append(self._define("enum", f"{owner}Value", "values", values, document))
            rest = [each for each in type_.members if getattr(each, "value", None) not in texts]
            return AnyOf((Ref(new[-1]), *rest)) if rest else Ref(new[-1])

        return self._change(
            document,
            place,
            lambda type_: rebuilt(type_, defined),
            lambda: self.findings.note(at, "names", problem.message, f"`{'`, `'.join(new)}`"),
        )

    def _define(self, kind: str, wanted: str, part: str, node: Node, like: Document) -> str:
        """Add a definition with a part, its members or values, and return its name."""
        taken = {each.name.lower() for each in self.documents.values()}
        number, name = 1, wanted[:100]
        while name.lower() in taken:
            number += 1
            name = f"{wanted[:100]}{number}"
        at = like.position(())
        whole = mapping(((key(kind, at), plain(name, at)), (key(part, at), node)), at)
        document = Document(max(map(int, self.documents)) + 1, whole, like.package)
        self.documents[document.label] = document
        return name

    def _change(
        self,
        document: Document,
        path: Path,
        change: Callable[[Type], Type],
        report: Callable[[], object],
    ) -> bool:
        """Change a type expression. Return whether it is different now."""
        node = document.get(*path)
        type_ = read_type(node.text) if isinstance(node, ScalarNode) else None
        if type_ is None or not isinstance(node, ScalarNode):
            return False
        new = simplified(change(type_))
        if new == type_ or not document.put(path, node._replace(text=unparse(new), plain=False)):
            return False
        report()
        return True


def _owner(document: Document, path: Path) -> str:
    """Return the name of the place in a document that a new definition is for."""
    steps = path[1:2] if path[:1] == ("fields",) else ()
    return document.name + "".join(part_of_name(str(step)) for step in steps)


def read_type(text: str) -> Type | None:
    """Return a type expression as a type, None if it is not valid."""
    try:
        return parse(text, NOWHERE) if text else None
    except TypeExpressionError:
        return None


def simplified(type_: Type) -> Type:
    """Return a type without members that `any` contains, and without `any | null`."""

    def simple(part: Type) -> Type:
        if isinstance(part, AnyOf):
            flat: list[Type] = []
            for member in part.members:
                flat += member.members if isinstance(member, AnyOf) else (member,)
            members = tuple(dict.fromkeys(flat))
            if _ANY in members:
                return _ANY
            return members[0] if len(members) == 1 else AnyOf(members)
        if isinstance(part, Nullable) and part.inner == _ANY:
            return _ANY
        return part

    return rebuilt(type_, simple)


def stands_for(document: Document) -> set[str]:
    """Return the definitions that the documents of an alias or a union may be documents of."""
    texts = [document.text("type")] if document.kind == "alias" else []
    index = 0
    while document.kind == "union" and document.get("members", index) is not None:
        texts.append(document.text("members", index))
        index += 1
    names: set[str] = set()
    for each in texts:
        type_ = read_type(each)
        inner = type_.inner if isinstance(type_, Nullable) else type_
        members = inner.members if isinstance(inner, AnyOf) else (inner,)
        names |= {member.id for member in members if isinstance(member, Ref)}
    return names


def by_name(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Return documents by the names of their definitions."""
    return {document.name: document for document in documents.values()}
