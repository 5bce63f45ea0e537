"""Nodes -> JSON values, guided by the type that they should have.

An `example: 3` is the number 3 for an `int64` and the text "3" for a `string`: YAML's own
guesses play no part. Where there is no type to go by (`any`), plain scalars are what they are in
JSON, and everything else is text.
"""

from __future__ import annotations

import re
from typing import Final

from modelsync import wire
from modelsync.errors import Position
from modelsync.ir import (
    AnyOf,
    Constant,
    Enum,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Object,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    Value,
)
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.reader import text_of

_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_MAX_DIGITS: Final = 400


def value_of(schema: Schema, type_: Type, node: Node) -> Value:
    """Return the JSON value that `node` says for `type_`.

    A node that does not fit comes out as what it looks like; :func:`modelsync.wire.read` then
    says what is wrong with it.
    """
    match type_, node:
        case Nullable(inner=inner), _:
            if isinstance(node, ScalarNode) and node.is_null:
                return None
            return value_of(schema, inner, node)
        case ListOf(item=item), SequenceNode():
            return tuple(value_of(schema, item, each) for each in node.items)
        case MapOf(value=value), MappingNode():
            return Object(
                tuple((key.text, value_of(schema, value, each)) for key, each in node.entries)
            )
        case Scalar(name=name), ScalarNode():
            return _scalar(name, node)
        case Constant(value=constant), ScalarNode():
            return text_of(node) if isinstance(constant, str) else natural(node)
        case Ref(), _:
            return _of_definition(schema, type_, node)
        case AnyOf(members=members), _:
            return _first(schema, members, node)
        case _:
            return natural(node)


def natural(node: Node) -> Value:
    """Return the JSON value that `node` looks like."""
    match node:
        case MappingNode():
            return Object(tuple((key.text, natural(value)) for key, value in node.entries))
        case SequenceNode():
            return tuple(natural(item) for item in node.items)
        case ScalarNode(plain=False):
            return text_of(node)
        case ScalarNode():
            if node.is_null:
                return None
            if node.text in ("true", "false"):
                return node.text == "true"
            number = _number(node.text)
            return node.text if number is None else number


def place_of(node: Node, steps: tuple[str | int, ...]) -> Position:
    """Return the position of the node that a path leads to, or of the nearest on the way."""
    for step in steps:
        match node, step:
            case SequenceNode(items=items), int():
                node = items[step]
            case MappingNode(entries=entries), str():
                inner = next((value for key, value in entries if key.text == step), None)
                if inner is None:
                    return node.position
                node = inner
            case _:
                return node.position
    return node.position


def _scalar(name: str, node: ScalarNode) -> Value:
    match name:
        case "any":
            return natural(node)
        case "bool" if node.plain and node.text in ("true", "false"):
            return node.text == "true"
        case "int32" | "int64" | "float32" | "float64" if node.plain:
            number = _number(node.text)
            return text_of(node) if number is None else number
        case _:
            return text_of(node)


def _number(text: str) -> int | float | None:
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _MAX_DIGITS:
        return None
    return float(text) if match[1] or match[2] else int(text)


def _of_definition(schema: Schema, ref: Ref, node: Node) -> Value:
    definition = schema[ref]
    match definition:
        case Model(fields=fields) if isinstance(node, MappingNode):
            types = {field.wire: field.type for field in fields}
            optional = {field.wire for field in fields if not field.required}
            return Object(
                tuple(
                    (key.text, _member(schema, types.get(key.text), key.text in optional, value))
                    for key, value in node.entries
                )
            )
        case Enum(type=scalar) if isinstance(node, ScalarNode):
            return _scalar(scalar, node)
        case Union(discriminator=str(tag)) if isinstance(node, MappingNode):
            texts = {key.text: value for key, value in node.entries}
            value = texts.get(tag)
            chosen = dict(definition.mapping).get(
                text_of(value) if isinstance(value, ScalarNode) else ""
            )
            if chosen is None:
                return natural(node)
            read = value_of(schema, Ref(chosen), node)
            if isinstance(read, Object) and isinstance(value, ScalarNode):
                # The key may be no field of the member: it is text all the same.
                return Object(tuple((k, text_of(value) if k == tag else v) for k, v in read.items))
            return read
        case Union(members=members):
            return _first(schema, members, node)
        case _:
            return natural(node)


def _member(schema: Schema, type_: Type | None, optional: bool, node: Node) -> Value:
    if type_ is None:
        return natural(node)
    if optional and isinstance(node, ScalarNode) and node.is_null and type_ != Scalar("string"):
        return None
    return value_of(schema, type_, node)


def _first(schema: Schema, members: tuple[Type, ...], node: Node) -> Value:
    """Return the value for the first member that accepts it."""
    for member in members:
        value = value_of(schema, member, node)
        try:
            wire.read(schema, member, wire.to_json(value))
        except wire.WireError:
            continue
        return value
    return natural(node)
