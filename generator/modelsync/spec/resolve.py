"""Drafts -> schema: the definition that each reference means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from modelsync.errors import Names, Position, Problem, did_you_mean
from modelsync.schema.ir import (
    SCALARS,
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
    with_additional,
)
from modelsync.schema.type_expr import near_type
from modelsync.spec.drafts import Draft
from modelsync.spec.limits import Limiter, Limits
from modelsync.spec.tags import WrittenTag, with_tags

UNKNOWN: Final = "MS020"
"""The code for a reference to an unknown definition."""
_MAX_CANDIDATES: Final = 5
"""How many candidates for an ambiguous reference a message lists."""


class Resolver:
    """Turns references as written into ids."""

    def __init__(self, drafts: Mapping[str, Draft], problems: list[Problem]) -> None:
        self.drafts = drafts
        self.problems = problems
        self.definitions = {id_: draft.definition for id_, draft in drafts.items()}
        # The ids by each way to write them: `b.Name` may mean `a.b.Name`.
        self.by_suffix: dict[str, list[str]] = {}
        for id_ in sorted(self.definitions):
            parts = id_.split(".")
            for length in range(len(parts)):
                self.by_suffix.setdefault(".".join(parts[length:]), []).append(id_)

    def schema(self) -> Schema:
        """Return the schema, with references resolved as far as possible."""
        schema = Schema(tuple(self._definition(draft) for draft in self.drafts.values()))
        mapped = {id_: draft for id_, draft in self.drafts.items() if draft.mapping is not None}
        return with_tags(schema, {id_: self._mapping(draft) for id_, draft in mapped.items()})

    @cached_property
    def known(self) -> Names:
        """Every name that a misspelled reference may mean."""
        return Names([*SCALARS, "list", "map", *self.by_suffix])

    def find(self, written: str, package: str) -> list[str]:
        """Return the ids that a reference written in `package` may mean.

        Looks in the package itself, then in each outer package, then anywhere. One result is the
        answer; none or several are a problem.
        """
        outer = package.split(".") if package else []
        for length in range(len(outer), -1, -1):
            candidate = ".".join([*outer[:length], written])
            if candidate in self.definitions:
                return [candidate]
        return self.by_suffix.get(written, [])

    def _ref(self, written: str, package: str, position: Position) -> Ref | None:
        candidates = self.find(written, package)
        if len(candidates) == 1:
            return Ref(candidates[0], position)
        if candidates:
            message = f"ambiguous reference `{written}`: it may mean {_listed(candidates)}"
            help_ = f"write the full name, such as `{candidates[0]}`"
            self.problems.append(Problem(position, "MS022", message, help=help_))
            return None
        message = f"unknown type or definition `{written}`"
        help_ = near_type(written, self.known, self.problems) or (
            f"define it in a spec, or fix the name; write a string literal as `'\"{written}\"'`"
        )
        self.problems.append(Problem(position, UNKNOWN, message, help=help_))
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
                model = replace(
                    definition,
                    extends=self._parents(definition),
                    fields=tuple(
                        self._field(field, definition, draft.fields[field.json_key].limits)
                        for field in fields
                    ),
                )
                return with_additional(model, lambda type_: self._type(type_, model.package))
            case Union():
                members = tuple(self._type(m, definition.package) for m in definition.members)
                return replace(definition, members=members)
            case Enum():
                return definition

    def _parents(self, model: Model) -> tuple[str, ...]:
        """Return the ids of the models that a model extends. Unknown ones stay as written."""
        ids = []
        for written, position in zip(model.extends, model.extends_positions, strict=True):
            if self.find(written, model.package):
                ref = self._ref(written, model.package, position)
                ids.append(written if ref is None else ref.id)
                continue
            ids.append(written)
            message = f"unknown definition `{written}`"
            help_ = did_you_mean(written, self.by_suffix, self.problems)
            help_ = help_ or "define it in a spec, or fix the name; only models can be extended"
            self.problems.append(Problem(position, UNKNOWN, message, help=help_))
        return tuple(ids)

    def _field(self, field: Field, model: Model, limits: Limits) -> Field:
        type_ = self._type(field.type, model.package)
        if limits.constraints:
            type_ = Limiter(limits, self.definitions, self.problems).limited(type_)
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

    def _mapping(self, draft: Draft) -> list[WrittenTag]:
        """Return the written mapping of a union, without unknown members."""
        refs = [
            (entry, self._ref(entry.member, draft.definition.package, entry.position))
            for entry in draft.mapping or ()
        ]
        return [
            WrittenTag(entry.value, entry.plain, ref.id) for entry, ref in refs if ref is not None
        ]


def _listed(ids: list[str]) -> str:
    """Return the first of many ids, and how many more there are."""
    listed = [f"`{id_}`" for id_ in ids[:_MAX_CANDIDATES]]
    if len(ids) > _MAX_CANDIDATES:
        listed.append(f"one of {len(ids) - _MAX_CANDIDATES:,} more")
    return " or ".join(listed)
