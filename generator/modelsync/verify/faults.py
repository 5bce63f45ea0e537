"""Documents with several faults, for the code that returns all errors."""

from __future__ import annotations

from typing import Final

from modelsync.schema.definitions import Alias, Definition, Model, Union
from modelsync.schema.samples import literal, object_text
from modelsync.schema.schema import Schema
from modelsync.schema.tagged import model_of_tag
from modelsync.schema.types import Limited, ListOf, MapOf, Nullable, Ref, Type
from modelsync.verify.additional import UNKNOWN
from modelsync.verify.documents import Documents
from modelsync.verify.values import Values

_LEVELS: Final = 2
"""How many models inside each other have faults."""


class Faults:
    """Generates values that have a fault in each part."""

    def __init__(self, schema: Schema, documents: Documents, values: Values) -> None:
        self.schema = schema
        self.documents = documents
        self.values = values
        self._known: dict[tuple[str, int], str] = {}

    def of_model(self, model: Model, levels: int = _LEVELS) -> str:
        """Return a document of a model in which every field that can be wrong is.

        If it is longer than `documents.longest`, fewer models inside each other have faults.
        """
        key = model.id, levels
        if key not in self._known:
            members = self._members(model, levels)
            short = self.of_model(model, levels - 1) if members is None else object_text(members)
            self._known[key] = short
        return self._known[key]

    def _members(self, model: Model, levels: int) -> dict[str, str] | None:
        """Return the values with faults by their keys; None if there are too many for `levels`."""
        members: dict[str, str] = {}
        length = 0
        for field in model.fields:
            text = self.of_type(field.type, levels)
            if text is not None:
                members[field.json_key] = text
                length += len(text)
            if length > self.documents.longest and levels:
                return None
        if model.additional_properties is False:
            members |= {UNKNOWN: "1", f"{UNKNOWN} too": "2"}
        elif model.additional_properties is not None:
            wrong = self.of_type(model.additional_properties, levels)
            members |= dict.fromkeys((UNKNOWN, f"{UNKNOWN} too"), wrong) if wrong else {}
        return members

    def of_type(self, type_: Type, levels: int) -> str | None:
        """Return a value with faults, None if a type accepts every value."""
        match type_:
            case Nullable(inner=inner) | Limited(inner=inner):
                return self.of_type(inner, levels)
            case ListOf(item=item):
                valid = self.documents.of_type(item)
                parts = (self.of_type(item, levels), valid, self.values.wrong(item))
                return f"[{', '.join(filter(None, parts))}]"
            case MapOf(value=value):
                wrong = {"a": self.of_type(value, levels), "b": self.values.wrong(value)}
                return object_text({key: text for key, text in wrong.items() if text is not None})
            case Ref():
                return self._of_definition(self.schema[type_], levels)
            case _:
                return self.values.wrong(type_)

    def _of_definition(self, definition: Definition, levels: int) -> str | None:
        match definition:
            case Model() if levels:
                return self.of_model(definition, levels - 1)
            case Union(discriminator=str(key), mapping=[(tag, _), *_]) if levels:
                text = self.of_model(model_of_tag(self.schema, definition, tag), levels - 1)
                tag_text = object_text({key: literal(tag)})
                return f"{text[:-1]}, {tag_text[1:]}" if text != "{}" else tag_text
            case Alias(type=type_) if levels:
                return self.of_type(type_, levels - 1)
            case _:
                return self.values.wrong(Ref(definition.id))
