"""What JSON Schema has no word for: the content of the keyword `x-modelsync`.

Its words are those of specs. `modelsync.importer.exported` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from modelsync.schema.definitions import (
    Definition,
    EnumValue,
    Field,
    Model,
    Union,
)
from modelsync.schema.json_values import Json, refuse_constant
from modelsync.schema.schema import Schema
from modelsync.schema.types import Constant
from modelsync.spec.alias_types import nullable_aliases
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, documents
from modelsync.spec.reader import text_of
from modelsync.spec.tags import with_tags
from modelsync.spec.write import Writer
from modelsync.spec.write_pages import value_pages

LANGUAGE: Final = "json-schema"
"""The key of `names` in specs for the keys of schemas."""


class OwnWords:
    """Finds what the schemas of definitions do not say."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.writer = Writer(schema)
        self.nullable_ids = nullable_aliases(schema.definitions)
        """The ids of the aliases that accept null."""
        self.implied = with_tags(schema, {}).by_id
        """The definitions with the discriminator values that they have without a `mapping`."""

    def of(self, item: Definition | Field | EnumValue, package: str) -> dict[str, Json]:
        """Return what a schema cannot say about a definition, a field or a value of an enum.

        `package` is that of the definition.
        """
        found: dict[str, Json] = {}
        if item.deprecated:
            found["deprecated"] = item.deprecated
        found |= {"names": {**item.names}} if item.names else {}
        found |= {"only": [*item.only]} if item.only else {}
        match item:
            case Field():
                return found | self.pages(item.pages, self.writer.field_pages(item, package))
            case EnumValue():
                return found | self.pages(item.pages, value_pages(item))
            case _:
                found |= self.pages(item.pages, self.writer.pages(item))
        found |= {"inferred": True} if item.inferred else {}
        match item:
            case Model():
                return found | self.of_model(item)
            case Union():
                return found | self.of_union(item)
            case _:
                return found

    def pages(self, given: Mapping[str, object], lines: Iterable[str]) -> dict[str, Json]:
        """Return the overrides for pages of SDK docs, from their lines in a spec."""
        if not given:
            return {}
        node = next(documents("", "\n".join(lines) + "\n", []))
        value = _json(node)
        assert isinstance(value, dict)
        return value

    def of_model(self, model: Model) -> dict[str, Json]:
        """Return the rest of a model: what it inherits."""
        found: dict[str, Json] = {"abstract": True} if model.abstract else {}
        if not model.extends:
            return found
        parents = [self.schema.model(id_) for id_ in model.extends if id_ in self.schema.by_id]
        inherited = {key for parent in parents for key in parent.by_json_key}
        found["extends"] = [*model.extends]
        own = (field.json_key for field in model.own_fields)
        replaced: list[Json] = [key for key in own if key in inherited]
        found |= {"own": replaced} if replaced else {}
        has_own = model.additional_properties is not None and not model.additional_origin
        if has_own and any(parent.additional_properties is not None for parent in parents):
            found["ownAdditionalProperties"] = True
        return found

    def of_union(self, union: Union) -> dict[str, Json]:
        """Return the rest of a union, or of an alias of one."""
        found: dict[str, Json] = {}
        if union.external is not None:
            external: dict[str, Json] = {"shown": {**union.external.shown}}
            external |= {"links": {**union.external.links}} if union.external.links else {}
            return {"external": external}
        if union.is_alias:
            found["alias"] = True
        elif union.discriminator is None and all(
            isinstance(member, Constant) for member in union.members
        ):
            found["union"] = True
        if union.discriminator is not None:
            found["discriminator"] = union.discriminator
            implied = self.implied[union.id]
            assert isinstance(implied, Union)
            if implied.mapping != union.mapping:
                found["mapping"] = [[tag, id_] for tag, id_ in union.mapping]
        found |= {"open": True} if union.open else {}
        return found | ({"overlapping": True} if union.overlapping else {})


def _json(node: Node) -> Json:
    match node:
        case ScalarNode(text=text, plain=True):
            try:
                value: Json = json.loads(text, parse_constant=refuse_constant)
            except ValueError:
                return text
            return value
        case ScalarNode():
            return text_of(node)
        case MappingNode(entries=entries):
            return {text_of(key): _json(value) for key, value in entries}
        case _:
            return [_json(item) for item in node.items]
