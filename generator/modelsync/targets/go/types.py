"""Types in Go, and the calls that decode and encode them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, LiteralString, NamedTuple

from modelsync.schema.ir import (
    Alias,
    Constant,
    Enum,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    walk,
)
from modelsync.targets.base import Code, code, join
from modelsync.targets.go.aliases import has_functions
from modelsync.targets.go.text import go_literal, indented
from modelsync.targets.spelling import TypeSpeller


class Direction(NamedTuple):
    """What differs between code that reads and code that writes."""

    verb: Code
    stream: Code
    """The variable of the reader or writer."""
    function: LiteralString
    """A function of a pointer to a type, with its only statement."""


_READ_FUNCTION: Final = "func(v *{}, r *codec.Reader) error {{\n\treturn {}\n}}"
READ: Final = Direction(Code("Read"), Code("r"), _READ_FUNCTION)
WRITE: Final = Direction(Code("Write"), Code("w"), "func(v *{}, w *codec.Writer) {{\n\t{}\n}}")


@dataclass(frozen=True, slots=True)
class GoType:
    """A type in Go, and how generated code reads and writes its values."""

    name: Code
    word: str = ""
    """The end of the functions `codec.Read...` and `codec.Write...`; a definition has methods."""
    argument: Callable[[Direction], Code] | None = None
    """Returns the last argument of these functions, if they need one."""
    local: Code | None = None
    """The end of the package's own functions `read...` and `write...`, instead of these."""
    is_function: bool = False
    """Whether a definition has functions next to it, such as `ReadPrice`, instead of methods."""
    base: Code | None = None
    """The type that an alias stands for."""

    @property
    def plain_name(self) -> Code:
        """The name of the type without aliases."""
        return self.base or self.name

    @property
    def has_nil(self) -> bool:
        """Whether the type has a nil, so that it needs no pointer to be absent."""
        return (self.base or self.name).startswith(("[]", "map["))

    def call(self, way: Direction, pointer: Code) -> Code:
        """Return the call that reads or writes the value at `pointer`."""
        if self.local or self.is_function:
            return code("{}({}, {})", self.function(way), pointer, way.stream)
        if not self.word:
            return code("{}.{}JSON({})", Code(pointer.lstrip("&")), way.verb, way.stream)
        arguments = [pointer, way.stream, *([self.argument(way)] if self.argument else [])]
        return code("codec.{}{}({})", way.verb, Code(self.word), join(", ", arguments))

    def function(self, way: Direction) -> Code:
        """Return the function that reads or writes a value."""
        if self.local:
            return code("{}{}", Code(way.verb.lower()), self.local)
        if self.is_function:
            package, dot, name = self.name.rpartition(".")
            return Code(f"{package}{dot}{way.verb}{name}")
        if not self.word:
            return code("(*{}).{}JSON", self.name, way.verb)
        if self.argument is None:
            return code("codec.{}{}", way.verb, Code(self.word))
        return code(way.function, self.name, indented(self.call(way, Code("v")), 1))


SCALARS: Final[Mapping[str, GoType]] = {
    "string": GoType(Code("string"), "String"),
    "bool": GoType(Code("bool"), "Bool"),
    "int32": GoType(Code("int32"), "Int32"),
    "int64": GoType(Code("int64"), "Int64"),
    "uint32": GoType(Code("uint32"), "Uint32"),
    "uint64": GoType(Code("uint64"), "Uint64"),
    "float32": GoType(Code("float32"), "Float32"),
    "float64": GoType(Code("float64"), "Float64"),
    "decimal": GoType(Code("wire.Decimal"), "Decimal"),
    "datetime": GoType(Code("time.Time"), "Time"),
    "date": GoType(Code("time.Time"), "Date"),
    "time": GoType(Code("string"), "TimeOfDay"),
    "duration": GoType(Code("string"), "Duration"),
    "uuid": GoType(Code("string"), "UUID"),
    "uri": GoType(Code("string"), "URI"),
    "email": GoType(Code("string"), "Email"),
    "hostname": GoType(Code("string"), "Hostname"),
    "ipv4": GoType(Code("string"), "IPv4"),
    "ipv6": GoType(Code("string"), "IPv6"),
    "bytes": GoType(Code("[]byte"), "Bytes"),
    "any": GoType(Code("any"), "Any"),
}
MEMBER_WORDS: Final = {name: type_.word for name, type_ in SCALARS.items()}
_TIMES: Final = frozenset({"datetime", "date"})
_SCALARS_OF_CONSTANTS: Final = {"str": "string", "int": "int64", "bool": "bool"}


def has_time(type_: Type) -> bool:
    """Return whether a type is a time, or has one inside."""
    if type(type_) is Ref:
        return False
    return any(type(inner) is Scalar and inner.name in _TIMES for inner in walk(type_))


class Speller(TypeSpeller[GoType]):
    """Spells types inside one file, where `name_of` returns the name of a definition.

    `limits` has the ends of the names of the functions for types with constraints.
    """

    def __init__(
        self, schema: Schema, name_of: Callable[[Ref], Code], limits: Mapping[Limited, Code]
    ) -> None:
        self.schema = schema
        self._name_of = name_of
        self.limits = limits

    def scalar(self, type_: Scalar) -> GoType:
        return SCALARS[type_.name]

    def constant(self, type_: Constant) -> GoType:
        scalar = SCALARS[_SCALARS_OF_CONSTANTS[type_.kind]]
        return GoType(scalar.name, f"{scalar.word}Constant", lambda _: go_literal(type_.value))

    def reference(self, type_: Ref) -> GoType:
        if not self.schema.has_aliases:
            return GoType(self._name_of(type_))
        plain = self.schema.plain(type_)
        if isinstance(plain, Ref) and type_.id in self.schema.recursive:
            type_ = plain  # the compiler fails on a type that leads to its other name
        name, definition = self._name_of(type_), self.schema[type_]
        if not isinstance(definition, Alias):
            return GoType(name)
        # Only the start of the type matters: spelling all of it might not end.
        match self.schema.plain(type_):
            case ListOf():
                base = Code("[]")
            case MapOf():
                base = Code("map[")
            case plain:
                base = self.spell(plain).name
        return GoType(name, base=base, is_function=has_functions(self.schema, definition))

    def list_of(self, item: GoType, type_: ListOf) -> GoType:
        return GoType(code("[]{}", item.name), "List", item.function)

    def map_of(self, value: GoType, type_: MapOf) -> GoType:
        return GoType(code("map[string]{}", value.name), "Map", value.function)

    def limited(self, inner: GoType, type_: Limited) -> GoType:
        return replace(inner, local=self.limits.get(type_))

    def nullable(self, inner: GoType, type_: Nullable) -> GoType:
        if not inner.has_nil:
            return GoType(code("*{}", inner.name), "Pointer", inner.function)
        if inner.local or not inner.word:
            return GoType(inner.name, "OrNull", inner.function, base=inner.base)
        return replace(inner, word=f"{inner.word}OrNull")

    def optional(self, type_: Type) -> GoType:
        """Spell the type of a variable that is absent, null or of a type.

        A struct inside is a pointer, since it may be the struct that has the variable.
        """
        inner, plain = self.spell(type_), self.schema.plain(type_)
        if isinstance(plain, Ref) and not isinstance(self.schema[plain], Enum):
            name = code("wire.Optional[*{}]", inner.name)
            return GoType(name, "OptionalPointer", inner.function)
        return GoType(code("wire.Optional[{}]", inner.name), "Optional", inner.function)


class Variable:
    """A field of a struct: of a model, or of a union, whose members may all be absent."""

    def __init__(
        self,
        speller: Speller,
        name: Code,
        type_: Type,
        *,
        required: bool = False,
        takes_null: bool | None = None,
    ) -> None:
        self.name = name
        self.value = code("v.{}", name)
        self.stored = self._written = speller.spell(type_)
        """The type that the struct declares."""
        self._pointer = code("&{}", self.value)
        self.is_present = code("{} != nil", self.value)
        if required:
            if isinstance(fixed := speller.schema.resolved(type_), Constant):
                constant = go_literal(fixed.value)
                self._pointer = code("codec.OrConstant({}, {})", self.value, constant)
        elif speller.schema.takes_null(type_) if takes_null is None else takes_null:
            bare = type_.inner if isinstance(type_, Nullable) else type_
            self.stored = self._written = speller.optional(bare)
            self.is_present = code("!{}.IsZero()", self.value)
        else:
            self.stored = speller.spell(Nullable(type_))
            if not self._written.has_nil:
                self._pointer = self.value

    def read(self, depth: int) -> Code:
        """Return the call that reads it, for a line that is indented by `depth` tabs."""
        return indented(self.stored.call(READ, code("&{}", self.value)), depth)

    def write(self, depth: int) -> Code:
        """Return the call that writes its value, if it is present."""
        return indented(self._written.call(WRITE, self._pointer), depth)


class Flag(Variable):
    """A field of a union for a member with a single value: all that it holds is its presence."""

    def __init__(self, speller: Speller, name: Code, type_: Type) -> None:
        super().__init__(speller, name, type_)
        self.stored = GoType(Code("bool"), "Flag", speller.spell(type_).function)
        self.is_present = self.value
