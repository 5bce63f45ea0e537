"""One generated module: its imports, and how its types are spelled, decoded and encoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import SimpleNamespace
from typing import Final, LiteralString, NamedTuple

from modelsync.naming import natural_order
from modelsync.schema import ir
from modelsync.targets.base import Code, code, join
from modelsync.targets.imports import ImportCollector, ImportLine
from modelsync.targets.python.import_graph import ImportGraph
from modelsync.targets.python.limits import Limits
from modelsync.targets.python.names import SUPPORT
from modelsync.targets.python.text import literal
from modelsync.targets.spelling import ImportingSpeller

_SCALARS: Final[Mapping[str, tuple[Code, Code, LiteralString]]] = {
    # The annotation, the module that it is imported from, and the function that converts a value.
    # If JSON has the same value, the function only checks it; otherwise `{}` is `read` or `write`.
    "string": (Code("str"), Code(), "wire.string"),
    "bool": (Code("bool"), Code(), "wire.boolean"),
    "int32": (Code("int"), Code(), "wire.int32"),
    "int64": (Code("int"), Code(), "wire.int64"),
    "uint32": (Code("int"), Code(), "wire.uint32"),
    "uint64": (Code("int"), Code(), "wire.uint64"),
    "float32": (Code("float"), Code(), "wire.float32"),
    "float64": (Code("float"), Code(), "wire.float64"),
    "decimal": (Code("Decimal"), Code("decimal"), "wire.{}_decimal"),
    "datetime": (Code("datetime"), Code("datetime"), "wire.{}_datetime"),
    "date": (Code("date"), Code("datetime"), "wire.{}_date"),
    "time": (Code("str"), Code(), "wire.time"),
    "duration": (Code("str"), Code(), "wire.duration"),
    "uuid": (Code("UUID"), Code("uuid"), "wire.{}_uuid"),
    "uri": (Code("str"), Code(), "wire.uri"),
    "email": (Code("str"), Code(), "wire.email"),
    "hostname": (Code("str"), Code(), "wire.hostname"),
    "ipv4": (Code("str"), Code(), "wire.ipv4"),
    "ipv6": (Code("str"), Code(), "wire.ipv6"),
    "bytes": (Code("bytes"), Code(), "wire.{}_bytes"),
    "any": (Code("Any"), Code("typing"), "wire.anything"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition is: its module, and the prefixes of the names that the module defines.

    `package` has the folders below the output folder. Enums and unions have functions that begin
    with `functions`; models have methods instead, and `functions` is empty.
    """

    package: tuple[str, ...]
    module: Code
    type: Code
    functions: Code
    unknown: Code
    """The class of unknown members of an open union."""

    def function(self, method: Code) -> Code:
        """Return the function that an enum or a union has instead of a method."""
        return code("{}_{}", self.functions, method)

    def names(self, methods: Iterable[Code]) -> tuple[Code, ...]:
        """Return the types, and the functions that the definition has instead of some methods."""
        types = (self.type, self.unknown) if self.unknown else (self.type,)
        return *types, *map(self.function, methods if self.functions else ())


class Annotations(ImportingSpeller):
    """Spells types as annotations, and collects what they import."""

    list_pattern = "list[{}]"
    map_pattern = "dict[str, {}]"
    nullable_pattern = "{} | None"

    def constant(self, type_: ir.Constant) -> Code:
        return self.literals([type_])

    def literals(self, constants: Iterable[ir.Constant]) -> Code:
        """Return the type of a value that is one of `constants`."""
        name = self.use("typing", "Literal")
        return code("{}[{}]", name, join(", ", [literal(each.value) for each in constants]))


class Module(Annotations):
    """The module of one definition."""

    def __init__(
        self,
        schema: ir.Schema,
        item: ir.Definition,
        places: dict[str, Place],
        graph: ImportGraph,
        *,
        is_frozen: bool,
    ) -> None:
        self.schema = schema
        self.is_frozen = is_frozen
        self.place = places[item.id]
        self.root = Code("." * (len(self.place.package) + 1))
        self.helpers: list[SimpleNamespace] = []
        self.limits = Limits(self)
        self.imports = ImportCollector((SUPPORT, *self.place.names(_USED)))
        self.imports.position = item.position
        self.imports.use(self.root, SUPPORT)
        self.decoding = Conversions(self, decodes=True)
        self.encoding = Conversions(self, decodes=False)
        self._id = item.id
        self._places = places
        self._graph = graph
        self._modules: list[ImportLine] = []
        self._prefixes: dict[str, Code] = {item.id: Code()}
        self._sources: dict[str, Code] = {}

    def import_lines(self) -> dict[str, list[ImportLine]]:
        """Return the imports in groups, each in the order of isort and ruff."""
        groups: dict[str, list[ImportLine]] = {"standard": [], "local": [], "deferred": []}
        for line in sorted([*self.imports.lines(name_order), *self._modules], key=import_order):
            group = "local" if line.module.startswith(".") else "standard"
            groups["deferred" if line.path else group].append(line)
        return groups

    def name(self, id_: str, method: LiteralString = "") -> Code:
        """Return the name of a type here, or of the function that it has instead of a method."""
        place = self._places[id_]
        name = place.function(Code(method)) if method else place.type
        if id_ not in self._prefixes:
            self._prefixes[id_] = self._import(id_)
        if id_ in self._sources:
            self.imports.use(self._sources[id_], name)
        return code("{}{}", self._prefixes[id_], name)

    def _import(self, id_: str) -> Code:
        """Import the module of a definition, and return what precedes its names here.

        Usually they are imported by themselves. A module in an import cycle with this one may be
        initialized only partly, so the module itself is imported, and its names are looked up when
        they are used. The same holds for deferred imports, and for names that are taken here.
        """
        here, there = self.place.package, self._places[id_]
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(here, there.package, strict=False))
        common = len(list(pairs))
        folder = Code("." * (len(here) - common + 1) + ".".join(there.package[common:]))
        path = Code(f"{folder}{'' if folder.endswith('.') else '.'}{there.module}")
        is_deferred = self._graph.is_deferred(self._id, id_)
        names = there.names(_USED)
        if not self._is_later(id_) and self.imports.is_free(names):
            self._sources[id_] = path
            self.imports.take(names)
            return Code()
        parts = () if there.package == here else there.package
        alias = self.imports.free(Code("_" + "_".join((*parts, there.module))))
        names_code = code("{} as {}", there.module, alias)
        later = literal(path) if is_deferred else None
        self._modules.append(ImportLine(folder, names_code, self.imports.position, alias, later))
        if is_deferred:
            self.use("typing", "TYPE_CHECKING")
        return code("{}.", alias)

    def _is_later(self, id_: str) -> bool:
        """Return whether a definition may not exist yet when this module is imported."""
        return self._graph.is_deferred(self._id, id_) or self._graph.is_circular(self._id, id_)

    def names_later(self, types: Iterable[ir.Type]) -> bool:
        """Return whether types refer to definitions that may not exist yet here."""
        return any(self._is_later(ref.id) for type_ in types for ref in ir.refs_in(type_))

    def scalar(self, type_: ir.Scalar) -> Code:
        annotation, module, _ = _SCALARS[type_.name]
        if module:
            self.imports.use(module, annotation)
        return annotation

    def reference(self, type_: ir.Ref) -> Code:
        name = self.name(type_.id)
        definition = self.schema[type_]
        if isinstance(definition, ir.Enum) and definition.open:
            return code("{} | {}", name, _SCALARS[definition.type][0])
        return name


_USED: Final = (Code("from_dict"), Code("to_dict"))
"""The methods whose functions other modules may import."""


class Conversion(NamedTuple):
    """How a type is decoded or encoded: `function(value, argument)`, except for null."""

    function: Code
    argument: Code | None = None
    nullable: bool = False
    before: Code | None = None
    """The function that checks a decimal before it is encoded."""
    size: Code | None = None
    """The function that checks the size of a list or map before its items."""
    after: Code | None = None
    """The function that checks the result."""

    def of(self, value: Code) -> Code:
        """Return the expression that converts `value`, which is not None."""
        if self.before is not None:
            value = code("{}(wire.decimal({}))", self.before, value)
        if self.size is not None:
            value = code("{}({})", self.size, value)
        arguments = code("{}, {}", value, self.argument) if self.argument else value
        result = code("{}({})", self.function, arguments)
        return result if self.after is None else code("{}({})", self.after, result)


class Conversions:
    """How the types of a module are decoded, or how they are encoded."""

    def __init__(self, module: Module, *, decodes: bool) -> None:
        self._module = module
        self._decodes = decodes
        self._verb = Code("read" if decodes else "write")

    def of(self, type_: ir.Type, name: Code) -> Conversion:
        """Return how a type is converted. `name` is part of the names of the helpers it needs."""
        match type_:
            case ir.Scalar():
                return Conversion(code(_SCALARS[type_.name][2], self._verb))
            case ir.Constant():
                return Conversion(Code("wire.constant"), literal(type_.value))
            case ir.ListOf():
                item = self.function(type_.item, code("{}_item", name))
                return Conversion(code("wire.{}_list", self._verb), item)
            case ir.MapOf():
                value = self.function(type_.value, code("{}_value", name))
                return Conversion(code("wire.{}_map", self._verb), value)
            case ir.Nullable():
                return self.of(type_.inner, name)._replace(nullable=True)
            case ir.Limited(inner=inner):
                conversion = self.of(inner, name)
                size, limit = self._module.limits.functions_of(type_, name)
                if type_.scalar == "decimal" and not self._decodes:
                    return conversion._replace(before=limit)
                return conversion._replace(size=size, after=limit)
            case ir.Ref():
                return self._of_definition(type_)
            case ir.AnyOf():
                raise AssertionError("an anonymous union that `lift_unions` did not name")

    def _of_definition(self, ref: ir.Ref) -> Conversion:
        # The stack is short, so functions of aliases that only call another one are left out.
        if self._module.schema.has_aliases:
            ref = ir.named(self._module.schema.by_id, ref)
        if not isinstance(self._module.schema[ref], ir.Model):
            method: LiteralString = "from_dict" if self._decodes else "to_dict"
            return Conversion(self._module.name(ref.id, method))
        name = self._module.name(ref.id)
        if self._decodes:
            return Conversion(code("{}.from_dict", name))
        return Conversion(Code("wire.write_instance"), name)

    def function(self, type_: ir.Type, name: Code) -> Code:
        """Return a function that converts a type, from the value alone: a helper if necessary."""
        conversion = self.of(type_, name)
        if conversion == Conversion(conversion.function):
            return conversion.function
        helper = SimpleNamespace(position=self._module.imports.position)
        helper.name = helper_name = self._module.imports.free(code("_{}_{}", self._verb, name))
        types = (Code("object"), self._module.spell(type_))
        helper.takes, helper.gives = types if self._decodes else types[::-1]
        helper.nullable, helper.result = conversion.nullable, conversion.of(Code("value"))
        self._module.helpers.append(helper)
        return helper_name


def name_order(name: str) -> tuple[object, ...]:
    """Return isort's order of names: constants, then classes, then the others."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, natural_order(name)


def import_order(line: ImportLine) -> tuple[object, ...]:
    """Return isort's order of imports: the farthest package first, and then by name."""
    path = line.module.lstrip(".")
    first = line.names.partition(",")[0].partition(" ")[0]
    return len(path) - len(line.module), natural_order(path), name_order(first)
