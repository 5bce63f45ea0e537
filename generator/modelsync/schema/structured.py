"""Schema -> schema of what a language model returns for one definition.

The structured output of language models knows a dialect of JSON Schema without maps, values of any
type and optional keys, whose root is an object. So a preset changes the documents, in a way that
can be undone without knowing the schema, because what is changed is marked by its key:

- an optional field is required, and null means that it is absent;
- a map is `{"map_entries": [{"key": ..., "value": ...}]}`;
- the additional properties of a model are such entries in the field `additional_entries`;
- `any` is `{"json_text": "..."}`, and so is what nests too deep or contains itself;
- a root that is not a model is `{"root_value": ...}`;
- each member of a union has its own discriminator, as a required field with one value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from modelsync.graphs import components
from modelsync.naming import pascal
from modelsync.schema.definitions import (
    Alias,
    Definition,
    Enum,
    Field,
    Model,
    Tag,
    Union,
    refs_of,
    tag_text,
    with_types,
)
from modelsync.schema.schema import Schema
from modelsync.schema.tagged import tagged_models
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import (
    AnyOf,
    Constant,
    Limited,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Type,
)
from modelsync.threads import deeply

MAP_ENTRIES: Final = "map_entries"
ADDITIONAL_ENTRIES: Final = "additional_entries"
JSON_TEXT: Final = "json_text"
ROOT_VALUE: Final = "root_value"
KEY: Final = "key"
VALUE: Final = "value"

MARKERS: Final = (MAP_ENTRIES, ADDITIONAL_ENTRIES, JSON_TEXT, ROOT_VALUE)
"""The keys that mark what a preset has changed. No field may be called like one."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A dialect of JSON Schema for structured output."""

    name: str
    keywords: frozenset[str]
    """The keywords of the dialect that limit values."""
    formats: frozenset[str]
    """The values of `format` in the dialect."""
    max_depth: int
    """How many objects may be inside each other, the root included."""
    recursive: bool
    """Whether definitions may contain themselves. These do not count as nested."""


_RANGES: Final = {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"}
_FORMATS: Final = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)

PRESETS: Final[Mapping[str, Preset]] = {
    preset.name: preset
    for preset in (
        Preset(
            "openai",
            frozenset({"pattern", "format", "minItems", "maxItems", *_RANGES}),
            _FORMATS,
            10,
            recursive=True,
        ),
        Preset("anthropic", frozenset({"format"}), _FORMATS | {"uri"}, 10, recursive=False),
        Preset("portable", frozenset(), frozenset(), 5, recursive=False),
    )
}
"""The presets by their names; `portable` is what the dialects of all providers have in common."""


def structured(schema: Schema, root: str, preset: Preset) -> Schema:
    """Return the schema of what a language model returns for the definition `root`.

    Its first definition is a model: what the model returns. The others are those that it needs.
    """
    try:
        return _structured(schema, root, preset)
    except RecursionError:
        return deeply(lambda: _structured(schema, root, preset))


def _structured(schema: Schema, root: str, preset: Preset) -> Schema:
    cut: frozenset[str] = frozenset()
    while True:
        builder = _Builder(schema, preset, cut)
        built = builder.built(root)
        deep = _too_deep(built, preset.max_depth) & builder.originals
        if deep <= cut:
            return built
        cut |= deep


class _Builder:
    """Builds the definitions that one root needs, each one once."""

    def __init__(self, schema: Schema, preset: Preset, cut: frozenset[str]) -> None:
        self.schema = schema
        self.preset = preset
        self.cut = cut
        """The definitions that are JSON text, because what is inside nests too deep."""
        self.made: dict[str, Definition | None] = {}
        """The definitions by id; None while one is being made."""
        self.originals: set[str] = set()
        self.members: dict[tuple[str, str, Constant], str] = {}
        """The id of the model for a member of a union with one value of its discriminator."""
        self.helpers: dict[Type, str] = {}
        """The id of the model for each type of map values."""

    def built(self, root: str) -> Schema:
        """Return the schema for a root."""
        whole = self.reference(Ref(root), is_root=True)
        first = self.made.get(whole.id) if isinstance(whole, Ref) else None
        if not isinstance(first, Model):
            described = self.schema.by_id[root]
            field = Field(ROOT_VALUE, whole, required=True, position=described.position)
            name = self.unused(f"{described.name}Root")
            first = _model(name, (field,), described.description, described)
            self.made[name] = first
        others = [each for each in self.made.values() if each is not None and each is not first]
        return Schema((first, *others))

    def reference(self, ref: Ref, *, is_root: bool = False) -> Type:
        """Return what a reference becomes, and make what it refers to."""
        id_ = ref.id
        if id_ in self.cut and not is_root:
            return self.json_text()
        if id_ in self.made:
            return self.known(ref)
        self.made[id_] = None
        self.originals.add(id_)
        self.made[id_] = self.definition(self.schema.by_id[id_])
        return ref

    def known(self, ref: Ref) -> Type:
        """Return what a reference to a definition becomes that is made, or is being made."""
        is_recursive = self.made[ref.id] is None
        return self.json_text() if is_recursive and not self.preset.recursive else ref

    def definition(self, definition: Definition) -> Definition:
        match definition:
            case Model():
                return self.model(definition)
            case Union(discriminator=str()):
                return replace(self.tagged(definition), example=None)
            case Union() | Alias():
                return replace(with_types(definition, self.type), example=None)
            case Enum():
                return definition

    def model(self, model: Model) -> Model:
        fields = [self.field(field) for field in model.fields]
        if model.additional_type is not None:
            entries = ListOf(Ref(self.entry(model.additional_type)))
            fields.append(_field(ADDITIONAL_ENTRIES, entries, "The other keys."))
        return replace(model, fields=tuple(fields), additional_properties=False, example=None)

    def field(self, field: Field) -> Field:
        type_ = self.type(field.type)
        if not field.required and not isinstance(type_, Nullable):
            type_ = Nullable(type_)
        shown = replace(field, default=None, has_default=False, examples=())
        return replace(shown, type=type_, required=True)

    def tagged(self, union: Union) -> Union:
        """Return a union without discriminator: each member has its own."""
        members: list[Type] = []
        for id_, tags in tagged_models(self.schema, union).items():
            members += (self.member(union, self.schema.model(id_), tag) for tag in tags)
        return replace(union, members=tuple(dict.fromkeys(members)), discriminator=None, mapping=())

    def member(self, union: Union, model: Model, tag: Tag) -> Type:
        """Return the member of a union for one value of its discriminator."""
        key, type_ = str(union.discriminator), Constant(tag)
        declared = model.by_json_key.get(key)
        if declared is not None and declared.required and declared.type == type_:
            return self.reference(Ref(model.id))
        if model.id in self.cut:
            return self.json_text()
        place = (union.id, model.id, type_)
        if place in self.members:
            return self.known(Ref(self.members[place]))
        name = self.unused(f"{union.name}{model.name}{pascal(tag_text(tag))}")
        self.members[place] = name
        self.made[name] = None
        own = [field for field in model.fields if field.json_key != key]
        first = declared or Field(key, type_, position=union.position)
        changed = replace(model, fields=(replace(first, type=type_, required=True), *own))
        self.made[name] = replace(self.model(changed), name=name, package="")
        return Ref(name)

    def type(self, type_: Type) -> Type:
        """Return what a type becomes."""
        match type_:
            case Scalar(name="any"):
                return self.json_text()
            case ListOf(item=item):
                return ListOf(self.type(item))
            case MapOf(value=value):
                return self.entries(value)
            case Ref():
                return self.reference(type_)
            case Nullable(inner=inner):
                return Nullable(self.type(inner))
            case AnyOf(members=members):
                return AnyOf(tuple(dict.fromkeys(map(self.type, members))))
            case Limited(inner=inner):
                changed = self.type(inner)
                is_map = isinstance(self.schema.plain(inner), MapOf)
                return changed if is_map else replace(type_, inner=changed)
            case _:
                return type_

    def json_text(self) -> Ref:
        """Return the model of any value, as JSON text."""
        field = _field(JSON_TEXT, Scalar("string"), "A JSON value, written as JSON text.")
        return self.helper(Scalar("any"), "JsonText", (field,), "Any JSON value.")

    def entries(self, value: Type) -> Ref:
        """Return the model of a map."""
        entries = ListOf(Ref(self.entry(value)))
        field = _field(MAP_ENTRIES, entries, "The keys, each one once, and their values.")
        name = f"MapOf{self.words(value)}"
        return self.helper(MapOf(value), name, (field,), "An object with any keys.")

    def entry(self, value: Type) -> str:
        """Return the id of the model for a key and its value."""
        fields = (_field(KEY, Scalar("string"), ""), _field(VALUE, self.type(value), ""))
        return self.helper(ListOf(value), f"EntryOf{self.words(value)}", fields, "").id

    def helper(self, for_: Type, name: str, fields: tuple[Field, ...], description: str) -> Ref:
        if for_ not in self.helpers:
            self.helpers[for_] = name = self.unused(name)
            self.made[name] = _model(name, fields, description)
        return Ref(self.helpers[for_])

    def words(self, type_: Type) -> str:
        return pascal(unparse(type_, lambda ref: self.schema[ref].name))

    def unused(self, name: str) -> str:
        """Return a name that no other definition has."""
        names = [name, *(f"{name}{number}" for number in range(2, len(self.made) + 3))]
        taken = {each.name for each in self.schema.definitions} | self.made.keys()
        return next(each for each in names if each not in taken)


def _field(key: str, type_: Type, description: str) -> Field:
    return Field(key, type_, required=True, description=description)


def _model(
    name: str, fields: tuple[Field, ...], description: str, like: Definition | None = None
) -> Model:
    model = Model(name=name, description=description, fields=fields, additional_properties=False)
    return model if like is None else replace(model, position=like.position)


# Depth --------------------------------------------------------------------------------------------


def _too_deep(schema: Schema, max_depth: int) -> set[str]:
    """Return the models at the last level that contain others, the first of a schema at level 1."""
    levels = _levels(schema)
    return {
        each.id
        for each in schema.definitions[1:]
        if isinstance(each, Model)
        and levels.get(each.id, 0) >= max_depth
        and any(levels[id_] > levels[each.id] for id_ in _contained(each))
    }


def _levels(schema: Schema) -> dict[str, int]:
    """Return how deep each definition is at most. Those that contain each other are one level."""
    contained = {each.id: [*_contained(each)] for each in schema.definitions}
    together = {id_: number for number, ids in enumerate(components(contained)) for id_ in ids}
    levels = {schema.definitions[0].id: 1}
    # Components come after those that they lead to, so in reverse each one is complete.
    for id_ in sorted(contained, key=lambda id_: -together[id_]):
        for inner in contained[id_]:
            is_deeper = isinstance(schema.by_id[inner], Model) and together[id_] != together[inner]
            levels[inner] = max(levels.get(inner, 0), levels.get(id_, 0) + is_deeper)
    return levels


def _contained(definition: Definition) -> Iterator[str]:
    yield from (ref.id for ref in refs_of(definition))
