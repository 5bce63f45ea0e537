"""TypeScript: an ES module per definition, with its type and the functions that read and write it.

Below the output folder, `_wire.ts` holds what all modules share, and an `index.ts` in each folder
exports what users of the models need.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from modelsync.errors import Position, Problem, visible
from modelsync.naming import Scope, camel, module_stem, pascal
from modelsync.paths import DEVICES
from modelsync.schema.ir import (
    Definition,
    Enum,
    Model,
    Schema,
    Union,
)
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.meaning import SAFE_INTEGER, Holds
from modelsync.targets.base import Code, File, NewProject, Option, Settings, Target, one_line
from modelsync.targets.package_tree import child_packages
from modelsync.targets.typescript.layout import formatted
from modelsync.targets.typescript.names import (
    IDENTIFIERS,
    INHERITED,
    Names,
    exported,
    folder,
    tagged_models,
)
from modelsync.targets.typescript.text import literal, property_key
from modelsync.targets.typescript.views import view_of
from modelsync.targets.values import integers_of

_KEYWORDS: Final = frozenset(
    """
    any arguments as async await bigint boolean break case catch class const continue debugger
    declare default delete do else enum eval export extends false finally for function if
    implements import in instanceof interface let never new null number object package private
    protected public return static string super switch symbol this throw true try type typeof
    undefined unknown var void while with yield
    """.split()
)
_USED: Final = frozenset({"Date", "DecodeError", "EncodeError", "Uint8Array", "wire"})
"""The names that modules use, or that an index exports, as something else than a definition."""

_RESERVED_FILES: Final = DEVICES | {"index"}
"""Names of modules that would mean another thing: to this target, or to Windows."""

_PUBLIC: Final = ("decode", "encode", "parse", "stringify")
"""The functions that every definition has for users, by what goes before its name."""


class TypeScriptTarget(Target):
    """TypeScript 5.5 and later: types, and functions from and to JSON."""

    name = "typescript"
    options = (
        Option(
            "extension",
            "How imports end: `ts` for Node and bundlers, which run the files as they are (`tsc`"
            " needs `allowImportingTsExtensions`, or `rewriteRelativeImportExtensions` to emit"
            " JavaScript), or `js` for any `tsc` that emits JavaScript.",
            default="ts",
            choices=("ts", "js"),
        ),
        Option(
            "int64",
            "The type of an int64: `number`, with an error for what it cannot hold exactly, or"
            " `bigint`.",
            default="number",
            choices=("number", "bigint"),
        ),
        Option(
            "package",
            "Whether to write a package.json and a tsconfig.json, which make the output folder an"
            " ES module and a project of its own: `tsc --project` checks it.",
            kind="flag",
            default=False,
        ),
    )
    filters: ClassVar = {"literal": literal, "property_key": property_key, "comment": one_line}
    identifiers = IDENTIFIERS
    reserved_definitions = _KEYWORDS | _USED
    reserved_fields = INHERITED
    reserved_values = frozenset({"__proto__"})

    def __init__(self, schema: Schema, settings: Settings) -> None:
        super().__init__(lift_unions(schema), settings)
        self.names = Names(self)
        self._packages = child_packages(self.schema)

    @classmethod
    def initial_config(cls, project: NewProject) -> str:
        return (
            "typescript:\n"
            "  out: generated/typescript\n"
            "  # package: true # also writes package.json and tsconfig.json\n"
            '  # extension: js # if tsc emits JavaScript, for example with "module": "nodenext"\n'
        )

    @property
    def holds(self) -> Holds:
        exact = range(-SAFE_INTEGER, SAFE_INTEGER + 1)
        return Holds() if self.settings.text("int64") == "bigint" else Holds(exact)

    def definition_identifier(self, name: str) -> str:
        return name if name[:1].isupper() else pascal(name)

    def field_identifier(self, wire: str) -> str:
        return camel(wire)

    def value_identifier(self, enum: str, wire: str) -> str:
        return pascal(wire)

    def claim_more(self, definition: Definition, scope: Scope) -> None:
        name = self.definition_names[definition.id]
        if scope.owner(name) != definition.position:
            return  # two types of one name are a problem already
        codecs = ("check",) if isinstance(definition, Enum) else ("read", "write")
        for verb in (*_PUBLIC, *codecs):
            what = f"the function `{verb}` of `{definition.name}`"
            scope.claim(f"{verb}{name}", what, definition.position)

    def file_stem(self, name: str) -> str:
        stem = module_stem(name)
        return f"{stem}_" if stem in _RESERVED_FILES else stem

    # Problems ------------------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for definition in self.schema.definitions:
            yield from self._same_as_package(definition)
            yield from self._inexact_integers(definition)
            if isinstance(definition, Union) and definition.discriminator is not None:
                yield from self._unlike_tags(definition)

    def _same_as_package(self, definition: Definition) -> Iterator[Problem]:
        """Find a definition whose index exports a package under its name."""
        name = self.definition_names[definition.id]
        for part in self._packages[definition.package]:
            if name != exported(part):
                continue
            yield Problem(
                definition.position,
                "MS055",
                f"`{definition.name}` and the package `{part}` next to it would both be exported"
                f" as `{name}`",
                help=f"give it a name of its own: `names: {{{self.name}: ...}}`",
            )

    def _inexact_integers(self, definition: Definition) -> Iterator[Problem]:
        """Find the integers of a spec that a number cannot hold."""
        if self.names.integer == "bigint":
            return
        for position, value in integers_of(self.schema, definition):
            if abs(value) > SAFE_INTEGER:
                yield Problem(
                    position,
                    "MS053",
                    f"a number of TypeScript cannot hold {value} exactly",
                    help="set the option `int64: bigint` of the target",
                )

    def _unlike_tags(self, union: Union) -> Iterator[Problem]:
        """Find the members that have no property of their own, or another one, for the tag."""
        tag = self.names.tag(union)
        for model in tagged_models(self.schema, union):
            own = union.tag_field(model)
            for field in model.fields:
                is_called_so = self.field_names[model.id, field.json_key] == tag
                if is_called_so != (field is own):
                    yield Problem(
                        field.position,
                        "MS054",
                        f"`{tag}` has to be `{visible(union.discriminator or '')}` in every member"
                        f" of `{union.name}`",
                        help=f"give the field another name: `names: {{{self.name}: ...}}`",
                        related=((union.position, "the union"),),
                    )

    # Files ---------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        for definition in self.schema.definitions:
            yield File(
                _in_folder(definition.package, f"{self.names.files[definition.id]}.ts"),
                _template(definition),
                view_of(self.names, definition),
                (definition,),
            )
        integer = self.names.integer
        support = {"integer": Code(integer), "bigint": integer == "bigint"}
        yield File("_wire.ts", "wire.ts", support)
        if self.settings.options["package"]:
            for name in ("package.json", "tsconfig.json"):
                yield File(name, name, {})
        for package in self._packages:
            yield File(_in_folder(package, "index.ts"), "index.ts", self._index(package))

    def _index(self, package: str) -> Mapping[str, object]:
        """Return what the template of the index of a package sees."""
        children = {part: f"{package}.{part}".strip(".") for part in self._packages[package]}
        return {
            "exports": [
                ExportView(
                    definition.position,
                    Code(self.definition_names[definition.id]),
                    isinstance(definition, Enum),
                    self.names.module(package, package, self.names.files[definition.id]),
                )
                for definition in self.schema.packages.get(package, ())
            ],
            "packages": [
                PackageView(Code(exported(part)), self.names.module(package, child, "index"))
                for part, child in children.items()
            ],
            "wire": self.names.module(package, "", "_wire") if not package else None,
        }

    def formatted(self, text: str) -> str:
        return formatted(text)


@dataclass(frozen=True, slots=True)
class ExportView:
    """A definition that an index exports, with its functions."""

    position: Position
    name: Code
    is_value: bool
    """Whether its name is that of a value, too."""
    module: Code


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package that an index exports as a namespace."""

    name: Code
    module: Code


def _in_folder(package: str, file: str) -> str:
    return posixpath.join(folder(package), file)


def _template(definition: Definition) -> str:
    match definition:
        case Model():
            return "model.ts"
        case Enum():
            return "enum.ts"
        case Union(discriminator=None):
            return "union.ts"
        case Union():
            return "tagged_union.ts"


TARGET = TypeScriptTarget
