"""TypeScript: an ES module per definition, with its type and the functions that read and write it.

Below the output folder, `_wire.ts` has the code that all modules share, and an `index.ts` in each
folder exports what users of the models need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from modelsync.errors import Position, Problem, visible
from modelsync.naming import Scope, camel, module_stem, pascal, respelled
from modelsync.schema.formats import grammars_of
from modelsync.schema.ir import Definition, Enum, Model, Ref, Schema, Union
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.scalars import SAFE_INTEGER, Holds
from modelsync.schema.tagged import forms_of_tags, tagged_models
from modelsync.targets.additional import policies_of
from modelsync.targets.base import (
    STRUCTURED,
    VARIANTS,
    Code,
    File,
    NewProject,
    Option,
    Settings,
    Suggestion,
    Target,
    one_line,
)
from modelsync.targets.package_tree import child_packages
from modelsync.targets.showcase import Shown, declared, top_level
from modelsync.targets.typescript import layout, names
from modelsync.targets.typescript.forms import definitions_with_forms
from modelsync.targets.typescript.limits import unheld
from modelsync.targets.typescript.module import Module, has_one_codec
from modelsync.targets.typescript.new_project import suggestion
from modelsync.targets.typescript.text import literal, property_key
from modelsync.targets.typescript.unions import UNKNOWN, kept_properties, tag_of
from modelsync.targets.typescript.views import template_and_view
from modelsync.targets.values import integers_of

_SHARED_TYPES: Final = ("Json", "JsonObject", "Result", "Schema")
_SHARED: Final = ("allErrors", "attempt", "DecodeError", "EncodeError")
"""What an index exports of the support module."""
_SHARED_BIGINT: Final = ("parseJson", "stringifyJson")
"""What it also exports where JSON.parse and JSON.stringify do not read and write all integers."""


class TypeScriptTarget(Target):
    """TypeScript 5.5 and later: types, and functions from and to JSON."""

    name = "typescript"
    title = "TypeScript"
    also_called = ("ts", "js", "javascript")
    options = (
        Option(
            "extension",
            "How imports end: in `ts` for Node and bundlers, which run the files unchanged (`tsc`"
            " needs `allowImportingTsExtensions`, or `rewriteRelativeImportExtensions` to emit"
            " JavaScript), in `js` for `tsc` that emits ES modules without these options, or in"
            " nothing (`none`) for CommonJS, Jest and bundlers.",
            default="ts",
            choices=("ts", "js", "none"),
        ),
        Option(
            "int64",
            "The type of int64 and uint64: `number`, for integers of up to 53 bits, or `bigint` for"
            " all.",
            default="number",
            choices=("number", "bigint"),
        ),
        Option(
            "package",
            "Whether the output folder is an npm package of ES modules, with a package.json and a"
            " tsconfig.json.",
            "flag",
            default=False,
        ),
        Option(
            "name",
            "With `package: true`, the name under which the package is imported.",
            default="models",
            pattern=re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*"),
            hint="the name of an npm package, such as @acme/models",
        ),
        VARIANTS,
        STRUCTURED,
    )
    filters: ClassVar = {"literal": literal, "property_key": property_key, "comment": one_line}
    identifiers = names.IDENTIFIERS
    reserved_definitions = names.RESERVED_DEFINITIONS
    reserved_fields = names.INHERITED
    reserved_values = frozenset({"__proto__"})
    additional_name = "additionalProperties"

    def __init__(self, schema: Schema, settings: Settings) -> None:
        schema = lift_unions(schema)
        self.with_forms = definitions_with_forms(schema)
        """The ids of the definitions that have a type to encode, and one of their JSON."""
        super().__init__(schema, settings)
        self._packages = child_packages(self.schema)

    @classmethod
    def initial_config(cls, project: NewProject) -> Suggestion:
        return suggestion(project)

    @property
    def holds(self) -> Holds:
        exact = range(-SAFE_INTEGER, SAFE_INTEGER + 1)
        return Holds() if self.settings.text("int64") == "bigint" else Holds(exact)

    def definition_identifier(self, name: str) -> str:
        if name[:1].isupper():
            return respelled(name, self.spelled)
        return pascal(name, spelled=self.spelled)

    def field_identifier(self, wire: str) -> str:
        return camel(wire, self.spelled)

    def value_identifier(self, enum: str, wire: str) -> str:
        return pascal(wire, spelled=self.spelled)

    def claim_more(self, definition: Definition, scope: Scope) -> None:
        name = self.definition_names[definition.id]
        if scope.owner(name) != definition.position:
            return  # another definition has the name, which is already reported
        added = {f"{name}Schema": "the Standard Schema"}
        if isinstance(definition, Union) and definition.open:
            added[f"Unknown{name}"] = "the type of the unknown members"
        if definition.id in self.with_forms:
            added[f"{name}Input"] = "the type of the values to encode"
            added[f"{name}Json"] = "the type of the JSON"
            added[f"create{name}"] = "the function `create`"
        is_one = has_one_codec(self.schema, Ref(definition.id))
        codecs = ("check",) if is_one else ("read", "write")
        for verb in ("decode", "encode", "parse", "stringify", *codecs):
            added[f"{verb}{name}"] = f"the function `{verb}`"
        for each, what in added.items():
            scope.claim(each, f"{what} of `{definition.name}`", definition.position)

    def file_stem(self, name: str) -> str:
        stem = module_stem(name)
        return f"{stem}_" if stem in names.RESERVED_FILES else stem

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for definition in self.schema.definitions:
            yield from self._exported_twice(definition)
            if self.schema.constraints:
                yield from unheld(self, definition)
            for position, value in integers_of(self.schema, definition):
                if value not in self.holds.integers:
                    yield Problem(
                        position,
                        "MS053",
                        f"a `number` in TypeScript cannot hold {value} exactly",
                        help="set the option `int64: bigint` of the target",
                    )
            if isinstance(definition, Union) and definition.discriminator is not None:
                yield from self._different_tags(definition)

    def _exported_twice(self, definition: Definition) -> Iterator[Problem]:
        """Yield a problem for each package that is exported under the name of a definition."""
        name = self.definition_names[definition.id]
        for part in self._packages[definition.package]:
            if name == names.exported(part):
                yield Problem(
                    definition.position,
                    "MS055",
                    f"`{definition.name}` and the package `{part}` next to it are both exported as"
                    f" `{name}`",
                    help=f"give the definition another name: `names: {{{self.name}: ...}}`",
                )

    def _different_tags(self, union: Union) -> Iterator[Problem]:
        """Yield a problem for each field that should have the name of the tag, or should not."""
        tag, key = tag_of(self, union), union.discriminator or ""
        if union.open and tag == UNKNOWN:
            yield self._taken(union, union.position)
        for model in map(self.schema.model, tagged_models(self.schema, union)):
            for field in model.fields:
                if union.open and self.field_names[model.id, field.json_key] == UNKNOWN:
                    yield self._taken(union, field.position)
                has_name = self.field_names[model.id, field.json_key] == tag
                if has_name != (field.json_key == key):
                    yield Problem(
                        field.position,
                        "MS054",
                        f"`{tag}` must be the discriminator `{visible(key)}` in every member of"
                        f" `{union.name}`",
                        help=f"give the field another name: `names: {{{self.name}: ...}}`",
                        related=((union.position, "the union"),),
                    )

    def _taken(self, union: Union, position: Position) -> Problem:
        """Return the problem of a property with the name of the one of unknown members."""
        return Problem(
            position,
            "MS088",
            f"the property `{UNKNOWN}` of `{union.name}` is reserved for the members that code"
            " does not know",
            help=f"give the field another name: `names: {{{self.name}: ...}}`",
            related=() if position == union.position else ((union.position, "the open union"),),
        )

    def showcase(self, definition: Definition, text: str) -> Shown:
        name = self.definition_names[definition.id]
        blocks = top_level(text, r"[\s})\]]")
        declaration = declared(blocks, rf"export (?:interface|type|const) {re.escape(name)}\b")
        usage = f"const value = parse{name}(text);\nconst text = stringify{name}(value);"
        return Shown(self.settings.name, self.title, self.name, declaration, usage)

    def files(self) -> Iterator[File]:
        properties = kept_properties(self)
        for item in self.schema.definitions:
            template, view = template_and_view(Module(self, item), item, properties.get(item.id))
            path = names.path(item.package, f"{self.file_stems[item.id]}.ts")
            yield File(path, template, view, (item,))
        yield File("_wire.ts", "wire.ts", self._support())
        if self.settings.is_structured:
            view = {"wire": names.specifier(self, "", "", "_wire")}
            yield File("_structured.ts", "structured.ts", view)
        if self.settings.options["package"]:
            yield File("package.json", "package.json", self._package())
            extension = self.settings.text("extension")
            yield File("tsconfig.json", "tsconfig.json", {"extension": extension})
        for package in self._packages:
            yield File(names.path(package, "index.ts"), "index.ts", self._index(package))

    def _package(self) -> dict[str, object]:
        """Return the view of package.json: each index and each module can be imported."""
        exports: dict[str, str] = {}
        for package in self._packages:
            index = f"./{names.path(package, 'index')}"
            exports[index.removesuffix("/index")] = index
        exports["./*"] = "./*"
        return {
            "name": literal(self.settings.text("name")),
            "extension": self.settings.text("extension"),
            "exports": [
                {
                    "path": literal(path),
                    "source": literal(f"{stem}.ts"),
                    "compiled": literal(f"{stem}.js"),
                }
                for path, stem in exports.items()
            ],
        }

    def _support(self) -> dict[str, object]:
        """Return the view of the support module, which has only what the definitions use."""
        integer = self.settings.text("int64")
        return {
            "integer": Code(integer),
            "bigint": integer == "bigint",
            "scalars": self.schema.scalars,
            "grammars": grammars_of(self.schema.scalars),
            "constraints": self.schema.constraints,
            "policies": policies_of(self.schema),
            "tags": forms_of_tags(self.schema),
            "secrets": any(
                field.write_only
                for each in self.schema.definitions
                if isinstance(each, Model)
                for field in each.fields
            ),
        }

    def _index(self, package: str) -> dict[str, object]:
        """Return the view of the index of a package."""
        exports = [
            {
                "position": definition.position,
                "name": Code(self.definition_names[definition.id]),
                "is_value": isinstance(definition, Enum),
                "has_forms": definition.id in self.with_forms,
                "is_open": isinstance(definition, Union) and definition.open,
                "module": names.specifier(self, package, package, self.file_stems[definition.id]),
            }
            for definition in self.schema.packages.get(package, ())
        ]
        packages = [
            {
                "name": Code(names.exported(part)),
                "module": names.specifier(self, package, f"{package}.{part}".strip("."), "index"),
            }
            for part in self._packages[package]
        ]
        return {
            "exports": exports,
            "packages": packages,
            "shared": self._shared(package),
            "wire": names.specifier(self, package, "", "_wire"),
            "structured": names.specifier(self, package, "", "_structured")
            if self.settings.is_structured and not package
            else None,
        }

    def _shared(self, package: str) -> list[Code]:
        """Return what an index exports of the support module, unless the specs use the name."""
        taken = {names.exported(part) for part in self._packages[package]}
        for definition in self.schema.packages.get(package, ()):
            name = self.definition_names[definition.id]
            taken |= {name, f"{name}Json", f"{name}Schema", f"parse{name}", f"stringify{name}"}
        values = _SHARED_BIGINT if self.settings.text("int64") == "bigint" else ()
        shared = (*(f"type {name}" for name in _SHARED_TYPES), *_SHARED, *values)
        return [Code(each) for each in shared if each.removeprefix("type ") not in taken]

    def formatted(self, text: str) -> str:
        return layout.formatted(text)


TARGET = TypeScriptTarget
