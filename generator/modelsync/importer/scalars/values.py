"""JSON values of a source -> nodes of a spec: defaults, examples, and keys that start with `x-`."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from modelsync.errors import HIDDEN, Position
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import Entry, key, mapping, plain, sequence, text
from modelsync.importer.text.tree import Json, JsonList, JsonObject
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode

_MAX_DEPTH: Final = 48
"""How deep a value may nest: a spec has 64 levels, and its definition needs some of them."""
_MAX_DIGITS: Final = 400


class Unsayable(Exception):
    """A value that no spec can hold. `at` is the place of the part that it cannot hold."""

    def __init__(self, why: str, at: Position) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


def node_of(value: Json, at: Position) -> Node:
    """Return a value as a node. Raises an error if no spec can hold it; see :func:`try_node`."""
    return _node(value, at, 0)


def try_node(value: Json, at: Position, subject: str, findings: Findings) -> Node | None:
    """Return a value as a node; None, with a note about `subject`, if no spec can hold it."""
    try:
        return _node(value, at, 0)
    except Unsayable as error:
        findings.note(error.at, subject, f"`{subject}` with {error.why}")
        return None


def _node(value: Json, at: Position, depth: int) -> Node:
    if depth > _MAX_DEPTH:
        raise Unsayable(f"more than {_MAX_DEPTH} levels", at)
    match value:
        case None:
            return plain("null", at)
        case bool():
            return plain("true" if value else "false", at)
        case int() | Decimal():
            return plain(_number(value, at), at)
        case str():
            return text(_text(value, at), at)
        case list():
            items = (
                _node(item, _item_at(value, index, at), depth + 1)
                for index, item in enumerate(value)
            )
            return sequence(items, at)
        case _:
            entries = (
                (text(_text(name, at), value.at(name)), _node(item, value.at(name), depth + 1))
                for name, item in value.items()
            )
            return mapping(entries, at)


def _item_at(value: list[Json], index: int, at: Position) -> Position:
    return value.at(index) if isinstance(value, JsonList) else at


def _text(value: str, at: Position) -> str:
    hidden = HIDDEN.search(value)
    if hidden is not None:
        raise Unsayable(f"U+{ord(hidden[0]):04X}, an invisible or control character", at)
    return value


def _number(value: int | Decimal, at: Position) -> str:
    written = str(value)
    if len(written) > _MAX_DIGITS:
        raise Unsayable(f"a number of more than {_MAX_DIGITS} digits", at)
    return written


def default_entry(
    schema: JsonObject, findings: Findings, *, required: bool, nullable: bool
) -> tuple[Entry, ...]:
    """Return the `default` of a field as an entry, if it has one.

    Null is dropped from an optional field that is not nullable: there it means the same as absent.
    Whether the value fits the type is not checked here.
    """
    if "default" not in schema:
        return ()
    at = schema.at("default")
    value = schema["default"]
    if value is None and not nullable:
        what = "an optional field" if not required else "a field that is not nullable"
        findings.note(at, "default", f"the default null of {what}")
        return ()
    node = try_node(value, at, "default", findings)
    return () if node is None else ((key("default", at), node),)


def example_entry(schema: JsonObject, findings: Findings) -> tuple[Entry, ...]:
    """Return the examples of a field as an entry: `example`, or `examples` if there are several.

    Sources are `example`, `examples` as a list (JSON Schema), and `examples` as a map of objects
    with a `value` (OpenAPI). Those that no spec can hold are left out.
    """
    found = [
        node
        for value, at in _examples(schema, findings)
        if (node := try_node(value, at, "example", findings)) is not None
    ]
    unique = list({_shown(node): node for node in found}.values())
    if not unique:
        return ()
    at = schema.at("example" if "example" in schema else "examples")
    if len(unique) == 1:
        return ((key("example", at), unique[0]),)
    return ((key("examples", at), sequence(unique, at)),)


def first_example(schema: JsonObject, findings: Findings) -> tuple[Entry, ...]:
    """Return the `example` of a definition, which has only one: the first."""
    entries = example_entry(schema, findings)
    if not entries or entries[0][0].text == "example":
        return entries
    ((name, node),) = entries
    findings.note(
        name.position, "examples", "a definition can have only one example", "the first one"
    )
    assert isinstance(node, SequenceNode)
    return ((key("example", name.position), node.items[0]),)


def extension_entries(schema: JsonObject, findings: Findings) -> tuple[Entry, ...]:
    """Return the keys of a schema that start with `x-`, with their values."""
    found: list[Entry] = []
    for name, value in schema.items():
        if not name.startswith("x-") or len(name) == 2 or name == "x-modelsync":
            continue
        at = schema.at(name)
        if HIDDEN.search(name):
            findings.note(at, "x-", "the name of an extension contains invisible characters")
            continue
        node = try_node(value, at, name, findings)
        if node is not None:
            found.append((key(name, at), node))
    return tuple(found)


def _examples(schema: JsonObject, findings: Findings) -> list[tuple[Json, Position]]:
    found: list[tuple[Json, Position]] = []
    if "example" in schema:
        found.append((schema["example"], schema.at("example")))
    several = schema.get("examples")
    if isinstance(several, JsonList):
        found += [(value, several.at(index)) for index, value in enumerate(several)]
    elif isinstance(several, JsonObject):
        for name, entry in several.items():
            if isinstance(entry, JsonObject) and "value" in entry:
                found.append((entry["value"], entry.at("value")))
            else:
                message = "an example without a value, such as one in another file"
                findings.note(several.at(name), "examples", message)
    elif several is not None:
        findings.note(schema.at("examples"), "examples", "`examples` is not a list")
    return found


def _shown(node: Node) -> str:
    """Return a text that only equal values have."""
    match node:
        case ScalarNode(text=written, plain=is_plain):
            return f"{is_plain}{written!r}"
        case SequenceNode(items=items):
            return f"[{','.join(map(_shown, items))}]"
        case MappingNode(entries=entries):
            pairs = (f"{name.text!r}:{_shown(value)}" for name, value in entries)
            return f"{{{','.join(pairs)}}}"
