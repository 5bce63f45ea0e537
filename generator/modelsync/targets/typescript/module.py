"""The names, types and codecs of one TypeScript module, and what it imports for them.

A *codec* is a function `(value, parent, key)`: it returns what it decoded or encoded, or throws an
error with the path that `parent` and `key` lead to. Every definition has one to read and one to
write (an enum has one for both), the support module has those of scalars, and makes those of
lists, maps and nullable values from the codecs of what they contain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from modelsync.errors import Position
from modelsync.schema.ir import (
    Constant,
    Definition,
    Enum,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
    refs_of,
)
from modelsync.targets.base import Code
from modelsync.targets.imports import ImportCollector
from modelsync.targets.spelling import TypeSpeller
from modelsync.targets.typescript.names import SCALARS, Names

Direction: TypeAlias = Literal["read", "write"]


class Codec(NamedTuple):
    """A codec: a function that may take an argument after the value, its parent and its key."""

    function: Code
    argument: Code = Code("")
    factory: str = ""
    """The function that returns the codec for an argument."""

    @property
    def value(self) -> Code:
        """The codec as a function of three arguments."""
        return Code(f"{self.factory}({self.argument})") if self.argument else self.function


@dataclass(frozen=True, slots=True)
class ImportView:
    """What a module imports from another one, and where the spec needed it first."""

    position: Position | None
    names: Code
    module: Code


class Module:
    """The module of one definition, which collects its imports while its code is spelled."""

    def __init__(self, names: Names, definition: Definition) -> None:
        self.names = names
        self.schema = names.schema
        self.definition = definition
        self.name = Code(names.definitions[definition.id])
        self.imports = ImportCollector()
        self.imports.position = definition.position
        self._prefixes = self._clashing_names()
        self._types = _Types(self)
        self._codecs = {"read": _Codecs(self, "read"), "write": _Codecs(self, "write")}

    def type(self, type_: Type) -> Code:
        """Spell a type."""
        return self._types.spell(type_)

    def codec(self, type_: Type, direction: Direction) -> Codec:
        """Spell the function that reads or writes a type."""
        return self._codecs[direction].spell(type_)

    def local(self, id_: str, verb: str = "") -> Code:
        """Return the name in this module of a definition's type, or of its function `verb`."""
        prefix = self._prefixes.get(id_, "")
        exported = f"{verb}{self.names.definitions[id_]}"
        local = f"{prefix}{exported}"
        if id_ != self.definition.id:
            renamed = f"{exported} as {local}" if prefix else exported
            self.imports.use(self._file(id_), Code(renamed if verb else f"type {renamed}"))
        return Code(local)

    def codec_name(self, id_: str, direction: Direction) -> Code:
        """Return the name of the codec of a definition; an enum has one for both directions."""
        is_enum = isinstance(self.schema.by_id[id_], Enum)
        return self.local(id_, "check" if is_enum else direction)

    def import_views(self) -> Iterator[ImportView]:
        """Yield what was imported so far: of each module the functions first, then the type."""
        for module, entry in self.imports:
            names = sorted(entry.names, key=lambda name: (name.startswith("type "), name))
            yield ImportView(entry.first_use, Code(", ".join(names)), module)

    def _file(self, id_: str) -> Code:
        package = self.schema.by_id[id_].package
        return self.names.module(self.definition.package, package, self.names.files[id_])

    def _clashing_names(self) -> Mapping[str, str]:
        """Return a prefix for each definition that has the same name as another one used here.

        It comes from the package; no name that a spec can give contains a `$`.
        """
        ids = dict.fromkeys([self.definition.id, *(ref.id for ref in refs_of(self.definition))])
        names = [self.names.definitions[id_] for id_ in ids]
        if len(set(names)) == len(names):
            return {}
        packages = {id_: self.schema.by_id[id_].package for id_ in ids}
        return {
            id_: f"{packages[id_].replace('.', '$')}$"
            for id_, name in zip(ids, names, strict=True)
            if names.count(name) > 1 and packages[id_] != self.definition.package
        }


class _Types(TypeSpeller[Code]):
    def __init__(self, module: Module) -> None:
        self._module = module

    def scalar(self, type_: Scalar) -> Code:
        is_int64 = type_.name == "int64"
        return Code(self._module.names.integer if is_int64 else SCALARS[type_.name].type)

    def constant(self, type_: Constant) -> Code:
        return self._module.names.value(type_.value)

    def reference(self, type_: Ref) -> Code:
        return self._module.local(type_.id)

    def list_of(self, item: Code, type_: ListOf) -> Code:
        return Code(f"({item})[]" if isinstance(type_.item, Nullable) else f"{item}[]")

    def map_of(self, value: Code, type_: MapOf) -> Code:
        return Code(f"{{ [key: string]: {value} }}")

    def nullable(self, inner: Code, type_: Nullable) -> Code:
        return Code(f"{inner} | null")


class _Codecs(TypeSpeller[Codec]):
    def __init__(self, module: Module, direction: Direction) -> None:
        self._module = module
        self._direction = direction

    def scalar(self, type_: Scalar) -> Codec:
        scalar = SCALARS[type_.name]
        return Codec(Code(scalar.read if self._direction == "read" else scalar.write))

    def constant(self, type_: Constant) -> Codec:
        literal = self._module.names.value(type_.value)
        return Codec(Code("wire.literal"), literal, "wire.literalOf")

    def reference(self, type_: Ref) -> Codec:
        return Codec(self._module.codec_name(type_.id, self._direction))

    def list_of(self, item: Codec, type_: ListOf) -> Codec:
        return Codec(Code("wire.list"), item.value, "wire.listOf")

    def map_of(self, value: Codec, type_: MapOf) -> Codec:
        function = f"wire.{self._direction}Map"
        return Codec(Code(function), value.value, f"{function}Of")

    def nullable(self, inner: Codec, type_: Nullable) -> Codec:
        return Codec(Code("wire.orNull"), inner.value, "wire.nullable")
