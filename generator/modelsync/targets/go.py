"""Go: structs with their own JSON, a package per spec package and a file per definition.

The generated code reads a document in one pass, with a switch over the keys of each model. What
all of it shares is the package `wire` in the output folder: `Optional`, the errors, and the
reader and writer, from templates that hold plain Go.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

from modelsync import wire
from modelsync.errors import Position, Problem, visible
from modelsync.ir import (
    Constant,
    Definition,
    Enum,
    EnumValue,
    Field,
    ListOf,
    MapOf,
    Model,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    refs_of,
    types_of,
    walk,
)
from modelsync.lift import lift_unions
from modelsync.naming import Scope
from modelsync.targets._go_names import (
    IMPORT_PATH,
    PACKAGE,
    UNFIT_PACKAGES,
    exported,
    file_stem,
    fits_a_tag,
    folder_part,
    is_exported,
    package_of_module,
)
from modelsync.targets._go_text import MAX_LINE, comment, json_text, literal, raw_literal
from modelsync.targets._go_types import (
    READ,
    SCALARS,
    TIMES,
    Speller,
    Stored,
    Variable,
    constant_literal,
    has_nil,
    indented,
    plain_literal,
)
from modelsync.targets.base import (
    Code,
    File,
    Option,
    Settings,
    Target,
    code,
    join,
    letter_first,
    one_line,
)
from modelsync.unions import branches

_LOCALS: Final = frozenset({"data", "dst", "err", "object", "r", "start", "tag", "v", "w"})
"""Names inside generated functions, which an import must not have."""

_SUPPORT: Final = "wire"
"""The package that all the others use."""

_SUPPORT_FILES: Final = tuple(
    f"{stem}.go" for stem in "doc errors object optional read reader union write writer".split()
)

_METHODS: Final = frozenset({"AppendJSON", "MarshalJSON", "ReadJSON", "UnmarshalJSON", "WriteJSON"})

_KINDS: Final[Mapping[str, Code]] = {
    kind: Code(f"wire.{kind.capitalize()}Kind") for kind in wire.KINDS
}


# Views ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _FieldView:
    """A field as the template of a model places it."""

    index: Code
    wire: Code
    key: Code
    doc: tuple[Code, ...]
    cells: tuple[Code, Code, Code]
    required: bool
    read: Code
    write: Code
    variable: Variable
    default: Code | None
    set_default: Code | None


@dataclass(frozen=True, slots=True)
class _ValueView:
    """A value as the template of an enum places it."""

    doc: tuple[Code, ...]
    declaration: Code


@dataclass(frozen=True, slots=True)
class _MemberView:
    """A member as the template of a union places it."""

    declaration: Code
    is_set: Code
    write: Code
    add_tag: Code | None = None
    check_tag: Code | None = None


@dataclass(frozen=True, slots=True)
class _CaseView:
    """A way to read a union: one member, or several to try."""

    when: Code
    read: Code | None
    attempts: tuple[Code, ...] = ()


def _aligned(rows: Sequence[tuple[Code, ...]], breaks: Iterable[bool]) -> list[Code]:
    """Return rows of cells as gofmt aligns them: anew after each comment, where `breaks` is set."""
    out: list[Code] = []
    block: list[tuple[Code, ...]] = []
    for row, starts in zip(rows, breaks, strict=True):
        if starts and block:
            out += _aligned_block(block)
            block = []
        block.append(row)
    return [*out, *_aligned_block(block)]


def _aligned_block(rows: Sequence[tuple[Code, ...]]) -> Iterator[Code]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [Code(cell.ljust(width)) for cell, width in zip(row[:-1], widths, strict=False)]
        yield join(" ", [*padded, row[-1]])


def struct_tag(field: Field, stored: Stored) -> Code:
    """Return the tag of a field, which leaves it out where a tag cannot hold its wire name."""
    if not fits_a_tag(field.wire):
        return Code('`json:"-"`')
    if field.required:
        return Code(f'`json:"{field.wire}"`')
    is_pointer = isinstance(stored, Nullable) and not has_nil(stored.inner)
    return Code(f'`json:"{field.wire},{"omitempty" if is_pointer else "omitzero"}"`')


@lru_cache(maxsize=65_536)
def key_literal(wire: str) -> Code:
    """Return a key of an object as JSON, with the colon, as a string literal."""
    return raw_literal(f"{json_text(wire)}:")


class GoTarget(Target):
    """Go 1.24 and later."""

    name = "go"
    options = (
        Option(
            "module",
            "The import path of the output folder, such as example.com/acme/models.",
            pattern=IMPORT_PATH,
            hint="an import path, such as example.com/acme/models",
        ),
        Option(
            "package",
            "The package of definitions directly below the spec root. Default: from `module`.",
            default="",
            pattern=re.compile(rf"|{PACKAGE.pattern}"),
            hint="a package name: lower-case letters, digits and _",
        ),
        Option(
            "gomod",
            "Whether to write a go.mod, which makes the output folder a module of its own.",
            kind="flag",
            default=False,
        ),
    )
    filters: ClassVar = {"literal": literal, "raw_literal": raw_literal, "comment": one_line}
    reserved_fields = _METHODS

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.member_names: dict[str, tuple[Code, ...]] = {}
        super().__init__(lift_unions(schema), settings)
        self.module = settings.text("module")
        self.root_package = settings.text("package") or package_of_module(self.module)

    # Names ------------------------------------------------------------------------------------

    def definition_identifier(self, name: str) -> str:
        """Return the name as it is if it begins with a capital."""
        return name if "A" <= name[:1] <= "Z" else exported(name)

    def field_identifier(self, wire: str) -> str:
        """`user_id` -> `UserID`."""
        return exported(wire)

    def value_identifier(self, enum: str, wire: str) -> str:
        """`main` of `SessionType` -> `SessionTypeMain`."""
        name = exported(wire)
        return enum + name if name else ""

    def claim_more(self, definition: Definition, scope: Scope) -> None:
        """Claim the constants of enums, the decoding functions and the members of unions."""
        name = self.definition_names[definition.id]
        what = f'the function that reads "{definition.name}"'
        scope.claim(f"Decode{name}", what, definition.position)
        match definition:
            case Enum(values=values):
                # Two values of one name are told already; here each name counts once.
                by_name = {self.value_names[definition.id, v.wire]: v for v in reversed(values)}
                for value_name, value in by_name.items():
                    what = f'the value "{visible(str(value.wire))}" of "{definition.name}"'
                    scope.claim(value_name, what, value.position)
            case Union():
                self._claim_members(definition)
            case _:
                pass

    def _claim_members(self, union: Union) -> None:
        """Allot the names of a union's fields, one for each member."""
        scope = Scope(self.language)
        plain = [self._member_name(member) for member in union.members]
        places = union.member_positions or (union.position,) * len(plain)
        for index, (member, position) in enumerate(zip(union.members, places, strict=True)):
            name = plain[index]
            if plain.count(name) > 1 and isinstance(member, Ref):
                name = self._package_words(member) + name
            what = f"member {index + 1}"
            if not name or not is_exported(name):
                self._problems.append(self._nameless(what, position))
            scope.claim(f"{name}_" if name in _METHODS else name, what, position)
        self.member_names[union.id] = tuple(map(Code, scope.taken))
        self.name_faults += scope.faults

    def _nameless(self, what: str, position: Position) -> Problem:
        return Problem(
            position,
            "MS042",
            f"{what} gives no name in {self.name}",
            help="make the literal a value of an enum, where it can get a name",
        )

    def _member_name(self, type_: Type) -> str:
        match type_:
            case Scalar(name=name):
                return SCALARS[name][1]
            case Constant(value=bool() as value):
                return str(value)
            case Constant(value=value):
                return exported(letter_first(value) if isinstance(value, str) else f"n{value}")
            case ListOf(item=item):
                return f"{self._member_name(item)}List"
            case MapOf(value=value):
                return f"{self._member_name(value)}Map"
            case Nullable(inner=inner):
                return f"{self._member_name(inner)}OrNull"
            case Ref(id=id_):
                # A definition that the config leaves out is a problem that is told elsewhere.
                return self.definition_names.get(id_) or exported(id_.rpartition(".")[2])
            case _:
                raise AssertionError(type_)

    def _package_words(self, ref: Ref) -> str:
        package, _, _ = ref.id.rpartition(".")
        return exported(package) or "Root"

    # Problems ---------------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem]:
        """Yield clashes of names, and packages that Go would not build or that we need."""
        yield from super().problems()
        yield from self._unfit_names()
        yield from self._import_cycles()
        if self.root_package in UNFIT_PACKAGES:
            yield Problem(
                self.settings.where("package"),
                "MS059",
                f'"{self.root_package}" has a meaning in Go, so no package can be called that',
                help="choose another name for the package of the root",
            )
        if _SUPPORT in self.schema.packages:
            yield Problem(
                self.schema.packages[_SUPPORT][0].position,
                "MS057",
                f'the package "{_SUPPORT}" is where the generated Go keeps what it shares',
                help=f"move the spec into another folder than {_SUPPORT}/, or one inside it",
            )

    def _unfit_names(self) -> Iterator[Problem]:
        """Yield given names that Go does not export, or not take at all."""
        for definition in self.schema.definitions:
            items: tuple[Definition | Field | EnumValue, ...] = (definition,)
            match definition:
                case Model(fields=fields):
                    items += fields
                case Enum(values=values):
                    items += values
                case _:
                    pass
            for item in items:
                given = self.given_name(item.names) if item.names else None
                if given and self.identifier.fullmatch(given) and not is_exported(given):
                    yield Problem(
                        item.position,
                        "MS058",
                        f'"{visible(given)}" is not a name that Go exports',
                        help="begin it with a capital letter, and use letters, digits and _ alone",
                    )

    def _import_cycles(self) -> Iterator[Problem]:
        """Yield a problem for each set of packages that would import each other."""
        edges: dict[str, dict[str, Position]] = {}
        for definition in self.schema.definitions:
            for ref in refs_of(definition):
                other = self.schema.by_id.get(ref.id)
                if other is not None and other.package != definition.package:
                    uses = edges.setdefault(definition.package, {})
                    uses.setdefault(other.package, ref.position)
        told: set[frozenset[str]] = set()
        for package, uses in edges.items():
            for used in uses:
                path = _shortest_path(edges, used, package)
                if path is None or frozenset(path) in told:
                    continue
                told.add(frozenset(path))
                related = tuple(
                    (edges[a][b], f"{_package_text(a)} uses {_package_text(b)} here")
                    for a, b in itertools.pairwise(path)
                )
                yield Problem(
                    uses[used],
                    "MS056",
                    f"{_package_text(package)} uses {_package_text(used)}, which uses it in turn:"
                    " Go refuses packages that import each other",
                    help="move the definitions that both need into a package of their own,"
                    " or all of them into one",
                    related=related,
                )

    # Packages ---------------------------------------------------------------------------------

    def folder(self, package: str) -> str:
        """Return the folder of a package below the output folder."""
        return "/".join(folder_part(part) for part in package.split(".")) if package else ""

    def package_name(self, package: str) -> str:
        """Return what a package is called in Go."""
        return folder_part(package.rpartition(".")[2]) if package else self.root_package

    def import_path(self, package: str) -> str:
        """Return the import path of a package."""
        return f"{self.module}/{self.folder(package)}".rstrip("/")

    def aliases(self, definition: Definition) -> Mapping[str, Code]:
        """Return the name, in the file of `definition`, of each other package that it uses."""
        used = {self.schema[ref].package for ref in refs_of(definition)} - {definition.package}
        taken = {*UNFIT_PACKAGES, *_LOCALS, _SUPPORT, "time"}
        out: dict[str, Code] = {}
        for package in sorted(used):
            parts = self.folder(package).split("/") if package else [self.root_package]
            names = ["".join(parts[-count:]) for count in range(1, len(parts) + 1)]
            name = next((name for name in names if name not in taken), f"{names[-1]}_")
            while name in taken:
                name += "_"
            taken.add(name)
            out[package] = Code(name)
        return out

    def _spelled(self, ref: Ref, package: str, aliases: Mapping[str, Code]) -> Code:
        """Return the name of a definition, with its package where that is another one."""
        definition = self.schema[ref]
        name = Code(self.definition_names[definition.id])
        if definition.package == package:
            return name
        return code("{}.{}", aliases[definition.package], name)

    def _imports(
        self, definition: Definition, aliases: Mapping[str, Code]
    ) -> tuple[list[Code], list[Code]]:
        """Return the import lines of a file: of the standard library, and of the own module."""
        scalars = (t for type_ in types_of(definition) for t in walk(type_))
        times = any(t in TIMES for t in scalars)
        own = {f"{self.module}/{_SUPPORT}": literal(f"{self.module}/{_SUPPORT}")}
        for package, alias in aliases.items():
            path = self.import_path(package)
            bare = path.rpartition("/")[2] == alias == self.package_name(package)
            own[path] = literal(path) if bare else code("{} {}", alias, literal(path))
        return [literal("time")] if times else [], [own[path] for path in sorted(own)]

    # Files ------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        """Yield a file per definition, a `doc.go` per package and the package `wire`."""
        if self.settings.options["gomod"]:
            yield File("go.mod", "go.mod", {"module": Code(self.module)})
        for name in _SUPPORT_FILES:
            yield File(f"{_SUPPORT}/{name}", f"{_SUPPORT}/{name}", {})
        for package, definitions in self.schema.packages.items():
            folder = self.folder(package)
            prefix = f"{folder}/" if folder else ""
            yield File(f"{prefix}doc.go", "doc.go", self._package_view(package), definitions)
            for definition in definitions:
                stem = file_stem(self.definition_names[definition.id])
                yield self._file(f"{prefix}{stem}.go", definition)

    def _package_view(self, package: str) -> Mapping[str, object]:
        return {
            "package": Code(self.package_name(package)),
            "where": Code(package or "the root package"),
        }

    def _file(self, path: str, definition: Definition) -> File:
        of = (definition,)
        aliases = self.aliases(definition)
        standard, own = self._imports(definition, aliases)
        speller = Speller(lambda ref: self._spelled(ref, definition.package, aliases))
        name = self.definition_names[definition.id]
        view: dict[str, object] = {
            "spec": Code(visible(definition.spec)),
            "package": Code(self.package_name(definition.package)),
            "standard_imports": standard,
            "own_imports": own,
            "file_ignore": self._file_ignore(definition),
            "name": Code(name),
            "article": Code("an" if name[0] in "AEIOU" else "a"),
            "doc": self._doc(definition),
        }
        match definition:
            case Model():
                return File(path, "model.go", view | self._model(definition, speller), of)
            case Enum():
                return File(path, "enum.go", view | self._enum(definition), of)
            case Union():
                return File(path, "union.go", view | self._union(definition, speller), of)

    def _file_ignore(self, definition: Definition) -> Code | None:
        """Return a word to staticcheck where a file uses what its spec deprecates elsewhere."""
        for ref in refs_of(definition):
            other = self.schema[ref]
            if other.deprecated is not None and other.package != definition.package:
                return Code("//lint:file-ignore SA1019 deprecated definitions use each other")
        return None

    # Documentation ----------------------------------------------------------------------------

    def _doc(self, definition: Definition) -> tuple[Code, ...]:
        name = self.definition_names[definition.id]
        text = definition.description.strip()
        if not text:
            text = f"{name} {self._what(definition)}"
        elif not text.startswith(f"{name} "):
            text = f"{name}: {text}"
        more = []
        if isinstance(definition, Union) and definition.description:
            more.append("Exactly one of its fields is set.")
        if isinstance(definition, Enum) and definition.open:
            more.append("It may hold other values than those below.")
        if definition.inferred:
            more.append("It was inferred from examples.")
        return comment(_with_notes(text, more, definition.deprecated))

    def _what(self, definition: Definition) -> str:
        match definition:
            case Model():
                return "is a JSON object."
            case Enum(type=type_):
                return f"is one of a set of {'strings' if type_ == 'string' else 'integers'}."
            case Union():
                return "is one of several types: exactly one of its fields is set."

    # Models -----------------------------------------------------------------------------------

    def _model(self, model: Model, speller: Speller) -> dict[str, object]:
        fields = [
            self._field(index, field, self._variable(model, field), speller)
            for index, field in enumerate(model.fields)
        ]
        breaks = [bool(field.doc) for field in fields]
        declarations = _aligned([field.cells for field in fields], breaks)
        return {"fields": list(zip(fields, declarations, strict=True))}

    def _variable(self, model: Model, field: Field) -> Variable:
        name = Code(self.field_names[model.id, field.wire])
        return Variable(name, field.type, field.required)

    def _field(self, index: int, field: Field, variable: Variable, speller: Speller) -> _FieldView:
        has_default = field.has_default and not field.required
        return _FieldView(
            index=Code(str(index)),
            wire=literal(field.wire),
            key=key_literal(field.wire),
            doc=self._field_doc(field),
            cells=(
                Code(variable.value.removeprefix("v.")),
                speller.type(variable.stored),
                struct_tag(field, variable.stored),
            ),
            required=field.required,
            read=indented(speller.read(variable), 3),
            write=indented(speller.write(variable), 1 if field.required else 2),
            variable=variable,
            default=raw_literal(json_text(self._default(field))) if has_default else None,
            set_default=indented(self._set_default(field, variable, speller), 2)
            if has_default
            else None,
        )

    def _default(self, field: Field) -> wire.Json:
        """Return what is written for an absent field."""
        return wire.read(self.schema, field.type, wire.to_json(field.default))

    def _set_default(self, field: Field, variable: Variable, speller: Speller) -> Code:
        """Return the statement that gives an absent field its default."""
        default = self._default(field)
        if _is_plain(self.schema, field.type):
            assert isinstance(default, (str, int, float))
            type_ = speller.type(field.type)
            return code("{} = wire.Ptr[{}]({})", variable.value, type_, plain_literal(default))
        read = speller.function(READ, variable.stored)
        text = raw_literal(json_text(default))
        return code("wire.ReadDefault(&{}, {}, {})", variable.value, read, text)

    def _field_doc(self, field: Field) -> tuple[Code, ...]:
        more = []
        if isinstance(field.bare_type, Constant):
            more.append(f"It is always {json.dumps(field.bare_type.value, ensure_ascii=False)}.")
        if field.has_default and not field.required:
            text = json.dumps(wire.to_json(field.default), ensure_ascii=False)
            if len(text) <= MAX_LINE:
                more.append(f"Default: {text}.")
        if not fits_a_tag(field.wire):
            more.append(f"Its key, which a tag cannot hold, is {literal(field.wire)}.")
        if not field.description and not more and field.deprecated is None:
            return ()
        return comment(_with_notes(field.description, more, field.deprecated))

    # Enums ------------------------------------------------------------------------------------

    def _enum(self, enum: Enum) -> dict[str, object]:
        name = Code(self.definition_names[enum.id])
        names = [Code(self.value_names[enum.id, value.wire]) for value in enum.values]
        docs = [self._value_doc(value) for value in enum.values]
        rows = [
            (value_name, name, code("= {}", constant_literal(value.wire)))
            for value_name, value in zip(names, enum.values, strict=True)
        ]
        declarations = _aligned(rows, map(bool, docs))
        scalar = "string" if enum.type == "string" else "int64"
        return {
            "type": SCALARS[scalar][0],
            "scalar": SCALARS[scalar][1],
            "open": enum.open,
            "values": [_ValueView(*pair) for pair in zip(docs, declarations, strict=True)],
            "cases": join(",\n\t\t", names),
            "refusal": literal(f"expected a value of {enum.name}"),
        }

    def _value_doc(self, value: EnumValue) -> tuple[Code, ...]:
        if not value.description and value.deprecated is None:
            return ()
        return comment(_with_notes(value.description, [], value.deprecated))

    # Unions -----------------------------------------------------------------------------------

    def _union(self, union: Union, speller: Speller) -> dict[str, object]:
        variables = [
            Variable(name, member)
            for name, member in zip(self.member_names[union.id], union.members, strict=True)
        ]
        rows = [
            (name, _member_type(variable, speller))
            for name, variable in zip(self.member_names[union.id], variables, strict=True)
        ]
        members = [
            self._member(union, variable, declaration, speller)
            for variable, declaration in zip(
                variables, _aligned(rows, [False] * len(rows)), strict=True
            )
        ]
        reads = [_member_read(variable, speller) for variable in variables]
        tagged = union.discriminator is not None
        return {
            "id": literal(union.id),
            "display_name": literal(union.name),
            "is_set": join(", ", [member.is_set for member in members]),
            "members": members,
            "tag": literal(union.discriminator) if union.discriminator is not None else None,
            "cases": self._tagged(union, reads)
            if tagged
            else self._branches(union, reads, speller),
            "refusal": literal(
                f"expected a {union.discriminator} of {union.name}"
                if tagged
                else f"expected a value of {union.name}"
            ),
        }

    def _member(
        self, union: Union, variable: Variable, declaration: Code, speller: Speller
    ) -> _MemberView:
        if isinstance(variable.type, Constant):
            write = code("w.Raw({})", raw_literal(json_text(variable.type.value)))
            return _MemberView(declaration, variable.value, write)
        add_tag, check_tag = self._tag_on_writing(union, variable)
        write = indented(speller.write(variable), 2)
        return _MemberView(declaration, variable.is_present, write, add_tag, check_tag)

    def _tag_on_writing(self, union: Union, variable: Variable) -> tuple[Code | None, Code | None]:
        """Return the tag that a member has no field for, or the check of one that may be wrong."""
        if union.discriminator is None:
            return None, None
        assert isinstance(variable.type, Ref)
        model = self.schema[variable.type]
        assert isinstance(model, Model)
        key = f"{json_text(union.discriminator)}:"
        tags = [text for text, id_ in union.mapping if id_ == model.id]
        field = next((f for f in model.fields if f.wire == union.discriminator), None)
        if field is None:
            return raw_literal(key + json_text(tags[0])), None
        if not self._is_text(field.type):
            return None, None
        name = Code(self.field_names[model.id, field.wire])
        texts = join(", ", [literal(tag) for tag in tags])
        tag = code("{}.{}", variable.value, name)
        return None, code("w.CheckTag({}, string({}), {})", raw_literal(key), tag, texts)

    def _is_text(self, type_: Type) -> bool:
        """Whether a Go string holds a value of `type_`, and holds others as well."""
        is_enum = isinstance(type_, Ref) and isinstance(self.schema[type_], Enum)
        return is_enum or type_ == Scalar("string")

    def _tagged(self, union: Union, reads: Sequence[Code]) -> list[_CaseView]:
        """Return how the tag chooses a member."""
        tags: dict[str, list[Code]] = {}
        for text, id_ in union.mapping:
            tags.setdefault(id_, []).append(literal(text))
        return [
            _CaseView(join(", ", tags[member.id]), indented(read, 2))
            for member, read in zip(union.members, reads, strict=True)
            if isinstance(member, Ref)
        ]

    def _branches(self, union: Union, reads: Sequence[Code], speller: Speller) -> list[_CaseView]:
        """Return how the kind of a JSON value chooses a member, or several to try."""
        kinds: dict[tuple[int, ...], list[Code]] = {}
        for branch in branches(self.schema, union):
            kinds.setdefault(branch.members, []).append(_KINDS[branch.kind])
        name = Code(self.definition_names[union.id])
        out = []
        for members, names in kinds.items():
            when = join(", ", names)
            if len(members) == 1:
                out.append(_CaseView(when, indented(reads[members[0]], 2)))
            else:
                functions = (speller.wrapped(READ, name, reads[index]) for index in members)
                out.append(_CaseView(when, None, tuple(indented(f, 3) for f in functions)))
        return out


def _member_type(variable: Variable, speller: Speller) -> Code:
    """Return the type of a union's field. A constant has nothing to keep but its being there."""
    if isinstance(variable.type, Constant):
        return Code("bool")
    return speller.type(variable.stored)


def _member_read(variable: Variable, speller: Speller) -> Code:
    if isinstance(variable.type, Constant):
        read = speller.function(READ, variable.type)
        return code("wire.ReadFlag(&{}, r, {})", variable.value, read)
    return speller.read(variable)


def _is_plain(schema: Schema, type_: Type) -> bool:
    """Whether a Go literal says a value of `type_`."""
    match type_:
        case Scalar(name=name):
            return name in ("string", "bool", "int32", "int64", "float32", "float64")
        case Constant():
            return True
        case Ref():
            return isinstance(schema[type_], Enum)
        case _:
            return False


def _with_notes(text: str, notes: Iterable[str], deprecated: str | None) -> str:
    """Return a description with paragraphs behind it."""
    paragraphs = [text, *notes]
    if deprecated is not None:
        paragraphs.append(f"Deprecated: {deprecated or 'do not use it.'}")
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _package_text(package: str) -> str:
    return f'the package "{package}"' if package else "the root package"


def _shortest_path(
    edges: Mapping[str, Mapping[str, Position]], start: str, goal: str
) -> list[str] | None:
    """Return the packages on the shortest way from `start` to `goal`, or None."""
    paths = {start: [start]}
    waiting = [start]
    for package in waiting:
        if package == goal:
            return paths[package]
        for used in edges.get(package, ()):
            if used not in paths:
                paths[used] = [*paths[package], used]
                waiting.append(used)
    return None


TARGET = GoTarget
