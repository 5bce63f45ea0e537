"""Nodes -> JSON values, guided by the type that they should have.

`example: 3` is the number 3 for an `int64` and the text "3" for a `string`: YAML's own guesses are
ignored. If several kinds match (`any`, `string | int64`), plain scalars are what they are in JSON,
and everything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from modelsync.schema import meaning
from modelsync.schema.definitions import Alias, Definition, Enum, Model, Union
from modelsync.schema.json_values import kinds, to_json
from modelsync.schema.schema import Schema, leaves_of
from modelsync.schema.types import (
    NUMBERS,
    AnyOf,
    Constant,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
    unlimited,
)
from modelsync.schema.validation import ValidationError
from modelsync.schema.values import Object, Value
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from modelsync.spec.reader import text_of

_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_MAX_DIGITS: Final = 400
_KINDS_OF_SCALARS: Final = frozenset({"bool", "number", "string"})


def value_of(schema: Schema, type_: Type, node: Node) -> Value:
    """Return the JSON value of `node` for `type_`.

    For a node that does not match the type, return the value that it looks like;
    :func:`modelsync.schema.meaning.read` then reports the problem.
    """
    return _Interpretation(schema).value(type_, node)


def unknown_keys(schema: Schema, type_: Type, node: Node) -> Iterator[tuple[ScalarNode, Model]]:
    """Yield each key of `node` that is not a field of its model, if the type determines the model.

    Documents may have unknown keys. In an example or a default, they are misspelled. Those that the
    model keeps or refuses are checked like the rest of the value.
    """
    type_ = schema.plain(type_)
    match type_, node:
        case Nullable(inner=inner), _:
            yield from unknown_keys(schema, inner, node)
        case ListOf(item=inner), SequenceNode(items=items):
            for item in items:
                yield from unknown_keys(schema, inner, item)
        case MapOf(value=inner), MappingNode(entries=entries):
            for _, value in entries:
                yield from unknown_keys(schema, inner, value)
        case Ref(), MappingNode(entries=entries):
            model = schema[type_]
            if isinstance(model, Model):
                for key, value in entries:
                    inner_type = type_of_key(model, key.text)
                    if inner_type is not None:
                        yield from unknown_keys(schema, inner_type, value)
                    elif model.additional_properties is None:
                        yield key, model
        case _:
            pass


def type_of_key(model: Model, key: str) -> Type | None:
    """Return the type of the value of a key; None if the model does not have one for it."""
    field = model.by_json_key.get(key)
    return model.additional_type if field is None else field.type


class _Interpretation:
    """The interpretation of one node and the nodes inside it."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        # Cached by definition and node: unions try their members in turn, at every level.
        self.known: dict[tuple[str, int], Value] = {}

    def value(self, type_: Type, node: Node) -> Value:
        type_ = unlimited(type_)
        match type_, node:
            case Nullable(inner=inner), _:
                if isinstance(node, ScalarNode) and node.is_null:
                    return None
                return self.value(inner, node)
            case ListOf(item=item), SequenceNode():
                return tuple(self.value(item, inner) for inner in node.items)
            case MapOf(value=value), MappingNode():
                return Object(
                    tuple((key.text, self.value(value, inner)) for key, inner in node.entries)
                )
            case Scalar(name=name), ScalarNode():
                return _scalar(name, node)
            case Constant(value=constant), ScalarNode():
                return text_of(node) if isinstance(constant, str) else natural(node)
            case Ref(id=id_), _:
                place = (id_, id(node))
                if place not in self.known:
                    self.known[place] = self.of_definition(self.schema[type_], node)
                return self.known[place]
            case AnyOf(members=members), _:
                return self.first(members, node)
            case _:
                return natural(node)

    def of_definition(self, definition: Definition, node: Node) -> Value:
        match definition:
            case Model() if isinstance(node, MappingNode):
                return Object(
                    tuple(
                        (key.text, self.member(type_of_key(definition, key.text), value))
                        for key, value in node.entries
                    )
                )
            case Enum(type=scalar) if isinstance(node, ScalarNode):
                return _scalar(scalar, node)
            case Union(discriminator=str(tag)) if isinstance(node, MappingNode):
                return self.tagged(tag, definition, node)
            case Union(members=members):
                return self.first(members, node)
            case Alias(type=type_):
                return self.value(type_, node)
            case _:
                return natural(node)

    def member(self, type_: Type | None, node: Node) -> Value:
        return natural(node) if type_ is None else self.value(type_, node)

    def tagged(self, key: str, union: Union, node: MappingNode) -> Value:
        of_tag = next((value for name, value in node.entries if name.text == key), None)
        if of_tag is None and union.absent_tag is not None:
            return self.value(Ref(union.absent_tag), node)
        # The member may have no such field: its value has the kind of the others anyway.
        tag = _scalar(union.tag_scalar, of_tag) if isinstance(of_tag, ScalarNode) else None
        chosen = union.by_tag.get(tag) if isinstance(tag, str | int) else None
        value = natural(node) if chosen is None else self.value(Ref(chosen), node)
        assert isinstance(value, Object)
        if tag is None:
            return value
        return Object(tuple((name, tag if name == key else inner) for name, inner in value.items))

    def first(self, members: tuple[Type, ...], node: Node) -> Value:
        """Return the value for a member that accepts it.

        If the members accept several kinds of scalars, a plain scalar is what it is in JSON: `5` is
        a number for `string | int32` and for `int32 | string`. For lists and mappings, the member
        wins that reads the fewest plain numbers and booleans as text; then the first one.
        """
        best: Value = natural(node)
        if isinstance(node, ScalarNode) and not isinstance(best, str):
            taken = kinds(self.schema, AnyOf(members)) & _KINDS_OF_SCALARS
            if len(taken) > 1:
                return best
        fewest: int | None = None
        for member in leaves_of(self.schema, members):
            value = self.value(member, node)
            try:
                meaning.read(self.schema, member, to_json(value))
            except ValidationError:
                continue
            as_text = _numbers_as_text(node, value)
            if fewest is None or as_text < fewest:
                best, fewest = value, as_text
            if not as_text:
                break
        return best


def _numbers_as_text(node: Node, value: Value) -> int:
    """Count the plain numbers and booleans of a node that became text in its value."""
    match node, value:
        case ScalarNode(), str():
            return not isinstance(natural(node), str)
        case SequenceNode(items=nodes), tuple():
            return sum(map(_numbers_as_text, nodes, value))
        case MappingNode(entries=entries), Object(items=items):
            pairs = zip(entries, items, strict=True)
            return sum(_numbers_as_text(inner, read) for (_, inner), (_, read) in pairs)
        case _:
            return 0


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


def node_at(node: Node, steps: tuple[str | int, ...]) -> Node:
    """Return the node at a path, or the last node on the way to it."""
    for step in steps:
        match node, step:
            case SequenceNode(items=items), int():
                node = items[step]
            case MappingNode(entries=entries), str():
                inner = next((value for key, value in entries if key.text == step), None)
                if inner is None:
                    return node
                node = inner
            case _:
                return node
    return node


def key_at(node: Node, steps: tuple[str | int, ...]) -> Node:
    """Return the key that ends a path, or the last node on the way to it."""
    owner = node_at(node, steps[:-1])
    entries = owner.entries if isinstance(owner, MappingNode) else ()
    return next((key for key, _ in entries if key.text == steps[-1]), owner)


def _scalar(name: str, node: ScalarNode) -> Value:
    match name:
        case _ if node.is_null:
            return None  # the text "null" needs quotes
        case "any":
            return natural(node)
        case "bool" if node.plain and node.text in ("true", "false"):
            return node.text == "true"
        case name if name in NUMBERS and node.plain:
            number = _number(node.text)
            return text_of(node) if number is None else number
        case _:
            return text_of(node)


def _number(text: str) -> int | float | None:
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _MAX_DIGITS:
        return None
    return float(text) if match[1] or match[2] else int(text)
