"""One generated module: its imports, and how its types are spelled, decoded and encoded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, LiteralString, NamedTuple

from modelsync.errors import Position
from modelsync.schema.ir import (
    Constant,
    Definition,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.targets.base import Code, code, join
from modelsync.targets.imports import ImportCollector
from modelsync.targets.python.import_graph import ImportGraph
from modelsync.targets.python.names import SUPPORT
from modelsync.targets.python.text import literal
from modelsync.targets.spelling import TypeSpeller


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a type is decoded or encoded: `function(value, *arguments)`, except for null."""

    function: Code
    arguments: tuple[Code, ...] = ()
    nullable: bool = False

    def of(self, value: Code) -> Code:
        """Return the expression that converts `value`, which is not None."""
        if not self.arguments:
            return code("{}({})", self.function, value)
        return code("{}({}, {})", self.function, value, join(", ", self.arguments))


class _Scalar(NamedTuple):
    """How a scalar is annotated, and the functions of the support module that convert it."""

    annotation: Code
    decoding: Conversion
    encoding: Conversion


_SCALARS: Final = {
    # One function serves both directions where JSON has the same value: it only checks.
    name: _Scalar(
        Code(annotation),
        Conversion(Code(f"wire.{decode}")),
        Conversion(Code(f"wire.{encode}")),
    )
    for name, annotation, decode, encode in (
        ("string", "str", "string", "string"),
        ("bool", "bool", "boolean", "boolean"),
        ("int32", "int", "int32", "int32"),
        ("int64", "int", "int64", "int64"),
        ("float32", "float", "float32", "float32"),
        ("float64", "float", "float64", "float64"),
        ("datetime", "datetime", "read_datetime", "write_datetime"),
        ("date", "date", "read_date", "write_date"),
        ("bytes", "bytes", "read_bytes", "write_bytes"),
        ("any", "Any", "anything", "anything"),
    )
}
_SCALAR_IMPORTS: Final[Mapping[str, Code]] = {
    "datetime": Code("datetime"),
    "date": Code("datetime"),
    "any": Code("typing"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition is: its module, and the public names that the module defines.

    `package` has the folders below the output folder. Enums and unions have functions that begin
    with `functions`; models have methods instead, and `functions` is empty.
    """

    package: tuple[str, ...]
    module: str
    type: Code
    functions: Code

    @property
    def names(self) -> tuple[Code, ...]:
        """The names that other modules may import."""
        if not self.functions:
            return (self.type,)
        return self.type, self.function(Code("from_dict")), self.function(Code("to_dict"))

    def function(self, method: Code) -> Code:
        """Return the function that an enum or a union has instead of a method."""
        return code("{}_{}", self.functions, method)


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One `from module import names`. A deferred import also has its path and the new name."""

    module: Code
    names: Code
    position: Position | None
    path: Code | None = None
    alias: Code | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A private function of a module: a helper for items of lists and maps, or a default."""

    name: Code
    takes: Code | None
    """The type of its parameter, `value`."""
    gives: Code
    result: Code
    nullable: bool
    position: Position | None


class Module:
    """The module of one definition, while its view is built."""

    def __init__(
        self,
        definition: Definition,
        places: Mapping[str, Place],
        by_id: Mapping[str, Definition],
        graph: ImportGraph,
    ) -> None:
        self.place = places[definition.id]
        self.helpers: list[Function] = []
        self.imports = ImportCollector((SUPPORT, *self.place.names))
        self.imports.position = definition.position
        self._id = definition.id
        self._places = places
        self._by_id = by_id
        self._graph = graph
        self._root = Code("." * (len(self.place.package) + 1))
        self._aliases: list[ImportLine] = []
        self._deferred: list[ImportLine] = []
        self._prefixes: dict[str, Code] = {definition.id: Code()}
        self._sources: dict[str, Code] = {}
        self._annotations = _Annotations(self)
        self._decoders = _Conversions(self, decodes=True)
        self._encoders = _Conversions(self, decodes=False)
        self.imports.use(self._root, SUPPORT)

    # Imports ----------------------------------------------------------------------------------

    def use(self, module: LiteralString, *names: LiteralString) -> None:
        """Import names of the standard library."""
        self.imports.use(Code(module), *map(Code, names))

    def use_support(self, *names: LiteralString) -> None:
        """Import names of the support module by themselves."""
        self.imports.use(code("{}{}", self._root, SUPPORT), *map(Code, names))

    def import_lines(self) -> dict[str, list[ImportLine]]:
        """Return the imports in groups, each in the order of isort and ruff."""
        lines = [
            *(import_line(module, each.names, each.first_use) for module, each in self.imports),
            *self._aliases,
        ]
        lines.sort(key=import_order)
        return {
            "standard": [line for line in lines if not line.module.startswith(".")],
            "local": [line for line in lines if line.module.startswith(".")],
            "deferred": sorted(self._deferred, key=import_order),
        }

    def reference(self, id_: str) -> Code:
        """Return the name of a definition's type in this module, and import it."""
        return self._name(id_, self._places[id_].type)

    def method(self, id_: str, method: LiteralString) -> Code:
        """Return the method of a model, or the function that another definition has instead."""
        place = self._places[id_]
        if isinstance(self._by_id[id_], Model):
            return code("{}.{}", self._name(id_, place.type), Code(method))
        return self._name(id_, place.function(Code(method)))

    def definition(self, ref: Ref) -> Definition:
        """Return what a reference refers to."""
        return self._by_id[ref.id]

    def _name(self, id_: str, name: Code) -> Code:
        prefix = self._prefixes.get(id_)
        if prefix is None:
            prefix = self._prefixes[id_] = self._import(id_)
        if id_ in self._sources:
            self.imports.use(self._sources[id_], name)
        return code("{}{}", prefix, name)

    def _import(self, id_: str) -> Code:
        """Import the module of a definition, and return what precedes its names here.

        Usually they are imported by themselves. A module in an import cycle with this one may be
        initialized only partly, so the module itself is imported, and its names are looked up when
        they are used. The same holds for deferred imports, and for names that are taken here.
        """
        there = self._places[id_]
        folder = self._relative(there.package)
        path = Code(f"{folder}{'' if folder.endswith('.') else '.'}{there.module}")
        deferred = self._graph.is_deferred(self._id, id_)
        circular = self._graph.is_circular(self._id, id_)
        if not deferred and not circular and self.imports.is_free(there.names):
            self._sources[id_] = path
            self.imports.take(there.names)
            return Code()
        parts = () if there.package == self.place.package else there.package
        alias = self.imports.free(Code("_" + "_".join((*parts, there.module))))
        names = code("{} as {}", Code(there.module), alias)
        line = ImportLine(folder, names, self.imports.position, literal(path), alias)
        (self._deferred if deferred else self._aliases).append(line)
        if deferred:
            self.use("typing", "TYPE_CHECKING")
        return code("{}.", alias)

    def _relative(self, package: tuple[str, ...]) -> Code:
        """Return a package as this module imports it: `.`, `..orders`."""
        here = self.place.package
        common = 0
        for mine, other in zip(here, package, strict=False):
            if mine != other:
                break
            common += 1
        return Code("." * (len(here) - common + 1) + ".".join(package[common:]))

    # Types ------------------------------------------------------------------------------------

    def annotation(self, type_: Type) -> Code:
        """Return a type as an annotation."""
        return self._annotations.spell(type_)

    def literals(self, constants: Iterable[Constant]) -> Code:
        """Return the type of a value that is one of `constants`."""
        self.use("typing", "Literal")
        return code("Literal[{}]", join(", ", [literal(each.value) for each in constants]))

    def decoding(self, type_: Type, name: Code) -> Conversion:
        """Return how a type is decoded. `name` is part of the names of the helpers it needs."""
        return self._decoders.of(type_, name)

    def encoding(self, type_: Type, name: Code) -> Conversion:
        """Return how a type is encoded."""
        return self._encoders.of(type_, name)

    def decoder(self, type_: Type, name: Code) -> Code:
        """Return a function that decodes a type, from the value alone."""
        return self._decoders.function(self.decoding(type_, name), type_, name)

    def encoder(self, type_: Type, name: Code) -> Code:
        """Return a function that encodes a type, from the value alone."""
        return self._encoders.function(self.encoding(type_, name), type_, name)


class _Annotations(TypeSpeller[Code]):
    """Spells types as annotations."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def scalar(self, type_: Scalar) -> Code:
        annotation = _SCALARS[type_.name].annotation
        if type_.name in _SCALAR_IMPORTS:
            self._module.imports.use(_SCALAR_IMPORTS[type_.name], annotation)
        return annotation

    def constant(self, type_: Constant) -> Code:
        return self._module.literals([type_])

    def reference(self, type_: Ref) -> Code:
        name = self._module.reference(type_.id)
        definition = self._module.definition(type_)
        if isinstance(definition, Enum) and definition.open:
            return code("{} | {}", name, _SCALARS[definition.type].annotation)
        return name

    def list_of(self, item: Code, type_: ListOf) -> Code:
        return code("list[{}]", item)

    def map_of(self, value: Code, type_: MapOf) -> Code:
        return code("dict[str, {}]", value)

    def nullable(self, inner: Code, type_: Nullable) -> Code:
        return code("{} | None", inner)


class _Conversions(TypeSpeller[Conversion]):
    """Spells how types are decoded, or encoded."""

    def __init__(self, module: Module, *, decodes: bool) -> None:
        self._module = module
        self._decodes = decodes
        self._verb = Code("read" if decodes else "write")
        self._name = Code()

    def of(self, type_: Type, name: Code) -> Conversion:
        """Return how a type is converted."""
        self._name = name
        return self.spell(type_)

    def function(self, conversion: Conversion, type_: Type, name: Code) -> Code:
        """Return a function of the value alone: the conversion's own, or a new helper."""
        if not conversion.arguments and not conversion.nullable:
            return conversion.function
        module = self._module
        helper = module.imports.free(code("_{}_{}", self._verb, name))
        types = [Code("object"), module.annotation(type_)]
        takes, gives = types if self._decodes else reversed(types)
        result = conversion.of(Code("value"))
        position = module.imports.position
        module.helpers.append(Function(helper, takes, gives, result, conversion.nullable, position))
        return helper

    def spell(self, type_: Type) -> Conversion:
        # Helpers of items are named after the field and the way from its type to theirs.
        name = self._name
        match type_:
            case ListOf():
                self._name = code("{}_item", name)
            case MapOf():
                self._name = code("{}_value", name)
            case _:
                pass
        conversion = super().spell(type_)
        self._name = name
        return conversion

    def scalar(self, type_: Scalar) -> Conversion:
        scalar = _SCALARS[type_.name]
        return scalar.decoding if self._decodes else scalar.encoding

    def constant(self, type_: Constant) -> Conversion:
        return Conversion(Code("wire.constant"), (literal(type_.value),))

    def reference(self, type_: Ref) -> Conversion:
        if self._decodes:
            return Conversion(self._module.method(type_.id, "from_dict"))
        if isinstance(self._module.definition(type_), Model):
            return Conversion(Code("wire.write_instance"), (self._module.reference(type_.id),))
        return Conversion(self._module.method(type_.id, "to_dict"))

    def list_of(self, item: Conversion, type_: ListOf) -> Conversion:
        function = self.function(item, type_.item, self._name)
        return Conversion(code("wire.{}_list", self._verb), (function,))

    def map_of(self, value: Conversion, type_: MapOf) -> Conversion:
        function = self.function(value, type_.value, self._name)
        return Conversion(code("wire.{}_map", self._verb), (function,))

    def nullable(self, inner: Conversion, type_: Nullable) -> Conversion:
        return Conversion(inner.function, inner.arguments, nullable=True)


def import_line(module: Code, names: Iterable[Code], position: Position | None) -> ImportLine:
    """Return an import with its names in the order of isort."""
    return ImportLine(module, join(", ", sorted(names, key=name_order)), position)


_NUMBER: Final = re.compile(r"(\d+)")


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts `a2` before `a10`."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(name))


@lru_cache(maxsize=65_536)
def name_order(name: Code) -> tuple[object, ...]:
    """Return isort's order of names: constants, then classes, then the others."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, _natural(name)


def import_order(line: ImportLine) -> tuple[object, ...]:
    """Return isort's order of imports: the farthest package first, and then by name."""
    first = line.names.partition(",")[0].partition(" ")[0]
    return _module_order(line.module), name_order(Code(first))


@lru_cache(maxsize=65_536)
def _module_order(module: Code) -> tuple[object, ...]:
    path = module.lstrip(".")
    return len(path) - len(module), _natural(path)
