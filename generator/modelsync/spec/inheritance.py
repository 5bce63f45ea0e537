"""Models -> models with the fields of those that they extend.

Everything after this step finds all fields of a model in :attr:`Model.fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from modelsync.errors import Position, Problem
from modelsync.graphs import components
from modelsync.schema.definitions import Alias, Definition, Enum, External, Field, Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref
from modelsync.schema.values import NOTHING
from modelsync.spec.drafts import MAX_PARTS, Draft
from modelsync.spec.fields import FieldValues
from modelsync.spec.values import natural

MAX_INHERITED: Final = 1_000_000
"""The maximum number of fields that all models inherit together."""


class Inherited(NamedTuple):
    """A schema in which models have the fields that they inherit."""

    schema: Schema
    incomplete: frozenset[str]
    """The ids of the models that lack fields, because of a problem with `extends`."""


def with_inherited_fields(
    schema: Schema, drafts: Mapping[str, Draft], problems: list[Problem]
) -> Inherited:
    """Return `schema` with the fields of the parents of each model before its own fields."""
    if not any(isinstance(each, Model) and each.extends for each in schema.definitions):
        return Inherited(schema, frozenset())
    return _Inheritance(schema, drafts, problems).result()


def with_inherited_values(schema: Schema) -> Schema:
    """Return `schema` with the examples and the default of each inherited field."""
    inherited: dict[tuple[str, str], Field] = {}

    def completed(field: Field) -> Field:
        if not field.origin:
            return field
        # All models that inherit a field share it.
        place = (field.origin, field.json_key)
        if place not in inherited:
            own = schema.model(field.origin).by_json_key[field.json_key]
            inherited[place] = replace(own, origin=field.origin)
        return inherited[place]

    if not any(isinstance(each, Model) and each.extends for each in schema.definitions):
        return schema
    return Schema(
        tuple(
            replace(each, fields=tuple(map(completed, each.fields)))
            if isinstance(each, Model) and each.extends
            else each
            for each in schema.definitions
        )
    )


class _Inheritance:
    def __init__(
        self, schema: Schema, drafts: Mapping[str, Draft], problems: list[Problem]
    ) -> None:
        self.schema = schema
        self.drafts = drafts
        self.problems = problems
        self.complete: dict[str, Model] = {}
        """The models with all of their fields, by id."""
        self.incomplete: set[str] = set()
        self.inherited = 0

    def result(self) -> Inherited:
        models = [each for each in self.schema.definitions if isinstance(each, Model)]
        parents = {
            model.id: [parent.id for parent in map(self._parent, model.extends) if parent]
            for model in models
        }
        for component in components(parents):
            if len(component) > 1 or component[0] in parents[component[0]]:
                self._report_cycle(component, parents)
            else:
                model = self.schema.model(component[0])
                self.complete[model.id] = self._with_parents(model) if model.extends else model
        definitions = (self.complete.get(each.id, each) for each in self.schema.definitions)
        return Inherited(Schema(tuple(definitions)), frozenset(self.incomplete))

    def _parent(self, id_: str) -> Model | None:
        """Return the model that an entry of `extends` means, None if it is not a model."""
        type_ = self.schema.resolved(Ref(id_))
        definition = self.schema.by_id.get(type_.id) if isinstance(type_, Ref) else None
        return definition if isinstance(definition, Model) else None

    def _with_parents(self, model: Model) -> Model:
        """Return a model with the fields of its parents, which have theirs already."""
        own = {field.json_key: field for field in model.own_fields}
        fields: dict[str, Field] = {}
        parents = []
        for id_, position in _written(model):
            parent = self._parent(id_)
            if parent is None:
                self._report_other_kind(model, id_, position)
            elif parent.id in self.complete:
                parent = self.complete[parent.id]
                parents.append((parent, position))
                self._add(fields, parent, own, model, position)
        self.inherited += len(fields)
        if len(fields) > MAX_PARTS or self.inherited > MAX_INHERITED:
            self._report_too_many(model, len(fields))
            return model
        # A field that comes again replaces the first one, in its place.
        model = replace(model, fields=tuple((fields | own).values()))
        if model.additional_properties is not None:
            return model
        return self._with_policy(model, parents)

    def _with_policy(self, model: Model, parents: Iterable[tuple[Model, Position]]) -> Model:
        """Return a model with what its parents do with unknown keys, if any of them says so."""
        found: Model | None = None
        for parent, position in parents:
            if parent.additional_properties is None:
                continue
            if found is None:
                found = parent
            elif parent.additional_properties != found.additional_properties:
                message = (
                    f"`{found.name}` and `{parent.name}` have different `additionalProperties`"
                )
                help_ = f"write `additionalProperties` in `{model.name}`"
                self._problem(model, position, "MS082", message, help_)
                return model
        if found is None:
            return model
        return replace(
            model,
            additional_properties=found.additional_properties,
            additional_origin=found.additional_origin or found.id,
            additional_position=found.additional_position,
        )

    def _add(
        self,
        fields: dict[str, Field],
        parent: Model,
        own: Mapping[str, Field],
        model: Model,
        position: Position,
    ) -> None:
        """Add the fields of a parent to those of the parents before it."""
        for each in parent.fields:
            field = each if each.origin else replace(each, origin=parent.id)
            first = fields.setdefault(field.json_key, field)
            if field.json_key in own or first.origin == field.origin or self._equal(first, field):
                continue
            origins = [self.schema.model(each.origin).name for each in (first, field)]
            self.problems.append(
                Problem(
                    position,
                    "MS082",
                    f"`{model.name}` inherits two different fields `{field.json_key}`, from"
                    f" `{origins[0]}` and from `{origins[1]}`",
                    help=f"write the field `{field.json_key}` in `{model.name}`",
                    related=(
                        (first.position, f"the field of `{origins[0]}`"),
                        (field.position, f"the field of `{origins[1]}`"),
                    ),
                )
            )

    def _equal(self, first: Field, second: Field) -> bool:
        """Whether two fields are equal, apart from texts and examples."""
        return _without_texts(first) == _without_texts(second) and (
            self._default(first) == self._default(second)
        )

    def _default(self, field: Field) -> str:
        """Return the default as written: its value is not known yet."""
        values = self.drafts[field.origin].fields.get(field.json_key, FieldValues())
        return "" if values.default is None else repr(natural(values.default))

    # Problems ---------------------------------------------------------------------------------

    def _problem(
        self, model: Model, position: Position, code: str, message: str, help_: str
    ) -> None:
        self.incomplete.add(model.id)
        self.problems.append(Problem(position, code, message, help=help_))

    def _report_cycle(self, component: Iterable[str], parents: Mapping[str, list[str]]) -> None:
        ids = set(component)
        self.incomplete |= ids
        model = min((self.schema.model(id_) for id_ in ids), key=lambda each: each.position)
        written = ((self._parent(id_), place) for id_, place in _written(model))
        position = next(place for parent, place in written if parent and parent.id in ids)
        message = f"`{model.name}` extends itself"
        if model.id not in parents[model.id]:
            message += ", through the models that it extends"
        help_ = "remove a model from `extends`"
        self._problem(model, position, "MS082", message, help_)

    def _report_other_kind(self, model: Model, id_: str, position: Position) -> None:
        other = self.schema.by_id.get(id_)
        if other is None:
            self.incomplete.add(model.id)  # an unknown name, which is a problem already
            return
        message = f"`{model.name}` cannot extend `{other.name}`, which is {_article(other)}"
        help_ = "remove it from `extends`: only models have fields to inherit"
        self._problem(model, position, "MS082", message, help_)

    def _report_too_many(self, model: Model, number: int) -> None:
        position = model.extends_positions[0]
        if number > MAX_PARTS:
            message = f"`{model.name}` inherits {number:,} fields; the limit is {MAX_PARTS:,}"
        else:
            message = f"the models up to `{model.name}` inherit {self.inherited:,} fields together"
            message += f"; the limit is {MAX_INHERITED:,}"
        help_ = "use a field with the other model as its type"
        self._problem(model, position, "MS019", message, help_)


def _written(model: Model) -> Iterator[tuple[str, Position]]:
    """Yield the parents of a model, each with its position."""
    return zip(model.extends, model.extends_positions, strict=True)


def _without_texts(field: Field) -> Field:
    return replace(field, description="", deprecated=None, pages=NOTHING, origin="")


def _article(definition: Definition) -> str:
    match definition:
        case Union(external=External()):
            return "an external type"
        case Alias() | Union(is_alias=True):
            return "an alias"
        case Enum():
            return "an enum"
        case _:
            return "a union"
