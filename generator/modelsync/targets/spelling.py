"""A fold over types: a target spells each kind of type, from the inside out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, LiteralString, TypeVar

from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.targets.base import Code, code
from modelsync.targets.imports import ImportCollector

_Spelled = TypeVar("_Spelled")


class TypeSpeller(ABC, Generic[_Spelled]):
    """Spells types: as annotations, as the functions that decode them, or as anything else.

    :meth:`spell` walks a type from the inside out, so a method gets the spelling of what it
    contains, and the type itself if that is not enough. Unions inside fields were turned into
    definitions (:func:`modelsync.schema.lift_unions.lift_unions`), so they are references here.
    """

    def spell(self, type_: Type) -> _Spelled:
        """Return the spelling of a type."""
        match type_:
            case Scalar():
                return self.scalar(type_)
            case Constant():
                return self.constant(type_)
            case Ref():
                return self.reference(type_)
            case ListOf(item=item):
                return self.list_of(self.spell(item), type_)
            case MapOf(value=value):
                return self.map_of(self.spell(value), type_)
            case Nullable(inner=inner):
                return self.nullable(self.spell(inner), type_)
            case Limited(inner=inner):
                return self.limited(self.spell(inner), type_)
            case AnyOf():
                raise AssertionError("an anonymous union that `lift_unions` did not name")

    def limited(self, inner: _Spelled, _type: Limited) -> _Spelled:
        """Spell a type with constraints: as the same type without them, unless a target can."""
        return inner

    @abstractmethod
    def scalar(self, type_: Scalar) -> _Spelled:
        """Spell a scalar."""

    @abstractmethod
    def constant(self, type_: Constant) -> _Spelled:
        """Spell the type of one value."""

    @abstractmethod
    def reference(self, type_: Ref) -> _Spelled:
        """Spell a reference to a definition."""

    @abstractmethod
    def list_of(self, item: _Spelled, type_: ListOf) -> _Spelled:
        """Spell a list of `item`."""

    @abstractmethod
    def map_of(self, value: _Spelled, type_: MapOf) -> _Spelled:
        """Spell a map from text to `value`."""

    @abstractmethod
    def nullable(self, inner: _Spelled, type_: Nullable) -> _Spelled:
        """Spell `inner` or null."""


class PatternSpeller(TypeSpeller[Code]):
    """Spells lists, maps and nullable types by patterns, in which `{}` is the type inside."""

    list_pattern: ClassVar[LiteralString]
    map_pattern: ClassVar[LiteralString]
    nullable_pattern: ClassVar[LiteralString]

    def list_of(self, item: Code, type_: ListOf) -> Code:
        return code(self.list_pattern, item)

    def map_of(self, value: Code, type_: MapOf) -> Code:
        return code(self.map_pattern, value)

    def nullable(self, inner: Code, type_: Nullable) -> Code:
        return code(self.nullable_pattern, inner)


class ImportingSpeller(PatternSpeller):
    """Spells types in one generated file, and collects what they import."""

    imports: ImportCollector

    def use(self, module: LiteralString, *names: LiteralString) -> Code:
        """Import names, and return the last one."""
        self.imports.use(Code(module), *map(Code, names))
        return Code(names[-1])
