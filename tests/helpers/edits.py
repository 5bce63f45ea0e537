"""Edits of a spec: for each key of each kind of definition, every other value worth trying."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from modelsync.spec.definitions import DEFINITIONS
from modelsync.spec.fields import FIELD

Document: TypeAlias = dict[str, Any]

BASE: Final[list[Document]] = [
    {
        "model": "Order",
        "fields": {
            "id": {"type": "string", "required": True},
            "note": {"type": "string"},
            "hint": {"type": "string | null"},
            "label": {"type": "string | null", "required": True},
        },
    },
    {
        "model": "Numbers",
        "fields": {
            "count": {"type": "int32", "default": 3},
            "size": {"type": "int64", "required": True},
            "rate": {"type": "float64"},
        },
    },
    {
        "model": "Limited",
        "fields": {
            "price": {"type": "decimal", "minimum": 0, "maximum": 100},
            "level": {"type": "int64", "minimum": 1, "maximum": 5, "multipleOf": 1},
            "part": {"type": "float64", "exclusiveMinimum": 0, "exclusiveMaximum": 10},
            "code": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
        },
    },
    {
        "model": "Lists",
        "fields": {
            "tags": {"type": "list[string]", "minItems": 1, "maxItems": 3, "uniqueItems": True},
            "numbers": {"type": "list[int64]"},
            "maybes": {"type": "list[string | null]"},
            "more": {"type": "map[string]"},
            "counts": {"type": "map[int32]", "minProperties": 1, "maxProperties": 3},
        },
    },
    {
        "model": "Chosen",
        "fields": {
            "status": {"type": "Status", "default": "open"},
            "mood": {"type": "Mood"},
            "shape": {"type": "Shape"},
            "choice": {"type": "Choice"},
        },
    },
    {
        "model": "Others",
        "fields": {
            "at": {"type": "datetime"},
            "extra": {"type": "any"},
            "either": {"type": "string | int64"},
            "fixed": {"type": '"fixed"'},
        },
    },
    {
        "model": "Named",
        "fields": {
            "price": {"type": "Price"},
            "parent": {"type": "Named"},
            "address": {"type": "Address", "required": True},
        },
    },
    {"model": "Address", "fields": {"street": {"type": "string", "required": True}}},
    {"model": "Base", "abstract": True, "fields": {"key": {"type": "string"}}},
    {"model": "Heir", "extends": ["Base"], "fields": {"own": {"type": "bool"}}},
    {"model": "Closed", "additionalProperties": False, "fields": {"a": {"type": "string"}}},
    {"model": "Keeping", "additionalProperties": "int64", "fields": {"a": {"type": "string"}}},
    {"model": "Lists2", "additionalProperties": "Names", "fields": {}},
    {"model": "Any", "additionalProperties": "any", "fields": {"a": {"type": "string"}}},
    {"model": "Circle", "fields": {"kind": {"type": '"circle"', "required": True}}},
    {
        "model": "Square",
        "fields": {"kind": {"type": '"square"', "required": True}, "side": {"type": "int64"}},
    },
    {"model": "Ring", "fields": {"kind": {"type": '"ring"', "required": True}}},
    {
        "model": "Plus",
        "fields": {
            "kind": {"type": '"+"', "required": True},
            "sort": {"type": '"p"', "required": True},
        },
    },
    {
        "model": "Minus",
        "fields": {
            "kind": {"type": '"-"', "required": True},
            "sort": {"type": '"m"', "required": True},
        },
    },
    {"model": "Cat", "fields": {"type": {"type": "string", "required": True}}},
    {
        "model": "Dog",
        "fields": {"type": {"type": "string", "required": True}, "age": {"type": "int64"}},
    },
    {"enum": "Status", "values": {"open": {}, "closed": {}}},
    {"enum": "Mood", "open": True, "values": {"good": {}, "bad": {}}},
    {"enum": "Level", "type": "int64", "values": {1: {}, 2: {}}},
    {"union": "Shape", "discriminator": "kind", "members": ["Circle", "Square"]},
    {"union": "Free", "discriminator": "kind", "open": True, "members": ["Circle", "Square"]},
    {"union": "Sign", "members": ["Plus", "Minus"]},
    {"union": "Signed", "discriminator": "kind", "members": ["Plus", "Minus"]},
    {
        "union": "Pet",
        "discriminator": "type",
        "mapping": {"cat": "Cat", "dog": "Dog"},
        "members": ["Cat", "Dog"],
    },
    {"union": "Choice", "members": ["Address", "string", "int64"]},
    {"union": "Loose", "overlapping": True, "members": ["Heir", "Address"]},
    {"alias": "Price", "type": "decimal", "minimum": 0},
    {"alias": "Names", "type": "list[string]"},
    {"alias": "Labels", "type": "Names"},
    {"alias": "Word", "type": "string"},
    {"alias": "Maybe", "type": "string | null"},
    {"external": "Reply", "shown": {"go": "http.Response"}},
]
"""A spec with every kind of definition."""

TYPES: Final = (
    *("string", "bool", "int32", "int64", "uint32", "uint64", "float32", "float64", "decimal"),
    *("datetime", "date", "time", "uuid", "uri", "email", "ipv4", "bytes", "any", "list[string]"),
    *("list[string | null]", "list[any]", "map[string]", "map[any]", "string | null", "Status"),
    *("Mood", "Level", "Shape", "Choice", "Address", "Order", "Closed", "Any", "Price", "Names"),
    *('"fixed"', '"fixed" | "other"', "string | int64", "string | bool | null", "1 | 2", "true"),
    *("int64 | string", "map[int32]", "map[int64]", "list[int32]", "list[float64]", "Circle"),
    *("int64 | null", "Price | null", "list[Address]", "map[Address]", '"open"', "Free"),
)
_TEXT: Final = ("one text", "another text")
_VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "type": TYPES,
    "required": (True, False),
    "description": _TEXT,
    "example": ("ab", 3, {"a": "x"}, ["x"]),
    "examples": (["ab"], ["ab", "abc"], [3]),
    "default": ("open", "ab", "abc", 3, 4, 1.5, True, None, ["x"], [], {}, "closed"),
    "readOnly": (True,),
    "writeOnly": (True,),
    "format": ("snowflake", "cents"),
    "deprecated": (True, "use another"),
    "names": ({"go": "Renamed"}, {"python": "renamed", "typescript": "renamed"}),
    "only": (["go"], ["python", "typescript"]),
    "pages": ({"go": {"description": "shown"}},),
    "minLength": (0, 1, 2, 3, 36),
    "maxLength": (1, 4, 5, 6, 36, 300),
    "pattern": ("^[a-z]+$", "^[a-f]+$", "^[a-z0-9]+$", "[a-z]", ""),
    "minimum": (-1, 0, 1, 2, 0.5),
    "exclusiveMinimum": (-1, 0, 1, 0.5),
    "maximum": (4, 5, 99, 100, 101, 5000000000),
    "exclusiveMaximum": (5, 6, 100, 101),
    "multipleOf": (1, 2, 0.5, 0.01),
    "minItems": (0, 1, 2),
    "maxItems": (0, 1, 2, 3, 4),
    "uniqueItems": (True,),
    "minProperties": (0, 1, 2),
    "maxProperties": (0, 2, 3, 4),
    "inferred": (True,),
    "extends": (["Base"], ["Address"], []),
    "abstract": (True, False),
    "additionalProperties": (
        *(True, False, "string", "int64", "int32", "any", "Address", "string | null"),
        "list[string]",
    ),
    "open": (True, False),
    "overlapping": (True, False),
    "discriminator": ("kind", "type", "sort"),
    "mapping": (
        {"cat": "Dog", "dog": "Cat"},
        {"cat": "Cat", "dog": "Dog", "puppy": "Dog"},
        {"circle": "Circle", "square": "Square", "round": "Circle"},
    ),
    "members": (
        ["Circle", "Square"],
        ["Circle"],
        ["Circle", "Square", "Ring"],
        ["Square", "Circle"],
        ["Address", "string"],
        ["string", "Address", "int64"],
        ["Address", "string", "int64", "bool"],
        ["Address", "string", "float64"],
        ["Address", "string", "int32"],
        ["Address", "Heir"],
        ["Heir", "Address", "Closed"],
    ),
    "shown": ({"go": "http.Other"},),
    "links": ({"go": "https://example.com"},),
}
"""Values by key; a key without one here makes the test fail that asks for it."""

_NAMES: Final = frozenset({"model", "enum", "union", "alias", "external"})


class Edit(NamedTuple):
    """An edit of a spec: a title, and the documents after it."""

    title: str
    documents: list[Document]


def edits(base: list[Document], first: int = 0, last: int | None = None) -> Iterator[Edit]:
    """Yield every edit of a spec that changes one thing. Some of them break a rule of specs.

    With `first` and `last`, only documents in this range are edited.
    """
    for index, document in list(enumerate(base))[first:last]:
        kind = next(iter(document))
        for what, changed in _of_document(kind, document, DEFINITIONS[kind]):
            others = [copy.deepcopy(each) for each in base]
            others[index : index + 1] = [] if changed is None else [changed]
            yield Edit(f"{document[kind]}: {what}", others)
    yield Edit("a new model", [*base, {"model": "Added", "fields": {}}])
    yield Edit("a new enum", [*base, {"enum": "Added", "values": {"a": {}}}])


_COMMON: Final = frozenset({"Base", "Address", "Status", "Names", "Price"})


def small_specs(base: list[Document]) -> Iterator[list[Document]]:
    """Yield a spec for each definition, which comes first, with others that it may refer to."""
    by_name = {document[next(iter(document))]: document for document in base}
    for name, document in by_name.items():
        needed = {name, *_COMMON}
        waiting = [name, *_COMMON]
        while waiting:
            text = json.dumps(by_name[waiting.pop()])
            found = {other for other in by_name if f'"{other}' in text} - needed
            needed |= found
            waiting += found
        yield [document, *(by_name[other] for other in by_name if other in needed - {name})]


def _of_document(
    kind: str, document: Document, shape: Any
) -> Iterator[tuple[str, Document | None]]:
    yield "removed", None
    yield "renamed", {**document, kind: f"{document[kind]}Renamed"}
    for other in _other_kinds(document[kind]):
        yield f"now {next(iter(other))}", other
    for key in (each.name for each in shape.keys):
        if key in _NAMES or key in ("fields", "values"):
            continue
        for value in (*_VALUES[key], None):
            yield from _with(document, (), key, value)
    for name, inner in (document.get("fields") or {}).items():
        yield from _of_item(document, "fields", name, inner, FIELD)
    for name, inner in (document.get("values") or {}).items():
        yield from _of_item(document, "values", name, inner, None)
    if "fields" in document:
        for field in _ADDED_FIELDS:
            title = f"added {json.dumps(field)}"
            yield title, {**document, "fields": {**document["fields"], "added": field}}
        yield "reordered", {**document, "fields": dict(reversed(document["fields"].items()))}
    if "values" in document:
        new = 9 if document.get("type") == "int64" else "new"
        yield "value added", {**document, "values": {**document["values"], new: {}}}
        yield "reordered", {**document, "values": dict(reversed(document["values"].items()))}


_ADDED_FIELDS: Final = (
    {"type": "string"},
    {"type": "string", "required": True},
    {"type": "string | null"},
    {"type": "string | null", "required": True},
    {"type": "int64", "default": 3},
    {"type": "any"},
    {"type": "list[string]"},
)


def _other_kinds(name: str) -> Iterator[Document]:
    yield {"model": name, "fields": {"a": {"type": "string"}}}
    yield {"enum": name, "values": {"open": {}, "other": {}}}
    yield {"alias": name, "type": "string"}
    yield {"alias": name, "type": "map[any]"}
    yield {"alias": name, "type": "string | int64"}
    yield {"union": name, "members": ["string", "bool"]}


def _of_item(
    document: Document, group: str, name: Any, item: Document, shape: Any
) -> Iterator[tuple[str, Document]]:
    items = document[group]
    others = {key: value for key, value in items.items() if key != name}
    yield f"{name} removed", {**document, group: others}
    keys = {key if key != name else f"{key}Renamed": value for key, value in items.items()}
    yield f"{name} renamed", {**document, group: keys}
    if isinstance(name, str):
        snake = {key if key != name else f"{key}_": value for key, value in items.items()}
        yield f"{name} respelled", {**document, group: snake}
    names = (
        (each.name for each in shape.keys)
        if shape is not None
        else ("description", "deprecated", "names", "only")
    )
    for key in names:
        for value in (*_VALUES[key], None):
            for what, changed in _with(document, (group, name), key, value):
                yield f"{name}.{what}", changed
    del item


def _with(
    document: Document, path: tuple[Any, ...], key: str, value: Any
) -> Iterator[tuple[str, Document]]:
    """Yield a document with another value of a key; None removes the key."""
    changed = copy.deepcopy(document)
    place = changed
    for step in path:
        place = place[step]
    has_key = key in place
    if value is None and key == "default" and not has_key:
        place[key] = None
        yield "default: null", changed
    elif value is None and has_key:
        del place[key]
        yield f"without {key}", changed
    elif value is not None and place.get(key, _ABSENT) != value:
        place[key] = value
        yield f"{key}: {json.dumps(value)}", changed


_ABSENT: Final = object()
