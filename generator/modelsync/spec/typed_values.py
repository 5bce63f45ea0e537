"""Examples and defaults, read and checked by their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from modelsync.errors import Names, Problem, did_you_mean, visible
from modelsync.schema import meaning
from modelsync.schema.definitions import Alias, Definition, Field, Model, Union
from modelsync.schema.json_values import to_json
from modelsync.schema.schema import Schema
from modelsync.schema.types import Nullable, Ref, Type, refs_in
from modelsync.schema.validation import UNKNOWN_KEY, ValidationError, path_text
from modelsync.schema.values import Object, Value
from modelsync.spec.drafts import Draft
from modelsync.spec.fields import FieldValues
from modelsync.spec.inheritance import with_inherited_values
from modelsync.spec.nodes import Node
from modelsync.spec.reader import Reader
from modelsync.spec.rules import DEEPEST
from modelsync.spec.tag_rules import default_problems
from modelsync.spec.value_help import ValueHelp
from modelsync.spec.values import key_at, node_at, unknown_keys, value_of

_NO_VALUES: Final = FieldValues()


def with_values(schema: Schema, drafts: Mapping[str, Draft], problems: list[Problem]) -> Schema:
    """Return `schema` with examples and defaults, each checked against its type.

    Fields come first, because the meaning of a whole document depends on their defaults.
    """
    fields = _ValueReader(schema, problems).with_field_values
    schema = _map(schema, lambda definition: fields(definition, drafts[definition.id]))
    schema = with_inherited_values(schema)
    problems += default_problems(schema)
    schema = _with_finite_defaults(schema, problems)
    example = _ValueReader(schema, problems).with_example
    return _map(schema, lambda definition: example(definition, drafts[definition.id]))


def check_values_of(
    definition: Definition, draft: Draft, schema: Schema, problems: list[Problem]
) -> None:
    """Check the values of a model that `schema` does not have, if it has the types they need."""
    if isinstance(definition, Model):
        fields = tuple(
            field
            for field in definition.fields
            if all(ref.id in schema.by_id for ref in refs_in(field.type))
        )
        _ValueReader(schema, problems).with_field_values(replace(definition, fields=fields), draft)


def _map(schema: Schema, change: Callable[[Definition], Definition]) -> Schema:
    """Return `schema` with each definition changed. Unchanged schemas keep what they computed."""
    definitions = tuple(map(change, schema.definitions))
    pairs = zip(definitions, schema.definitions, strict=True)
    return schema if all(new is old for new, old in pairs) else Schema(definitions)


class _ValueReader:
    def __init__(self, schema: Schema, problems: list[Problem]) -> None:
        self.schema = schema
        self.problems = problems
        self.help = ValueHelp(schema)
        self.field_names: dict[str, Names] = {}

    def with_field_values(self, definition: Definition, draft: Draft) -> Definition:
        """Return a definition with the values of its fields."""
        if not isinstance(definition, Model):
            return definition
        fields = tuple(
            field
            if field.origin
            else self._with_values(field, draft.fields.get(field.json_key, _NO_VALUES))
            for field in definition.fields
        )
        is_same = all(new is old for new, old in zip(fields, definition.fields, strict=True))
        return definition if is_same else replace(definition, fields=fields)

    def with_example(self, definition: Definition, draft: Draft) -> Definition:
        """Return a definition with its example."""
        if draft.example is None:
            return definition
        what = f"the example of `{definition.name}`"
        type_: Type = Ref(definition.id)
        if isinstance(definition, Alias | Union) and definition.nullable:
            type_ = Nullable(type_)
        value = self._value(type_, draft.example, "MS031", what)
        if not isinstance(definition, Model):
            return replace(definition, example=value)
        return replace(definition, example=value) if isinstance(value, Object) else definition

    def _with_values(self, field: Field, nodes: FieldValues) -> Field:
        of_field = f"of `{field.json_key}`"
        if nodes.example is not None:
            what = f"the example {of_field}"
            field = replace(
                field, examples=(self._value(field.type, nodes.example, "MS031", what),)
            )
        if nodes.examples is not None:
            what = f"an example {of_field}"
            items = Reader(self.problems).sequence(nodes.examples, "examples")
            values = tuple(self._value(field.type, item, "MS031", what) for item in items)
            field = replace(field, examples=values)
        if nodes.default is not None:
            before = len(self.problems)
            value = self._value(field.type, nodes.default, "MS030", f"the default {of_field}")
            # An invalid default is reported once, not again for every example that omits the key.
            is_valid = len(self.problems) == before
            field = replace(field, default=value, has_default=is_valid)
        return field

    def _value(self, type_: Type, node: Node, code: str, what: str) -> Value:
        value = value_of(self.schema, type_, node)
        try:
            meaning.read(self.schema, type_, to_json(value))
        except ValidationError as error:
            at = f" at `{path_text(error.steps)}`" if error.steps else ""
            message = f"{what} does not match its type{at}: {visible(error.reason)}"
            help_ = ""
            if not error.is_constraint:  # the message says what would be right
                help_ = self.help.of(type_, error.steps, node, self.problems)
            is_key = error.reason == UNKNOWN_KEY
            position = (key_at if is_key else node_at)(node, error.steps).position
            self.problems.append(Problem(position, code, message, help=help_))
        for key, model in unknown_keys(self.schema, type_, node):
            message = f"{what} has the key `{key.text}`, which is not a field of `{model.name}`"
            if model.id not in self.field_names:
                self.field_names[model.id] = Names(model.by_json_key)
            help_ = did_you_mean(key.text, self.field_names[model.id], self.problems)
            self.problems.append(Problem(key.position, code, message, help=help_))
        return value


# Defaults of defaults -----------------------------------------------------------------------------


def _with_finite_defaults(schema: Schema, problems: list[Problem]) -> Schema:
    """Return `schema` without defaults that nest too deep or forever.

    A default that omits a field contains the default of that field, and so on.
    """
    levels = _levels_of_defaults(schema)

    def is_endless(field: Field) -> bool:
        # The model that has the field is a level, too.
        return field.has_default and levels.get(id(field), DEEPEST) >= DEEPEST

    def with_finite_defaults(definition: Definition) -> Definition:
        if not isinstance(definition, Model) or not any(map(is_endless, definition.fields)):
            return definition
        fields = []
        for field in definition.fields:
            if is_endless(field):
                if not field.origin:
                    problems.append(_endless_default(definition, field, ends=id(field) in levels))
                fields.append(replace(field, default=None, has_default=False))
            else:
                fields.append(field)
        return replace(definition, fields=tuple(fields))

    return _map(schema, with_finite_defaults)


def _endless_default(model: Model, field: Field, ends: bool) -> Problem:
    why = f"nests more than {DEEPEST} levels" if ends else "contains itself"
    return Problem(
        field.position,
        "MS047",
        f"the default of `{field.json_key}` in `{model.name}` {why}, through the defaults of the"
        " fields that it omits",
        help="remove the default of one of these fields, or set that field in this default",
    )


def _levels_of_defaults(schema: Schema) -> dict[int, int]:
    """Return how many levels each default has, including those in it, by the `id()` of its field.

    Defaults that contain themselves are omitted.
    """
    models = (item for item in schema.definitions if isinstance(item, Model))
    fields = [field for item in models for field in item.fields if field.has_default]
    own: dict[int, int] = {}
    nested: dict[int, list[tuple[int, int]]] = {}
    holders: dict[int, list[int]] = {}
    for field in fields:
        own[id(field)], inner_defaults = meaning.nested_defaults(schema, field)
        nested[id(field)] = [(id(inner), level) for inner, level in inner_defaults]
        for inner in inner_defaults:
            holders.setdefault(id(inner.field), []).append(id(field))
    open_parts = {key: len(inner) for key, inner in nested.items()}
    levels: dict[int, int] = {}
    waiting = [key for key in nested if not open_parts[key]]
    while waiting:
        key = waiting.pop()
        # A default that is too deep is removed: its levels do not count in the defaults around it.
        below = (levels[other] % DEEPEST + level for other, level in nested[key])
        levels[key] = min(max([own[key], *below]), DEEPEST)
        for holder in holders.get(key, ()):
            open_parts[holder] -= 1
            if not open_parts[holder]:
                waiting.append(holder)
    return levels
