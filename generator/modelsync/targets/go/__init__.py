"""Go: structs with their own JSON methods, a package per spec package and a file per definition.

The generated code decodes a document in one pass, with a switch over the keys of each model. All
generated packages share the package `wire` in the output folder: `Optional`, the errors, and the
reader and writer. Its templates are plain Go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, partial
from typing import ClassVar, Final

from modelsync.errors import Position, Problem, visible
from modelsync.naming import Identifiers, Scope
from modelsync.schema import ir
from modelsync.schema.formats import grammars_of
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.scalars import Holds
from modelsync.schema.tagged import forms_of_tags
from modelsync.schema.variants import leading_to
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
    one_line,
)
from modelsync.targets.go import names
from modelsync.targets.go.aliases import has_functions, is_own_type
from modelsync.targets.go.defaults import kinds_of_initial
from modelsync.targets.go.documentation import definition_doc
from modelsync.targets.go.layout import align
from modelsync.targets.go.limits import FILES, PACKAGES, checks_in, limit_views
from modelsync.targets.go.new_project import suggestion, wrong_module
from modelsync.targets.go.text import escaped, literal, raw_literal
from modelsync.targets.go.types import MEMBER_WORDS, Speller, has_time
from modelsync.targets.go.views import Views, formats_values, has_value
from modelsync.targets.imports import ImportCollector
from modelsync.targets.limits import Limits, limits_of
from modelsync.targets.members import MemberNames
from modelsync.targets.naming_rules import signed
from modelsync.targets.packages import JOIN, PackageTarget
from modelsync.targets.showcase import Shown, declared, top_level

_SUPPORT: Final = "wire"
"""The package that all the others use."""

_CODEC: Final = "internal/codec"
"""The package that only generated code uses."""

_SUPPORT_FILES: Final = frozenset("all_errors doc errors optional parts".split())
_CODEC_FILES: Final = frozenset(
    "doc errors numbers object optional read reader shown union write writer".split()
)
_SHARED_FILES: Final = {
    "uint32": "unsigned",
    "uint64": "unsigned",
    "time": "time_of_day",
    "ipv4": "ip",
    "ipv6": "ip",
}
"""The file of the package `codec` for a scalar, if it is not called like the scalar."""


_TAG_FILES: Final = {"db": "sql", "yaml": "yaml"}
"""The file of the package `wire` with the methods of `Optional` that a struct tag needs."""
_POLICIES: Final = {"closed": "closed", "kept": "additional"}
"""The file of the package `codec` for each of :func:`policies_of`."""


_METHODS: Final = frozenset(
    "AppendJSON DecodeAllJSON MarshalJSON ReadJSON UnmarshalJSON WriteJSON".split()
)
"""The methods of every struct."""


class GoTarget(PackageTarget):
    """Go, from the version that a go.mod names."""

    name = "go"
    title = "Go"
    also_called = ("golang",)
    oldest: ClassVar = "1.24"
    options = (
        Option(
            "module",
            "The import path of the output folder, such as example.com/acme/models.",
            pattern=names.IMPORT_PATH,
            hint="an import path, such as example.com/acme/models",
        ),
        Option(
            "package",
            "The package name of the output folder. Default: derived from `module`.",
            default="",
            pattern=re.compile(rf"|{names.PACKAGE.pattern}"),
            hint="a package name: lowercase letters, digits and _",
        ),
        Option(
            "gomod",
            "Whether to write a go.mod, which makes the output folder a module.",
            "flag",
            default=False,
        ),
        Option(
            "tags",
            "More struct tags that have the JSON key, such as `[yaml, db, bson]`.",
            "texts",
            default=(),
            pattern=names.TAG,
            hint="names such as yaml, in lower case; each field has a `json` tag already",
        ),
        JOIN,
        VARIANTS,
        STRUCTURED,
    )
    filters: ClassVar = {"literal": literal, "raw_literal": raw_literal, "comment": one_line}
    identifiers = Identifiers(marks=False)
    additional_name = "AdditionalProperties"

    def __init__(self, schema: ir.Schema, settings: Settings) -> None:
        self.member_names: dict[str, tuple[Code, ...]] = {}
        """The fields of each union, in the order of its members."""
        super().__init__(lift_unions(schema), settings)
        self.module = settings.text("module")
        self.root_package = settings.text("package") or names.package_of_module(self.module)

    @classmethod
    def initial_config(cls, project: NewProject) -> Suggestion:
        return suggestion(project)

    @classmethod
    def surrounded_by(cls, settings: Settings, project: NewProject) -> Iterator[Problem]:
        return wrong_module(settings, project)

    @property
    def holds(self) -> Holds:
        return Holds(fraction=9)

    def formatted(self, text: str) -> str:
        return align(text)

    def definition_identifier(self, name: str) -> str:
        """`OrderId` -> `OrderID`."""
        return names.type_name(name, self.spelled)

    def field_identifier(self, wire: str) -> str:
        """`user_id` -> `UserID`."""
        return names.exported(wire, self.spelled)

    def value_identifier(self, enum: str, wire: str) -> str:
        """`main` of `SessionType` -> `SessionTypeMain`."""
        return names.after(enum, wire, self.spelled)

    def value_source(self, json_value: str | int) -> str:
        """Return the text after the name of the enum, which may start with a digit."""
        return signed(self.naming.source(json_value))

    def file_source(self, definition: ir.Definition) -> str:
        """Return the name in the spec, which has the words of `HttpUrl`, if Go's only adds case."""
        name = self.definition_names[definition.id]
        joined = (names.file_stem(each).replace("_", "") for each in (name, definition.name))
        return definition.name if len(set(joined)) == 1 else name

    def file_stem(self, name: str) -> str:
        return names.file_stem(name)

    def _assign_names_of(self, definition: ir.Definition, scope: Scope) -> bool:
        self._reserved = self._methods(definition)
        return super()._assign_names_of(definition, scope)

    def is_reserved(self, name: str, item: ir.Definition | ir.Field | ir.EnumValue) -> bool:
        return isinstance(item, ir.Field) and name in self._reserved

    def claim_more(self, definition: ir.Definition, scope: Scope) -> None:
        """Claim the constants of enums, the decoding functions and the members of unions."""
        if isinstance(definition, ir.Union):
            members = MemberNames(
                self,
                MEMBER_WORDS,
                partial(names.exported, spelled=self.spelled),
                self._methods(definition),
            ).allot(definition)
            self.member_names[definition.id] = tuple(map(Code, members))
        name = self.definition_names[definition.id]
        if scope.owner(name) != definition.position:
            return  # another definition has the name, which is already reported
        what = f"the function that decodes `{definition.name}`"
        scope.claim(f"Decode{name}", what, definition.position)
        if kinds_of_initial(self.schema, definition):
            what = f"the function that returns a new `{definition.name}`"
            scope.claim(f"New{name}", what, definition.position)
        if has_functions(self.schema, definition):
            for verb in ("Encode", "Read", "Write"):
                what = f"a function of `{definition.name}`"
                scope.claim(f"{verb}{name}", what, definition.position)
        if isinstance(definition, ir.Enum):
            claimed: set[str] = set()
            for value in definition.values:
                name = self.value_names[definition.id, value.json_value]
                if name not in claimed:  # equal names of two values are already reported
                    what = f"the value `{visible(str(value.json_value))}` of `{definition.name}`"
                    scope.claim(name, what, value.position)
                claimed.add(name)

    def problems(self) -> Iterator[Problem]:
        """Yield clashes of names, and packages that Go does not allow or that this target uses."""
        yield from super().problems()
        for definition in self.schema.definitions:
            yield from self._unfit_names(definition)
        if self.root_package in names.UNFIT_PACKAGES:
            yield Problem(
                self.settings.where("package"),
                "MS059",
                f"`{self.root_package}` has a meaning in Go and cannot be the name of a package",
                help="choose another name for the root package",
            )
        if _SUPPORT in self.packages():
            yield Problem(
                self.packages()[_SUPPORT][0].position,
                "MS057",
                f"the package `{_SUPPORT}` is reserved for the code that generated Go shares",
                help=f"move the spec to a folder other than `{_SUPPORT}/`, or to one inside it",
            )

    def _unfit_names(self, definition: ir.Definition) -> Iterator[Problem]:
        """Yield given names that are identifiers but not exported."""
        for item in ir.named_items(definition):
            given = self.given_name(item)
            if given and self.identifiers.takes(given) and not names.is_exported(given):
                yield Problem(
                    item.names_position,
                    "MS058",
                    f"`{visible(given)}` is not an exported name in Go",
                    help="start it with a capital letter, and use only letters, digits and `_`",
                )

    def folder(self, package: str) -> str:
        return "/".join(names.folder_part(part) for part in package.split(".")) if package else ""

    def package_name(self, package: str) -> str:
        """Return the name of a package in Go."""
        return names.folder_part(package.rpartition(".")[2]) if package else self.root_package

    def import_path(self, package: str) -> str:
        return f"{self.module}/{self.folder(package)}".rstrip("/")

    def _imports(
        self, used: Mapping[str, Position], standard: Collection[str]
    ) -> dict[str, dict[str, object]]:
        """Return the view of each import of a file, by package; `used` has their positions.

        `standard` has the packages of the standard library that the file imports.
        """
        file_names = ImportCollector(names.UNFIT_IMPORTS)
        file_names.take(Code(path.rpartition("/")[2]) for path in standard)
        imports: dict[str, dict[str, object]] = {}
        for package in sorted(used):
            parts = self.folder(package).split("/") if package else [self.root_package]
            longer = [Code("".join(parts[-count:])) for count in range(1, len(parts) + 1)]
            free = (name for name in longer if file_names.is_free([name]))
            name = file_names.free(next(free, longer[-1]))
            path = self.import_path(package)
            imports[package] = {
                "position": used[package],
                "path": escaped(path),
                "name": name,
                "is_renamed": not path.rpartition("/")[2] == name == self.package_name(package),
            }
        return imports

    def showcase(self, definition: ir.Definition, text: str) -> Shown:
        name = self.definition_names[definition.id]
        blocks = top_level(text, r"[\s})]")
        declaration = declared(
            blocks, rf"type {re.escape(name)}\b|\t{re.escape(name)}\w* +{name} = "
        )
        package = self.package_name(definition.package)
        usage = f"value, err := {package}.Decode{name}(data)\ndata, err := json.Marshal(value)"
        return Shown(self.settings.name, self.title, self.name, declaration, usage)

    def files(self) -> Iterator[File]:
        """Yield a file per definition, a `doc.go` per package and the package `wire`."""
        if self.settings.options["gomod"]:
            view = {"module": Code(self.module), "oldest": Code(self.oldest)}
            yield File("go.mod", "go.mod", view)
        view = {"wire": escaped(f"{self.module}/{_SUPPORT}")}
        for path in self._support_files():
            yield File(path, path, view)
        for package, definitions in self.packages().items():
            folder = self.folder(package)
            prefix = f"{folder}/" if folder else ""
            of_package: dict[str, object] = {
                "package": Code(self.package_name(package)),
                "spec_package": Code(package),
                "has_models": any(isinstance(each, ir.Model) for each in definitions),
                "wire": escaped(f"{self.module}/{_SUPPORT}"),
            }
            yield File(f"{prefix}doc.go", "doc.go", of_package, definitions)
            for definition in definitions:
                path = f"{prefix}{self.file_stems[definition.id]}.go"
                template = f"{type(definition).__name__.lower()}.go"
                yield File(path, template, self._view(definition), (definition,))

    def _support_files(self) -> list[str]:
        """Return the files of the packages `wire` and `codec` that the schema needs."""
        grammars = grammars_of(self.schema.scalars)
        scalars = grammars | (self.schema.scalars & _SHARED_FILES.keys())
        stems = _CODEC_FILES.union(_SHARED_FILES.get(name, name) for name in scalars)
        stems |= {"texts"} if grammars else set()
        stems |= {_POLICIES[policy] for policy in policies_of(self.schema)}
        stems |= {"tags"} if forms_of_tags(self.schema) else set()
        checks = checks_in(limited for limits in self._limits.values() for limited in limits)
        stems |= {FILES[name] for name in checks if name in FILES}
        if checks or any(isinstance(item, ir.Alias) for item in self.schema.definitions):
            stems |= {"limits"}
        if any(isinstance(item, ir.Alias | ir.Enum) for item in self.schema.definitions):
            stems |= {"plain_text"}
        if self._leading_to_hidden:
            stems |= {"write_only"}
        tags = self.settings.texts("tags")
        if any(isinstance(item, ir.Union) for item in self.schema.definitions):
            stems |= {"yaml"}.intersection(tags)
        support = _SUPPORT_FILES | ({"decimal"} & stems)
        support |= {"structured"} if self.settings.is_structured else set()
        support |= {_TAG_FILES[tag] for tag in tags if tag in _TAG_FILES}
        return [
            *(f"{_CODEC}/{stem}.go" for stem in sorted(stems)),
            *(f"{_SUPPORT}/{stem}.go" for stem in sorted(support)),
        ]

    @cached_property
    def _limits(self) -> Mapping[str, Limits]:
        """The types with constraints of each definition, by its id."""
        limits: dict[str, Limits] = {}
        for definitions in self.packages().values():
            taken: set[str] = set()
            for definition in definitions:
                parts = self._parts(definition) if self.schema.constraints else ()
                limits[definition.id] = limits_of(parts, taken, self.holds)
        return limits

    @cached_property
    def _leading_to_hidden(self) -> frozenset[str]:
        """The ids of the definitions that have a write-only field, or lead to one."""
        return frozenset(leading_to(self.schema, lambda field: field.write_only))

    def _methods(self, definition: ir.Definition) -> frozenset[str]:
        """Return the names of the methods of a struct, which its fields cannot have."""
        more = {"LogValue"} if definition.id in self._leading_to_hidden else set()
        if isinstance(definition, ir.Model) and any(f.write_only for f in definition.fields):
            more |= {"GoString", "String"}
        if isinstance(definition, ir.Union) and has_value(self.schema, definition):
            more.add("Value")
        return _METHODS | more

    @cached_property
    def _unions_with(self) -> Mapping[str, list[str]]:
        """The names of the unions of the same package with a definition as a member, by its id."""
        found: dict[str, list[str]] = {}
        for union in self.schema.definitions:
            for member in union.members if isinstance(union, ir.Union) else ():
                if isinstance(member, ir.Ref) and (
                    self.home(self.schema[member]) == self.home(union)
                ):
                    found.setdefault(member.id, []).append(self.definition_names[union.id])
        return found

    def _parts(self, definition: ir.Definition) -> Iterator[tuple[str, ir.Type, Position]]:
        """Yield the name, the type and the position of each field or member."""
        owner = self.definition_names[definition.id]
        if isinstance(definition, ir.Model):
            for field in definition.fields:
                name = self.field_names[definition.id, field.json_key]
                yield owner + name, field.type, field.position
            if definition.additional_type is not None:
                name, position = self.additional_name, definition.additional_position
                yield owner + name, definition.additional_type, position
        if isinstance(definition, ir.Union):
            for name, type_ in zip(
                self.member_names[definition.id], definition.members, strict=True
            ):
                yield owner + name, type_, definition.places[type_]
        if isinstance(definition, ir.Alias):
            yield owner, definition.type, definition.position

    def _speller(self, imports: Mapping[str, Mapping[str, object]], limits: Limits) -> Speller:
        """Return what spells the types in a file with these imports and limits."""

        def name_in_file(ref: ir.Ref) -> Code:
            name, package = Code(self.definition_names[ref.id]), self.home(self.schema[ref])
            return Code(f"{imports[package]['name']}.{name}") if package in imports else name

        names_of_limits = {type_: limit.name for type_, limit in limits.items()}
        return Speller(self.schema, name_in_file, names_of_limits)

    def _support_imports(self, view: Mapping[str, object]) -> Iterator[dict[str, object]]:
        """Yield the imports of `codec` and `wire`, which all files use but some of aliases."""
        for package, use in ((_CODEC, "uses_codec"), (_SUPPORT, "uses_wire")):
            if view.get(use, True):
                yield {"path": escaped(f"{self.module}/{package}"), "is_renamed": False}

    def _view(self, definition: ir.Definition) -> dict[str, object]:
        limits = self._limits[definition.id]
        standard = {path for name in checks_in(limits) for path in PACKAGES.get(name, ())}
        standard |= {"time"} if any(map(has_time, ir.types_of(definition))) else set()
        has_methods = not isinstance(definition, ir.Alias) or is_own_type(self.schema, definition)
        leads_to_hidden = has_methods and definition.id in self._leading_to_hidden
        standard |= {"log/slog"} if leads_to_hidden else set()
        standard |= {"fmt"} if formats_values(definition) else set()
        imports = self._imports(self.packages_used_by(definition), standard)
        speller = self._speller(imports, limits)
        others = [self.schema[ref] for ref in ir.refs_of(definition)]
        view = Views(self, self.member_names, speller).of(definition)
        return {
            "spec": Code(visible(definition.spec)),
            "spec_name": escaped(definition.name),
            "package": Code(self.package_name(self.home(definition))),
            "standard": sorted(map(Code, standard)),
            "uses_deprecated": any(
                o.deprecated is not None and self.home(o) in imports for o in others
            ),
            "imports": sorted(
                [*self._support_imports(view), *imports.values()],
                key=lambda each: str(each["path"]),
            ),
            "name": Code(self.definition_names[definition.id]),
            "leads_to_hidden": leads_to_hidden,
            "wire": escaped(f"{self.module}/{_SUPPORT}"),
            "doc": definition_doc(
                definition,
                self.definition_names,
                self._unions_with.get(definition.id, ()),
                kinds_of_initial(self.schema, definition),
            ),
            "limits": list(limit_views(self.schema, speller, limits)),
            **view,
        }


TARGET = GoTarget
