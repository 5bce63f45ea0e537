"""Definitions -> JSON Schema: what a schema says about the documents of a definition, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from modelsync.schema.aliases import named
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    EnumValue,
    Field,
    Model,
    Tag,
    Union,
    tag_text,
)
from modelsync.schema.json_values import Json, to_json
from modelsync.schema.types import NUMBERS, AnyOf, Constant, Limited, Nullable, Ref, Scalar, Type
from modelsync.targets.json_schema.own_words import OwnWords
from modelsync.targets.json_schema.types import (
    FORMATS_OF_SCALARS,
    OWN,
    Keywords,
    Types,
    merged,
    nullable,
    own_part,
)

_WITH_FORMAT: Final = frozenset({"string", *NUMBERS})
"""The scalars that can have a format of the spec instead of their own."""
_WIDEST: Final = frozenset({"string", "int64", "float64"})


class Definitions(Types):
    """Writes the definitions of a schema."""

    def __init__(
        self, own: OwnWords, to: Callable[[str], str], *, is_openapi: bool = False
    ) -> None:
        super().__init__(to, own.nullable_ids, is_openapi=is_openapi)
        self.source = own.schema
        self.own = own
        self.package = ""

    def definition(self, definition: Definition) -> Keywords:
        """Return the schema of a definition."""
        self.package = definition.package
        match definition:
            case Model():
                said = self.model(definition)
            case Enum():
                said = self.enum(definition)
            case Union():
                said = self.union(definition)
            case Alias():
                said = self.schema(definition.type)
                said = self.formatted(definition, nullable(said) if definition.nullable else said)
        examples = [] if definition.example is None else [to_json(definition.example)]
        return self.annotated(definition, said, {"examples": examples} if examples else {})

    # Models -----------------------------------------------------------------------------------

    def model(self, model: Model) -> Keywords:
        """Return what is special about a model. It has the fields that it inherits."""
        properties: Keywords = {field.json_key: self.field(field) for field in model.fields}
        if model.additional_properties is not None:
            properties |= dict.fromkeys(sorted(model.ignored_keys), True)
        required: list[Json] = [field.json_key for field in model.fields if field.required]
        found: Keywords = {"type": "object", "properties": properties}
        if required:
            found["required"] = required
        match model.additional_properties:
            case None:
                pass
            case False:
                found["additionalProperties"] = False
            case type_:
                found["additionalProperties"] = self.inner(type_)
        return found

    def field(self, field: Field) -> Keywords:
        """Return the schema of a field."""
        more: Keywords = {}
        if field.has_default:
            more["default"] = to_json(field.default)
        if field.examples:
            more["examples"] = [to_json(value) for value in field.examples]
        more |= {"readOnly": True} if field.read_only else {}
        more |= {"writeOnly": True} if field.write_only else {}
        said = self.formatted(field, self.schema(field.type))
        return self.annotated(field, said, more)

    def formatted(self, item: Field | Alias | Union, said: Keywords) -> Keywords:
        """Return the schema of a type with the `format` of its field or alias."""
        if not item.format:
            return said
        type_ = item.type if isinstance(item, Field | Alias) else None
        while isinstance(type_, Nullable | Limited):
            type_ = type_.inner
        name = type_.name if isinstance(type_, Scalar) else ""
        if name not in _WITH_FORMAT:
            return merged(said, own_part({"format": item.format}))
        # Without its own format, a type is the widest of its kind.
        is_known = name in _WIDEST and item.format not in FORMATS_OF_SCALARS
        found = said | {"format": item.format}
        return found if is_known else merged(found, own_part({"type": name}))

    # Enums ------------------------------------------------------------------------------------

    def enum(self, enum: Enum) -> Keywords:
        """Return what is special about an enum."""
        scalar: Keywords = {"type": "string"} if enum.type == "string" else {"type": "integer"}
        described = [self.annotated(value, {"const": value.json_value}) for value in enum.values]
        found: Keywords
        if any(len(value) > 1 for value in described):
            found = {**scalar, "oneOf": [*described]}
        else:
            found = {**scalar, "enum": [value.json_value for value in enum.values]}
        if not enum.open:
            return found
        return {"anyOf": [found, self.scalar(enum.type)]}

    # Unions -----------------------------------------------------------------------------------

    def union(self, union: Union) -> Keywords:
        """Return what is special about a union."""
        if union.external is not None:
            return {}
        if union.discriminator is None:
            found = self.any_of(union.members)
            return self.formatted(union, nullable(found) if union.nullable else found)
        members: list[Json] = [
            self.tagged(union, union.discriminator, member)
            for member in union.members
            if isinstance(member, Ref)
        ]
        if union.open:
            members.append(self._unknown(union, union.discriminator))
        found = {"anyOf" if union.open else "oneOf": members}
        if self.is_openapi:
            found["discriminator"] = {
                "propertyName": union.discriminator,
                "mapping": {tag_text(tag): self.to(id_) for tag, id_ in union.mapping},
            }
        return found

    def tagged(self, union: Union, key: str, member: Ref) -> Keywords:
        """Return a member of a union, with the values of the discriminator that select it."""
        found = self.schema(member)
        model = self.source[named(self.source.by_id, member)]
        tags = union.tags.get(model.id, ())
        if not isinstance(model, Model) or self._says(
            model, key, tags, model.id == union.absent_tag
        ):
            return found  # a union says it for its own members
        value: Keywords = {"const": tags[0]} if len(tags) == 1 else {"enum": [*tags]}
        found["properties"] = {key: value}
        if model.id != union.absent_tag:
            found["required"] = [key]
        return found

    def _says(self, model: Model, key: str, tags: Sequence[Tag], is_absent: bool) -> bool:
        """Whether the documents of a model have no other values of the discriminator."""
        field = model.by_json_key.get(key)
        if field is None or not (field.required or is_absent):
            return False
        values = self._literals(field.type)
        return values is not None and values <= {(type(tag), tag) for tag in tags}

    def _literals(self, type_: Type) -> set[tuple[type, Tag]] | None:
        """Return all values of a type, each with its kind; None if they are not literals."""
        type_ = self.source.resolved(type_)
        match type_:
            case Constant(value=value):
                return {(type(value), value)}
            case AnyOf(members=members):
                parts = [self._literals(member) for member in members]
                known = [part for part in parts if part is not None]
                return set().union(*known) if len(known) == len(parts) else None
            case Ref():
                match self.source[type_]:
                    case Enum(open=False, values=values):
                        return {(type(each.json_value), each.json_value) for each in values}
                    case Union(is_alias=True, nullable=False, members=members):
                        return self._literals(AnyOf(members))
        return None

    def _unknown(self, union: Union, key: str) -> Keywords:
        """Return the schema of the members that an open union does not know."""
        known: Keywords = {"enum": [tag for tag, _ in union.mapping]}
        return {
            "type": "object",
            "properties": {key: {**self.scalar(union.tag_scalar), "not": known}},
            "required": [key],
        }

    def annotated(
        self, item: Definition | Field | EnumValue, said: Keywords, more: Keywords | None = None
    ) -> Keywords:
        """Return a schema with what it says for readers, beside its documents."""
        found: Keywords = {"description": item.description} if item.description else {}
        found |= {key: value for key, value in said.items() if key != OWN}
        found |= more or {}
        if item.deprecated is not None:
            found["deprecated"] = True
        found |= {key: to_json(value) for key, value in item.extensions.items()}
        own = said.get(OWN)
        first = own_part(own if isinstance(own, dict) else {})
        return merged(found, first, own_part(self.own.of(item, self.package)))
