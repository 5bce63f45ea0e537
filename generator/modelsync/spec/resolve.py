"""Drafts -> schema: what each reference as written means."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Final, cast

from modelsync.errors import Names, Position, Problem, visible
from modelsync.schema.ir import (
    SCALARS,
    AnyOf,
    Constant,
    Definition,
    DefinitionPage,
    Enum,
    Field,
    FieldPage,
    Model,
    Ref,
    Schema,
    Type,
    Union,
    map_type,
)
from modelsync.schema.type_expr import near_type
from modelsync.spec.drafts import Draft

_MAX_NAMED: Final = 5
"""How many of the definitions that a reference may mean a problem names."""


class Resolver:
    """Turns references as written into identities."""

    def __init__(self, drafts: list[Draft], problems: list[Problem]) -> None:
        self.drafts = drafts
        self.problems = problems
        self.definitions = {draft.definition.id: draft.definition for draft in drafts}
        # By each way to write them: `b.Name` may mean `a.b.Name`.
        self.by_suffix: dict[str, list[str]] = {}
        for id_ in sorted(self.definitions):
            parts = id_.split(".")
            for length in range(len(parts)):
                self.by_suffix.setdefault(".".join(parts[length:]), []).append(id_)

    def schema(self) -> Schema:
        """Return the schema, with references resolved where they can be."""
        return Schema(tuple(self._definition(draft) for draft in self.drafts))

    @cached_property
    def known(self) -> Names:
        """What a reference may be a misspelling of."""
        return Names([*SCALARS, "list", "map", *self.by_suffix])

    def find(self, written: str, package: str) -> list[str]:
        """Return the identities that a reference written in `package` may mean.

        It is looked for in the package itself, then in each package around it, then anywhere.
        One result is an answer; none and several are problems.
        """
        around = package.split(".") if package else []
        for length in range(len(around), -1, -1):
            candidate = ".".join([*around[:length], written])
            if candidate in self.definitions:
                return [candidate]
        return self.by_suffix.get(written, [])

    def _ref(self, written: str, package: str, position: Position) -> Ref | None:
        found = self.find(written, package)
        if len(found) == 1:
            return Ref(found[0], position)
        if found:
            self.problems.append(
                Problem(
                    position,
                    "MS022",
                    f'"{visible(written)}" may mean {" or ".join(_few(found))}',
                    help=f'write which one: "{found[0]}"',
                )
            )
            return None
        self.problems.append(
            Problem(
                position,
                "MS020",
                f'no definition is called "{visible(written)}"',
                help=near_type(written, self.known, self.problems)
                or "define it in a spec, or mend the name; a literal text is written"
                f" '\"{visible(written)}\"'",
            )
        )
        return None

    def _type(self, type_: Type, package: str) -> Type:
        def resolved(leaf: Type) -> Type:
            if not isinstance(leaf, Ref):
                return leaf
            return self._ref(leaf.id, package, leaf.position) or leaf

        return map_type(type_, resolved)

    def _definition(self, draft: Draft) -> Definition:
        definition = draft.definition
        if any(page.members for page in definition.pages.values()):
            definition = replace(definition, pages=self._definition_pages(definition))
        match definition:
            case Model(fields=fields):
                return replace(
                    definition, fields=tuple(self._field(field, definition) for field in fields)
                )
            case Union():
                members = tuple(self._type(m, definition.package) for m in definition.members)
                resolved = replace(definition, members=members)
                return replace(resolved, mapping=self._mapping(resolved, draft))
            case Enum():
                return definition

    def _field(self, field: Field, model: Model) -> Field:
        type_ = self._type(field.type, model.package)
        if type_ != field.type:
            field = replace(field, type=type_)
        return replace(field, pages=self._pages(field, model)) if field.pages else field

    def _pages(self, field: Field, model: Model) -> dict[str, FieldPage]:
        return {
            language: page
            if page.type is None
            else replace(page, type=self._type(page.type, model.package))
            for language, page in field.pages.items()
        }

    def _definition_pages(self, definition: Definition) -> dict[str, DefinitionPage]:
        return {
            language: replace(
                page,
                members=tuple(self._type(member, definition.package) for member in page.members),
            )
            if page.members
            else page
            for language, page in definition.pages.items()
        }

    def _mapping(self, union: Union, draft: Draft) -> tuple[tuple[str, str], ...]:
        """Return the written mapping, or the one that the members' literals say."""
        if draft.mapping is not None:
            refs = [
                (value, self._ref(name, union.package, position))
                for value, name, position in draft.mapping
            ]
            return tuple((value, ref.id) for value, ref in refs if ref is not None)
        if union.discriminator is None:
            return ()
        found = []
        for member in union.members:
            model = self.definitions.get(member.id) if isinstance(member, Ref) else None
            field = model.by_json_key.get(union.discriminator) if isinstance(model, Model) else None
            if field is not None:
                id_ = cast("Ref", member).id
                found += [(value, id_) for value in _literals(field.type)]
        return tuple(found)


def _few(ids: list[str]) -> list[str]:
    """Return the first of many identities, and how many more there are."""
    if len(ids) <= _MAX_NAMED:
        return ids
    return [*ids[:_MAX_NAMED], f"one of {len(ids) - _MAX_NAMED:,} more"]


def _literals(type_: Type) -> list[str]:
    """Return the values of a literal, or of several in a row; none for another type."""
    members = type_.members if isinstance(type_, AnyOf) else (type_,)
    values = [str(member.value) for member in members if isinstance(member, Constant)]
    return values if len(values) == len(members) else []
