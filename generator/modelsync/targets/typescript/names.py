"""What the modules of TypeScript need to know of a schema: facts, and what everything is called."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from modelsync.graphs import reachable
from modelsync.naming import Identifiers, camel
from modelsync.paths import DEVICES
from modelsync.schema.ir import (
    Model,
    Nullable,
    Ref,
    Scalar,
    ScalarName,
    Schema,
    Type,
    Union,
    refs_of,
)
from modelsync.schema.meaning import SAFE_INTEGER, Json, kinds
from modelsync.targets.base import Code, Target, name_source
from modelsync.targets.typescript.text import literal

INHERITED: Final = frozenset(
    """
    __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor
    hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
    """.split()
)
"""The properties that every object has; reading one that is absent would find another thing."""

IDENTIFIERS: Final = Identifiers(more="$")
_RESERVED_FOLDERS: Final = DEVICES | {"node_modules"}
"""Names of packages that cannot be folders: Node takes no TypeScript below `node_modules`."""


_RESERVED_PACKAGES: Final = frozenset(
    "await implements interface let package private protected public static yield".split()
)
"""Names that `export * as` cannot give to a package: words that only strict mode, or the top level
of a module, reserves. `tsc` takes the words that are always reserved there."""


@dataclass(frozen=True, slots=True)
class ScalarFacts:
    """How a scalar is spelled, the codecs that read and write it, and how `wire.kind` calls it."""

    type: str
    read: str
    write: str
    kind: str


def _plain(type_: str, codec: str, kind: str = "") -> ScalarFacts:
    """A scalar that is the same in JSON and in memory, so one codec does both."""
    return ScalarFacts(type_, f"wire.{codec}", f"wire.{codec}", kind or type_)


SCALARS: Final[Mapping[ScalarName, ScalarFacts]] = {
    "string": _plain("string", "string"),
    "bool": _plain("boolean", "bool"),
    "int32": _plain("number", "int32"),
    "int64": _plain("number", "int64"),  # or bigint: `Names.integer`
    "float32": ScalarFacts("number", "wire.readFloat32", "wire.writeFloat32", "number"),
    "float64": _plain("number", "float64"),
    "datetime": ScalarFacts("Date", "wire.readDatetime", "wire.writeDatetime", "Date"),
    "date": _plain("string", "date"),
    "bytes": ScalarFacts("Uint8Array", "wire.readBytes", "wire.writeBytes", "Uint8Array"),
    "any": _plain("unknown", "any"),
}
KIND_OF_JSON: Final = {"bool": "boolean"}
"""Kinds of JSON that `wire.kind` names differently from :mod:`modelsync.schema.meaning`."""
MEMORY_KINDS: Final = (
    *("null", "boolean", "number", "string", "array", "object"),
    *("Date", "Uint8Array"),
)
"""What `wire.kind` says of a value in memory. JSON has the first six."""


class Names:
    """What a module needs to know of its target: the schema, options, and names."""

    def __init__(self, target: Target) -> None:
        self.schema = target.schema
        self.definitions = target.definition_names
        self.fields = target.field_names
        self.values = target.value_names
        self.files = target.file_stems
        self.integer = target.settings.text("int64")
        self.extension = target.settings.text("extension")

    @cached_property
    def tried(self) -> Set[str]:
        """The ids of the models that some union tries to write a value as, or part of a value.

        The value may be that of another member: in memory, all JSON objects are plain objects.
        """
        definitions = self.schema.definitions
        ambiguous = (
            union
            for union in definitions
            if isinstance(union, Union) and union.discriminator is None
            if len(writers(self.schema, union)["object"]) > 1
        )
        starts = [ref.id for union in ambiguous for ref in refs_of(union)]
        references = {
            definition.id: [ref.id for ref in refs_of(definition)]
            for definition in (definitions if starts else ())
        }
        return reachable(starts, references)

    @cached_property
    def added_tags(self) -> Mapping[str, Set[str]]:
        """The properties that unions add to a model, by its id, to tell it from other members."""
        added: dict[str, set[str]] = {}
        for union in self.schema.definitions:
            if isinstance(union, Union) and union.discriminator is not None:
                for model in tagged_models(self.schema, union):
                    if union.tag_field(model) is None:
                        added.setdefault(model.id, set()).add(self.tag(union))
        return added

    def module(self, from_package: str, package: str, file: str) -> Code:
        """Return the specifier by which a module of `from_package` imports `file` of `package`."""
        return literal(f"{_folder_from(from_package, package)}/{file}.{self.extension}")

    def tag(self, union: Union) -> str:
        """Return the property that tells the members of a union with discriminator apart."""
        for model in tagged_models(self.schema, union):
            if field := union.tag_field(model):
                return self.fields[model.id, field.json_key]
        derived = camel(name_source(union.discriminator or ""))
        return derived if IDENTIFIERS.takes(derived) and derived not in INHERITED else "tag"

    def value(self, value: str | int | bool) -> Code:
        """Spell a string, an integer or a boolean, as a value and as a type."""
        if isinstance(value, str):
            return literal(value)
        if isinstance(value, bool):
            return Code("true" if value else "false")
        return Code(f"{value}n" if self.integer == "bigint" else f"{value}")

    def json(self, value: Json) -> Code:
        """Spell a JSON value."""
        match value:
            case None:
                return Code("null")
            case float():
                return _number(value)
            case bool() | str():
                return self.value(value)
            case int():
                return Code(f"{value}") if abs(value) <= SAFE_INTEGER else self.value(value)
            case []:
                return Code("[]")
            case list() | dict():
                # Read from text, each reading has a value of its own, and `__proto__` is a key.
                return Code(f"wire.json({literal(json_text(value))})")


def json_text(value: Json) -> str:
    """Return a JSON value as text without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def folder(package: str) -> str:
    """Return the folder of a package, below the output folder."""
    return "/".join(map(_folder_part, package.split(".")))


def _folder_part(part: str) -> str:
    # With any number of `_` behind it: two packages never get one folder.
    return f"{part}_" if part.rstrip("_") in _RESERVED_FOLDERS else part


def exported(part: str) -> str:
    """Return the name under which an index exports a package, of which `part` is the last part."""
    # With any number of `_` behind it: two packages never get one name.
    return f"{part}_" if part.rstrip("_") in _RESERVED_PACKAGES else part


@cache
def _folder_from(package: str, other: str) -> str:
    """Return the path from one package's folder to another's: `.`, `../mix`."""
    path = posixpath.relpath(f"/{folder(other)}", f"/{folder(package)}")
    return path if path.startswith(".") else f"./{path}"


def _number(value: float) -> Code:
    """Spell a number as Prettier does: no `+`, no zeros that say nothing."""
    if value.is_integer() and abs(value) < 1e16:
        return Code("-0" if str(value) == "-0.0" else f"{value:.0f}")
    return Code(re.sub(r"e\+?(-?)0*", r"e\1", repr(value)))


def memory_kinds(schema: Schema, type_: Type) -> frozenset[str]:
    """Return the kinds that values of `type_` have in memory, as `wire.kind` calls them."""
    found: set[str] = set()
    # As in `wire.kinds`, each union is looked into once.
    unions: set[str] = set()
    waiting = [type_]
    while waiting:
        match waiting.pop():
            case Scalar(name="any"):
                return frozenset(MEMORY_KINDS)
            case Scalar(name=name):
                found.add(SCALARS[name].kind)
            case Nullable(inner=inner):
                found.add("null")
                waiting.append(inner)
            case Ref(id=id_) as ref if isinstance(union := schema[ref], Union):
                if id_ not in unions:
                    unions.add(id_)
                    waiting += union.members
            case other:
                found |= {KIND_OF_JSON.get(kind, kind) for kind in kinds(schema, other)}
    return frozenset(found)


def writers(schema: Schema, union: Union) -> Mapping[str, tuple[int, ...]]:
    """Return, for each kind of value in memory, which members of a union may have such values."""
    in_memory = [memory_kinds(schema, member) for member in union.members]
    return {
        kind: tuple(index for index, kinds_ in enumerate(in_memory) if kind in kinds_)
        for kind in MEMORY_KINDS
    }


def tagged_models(schema: Schema, union: Union) -> Iterator[Model]:
    """Yield the members of a union with discriminator."""
    for id_ in union.tags:
        model = schema.by_id[id_]
        assert isinstance(model, Model)
        yield model
