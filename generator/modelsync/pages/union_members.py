"""Find which member of a union an example shows, by the keys of its objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modelsync.pages.code import Code, Items, Properties, key_of
from modelsync.schema.definitions import Model, Union
from modelsync.schema.schema import Schema
from modelsync.schema.types import AnyOf, ListOf, Nullable, Ref, Type
from modelsync.schema.values import Object, Value


@dataclass(frozen=True, slots=True)
class UnionMembers:
    """Finds the members of unions that may have the keys of a value, or of code."""

    schema: Schema
    field_names: Mapping[tuple[str, str], str]
    """The names of fields in code, by the id of their definition and their JSON key."""

    def of(self, type_: Type) -> tuple[Type, ...]:
        """Return the members of a union, named or not; none for any other type."""
        definition = self.schema[type_] if isinstance(type_, Ref) else type_
        return definition.members if isinstance(definition, Union | AnyOf) else ()

    def by_keys(
        self, members: tuple[Type, ...], value: Value | Code
    ) -> tuple[list[Type], list[Type]]:
        """Return the members that may have all keys of a value, and those that lack some."""
        likely: list[Type] = []
        others: list[Type] = []
        for member in members:
            (others if self.has_keys(member, value) is False else likely).append(member)
        return likely, others

    def has_keys(self, type_: Type, value: Value | Code) -> bool | None:
        """Return whether a model, or a list of it, has all keys of an object.

        None if the type is not a model, or the value not an object.
        """
        match type_, value:
            case Nullable(inner=inner), _:
                return self.has_keys(inner, value)
            case ListOf(item=item), (((_, *_) as items) | Items(items=(_, *_) as items)):
                return self.has_keys(item, items[0])
            case Ref(id=id_), Object(items=pairs) | Properties(items=pairs):
                definition = self.schema[type_]
                if not isinstance(definition, Model):
                    return None
                json_keys = [field.json_key for field in definition.fields]
                if isinstance(value, Object):
                    return {key for key, _ in pairs} <= set(json_keys)
                names = {self.field_names.get((id_, key), key) for key in json_keys}
                return {key_of(key) for key, _ in pairs} <= names
            case _:
                return None
