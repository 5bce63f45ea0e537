"""Types in Go, and the calls that read and write them as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from modelsync.schema.ir import Constant, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.targets.base import Code, code
from modelsync.targets.go.text import literal

SCALARS: Final[Mapping[str, tuple[Code, Code]]] = {
    name: (Code(go), Code(word))
    for name, go, word in (
        ("string", "string", "String"),
        ("bool", "bool", "Bool"),
        ("int32", "int32", "Int32"),
        ("int64", "int64", "Int64"),
        ("float32", "float32", "Float32"),
        ("float64", "float64", "Float64"),
        ("datetime", "time.Time", "Time"),
        ("date", "time.Time", "Date"),
        ("bytes", "[]byte", "Bytes"),
        ("any", "any", "Any"),
    )
}
"""Each scalar's type in Go, and the word in the names of the functions that read and write it."""

_CONSTANTS: Final[Mapping[str, tuple[Code, Code]]] = {
    "str": (Code("string"), Code("String")),
    "int": (Code("int64"), Code("Int64")),
    "bool": (Code("bool"), Code("Bool")),
}

_BYTES: Final = Scalar("bytes")
TIMES: Final = (Scalar("datetime"), Scalar("date"))


@dataclass(frozen=True, slots=True)
class Direction:
    """What tells the code that reads from the code that writes."""

    verb: Code
    stream: Code
    """The variable, `r` or `w`."""
    signature: Code
    """What follows the first parameter in a function's signature."""
    result: Code
    """What stands before the last expression of such a function."""


READ: Final = Direction(Code("Read"), Code("r"), Code("r *wire.Reader) error"), Code("return "))
WRITE: Final = Direction(Code("Write"), Code("w"), Code("w *wire.Writer)"), Code(""))


@dataclass(frozen=True, slots=True)
class Optional:
    """The three states of `wire.Optional`: absent, null and a value of the type `inner`."""

    inner: Type


Stored: TypeAlias = "Type | Optional"
"""What a variable in Go holds. A type of the spec that is not nullable has no nil."""


def _stored(type_: Type, required: bool) -> Stored:
    """Return what a field holds: a nil, or three states, where its key may be absent."""
    match type_:
        case _ if required:
            return type_
        case Nullable(inner=inner):
            return Optional(inner)
        case Scalar(name="any"):
            return Optional(type_)
        case _:
            return Nullable(type_)


def has_nil(type_: Type) -> bool:
    """Whether the Go type of `type_` has a nil by itself, so that it needs no pointer for it."""
    return isinstance(type_, (ListOf, MapOf)) or type_ == _BYTES


class Variable:
    """A field of a struct in Go: a model's, or a union's, whose members may all be absent."""

    __slots__ = ("required", "stored", "type", "value")

    def __init__(self, name: Code, type_: Type, required: bool = False) -> None:
        self.value = code("v.{}", name)
        self.type = type_
        self.required = required
        self.stored = _stored(type_, required)

    @property
    def is_absent(self) -> Code:
        """The condition for being absent."""
        optional = isinstance(self.stored, Optional)
        return code("{}.IsZero()" if optional else "{} == nil", self.value)

    @property
    def is_present(self) -> Code:
        """The condition for not being absent."""
        optional = isinstance(self.stored, Optional)
        return code("!{}.IsZero()" if optional else "{} != nil", self.value)


class Speller:
    """Spells types, and the code that reads and writes them, inside one file.

    `definition` says how a definition is called there.
    """

    def __init__(self, definition: Callable[[Ref], Code]) -> None:
        self.definition = definition
        self.types: dict[Stored, Code] = {}
        self.functions: dict[tuple[Direction, Stored], Code] = {}

    def type(self, type_: Stored) -> Code:
        """Return a type in Go."""
        spelled = self.types.get(type_)
        if spelled is None:
            spelled = self.types[type_] = self._type(type_)
        return spelled

    def _type(self, type_: Stored) -> Code:
        match type_:
            case Scalar(name=name):
                return SCALARS[name][0]
            case Constant(kind=kind):
                return _CONSTANTS[kind][0]
            case ListOf(item=item):
                return code("[]{}", self.type(item))
            case MapOf(value=value):
                return code("map[string]{}", self.type(value))
            case Ref():
                return self.definition(type_)
            case Nullable(inner=inner):
                return self.type(inner) if has_nil(inner) else code("*{}", self.type(inner))
            case Optional(inner=inner):
                return code("wire.Optional[{}]", self.type(inner))
            case _:
                raise AssertionError(type_)

    def call(self, way: Direction, type_: Stored, place: Code) -> Code:
        """Return the call that reads or writes a value; `place` is a pointer to it."""
        match type_:
            case Scalar(name=name):
                return code("wire.{}{}({}, {})", way.verb, SCALARS[name][1], place, way.stream)
            case Constant(value=value, kind=kind):
                return code(
                    "wire.{}{}Constant({}, {}, {})",
                    way.verb,
                    _CONSTANTS[kind][1],
                    place,
                    way.stream,
                    constant_literal(value),
                )
            case ListOf(item=item):
                return self._container(way, Code("List"), item, place)
            case MapOf(value=inner):
                return self._container(way, Code("Map"), inner, place)
            case Ref():
                return code("{}.{}JSON({})", Code(place.lstrip("&")), way.verb, way.stream)
            case Nullable(inner=ListOf(item=item)):
                return self._container(way, Code("ListOrNull"), item, place)
            case Nullable(inner=MapOf(value=inner)):
                return self._container(way, Code("MapOrNull"), inner, place)
            case Nullable(inner=Scalar(name="bytes")):
                return code("wire.{}BytesOrNull({}, {})", way.verb, place, way.stream)
            case Nullable(inner=inner):
                return self._container(way, Code("Pointer"), inner, place)
            case Optional(inner=inner):
                return self._container(way, Code("Optional"), inner, place)
            case _:
                raise AssertionError(type_)

    def _container(self, way: Direction, word: Code, inner: Type, place: Code) -> Code:
        function = self.function(way, inner)
        return code("wire.{}{}({}, {}, {})", way.verb, word, place, way.stream, function)

    def function(self, way: Direction, type_: Stored) -> Code:
        """Return the function that reads or writes a value of a type."""
        key = (way, type_)
        spelled = self.functions.get(key)
        if spelled is None:
            spelled = self.functions[key] = self._function(way, type_)
        return spelled

    def _function(self, way: Direction, type_: Stored) -> Code:
        match type_:
            case Scalar(name=name):
                return code("wire.{}{}", way.verb, SCALARS[name][1])
            case Nullable(inner=Scalar(name="bytes")):
                return code("wire.{}BytesOrNull", way.verb)
            case Ref():
                return code("(*{}).{}JSON", self.type(type_), way.verb)
            case _:
                return self.wrapped(way, self.type(type_), self.call(way, type_, Code("v")))

    def read(self, variable: Variable) -> Code:
        """Return the call that reads a variable."""
        return self.call(READ, variable.stored, code("&{}", variable.value))

    def write(self, variable: Variable) -> Code:
        """Return the call that writes a variable which is not absent."""
        if variable.required and isinstance(variable.type, Constant):
            constant = constant_literal(variable.type.value)
            place = code("wire.OrConstant({}, {})", variable.value, constant)
            return self.call(WRITE, variable.type, place)
        if variable.required or isinstance(variable.stored, Optional):
            return self.call(WRITE, variable.stored, code("&{}", variable.value))
        if has_nil(variable.type):
            return self.call(WRITE, variable.type, code("&{}", variable.value))
        return self.call(WRITE, variable.type, variable.value)

    def wrapped(self, way: Direction, type_: Code, call: Code) -> Code:
        """Return a function of `v`, a pointer to `type_`, that does `call`."""
        return code(
            "func(v *{}, {} {{\n\t{}{}\n}}",
            type_,
            way.signature,
            way.result,
            indented(call, 1),
        )


def indented(lines: Code, depth: int) -> Code:
    """Return code of several lines, all but the first one `depth` tabs further in."""
    return Code(lines.replace("\n", "\n" + "\t" * depth)) if "\n" in lines else lines


def constant_literal(value: str | int | bool) -> Code:
    """Return a constant as a Go literal."""
    if isinstance(value, str):
        return literal(value)
    return Code(str(value).lower())


def plain_literal(value: str | float) -> Code:
    """Return a string, number or boolean as a Go literal."""
    if isinstance(value, float):
        return Code(repr(value + 0.0))  # not -0.0, which Go's literals do not have
    return constant_literal(value)
