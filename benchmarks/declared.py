"""The fields of models that generated code and SDKs declare.

The types of each language are read into those of :mod:`modelsync.schema.types`, so that two
spellings of one type are equal. A name is resolved by who asks; what nobody knows is `any`. These
know the forms that our targets and the SDKs of the corpus write, and nothing else of a language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from modelsync.schema.types import AnyOf, Constant, ListOf, MapOf, Nullable, Scalar, Type

Named = Callable[[str], Type]
"""Returns the type that a name means where it is written."""

ANY: Final = Scalar("any")
NULL: Final = Nullable(ANY)
"""`null` on its own, while a type is being read."""
ABSENT: Final = Nullable(NULL)
"""`undefined` or `Unset` on its own, while a type is being read."""


class NotRead(Exception):
    """A type that these readers do not know."""


@dataclass(frozen=True)
class Declared:
    """One field of a model; `optional` and `json_key` are None where code does not show them."""

    identifier: str
    type: Type
    optional: bool | None
    json_key: str | None


Models = Mapping[str, list[Declared]]
"""The fields of models, by `package.Name` in code."""


def one_of(members: list[Type]) -> tuple[Type, bool]:
    """Return the members of a union as a type, and whether the field may be absent."""
    plain = [each for each in members if each not in (NULL, ABSENT)]
    type_ = AnyOf(tuple(plain)) if len(plain) > 1 else plain[0] if plain else ANY
    return Nullable(type_) if NULL in members else type_, ABSENT in members


# Python ---------------------------------------------------------------------------------------

_PYTHON: Final[Mapping[str, Type]] = {
    "str": Scalar("string"),
    "int": Scalar("int64"),
    "float": Scalar("float64"),
    "bool": Scalar("bool"),
    "bytes": Scalar("bytes"),
    "datetime": Scalar("datetime"),
    "datetime.datetime": Scalar("datetime"),
    "date": Scalar("date"),
    "datetime.date": Scalar("date"),
    "Any": ANY,
    "None": NULL,
    "Unset": ABSENT,
}


def python_type(node: ast.expr, named: Named) -> tuple[Type, bool]:
    """Read an annotation, and whether the field may be absent."""
    match node:
        case ast.Constant(value=None):
            return NULL, False
        case ast.Constant(value=str(text)):
            return python_type(ast.parse(text, mode="eval").body, named)
        case ast.BinOp(op=ast.BitOr()):
            return one_of([python_type(each, named)[0] for each in _operands(node)])
        case ast.Subscript(value=ast.Name(id=outer), slice=inner):
            return _python_generic(outer, inner, named)
        case _:
            text = ast.unparse(node)
            return _PYTHON.get(text) or named(text), False


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _operands(node.left)
        yield from _operands(node.right)
    else:
        yield node


def _python_generic(outer: str, inner: ast.expr, named: Named) -> tuple[Type, bool]:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if outer == "Literal":
        values = [ast.literal_eval(part) for part in parts]
        return one_of([Constant(value) for value in values])
    type_, _ = python_type(parts[0], named) if outer != "Callable" else (ANY, False)
    match outer:
        case "Optional":
            return type_, True
        case "Nullable":
            return Nullable(type_), False
        case "OptionalNullable":
            return Nullable(type_), True
        case "Annotated":
            return python_type(parts[0], named)
        case "List" | "list":
            return ListOf(_inside(parts[0], named)), False
        case "Dict" | "dict":
            return MapOf(_inside(parts[1], named)), False
        case "Union":
            return one_of([python_type(part, named)[0] for part in parts])
        case _:
            return named(outer), False


def _inside(node: ast.expr, named: Named) -> Type:
    type_, optional = python_type(node, named)
    return Nullable(type_) if optional and not isinstance(type_, Nullable) else type_


def python_models(text: str, package: str, named: Named) -> Iterator[tuple[str, list[Declared]]]:
    """Yield the dataclasses of a generated module with their fields."""
    module = ast.parse(text)
    keys = iter(_python_keys(module))
    for node in module.body:
        if not isinstance(node, ast.ClassDef) or not node.decorator_list:
            continue
        fields = []
        for each in node.body:
            if not isinstance(each, ast.AnnAssign) or not isinstance(each.target, ast.Name):
                continue
            type_, optional = python_type(each.annotation, named)
            value = _default(each.value)
            default = ast.unparse(value) if value is not None else ""
            # Without `Unset` in it, `T | None = None` is a field that may be absent.
            if default == "None" and not optional and isinstance(type_, Nullable):
                type_, optional = type_.inner, True
            name = each.target.id
            fields.append(Declared(name, type_, optional or bool(default), next(keys, None)))
        yield f"{package}.{node.name}", fields


def _default(value: ast.expr | None) -> ast.expr | None:
    """Return the default of a field, which may be an argument of `field(...)`."""
    match value:
        case ast.Call(func=ast.Name(id="field"), keywords=keywords):
            defaults = (
                each.value for each in keywords if each.arg in ("default", "default_factory")
            )
            return next(defaults, None)
        case _:
            return value


def _python_keys(module: ast.Module) -> list[str]:
    """Return the JSON keys in a module, one for each field of its model, in order."""
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.List):
            keys: list[str] = ast.literal_eval(node.value)
            return keys
    return []


# TypeScript -----------------------------------------------------------------------------------

_TS_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\w.+]*|[\w$.]+|\S')
_TYPESCRIPT: Final[Mapping[str, Type]] = {
    "string": Scalar("string"),
    "number": Scalar("float64"),
    "boolean": Scalar("bool"),
    "Date": Scalar("datetime"),
    "Uint8Array": Scalar("bytes"),
    "any": ANY,
    "unknown": ANY,
    "null": NULL,
    "undefined": ABSENT,
    "true": Constant(True),
    "false": Constant(False),
}
_TS_FIELD: Final = re.compile(r'^  (?:"([^"]+)"|([\w$]+))(\??): ((?:.*?)(?:\n {3,}.*?)*);$', re.M)
_TS_MODEL: Final = re.compile(r"^export interface (\w+) \{\n(.*?)^\}", re.M | re.S)
_TS_COMMENT: Final = re.compile(r"^ */\*\*.*?\*/\n", re.M | re.S)
_TS_WIRE: Final = re.compile(
    r'\bto(?:\.([\w$]+)|\["([^"]+)"\]) =(?:(?!\bto[.\[]).)*?from\[("(?:[^"\\]|\\.)*")\]', re.S
)


class _TypeScript:
    """Reads a type from its tokens."""

    def __init__(self, text: str, named: Named) -> None:
        self.tokens = _TS_TOKEN.findall(text)
        self.named = named

    def take(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        del self.tokens[0]
        return True

    def union(self) -> tuple[Type, bool]:
        self.take("|")
        members = [self.postfix()]
        while self.take("|"):
            members.append(self.postfix())
        return one_of(members)

    def postfix(self) -> Type:
        type_ = self.primary()
        while self.take("["):
            self.take("]")
            type_ = ListOf(type_)
        while self.take("&"):
            # `Circle & { type: "circle" }` is a circle.
            self.primary()
        return type_

    def primary(self) -> Type:
        if self.take("("):
            type_, _ = self.union()
            self.take(")")
            return type_
        if self.take("{"):
            return self.braces()
        if not self.tokens:
            raise NotRead
        word = self.tokens.pop(0)
        if word[0] == '"':
            return Constant(ast.literal_eval(word))
        if re.fullmatch(r"-?\d+", word):
            return Constant(int(word))
        if not self.take("<"):
            return _TYPESCRIPT.get(word) or self.named(word)
        parts = [self.union()[0]]
        while self.take(","):
            parts.append(self.union()[0])
        self.take(">")
        match word:
            case "Array":
                return ListOf(parts[0])
            case "Record":
                return MapOf(parts[-1])
            case _:
                return self.named(word)

    def braces(self) -> Type:
        indexed = self.take("[")
        while self.tokens and not self.take(":"):
            del self.tokens[0]
        if indexed and self.tokens[:1] == ["string"]:
            self.take("string")
            self.take("]")
            self.take(":")
        type_, _ = self.union()
        self.take(";")
        self.take("}")
        return MapOf(type_) if indexed else ANY


def typescript_type(text: str, named: Named) -> tuple[Type, bool]:
    """Read a type, and whether the field may be absent."""
    return _TypeScript(text, named).union()


def typescript_models(
    text: str, package: str, named: Named
) -> Iterator[tuple[str, list[Declared]]]:
    """Yield the interfaces of a generated module with their fields."""
    for name, body in _TS_MODEL.findall(text):
        reading = re.search(rf"^export function read{name}\(.*?^\}}", text, re.M | re.S)
        found = _TS_WIRE.findall(reading[0]) if reading else []
        json_keys = {plain or quoted: ast.literal_eval(key) for plain, quoted, key in found}
        fields = []
        for quoted, plain, mark, shown in _TS_FIELD.findall(_TS_COMMENT.sub("", body)):
            type_, absent = typescript_type(shown, named)
            identifier = quoted or plain
            optional = bool(mark) or absent
            fields.append(Declared(identifier, type_, optional, json_keys.get(identifier)))
        yield f"{package}.{name}", fields


# Go -------------------------------------------------------------------------------------------

_GO: Final[Mapping[str, Type]] = {
    "string": Scalar("string"),
    "bool": Scalar("bool"),
    "int": Scalar("int32"),
    "int32": Scalar("int32"),
    "int64": Scalar("int64"),
    "float32": Scalar("float32"),
    "float64": Scalar("float64"),
    "any": ANY,
    "[]byte": Scalar("bytes"),
    "time.Time": Scalar("datetime"),
    "types.Date": Scalar("date"),
}
_GO_MODEL: Final = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.M | re.S)
_GO_FIELD: Final = re.compile(r'^\t(\w+) +(\S.*?) +`json:"([^`]*)"`$', re.M)
_GO_OPTIONAL: Final = re.compile(r"(?:\w+\.)?Optional(?:Nullable)?\[(.*)\]")


def go_type(text: str, named: Named) -> Type:
    """Read a type; a pointer, or the generated `Optional`, may be null."""
    if text in _GO:
        return _GO[text]
    if text.startswith("*"):
        return _go_pointer(go_type(text[1:], named))
    if text.startswith("[]"):
        return ListOf(go_type(text[2:], named))
    if text.startswith("map[string]"):
        return MapOf(go_type(text.removeprefix("map[string]"), named))
    if found := _GO_OPTIONAL.fullmatch(text):
        return _go_pointer(go_type(found[1], named))
    return named(text)


def _go_pointer(type_: Type) -> Type:
    return type_ if isinstance(type_, Nullable) else Nullable(type_)


def go_models(text: str, package: str, named: Named) -> Iterator[tuple[str, list[Declared]]]:
    """Yield the structs of a generated file with their fields."""
    for name, body in _GO_MODEL.findall(text):
        fields = []
        for identifier, shown, tag in _GO_FIELD.findall(body):
            wire, _, flags = tag.rpartition(",") if tag.endswith(_GO_FLAGS) else (tag, "", "")
            fields.append(
                Declared(identifier, go_type(shown, named), bool(flags), _go_unescaped(wire))
            )
        yield f"{package}.{name}", fields


_GO_FLAGS: Final = (",omitempty", ",omitzero")


def _go_unescaped(text: str) -> str:
    return str(ast.literal_eval(f'"{text}"'))
