"""The code of one Python module: how each type is spelled, read and written, and what that imports.

Whatever a type needs is noted while it is spelled: the names to import, and private functions for
the items of lists and maps that no function of the support module reads by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, LiteralString

from modelsync.errors import Position
from modelsync.schema.ir import (
    AnyOf,
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
from modelsync.targets.base import Code, code, from_lines, join
from modelsync.targets.python.imports import Imports
from modelsync.targets.python.text import INDENTS, called, chosen, exploded, fits, literal

SUPPORT: Final = Code("wire")
"""The support module; every other one imports it as a whole, so it takes one name there."""

_ANNOTATIONS: Final[Mapping[str, Code]] = {
    "string": Code("str"),
    "bool": Code("bool"),
    "int32": Code("int"),
    "int64": Code("int"),
    "float32": Code("float"),
    "float64": Code("float"),
    "datetime": Code("datetime"),
    "date": Code("date"),
    "bytes": Code("bytes"),
    "any": Code("Any"),
}
# Those that JSON holds as they are need one function for both directions: it checks.
_READ: Final[Mapping[str, Code]] = {
    "string": Code("wire.string"),
    "bool": Code("wire.boolean"),
    "int32": Code("wire.int32"),
    "int64": Code("wire.int64"),
    "float32": Code("wire.float32"),
    "float64": Code("wire.float64"),
    "datetime": Code("wire.read_datetime"),
    "date": Code("wire.read_date"),
    "bytes": Code("wire.read_bytes"),
    "any": Code("wire.anything"),
}
_WRITE: Final[Mapping[str, Code]] = {
    **_READ,
    "datetime": Code("wire.write_datetime"),
    "date": Code("wire.write_date"),
    "bytes": Code("wire.write_bytes"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands: its module, and the public names that this one defines.

    `package` has the folders below the output folder. The first of `names` is the type's;
    `functions` says that there are `..._from_dict` and the like, and not methods of a class.
    """

    package: tuple[str, ...]
    module: str
    type: Code
    functions: Code


@dataclass(frozen=True, slots=True)
class Conversion:
    """A way to read or write one type: `function(value, *more)`."""

    function: Code
    more: tuple[Code, ...] = ()
    nullable: bool = False

    def call(self, value: Code) -> tuple[Code, tuple[Code, ...]]:
        """Return the function and the arguments that convert `value`, which is not None."""
        return self.function, (value, *self.more)

    @property
    def plain(self) -> bool:
        """Whether the function alone does it, given the value."""
        return not self.more and not self.nullable


class Module:
    """The module of one definition, while it is written."""

    def __init__(
        self,
        definition: Definition,
        places: Mapping[str, Place],
        by_id: Mapping[str, Definition],
        all_imports: Imports,
    ) -> None:
        self.place = places[definition.id]
        self.functions: list[Code] = []
        self.position = definition.position
        """Where in a spec that stands which is spelled now, and needs what it imports."""
        self._places = places
        self._by_id = by_id
        self._id = definition.id
        self._all_imports = all_imports
        self._root = Code("." * (len(self.place.package) + 1))
        self._imports: dict[Code, set[Code]] = {self._root: {SUPPORT}}
        self._first_uses: dict[Code, Position] = {self._root: self.position}
        self._aliases: dict[tuple[Code, Code], tuple[Code, Position]] = {}
        # The modules that must not be imported before one of their names is used.
        self._later: dict[tuple[Code, Code], tuple[Code, Position]] = {}
        self._prefixes: dict[str, Code] = {definition.id: Code()}
        # The modules from which names of definitions are imported, each once it is used.
        self._sources: dict[str, Code] = {}
        self._taken: set[str] = {SUPPORT, *_names(self.place)}

    # Imports ----------------------------------------------------------------------------------

    def use(self, module: LiteralString, *names: LiteralString) -> None:
        """Note the import of names of the standard library."""
        self._import(Code(module), map(Code, names))

    def use_support(self, *names: LiteralString) -> None:
        """Note the import of names of the support module that stand for themselves."""
        self._import(code("{}{}", self._root, SUPPORT), map(Code, names))

    def _import(self, module: Code, names: Iterable[Code]) -> None:
        self._imports.setdefault(module, set()).update(names)
        self._first_uses.setdefault(module, self.position)

    def imports(self) -> Code:
        """Return all imports, sorted as isort and ruff sort them."""
        lines = [
            (
                import_key(module, min(names, key=name_key)),
                (from_import(module, names), self._first_uses[module]),
            )
            for module, names in self._imports.items()
        ] + [
            (import_key(folder, module), (_aliased(folder, module, alias), use))
            for (folder, module), (alias, use) in self._aliases.items()
        ]
        lines.sort(key=lambda line: line[0])
        standard = [line for key, line in lines if not key[0]]
        ours = [line for key, line in lines if key[0]]
        between = [(Code(), None)] if standard and ours else []
        return from_lines([*standard, *between, *ours, *self._later_imports()])

    def _later_imports(self) -> list[tuple[Code, Position | None]]:
        """Return the imports that are put off; to type checkers they are like all the others."""
        if not self._later:
            return []
        seen: list[tuple[Code, Position | None]] = []
        run: list[tuple[Code, Position | None]] = []
        for (folder, module), (alias, use) in sorted(
            self._later.items(), key=lambda item: import_key(*item[0])
        ):
            arguments = [literal(_path(folder, module)), Code("__package__")]
            later = called(INDENTS[1], code("{} = ", alias), Code("wire.Later"), arguments)
            seen.append((_aliased(folder, module, alias, INDENTS[1]), use))
            run.append((later, use))
        return [
            (Code(), None),
            (Code("if TYPE_CHECKING:"), None),
            *seen,
            (Code("else:"), None),
            *run,
        ]

    def _named(self, id_: str, name: Code) -> Code:
        """Return how a public name of a definition is said here, and note its import."""
        prefix = self._prefix(id_)
        if id_ in self._sources:
            self._import(self._sources[id_], [name])
        return code("{}{}", prefix, name)

    def _prefix(self, id_: str) -> Code:
        """Return what stands before the names of a definition here.

        A module that is in a circle with this one may be imported half: then only the module
        itself can be imported, and its names are looked up when they are used. So are names
        that something else here has already, and those of modules whose import is put off.
        """
        known = self._prefixes.get(id_)
        if known is not None:
            return known
        there = self._places[id_]
        names = _names(there)
        folder = self._folder(there)
        later = self._all_imports.puts_off(self._id, id_)
        circular = self._all_imports.circular(self._id, id_)
        if later or circular or not self._taken.isdisjoint(names):
            near = there.package == self.place.package
            path = (there.module,) if near else (*there.package, there.module)
            alias = self.free(Code("_" + "_".join(path)))
            aliases = self._later if later else self._aliases
            aliases[folder, Code(there.module)] = alias, self.position
            prefix = code("{}.", alias)
            if later:
                self.use("typing", "TYPE_CHECKING")
        else:
            self._sources[id_] = _path(folder, Code(there.module))
            self._taken.update(names)
            prefix = Code()
        self._prefixes[id_] = prefix
        return prefix

    def _folder(self, there: Place) -> Code:
        """Return the package of another module, as a relative import says it."""
        here = self.place.package
        common = 0
        for mine, its in zip(here, there.package, strict=False):
            if mine != its:
                break
            common += 1
        return Code("." * (len(here) - common + 1) + ".".join(there.package[common:]))

    def free(self, name: Code) -> Code:
        """Return `name`, or one like it that nothing in this module has; it is taken then."""
        while name in self._taken:
            name = code("{}_", name)
        self._taken.add(name)
        return name

    # Types ------------------------------------------------------------------------------------

    def reference(self, id_: str) -> Code:
        """Return the name of a definition, which may be this module's own."""
        return self._named(id_, self._places[id_].type)

    def annotation(self, type_: Type) -> Code:
        """Return how a type is written in an annotation."""
        match type_:
            case Scalar(name=name):
                if name in ("datetime", "date"):
                    self.use("datetime", name)
                elif name == "any":
                    self.use("typing", "Any")
                return _ANNOTATIONS[name]
            case ListOf(item=item):
                return code("list[{}]", self.annotation(item))
            case MapOf(value=value):
                return code("dict[str, {}]", self.annotation(value))
            case Nullable(inner=inner):
                return code("{} | None", self.annotation(inner))
            case Constant():
                return self.literals([type_])
            case Ref(id=id_):
                type_name = self.reference(id_)
                definition = self._by_id[id_]
                if isinstance(definition, Enum) and definition.open:
                    scalar = _ANNOTATIONS[definition.type]
                    return code("{} | {}", type_name, scalar)
                return type_name
            case AnyOf():
                raise AssertionError("lifted")

    def literals(self, constants: Sequence[Constant]) -> Code:
        """Return the type of a value that is one of `constants`."""
        self.use("typing", "Literal")
        return code("Literal[{}]", join(", ", [literal(constant.value) for constant in constants]))

    def reading(self, type_: Type, name: Code) -> Conversion:
        """Return how a type is read; private functions that it needs are called after `name`."""
        match type_:
            case Scalar(name=scalar):
                return Conversion(_READ[scalar])
            case ListOf(item=item):
                reader = self.reader(item, code("{}_item", name))
                return Conversion(Code("wire.read_list"), (reader,))
            case MapOf(value=value):
                reader = self.reader(value, code("{}_value", name))
                return Conversion(Code("wire.read_map"), (reader,))
            case Nullable(inner=inner):
                return replace(self.reading(inner, name), nullable=True)
            case Constant(value=value):
                return Conversion(Code("wire.constant"), (literal(value),))
            case Ref(id=id_):
                return Conversion(self._member(id_, "from_dict"))
            case AnyOf():
                raise AssertionError("lifted")

    def writing(self, type_: Type, name: Code) -> Conversion:
        """Return how a type is written; private functions are called after `name`."""
        match type_:
            case Scalar(name=scalar):
                return Conversion(_WRITE[scalar])
            case ListOf(item=item):
                writer = self.writer(item, code("{}_item", name))
                return Conversion(Code("wire.write_list"), (writer,))
            case MapOf(value=value):
                writer = self.writer(value, code("{}_value", name))
                return Conversion(Code("wire.write_map"), (writer,))
            case Nullable(inner=inner):
                return replace(self.writing(inner, name), nullable=True)
            case Ref(id=id_) if isinstance(self._by_id[id_], Model):
                return Conversion(Code("wire.write_instance"), (self.reference(id_),))
            case Ref(id=id_):
                return Conversion(self._member(id_, "to_dict"))
            case _:
                return self.reading(type_, name)

    def _member(self, id_: str, what: LiteralString) -> Code:
        """Return a model's method, or the function that an enum or a union has in its place."""
        place = self._places[id_]
        if isinstance(self._by_id[id_], Model):
            return code("{}.{}", self._named(id_, place.type), Code(what))
        return self._named(id_, code("{}_{}", place.functions, Code(what)))

    def reader(self, type_: Type, name: Code) -> Code:
        """Return a function that reads a type: one that there is, or a private one of its own."""
        return self._function(self.reading(type_, name), type_, code("_read_{}", name), reads=True)

    def writer(self, type_: Type, name: Code) -> Code:
        """Return a function that writes a type."""
        way = self.writing(type_, name)
        return self._function(way, type_, code("_write_{}", name), reads=False)

    def _function(self, way: Conversion, type_: Type, name: Code, reads: bool) -> Code:
        if way.plain:
            return way.function
        name = self.free(name)
        annotation = self.annotation(type_)
        takes, gives = (Code("object"), annotation) if reads else (annotation, Code("object"))
        parameters = [code("value: {}", takes)]
        head = exploded(Code(), code("def {}(", name), parameters, code(") -> {}:", gives))
        made = code("{}\n{}", head, returned(INDENTS[1], way, Code("value")))
        self.functions.append(from_lines([(made, self.position)]))
        return name


def returned(indent: Code, way: Conversion, value: Code) -> Code:
    """Return the statement that returns `value`, converted."""
    call = way.call(value)
    if way.nullable:
        return chosen(indent, Code("return "), Code("None"), code("{} is None", value), call)
    return called(indent, Code("return "), *call)


def from_import(module: Code, names: set[Code], indent: Code = INDENTS[0]) -> Code:
    """Return `from module import names`, as isort orders and Black breaks it."""
    ordered = sorted(names, key=name_key)
    line = code("{}from {} import {}", indent, module, join(", ", ordered))
    if fits(line):
        return line
    return exploded(indent, code("from {} import (", module), ordered, Code(")"), always=True)


def _aliased(folder: Code, module: Code, alias: Code, indent: Code = INDENTS[0]) -> Code:
    """Return the import of a module from a package, under another name."""
    return from_import(folder, {code("{} as {}", module, alias)}, indent)


def _path(folder: Code, module: Code) -> Code:
    """Return the path of a module in a package, which may be a relative one."""
    dot = Code() if folder.endswith(".") else Code(".")
    return code("{}{}{}", folder, dot, module)


def _names(place: Place) -> tuple[Code, ...]:
    """Return the names that other modules may import from one."""
    if not place.functions:
        return (place.type,)
    return (
        place.type,
        code("{}_from_dict", place.functions),
        code("{}_to_dict", place.functions),
    )


_NUMBER: Final = re.compile(r"(\d+)")


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts `a2` before `a10`."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(name))


@lru_cache(maxsize=65_536)
def name_key(name: Code) -> tuple[object, ...]:
    """Return isort's order of names: constants, then classes, then the others."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, _natural(name)


@lru_cache(maxsize=65_536)
def import_key(module: Code, name: Code) -> tuple[bool, int, object, object]:
    """Return isort's order of imports: the standard library, then from the farthest package.

    `name` is the first one that is imported: it orders imports from one module.
    """
    path = module.lstrip(".")
    dots = len(module) - len(path)
    return dots > 0, -dots, _natural(path), name_key(name)
