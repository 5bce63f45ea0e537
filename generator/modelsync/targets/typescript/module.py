"""The code of one TypeScript module: what its template places, and what that imports.

A *codec* is a function `(value, parent, key)`: it returns what it read or wrote, or throws with
the path that `parent` and `key` lead to. Every definition has one that reads and one that writes
(an enum one for both), the support module has those of the scalars, and those of lists, maps and
nullable values are made from the ones inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from modelsync.errors import Position
from modelsync.schema.ir import (
    AnyOf,
    Constant,
    Definition,
    Enum,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Type,
    Union,
    refs_of,
)
from modelsync.schema.unions import branches
from modelsync.targets.base import (
    Code,
    from_lines,
    member_places,
    with_origins,
)
from modelsync.targets.typescript.layout import (
    Assigned,
    Brackets,
    Doc,
    OneOf,
    Operation,
    Parts,
    call,
    element,
    flat,
    laid_out,
)
from modelsync.targets.typescript.names import (
    INHERITED,
    KIND_OF_JSON,
    SCALARS,
    Names,
    json_text,
    tag_field,
    tags_of,
    writers,
    written_default,
)
from modelsync.targets.typescript.text import documentation, header, literal, property_key

Way: TypeAlias = Literal["read", "write"]

_SHORT_KEY: Final = 5
"""Beside a key with fewer characters, Prettier leaves a value however long."""

_AT_ONCE: Final = 500
"""How many fields one function reads or writes: `tsc` gives up on functions with more ways."""

_VALUE: Final = ("value", "parent", "key")
"""The arguments of a codec, as it passes them on for the value as a whole."""
_NONE: Final = Code("")
_IS_THERE: Final = Operation("!==", "undefined", deeper=0)
_IS_A_VALUE: Final = Operation("!=", "null", deeper=0)


# Views: what the templates place ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a model. A guard is the `if` around a statement, where there is one."""

    position: Position
    doc: Code
    declaration: Code
    read_guard: Code
    read: Code
    write_guard: Code
    write: Code
    write_default: Code


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value of an enum: its entry in the const object, and the value alone."""

    position: Position
    doc: Code
    entry: Code
    literal: Code


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a union with discriminator: the values that mean it, and what is returned."""

    position: Position
    values: tuple[Code, ...]
    read: Code
    write: Code


@dataclass(frozen=True, slots=True)
class BranchView:
    """The kinds of value that some members of a union may be, and what is returned for them."""

    position: Position
    kinds: tuple[Code, ...]
    result: Code


class Module:
    """The module of one definition. What it imports is noted while it is spelled."""

    def __init__(self, names: Names, definition: Definition) -> None:
        self.names = names
        self.schema = names.schema
        self.definition = definition
        self.name = names.definitions[definition.id]
        self._imported: dict[str, set[str]] = {}
        self._position = definition.position
        """Where in a spec that stands which is spelled now, and needs what it imports."""
        self._first_uses: dict[str, Position] = {}
        self._prefixes = self._clashing()

    def view(self) -> Mapping[str, object]:
        """Return what the template of this definition sees."""
        match self.definition:
            case Model() as model:
                own = self._model(model)
            case Enum() as enum:
                own = self._enum(enum)
            case Union(discriminator=None) as union:
                own = self._union(union)
            case Union() as union:
                own = self._tagged_union(union)
        return {
            "header": header(self.definition.spec),
            "doc": documentation(self.definition, 0),
            "name": Code(self.name),
            "signatures": self._signatures(),
            "calls": self._calls(),
            **own,
            "imports": self._imports(),
        }

    # Names and imports ---------------------------------------------------------------------------

    def _clashing(self) -> Mapping[str, str]:
        """Return a prefix for each definition that is called as another one of this module is.

        It comes from the package; a `$` is in no name that a spec can give.
        """
        ids = dict.fromkeys([self.definition.id, *(ref.id for ref in refs_of(self.definition))])
        names = [self.names.definitions[id_] for id_ in ids]
        if len(set(names)) == len(names):
            return {}
        packages = {id_: self.schema.by_id[id_].package for id_ in ids}
        return {
            id_: f"{packages[id_].replace('.', '$')}$"
            for id_, name in zip(ids, names, strict=True)
            if names.count(name) > 1 and packages[id_] != self.definition.package
        }

    def _local(self, id_: str, verb: str = "") -> str:
        """Return what the type of a definition, or its function `verb`, is called here."""
        if id_ != self.definition.id:
            self._imported.setdefault(id_, set()).add(verb)
            self._first_uses.setdefault(id_, self._position)
        return f"{self._prefixes.get(id_, '')}{verb}{self.names.definitions[id_]}"

    def _function(self, id_: str, way: Way) -> str:
        """Return the name of the codec of a definition; an enum has one for both ways."""
        return self._local(id_, "check" if isinstance(self.schema.by_id[id_], Enum) else way)

    def _imports(self) -> list[Code]:
        here = self.definition.package
        lines = [Code(f"import * as wire from {self.names.module(here, '', '_wire')};")]
        for id_, verbs in self._imported.items():
            there = self.schema.by_id[id_].package
            # Functions first, then the type, which has no verb.
            ordered = sorted(verbs - {""}) + [""] * ("" in verbs)
            items = [self._import(id_, verb) for verb in ordered]
            module = self.names.module(here, there, self.names.files[id_])
            lines.append(from_lines([(named("import", items, module), self._first_uses[id_])]))
        return lines

    def _import(self, id_: str, verb: str) -> str:
        name = f"{verb}{self.names.definitions[id_]}"
        renamed = f" as {self._local(id_, verb)}" if id_ in self._prefixes else ""
        return f"{'' if verb else 'type '}{name}{renamed}"

    # Types and codecs ----------------------------------------------------------------------------

    def _type(self, type_: Type) -> Doc:
        """Spell a type."""
        match type_:
            case Scalar(name=name):
                return self.names.integer if name == "int64" else SCALARS[name].type
            case Ref(id=id_):
                return self._local(id_)
            case Constant(value=value):
                return self.names.value(value)
            case ListOf(item=item):
                inner = self._type(item)
                if isinstance(inner, OneOf):
                    return inner.as_items()
                return Parts("(", inner, ")[]") if isinstance(item, Nullable) else _list(inner)
            case MapOf(value=value):
                return _object_type(_INDEX, self._type(value))
            case Nullable(inner=inner) if _breaks_before_null(inner):
                return OneOf((self._type(inner), "null"))
            case Nullable(inner=inner):
                return _joined(self._type(inner), " | null")
            case AnyOf():
                raise AssertionError("lifted")

    def _codec(self, type_: Type, way: Way) -> Doc:
        """Spell the function that reads or writes a type."""
        match type_:
            case Scalar(name=name):
                return SCALARS[name].read if way == "read" else SCALARS[name].write
            case Ref(id=id_):
                return self._function(id_, way)
            case Constant(value=value):
                return call("wire.literalOf", self.names.value(value))
            case ListOf(item=inner):
                return call("wire.listOf", self._codec(inner, way))
            case MapOf(value=inner):
                return call(f"wire.{way}MapOf", self._codec(inner, way))
            case Nullable(inner=inner):
                return call("wire.nullable", self._codec(inner, way))
            case AnyOf():
                raise AssertionError("lifted")

    def _converted(self, type_: Type, way: Way, *arguments: Doc) -> Doc:
        """Spell the call of the codec of a type with a value, its parent and its key."""
        match type_:
            case Constant(value=value):
                return call("wire.literal", *arguments, self.names.value(value))
            case ListOf(item=inner):
                return call("wire.list", *arguments, self._codec(inner, way))
            case MapOf(value=inner):
                return call(f"wire.{way}Map", *arguments, self._codec(inner, way))
            case Nullable(inner=inner):
                return call("wire.orNull", *arguments, self._codec(inner, way))
            case _:
                return call(flat(self._codec(type_, way)), *arguments)

    def _signatures(self) -> Mapping[str, Code]:
        """Return the first line of each function."""
        name, id_ = self.name, self.definition.id
        written = "wire.JsonObject" if isinstance(self.definition, Model) else "wire.Json"
        place = ("parent: wire.Parent", "key: wire.Key")
        value = f"value: {name}"
        return {
            "decode": _signature(f"decode{name}", ("value: unknown",), name),
            "encode": _signature(f"encode{name}", (value,), written),
            "parse": _signature(f"parse{name}", ("text: string",), name),
            "stringify": _signature(f"stringify{name}", (value,), "string"),
            "read": _signature(self._function(id_, "read"), ("value: unknown", *place), name),
            "write": _signature(self._function(id_, "write"), (value, *place), written),
        }

    def _calls(self) -> Mapping[str, Code]:
        """Return what each public function does."""
        id_ = self.definition.id
        read_, write = self._function(id_, "read"), self._function(id_, "write")
        return {
            "decode": _return(call("wire.decode", "value", read_), 2),
            "encode": _return(call("wire.encode", "value", write), 2),
            "parse": _return(call("wire.parse", "text", read_), 2),
            "stringify": _return(call("wire.stringify", "value", write), 2),
        }

    def _alias(self, types: list[Doc], places: Sequence[Position]) -> Code:
        """Return the declaration of this definition as one of some types, from these places."""
        alias = laid_out(Parts(f"export type {self.name}", Assigned(_one_of(types)), ";"), 0)
        here, more = self.definition.position, alias.count("\n")
        # Only where each has a line of its own is it known which line is whose.
        return with_origins(alias, (here, *(places if len(places) == more else [here] * more)))

    # Models --------------------------------------------------------------------------------------

    def _model(self, model: Model) -> Mapping[str, object]:
        empty = Parts("const to", Assigned(f"{{}} as {self.name}"), ";")
        views = [self._field(model, field) for field in model.fields]
        return {
            "fields": views,
            "groups": [
                self._group(number, views[at : at + _AT_ONCE])
                for number, at in enumerate(range(0, len(views), _AT_ONCE), 1)
            ],
            "empty": laid_out(empty, 2),
            "properties": self._properties(model) if model.id in self.names.tried else _NONE,
        }

    def _group(self, number: int, fields: Sequence[FieldView]) -> Mapping[str, object]:
        """Return the view of those fields that one function reads, and one writes."""
        source, target = "{ readonly [key: string]: unknown }", "wire.JsonObject"
        reads = (f"from: {source}", "path: wire.Path", f"to: {self.name}")
        writes = (f"value: {self.name}", "path: wire.Path", f"to: {target}")
        return {
            "number": Code(number),
            "fields": fields,
            "read": laid_out(Brackets(f"function _read{number}(", reads, "): void {"), 0),
            "write": laid_out(Brackets(f"function _write{number}(", writes, "): void {"), 0),
        }

    def _properties(self, model: Model) -> Code:
        """Return the declaration of the properties that writing this model does not leave out."""
        names = dict.fromkeys(self.names.fields[model.id, field.json_key] for field in model.fields)
        names |= dict.fromkeys(sorted(self.names.added_tags.get(model.id, ())))
        spelled = call("wire.names", *(literal(name) for name in names))
        return laid_out(Parts("const properties", Assigned(spelled), ";"), 0)

    def _field(self, model: Model, field: Field) -> FieldView:
        self._position = field.position
        name = self.names.fields[model.id, field.json_key]
        optional = "" if field.required else "?"
        declaration = Parts(f"{name}{optional}: ", self._type(field.type), ";")
        has_default = field.has_default and not field.required
        default = written_default(self.schema, field) if has_default else None
        spelled = self.names.json(default) if has_default else None
        read_guard, read_ = self._reading(field, name, spelled)
        write_guard, write, write_default = self._writing(field, name, spelled)
        return FieldView(
            position=field.position,
            doc=documentation(field, 2, json_text(default) if has_default else None),
            declaration=laid_out(declaration, 2),
            read_guard=read_guard,
            read=read_,
            write_guard=write_guard,
            write=write,
            write_default=write_default,
        )

    def _reading(self, field: Field, name: str, default: Doc | None) -> tuple[Code, Code]:
        """Return the guard and the statement that read a field."""
        takes_null = field.nullable or field.type == Scalar("any")
        found = _property("from", field.json_key)
        is_there = _if(found, _IS_THERE if takes_null else _IS_A_VALUE)
        guarded = not field.required and default is None
        source = _or_default(found, default, takes_null)
        converted = self._converted(field.type, "read", source, "path", literal(field.json_key))
        return (
            laid_out(is_there, 2) if guarded else _NONE,
            laid_out(Parts(f"to.{name}", Assigned(converted), ";"), 4 if guarded else 2),
        )

    def _writing(self, field: Field, name: str, default: Doc | None) -> tuple[Code, Code, Code]:
        """Return the guard, the statement that writes a field, and the one for its default."""
        value = f"value.{name}"
        converted = self._converted(field.type, "write", value, "path", literal(field.json_key))
        return (
            _NONE if field.required else laid_out(_if(value, _IS_THERE), 2),
            laid_out(_put(field.json_key, Assigned(converted)), 2 if field.required else 4),
            _NONE if default is None else laid_out(_put(field.json_key, Assigned(default)), 4),
        )

    # Enums ---------------------------------------------------------------------------------------

    def _enum(self, enum: Enum) -> Mapping[str, object]:
        opening = laid_out(Parts(f"export const {self.name}", Assigned("{")), 0)
        deeper = 2 if "\n" in opening else 0
        indent = 2 + deeper
        values = []
        for value in enum.values:
            spelled = self.names.value(value.json_value)
            name = self.names.values[enum.id, value.json_value]
            beside = len(name) < _SHORT_KEY
            entry = Parts(name, f": {spelled}" if beside else Assigned(spelled, ":"), ",")
            doc = documentation(value, indent)
            values.append(ValueView(value.position, doc, laid_out(entry, indent), spelled))
        types: list[Doc] = [value.literal for value in values]
        if enum.open:
            # `& {}` keeps the literals: with plain `string`, editors would no longer offer them.
            types.append(f"({flat(self._type(Scalar(enum.type)))} & {{}})")
        return {
            "opening": opening,
            "indent": Code(" " * indent),
            "closing": Code(" " * deeper + "} as const;"),
            "values": values,
            "open": enum.open,
            "alias": self._alias(types, [value.position for value in enum.values]),
            "scalar": Code(SCALARS[enum.type].read),
            "refusal": _refusal(f"a value of {enum.name}", *_VALUE),
        }

    # Unions without discriminator -------------------------------------------------------------

    def _union(self, union: Union) -> Mapping[str, object]:
        reading = {
            KIND_OF_JSON.get(branch.kind, branch.kind): branch.members
            for branch in branches(self.schema, union)
        }
        types = []
        for member, place in zip(union.members, member_places(union), strict=True):
            self._position = place
            types.append(self._type(member))
        return {
            "alias": self._alias(types, member_places(union)),
            "readers": self._branches(union, reading, "read"),
            "writers": self._branches(union, writers(self.schema, union), "write"),
            "refusal": _refusal(f"a value of {union.name}", *_VALUE),
        }

    def _branches(
        self, union: Union, members_of: Mapping[str, tuple[int, ...]], way: Way
    ) -> list[BranchView]:
        """Return a branch for each choice of members; `members_of` has that of each kind."""
        kinds_of: dict[tuple[int, ...], list[Code]] = {}
        for kind, indexes in members_of.items():
            if indexes:
                kinds_of.setdefault(indexes, []).append(literal(kind))
        found = []
        for indexes, kinds_ in kinds_of.items():
            result = self._first(union, [union.members[index] for index in indexes], way)
            place = member_places(union)[indexes[0]] if len(indexes) == 1 else union.position
            found.append(BranchView(place, tuple(kinds_), _return(result, 6)))
        return found

    def _first(self, union: Union, members: list[Type], way: Way) -> Doc:
        """Spell the call that converts the value as the first of some members that takes it."""
        if len(members) > 1:
            codecs = [self._codec(member, way) for member in members]
            return call("wire.first", literal(union.id), *_VALUE, *codecs)
        (member,) = members
        if way == "write" and isinstance(member, Ref):
            value = f"value as {self._local(member.id)}"
            return self._converted(member, way, value, "parent", "key")
        return self._converted(member, way, *_VALUE)

    # Unions with discriminator ---------------------------------------------------------------

    def _tagged_union(self, union: Union) -> Mapping[str, object]:
        assert union.discriminator is not None
        key = literal(union.discriminator)
        tag = self.names.tag(union)
        read_tag = call("wire.string", _property("from", union.discriminator), "path", key)
        places = dict(zip(union.members, member_places(union), strict=True))
        types, members = [], []
        for model, values in tags_of(self.schema, union):
            self._position = places[Ref(model.id)]
            types.append(self._tagged_type(union, model, values, tag))
            members.append(self._member(union, model, values, tag))
        return {
            "alias": self._alias(types, [member.position for member in members]),
            "members": members,
            "read_tag": laid_out(Parts("const tag", Assigned(read_tag), ";"), 2),
            "written_tag": laid_out(Parts("const tag", Assigned(f"value.{tag}"), ";"), 2),
            "refusal": _refusal(f"a {union.discriminator} of {union.name}", "tag", "path", key),
        }

    def _tagged_type(self, union: Union, model: Model, values: tuple[str, ...], tag: str) -> Doc:
        """Spell a member's type: with the values that mean it, unless they are its own literal."""
        name = self._local(model.id)
        own = tag_field(union, model)
        if own is not None and (own.type,) == tuple(Constant(value) for value in values):
            return name
        tags = _one_of([literal(value) for value in values])
        narrowed = Parts(name, " & ", _object_type(tag, tags))
        alone = len(union.tags) == 1
        return narrowed if alone else Parts("(", narrowed, ")")

    def _member(self, union: Union, model: Model, values: tuple[str, ...], tag: str) -> MemberView:
        is_read: Doc = call(self._function(model.id, "read"), *_VALUE)
        is_written: Doc = call(self._function(model.id, "write"), *_VALUE)
        own = tag_field(union, model)
        if own is None:
            key = property_key(union.discriminator or "")
            is_read = _object(Parts("...", is_read), Parts(tag, Assigned("tag", ":")))
            is_written = _object(Parts(key, Assigned("tag", ":")), Parts("...", is_written))
        if own is None or not isinstance(own.type, Constant):
            # By way of `unknown`, since tsc would compare each member with the others, and all
            # that they refer to, until its stack is used up.
            is_read = Parts(is_read, f" as unknown as {self.name}")
        return MemberView(
            self._position,
            tuple(literal(value) for value in values),
            _return(is_read, 6),
            _return(is_written, 6),
        )


# Pieces of code ----------------------------------------------------------------------------------


def named(keyword: Literal["import", "export"], items: list[str], module: Code) -> Code:
    """Return an import or export of some names."""
    return laid_out(Brackets(f"{keyword} {{", tuple(items), f"}} from {module};", padding=" "), 0)


def _signature(name: str, parameters: tuple[Doc, ...], result: str) -> Code:
    return laid_out(Brackets(f"export function {name}(", parameters, f"): {result} {{"), 0)


def _breaks_before_null(type_: Type) -> bool:
    """Whether Prettier may break `type | null`: not where the type is a name, or an object."""
    match type_:
        case Scalar(name=name):
            return SCALARS[name].type.islower()
        case _:
            return isinstance(type_, ListOf | Constant)


def _list(item: Doc) -> Doc:
    return _joined(item, "[]")


def _joined(doc: Doc, text: str) -> Doc:
    return f"{doc}{text}" if isinstance(doc, str) else Parts(doc, text)


def _one_of(types: Sequence[Doc]) -> Doc:
    return OneOf(tuple(types)) if len(types) > 1 else types[0]


_INDEX: Final = Brackets("[", ("key: string",), "]", last="")


def _object_type(key: Doc, type_: Doc) -> Doc:
    return Brackets("{", (Parts(key, ": ", type_),), "}", last=";", padding=" ")


def _object(*entries: Doc) -> Doc:
    return Brackets("{", entries, "}", padding=" ")


def _property(value: str, key: str) -> Doc:
    """Spell the property `key` of a JSON object, undefined where it is absent."""
    if key in INHERITED:
        return call("wire.own", value, literal(key))
    return element(value, literal(key))


def _or_default(source: Doc, default: Doc | None, takes_null: bool) -> Doc:
    if default is None:
        return source
    if takes_null:
        return call("wire.orElse", source, default)
    return Parts(source, Operation("??", default))


def _if(value: Doc, condition: Doc) -> Doc:
    return Brackets("if (", (Parts(value, condition),), ") {", last="")


def _put(key: str, value: Assigned) -> Doc:
    """Spell the statement that puts a value into the object that is written."""
    if key == "__proto__":
        return Parts(call("wire.define", "to", literal(key), value.value), ";")
    return Parts(element("to", literal(key)), value, ";")


def _return(value: Doc, indent: int) -> Code:
    return laid_out(Parts("return ", value, ";"), indent)


def _refusal(wanted: str, *place: Doc) -> Code:
    """Return the statement that refuses a value, in the last branch of a `switch`."""
    return laid_out(Parts("throw ", call("wire.refusal", literal(wanted), *place), ";"), 6)
