"""One generated module: its imports, and how its types are spelled, read and written.

A *codec* is a function `(value, parent, key)`: it returns what it decoded or encoded, or throws an
error with the path that `parent` and `key` lead to. Every definition has one to read and one to
write (an enum has one for both). The support module has the codecs of scalars, and creates those of
lists, maps and nullable values from the codecs of their contents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Literal, LiteralString, NamedTuple

from modelsync.schema import ir
from modelsync.schema.formats import FORMATS
from modelsync.targets.base import Code, code
from modelsync.targets.imports import ImportCollector
from modelsync.targets.spelling import PatternSpeller, TypeSpeller
from modelsync.targets.typescript.limits import WIDE, limits_in
from modelsync.targets.typescript.names import specifier
from modelsync.targets.typescript.text import literal

if TYPE_CHECKING:
    from modelsync.targets.typescript import TypeScriptTarget

_SCALARS: Final[Mapping[str, tuple[Code, str]]] = {
    # The type, and the codec: `{}` is `read` or `write` if one codec cannot do both.
    "string": (Code("string"), "wire.string"),
    "bool": (Code("boolean"), "wire.bool"),
    "int32": (Code("number"), "wire.int32"),
    "int64": (Code("number"), "wire.int64"),
    "uint32": (Code("number"), "wire.uint32"),
    "uint64": (Code("number"), "wire.uint64"),
    "float32": (Code("number"), "wire.{}Float32"),
    "float64": (Code("number"), "wire.float64"),
    "datetime": (Code("Date"), "wire.{}Datetime"),
    "date": (Code("string"), "wire.date"),
    **{name: (Code("string"), f"wire.{name}") for name in FORMATS},
    "bytes": (Code("wire.Bytes"), "wire.{}Bytes"),
    "any": (Code("unknown"), "wire.any"),
}


class Module(PatternSpeller):
    """The module of one definition, which spells types and collects its imports."""

    list_pattern = "{}[]"
    map_pattern = "{{ [key: string]: {} }}"
    nullable_pattern = "{} | null"

    def __init__(self, target: TypeScriptTarget, definition: ir.Definition) -> None:
        self.target = target
        self.schema = target.schema
        self.integer = Code(target.settings.text("int64"))
        self.imports = ImportCollector()
        self.imports.position = definition.position
        self.readers = Codecs(self, "read")
        self.writers = Codecs(self, "write")
        self._definition = definition
        self.inputs = _Inputs(self, "Input")
        self.jsons = _Jsons(self, "Json")
        ids = {definition.id, *(ref.id for ref in ir.refs_of(definition))}
        own = target.definition_names[definition.id]
        names = [target.definition_names[id_] for id_ in ids]
        forms = [
            f"{target.definition_names[id_]}{form}"
            for id_ in ids & target.with_forms
            for form in ("Input", "Json")
        ]
        self._uses = Counter((*names, *forms, f"{own}Schema", f"Unknown{own}"))
        taken = {*names} - ({own} if isinstance(definition, ir.Alias) else set())
        self.limits = limits_in(target, definition, taken)

    def name(self, id_: str, verb: LiteralString = "", suffix: LiteralString = "") -> Code:
        """Return the name here of a definition's type, or of its function `verb`.

        If the name is that of another definition as well, one from another package gets a prefix.
        No name that a spec can give contains a `$`.
        """
        name = f"{self.target.definition_names[id_]}{suffix}"
        here, there = self._definition.package, self.schema.by_id[id_].package
        is_unique = self._uses[name] == 1 or there == here
        exported = f"{verb}{name}"
        local = exported if is_unique else f"{there.replace('.', '$')}${exported}"
        if id_ != self._definition.id:
            renamed = exported if is_unique else f"{exported} as {local}"
            file = specifier(self.target, here, there, self.target.file_stems[id_])
            self.imports.use(file, Code(renamed if verb else f"type {renamed}"))
        return Code(local)

    def form(self, id_: str, suffix: Literal["Input", "Json"]) -> Code:
        """Return the name here of the type of a definition's values to encode, or of its JSON."""
        return self.name(id_, suffix=suffix if id_ in self.target.with_forms else "")

    def alias_of(self, type_: ir.Type) -> Code | None:
        """Return the name of the module's own definition, if it is an alias of a type."""
        item = self._definition
        return self.name(item.id) if isinstance(item, ir.Alias) and item.type == type_ else None

    def has_one_codec(self, type_: ir.Type) -> bool:
        """Return whether the codec that reads a type also writes it."""
        return has_one_codec(self.schema, type_)

    def literal(self, value: str | int | bool) -> Code:
        """Spell a value of an enum or a constant, as a value and as a type."""
        is_bigint = self.integer == "bigint" and type(value) is int
        return Code(f"{value}n") if is_bigint else literal(value)

    def scalar(self, type_: ir.Scalar) -> Code:
        return self.integer if type_.name in WIDE else _SCALARS[type_.name][0]

    def constant(self, type_: ir.Constant) -> Code:
        return self.literal(type_.value)

    def reference(self, type_: ir.Ref) -> Code:
        return self.name(type_.id)

    def list_of(self, item: Code, type_: ir.ListOf) -> Code:
        return code("({})[]", item) if isinstance(type_.item, ir.Nullable) else code("{}[]", item)


class _Jsons(PatternSpeller):
    """Spells the types of JSON."""

    list_pattern = Module.list_pattern
    map_pattern = Module.map_pattern
    nullable_pattern = Module.nullable_pattern
    list_of = Module.list_of
    scalars: ClassVar[Mapping[str, Code]] = {
        "any": Code("wire.Json"),
        "bytes": Code("string"),
        "datetime": Code("string"),
    }

    def __init__(self, module: Module, suffix: Literal["Input", "Json"]) -> None:
        self._module = module
        self._suffix: Literal["Input", "Json"] = suffix

    def scalar(self, type_: ir.Scalar) -> Code:
        return self.scalars.get(type_.name) or self._module.scalar(type_)

    def constant(self, type_: ir.Constant) -> Code:
        return self._module.constant(type_)

    def reference(self, type_: ir.Ref) -> Code:
        return self._module.form(type_.id, self._suffix)


class _Inputs(_Jsons):
    """Spells the types of values to encode, which may be read-only."""

    scalars: ClassVar[Mapping[str, Code]] = {"bytes": Code("Uint8Array")}

    def list_of(self, item: Code, type_: ir.ListOf) -> Code:
        is_long = isinstance(type_.item, ir.Nullable) or item.startswith("readonly ")
        return code("readonly ({})[]" if is_long else "readonly {}[]", item)

    def map_of(self, value: Code, type_: ir.MapOf) -> Code:
        return code("{{ readonly [key: string]: {} }}", maybe(value))


def maybe(type_: Code) -> Code:
    """Return the type of a value that may also be undefined."""
    return type_ if type_ == "unknown" else code("{} | undefined", type_)


def has_one_codec(schema: ir.Schema, type_: ir.Type) -> bool:
    """Return whether the codec that reads a type also writes it: in memory, values are JSON."""
    rest = [type_]
    seen: set[str] = set()
    while rest:
        match rest.pop():
            case ir.Scalar(name=name):
                # `wire.any` does both, but what it returns has the type of JSON.
                if "{}" in _SCALARS[name][1] or name == "any":
                    return False
            case ir.Constant():
                pass
            case ir.Limited(inner=inner) | ir.Nullable(inner=inner):
                rest.append(inner)
            case ir.ListOf(item=inner) | ir.MapOf(value=inner):
                rest.append(inner)
            case ir.Ref(id=id_) as ref:
                if id_ not in seen:
                    seen.add(id_)
                    inside = _one_codec_inside(schema[ref])
                    if inside is None:
                        return False
                    rest += inside
            case _:
                return False
    return True


def _one_codec_inside(definition: ir.Definition) -> Sequence[ir.Type] | None:
    """Return the types that must have one codec for a definition to have one; None if it has two.

    A union with a discriminator decodes differently than it encodes.
    """
    match definition:
        case ir.Alias(type=type_):
            return (type_,)
        case ir.Union(discriminator=None, members=members):
            return members
        case ir.Enum():
            return ()
        case _:
            return None


class Codec(NamedTuple):
    """A codec: a function that may take an argument after the value, its parent and its key."""

    function: Code
    argument: Code | None = None
    factory: Code = Code()
    """The function that returns the codec for an argument."""

    @property
    def value(self) -> Code:
        """The codec as a function of three arguments."""
        return code("{}({})", self.factory, self.argument) if self.argument else self.function


class Codecs(TypeSpeller[Codec]):
    """The codecs of a module that read, or those that write."""

    def __init__(self, module: Module, verb: Literal["read", "write"]) -> None:
        self._module = module
        self._verb = verb

    def name(self, id_: str) -> Code:
        """Return the name of the codec of a definition, which may have one for both directions."""
        is_model = isinstance(self._module.schema.by_id[id_], ir.Model)
        is_one = not is_model and self._module.has_one_codec(ir.Ref(id_))
        return self._module.name(id_, "check" if is_one else self._verb)

    def scalar(self, type_: ir.Scalar) -> Codec:
        if type_.name == "any" and self._verb == "read" and self._module.integer == "bigint":
            return Codec(Code("wire.readAny"))
        return Codec(Code(_SCALARS[type_.name][1].format(self._verb)))

    def constant(self, type_: ir.Constant) -> Codec:
        value = self._module.literal(type_.value)
        return Codec(Code("wire.literal"), value, Code("wire.literalOf"))

    def reference(self, type_: ir.Ref) -> Codec:
        return Codec(self.name(type_.id))

    def list_of(self, item: Codec, type_: ir.ListOf) -> Codec:
        return Codec(Code("wire.list"), item.value, Code("wire.listOf"))

    def map_of(self, value: Codec, type_: ir.MapOf) -> Codec:
        return Codec(Code("wire.map"), value.value, Code("wire.mapOf"))

    def nullable(self, inner: Codec, type_: ir.Nullable) -> Codec:
        return Codec(Code("wire.orNull"), inner.value, Code("wire.nullable"))

    def limited(self, inner: Codec, type_: ir.Limited) -> Codec:
        limit = self._module.limits.get(type_)
        if limit is None:
            return inner
        is_one = self._module.has_one_codec(type_.inner)
        return Codec(code("{}{}", Code("check" if is_one else self._verb), limit.name))
