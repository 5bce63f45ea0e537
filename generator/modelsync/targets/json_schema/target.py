"""What the targets for JSON Schema and OpenAPI have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from modelsync.naming import Identifiers, Scope
from modelsync.schema.definitions import Definition, EnumValue, Field
from modelsync.schema.schema import Schema
from modelsync.targets.base import Settings, Target
from modelsync.targets.json_schema.own_words import LANGUAGE
from modelsync.targets.json_schema.views import indented


class _Keys(Identifiers):
    """What OpenAPI accepts as a key of a component."""

    allowed: Final = re.compile(r"[A-Za-z0-9._-]+")

    def takes(self, name: str) -> bool:
        return self.allowed.fullmatch(name) is not None

    def help_for(self, name: str) -> str:
        del name
        return "use letters of ASCII, digits, `.`, `_` and `-`"


class SchemaTarget(Target):
    """A target whose output is schemas. Fields and values have no names but those of the JSON."""

    is_code = False
    is_complete = True
    identifiers = _Keys()

    def __init__(self, schema: Schema, settings: Settings) -> None:
        counts = Counter(definition.name for definition in schema.definitions)
        self._shared = {name for name, count in counts.items() if count > 1}
        super().__init__(schema, settings)

    @classmethod
    def language_of(cls, settings: Settings) -> str:
        del settings
        return LANGUAGE

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        """Return all definitions as one package: their keys are in one object."""
        return {"": self.schema.definitions}

    def definition_identifier(self, name: str) -> str:
        return name

    def field_identifier(self, json_key: str) -> str:
        return json_key

    def value_identifier(self, enum: str, json_value: str) -> str:
        return json_value

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        """Return the name that a spec gives, or the id if another package has the same name."""
        given = super().given_name(item)
        if given is None and not isinstance(item, Field | EnumValue) and item.name in self._shared:
            return item.id
        return given

    def _assign_names_of(self, definition: Definition, scope: Scope) -> bool:
        derived = self.definition_identifier(definition.name)
        name = self._claim(definition, f"`{definition.name}`", derived, scope)
        self.definition_names[definition.id] = definition.name if name is None else name
        return name is not None

    def pointer(self, id_: str) -> str:
        """Return the key of a definition in a reference."""
        return quote(self.definition_names[id_])

    def formatted(self, text: str) -> str:
        return indented(text)
