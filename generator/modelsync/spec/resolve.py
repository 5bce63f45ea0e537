"""Drafts -> schema: the definition that each reference means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from modelsync.errors import Names, Position, Problem, did_you_mean
from modelsync.schema.aliases import plain
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    Field,
    Model,
    TagPlace,
    Union,
    with_additional,
)
from modelsync.schema.page_overrides import DefinitionPage, FieldPage
from modelsync.schema.schema import Schema
from modelsync.schema.type_expr import near_type, unparse
from modelsync.schema.types import SCALARS, Nullable, Ref, Type, map_type
from modelsync.spec.alias_types import nullable_aliases, with_aliases, with_null
from modelsync.spec.drafts import Draft
from modelsync.spec.limits import NO_LIMITS, Limits
from modelsync.spec.tags import WrittenTag

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
        """The definitions by id: aliases with resolved types, and others as written."""
        self._nullable: frozenset[str] = frozenset()
        # The ids by each way to write them: `b.Name` may mean `a.b.Name`.
        self.by_suffix: dict[str, list[str]] = {}
        for id_ in sorted(self.definitions):
            parts = id_.split(".")
            for length in range(len(parts)):
                self.by_suffix.setdefault(".".join(parts[length:]), []).append(id_)

    def schema(self) -> Schema:
        """Return the schema, with references resolved as far as possible."""
        limits = {}
        for id_, draft in self.drafts.items():
            alias = draft.definition
            if isinstance(alias, Alias):
                limits[id_] = draft.limits
                type_ = self._with_ids(alias.type, alias.package)
                self.definitions[id_] = replace(alias, type=type_)
        if limits:
            self.definitions = with_aliases(self.definitions, limits, self.problems)
            self._nullable = nullable_aliases(self.definitions.values())
        return Schema(tuple(self._definition(draft) for draft in self.drafts.values()))

    def mappings(self) -> dict[str, list[WrittenTag]]:
        """Return the written `mapping` of each union that has one, by the union's id."""
        return {
            id_: self._mapping(draft)
            for id_, draft in self.drafts.items()
            if draft.mapping is not None
        }

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
        resolved = self._with_ids(type_, package)
        return with_null(self.definitions, self._nullable, resolved) if self._nullable else resolved

    def _with_ids(self, type_: Type, package: str) -> Type:
        def resolved(leaf: Type) -> Type:
            if not isinstance(leaf, Ref):
                return leaf
            return self._ref(leaf.id, package, leaf.position) or leaf

        return map_type(type_, resolved)

    def _definition(self, draft: Draft) -> Definition:
        definition = draft.definition
        if isinstance(definition, Alias):
            definition = self.definitions[definition.id]
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
            case Union(is_alias=False):
                return replace(definition, members=tuple(self._members(definition)))
            case Enum() | Union() | Alias():
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

    def _members(self, union: Union) -> Iterator[Type]:
        """Yield the members of a union. With a discriminator, an alias is the model it names."""
        for member, position in zip(union.members, union.positions, strict=True):
            type_ = self._type(member, union.package)
            if isinstance(type_, Nullable):
                type_ = type_.inner
                message = f"`{unparse(member)}` accepts null, which cannot be a member of a union"
                help_ = "use a type without null here, and write `| null` where the union is used"
                self.problems.append(Problem(position, "MS012", message, help=help_))
            yield type_ if union.discriminator is None else self._model_of(type_)

    def _model_of(self, type_: Type) -> Type:
        """Return the model that a type refers to, through aliases; other types unchanged."""
        plain_type = plain(self.definitions, type_)
        is_model = isinstance(plain_type, Ref) and isinstance(
            self.definitions.get(plain_type.id), Model
        )
        return plain_type if is_model else type_

    def _field(self, field: Field, model: Model, limits: Limits) -> Field:
        type_ = self._type(field.type, model.package)
        if limits is not NO_LIMITS and limits.constraints:
            from modelsync.spec.limiter import Limiter  # noqa: PLC0415 - few specs need it

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
        models = [(entry, self._model_of(ref)) for entry, ref in refs if ref is not None]
        return [
            WrittenTag(
                entry.value, entry.plain, ref.id, TagPlace(entry.key_position, entry.position)
            )
            for entry, ref in models
            if isinstance(ref, Ref)
        ]


def _listed(ids: list[str]) -> str:
    """Return the first of many ids, and how many more there are."""
    listed = [f"`{id_}`" for id_ in ids[:_MAX_CANDIDATES]]
    if len(ids) > _MAX_CANDIDATES:
        listed.append(f"one of {len(ids) - _MAX_CANDIDATES:,} more")
    return " or ".join(listed)
