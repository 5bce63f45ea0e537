"""Go: structs with their own JSON, a package per spec package and a file per definition.

The generated code reads a document in one pass, with a switch over the keys of each model. What
all of it shares is the package `wire` in the output folder: `Optional`, the errors, and the
reader and writer, from templates that hold plain Go.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import ClassVar, Final

from modelsync.errors import Position, Problem, visible
from modelsync.graphs import circles
from modelsync.naming import Identifiers, Scope
from modelsync.schema.ir import (
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
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.meaning import Holds
from modelsync.targets.base import (
    Code,
    File,
    Option,
    Settings,
    Target,
    code,
    from_lines,
    letter_first,
    member_places,
    one_line,
)
from modelsync.targets.go.names import (
    IMPORT_PATH,
    PACKAGE,
    UNFIT_PACKAGES,
    exported,
    file_stem,
    folder_part,
    is_exported,
    package_of_module,
)
from modelsync.targets.go.text import literal, raw_literal
from modelsync.targets.go.types import SCALARS, TIMES, Speller
from modelsync.targets.go.views import Names, Views, definition_doc

_LOCALS: Final = frozenset({"data", "dst", "err", "object", "r", "start", "tag", "v", "w"})
"""Names inside generated functions, which an import must not have."""

_SPEC_PACKAGE: Final = re.compile(r"(?:[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)?")

_SUPPORT: Final = "wire"
"""The package that all the others use."""

_MEMBER_CURE: Final = (
    "make a literal a value of an enum, where it can get a name; a definition gets one by"
    " `names: {go: ...}`"
)
"""What to do about two members of a union that have one name."""

_SUPPORT_FILES: Final = tuple(
    f"{stem}.go" for stem in "doc errors object optional read reader union write writer".split()
)

_METHODS: Final = frozenset({"AppendJSON", "MarshalJSON", "ReadJSON", "UnmarshalJSON", "WriteJSON"})


class GoTarget(Target):
    """Go, from the version that a go.mod names."""

    name = "go"
    oldest: ClassVar = "1.24"
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
        Option(
            "join",
            "Spec package -> the one in whose Go package its definitions are, too: Go refuses"
            " packages that import each other. Default: its own.",
            kind="names",
            default={},
        ),
    )
    filters: ClassVar = {"literal": literal, "raw_literal": raw_literal, "comment": one_line}
    identifiers = Identifiers(marks=False)
    reserved_fields = _METHODS

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.member_names: dict[str, tuple[Code, ...]] = {}
        self.joined = settings.names("join")
        super().__init__(lift_unions(schema), settings)
        self.names = Names(
            self.schema,
            self.holds,
            self.definition_names,
            self.field_names,
            self.value_names,
            self.member_names,
        )
        self.module = settings.text("module")
        self.root_package = settings.text("package") or package_of_module(self.module)

    @property
    def holds(self) -> Holds:
        return Holds(fraction=9)

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

    def file_stem(self, name: str) -> str:
        return file_stem(name)

    def claim_more(self, definition: Definition, scope: Scope) -> None:
        """Claim the constants of enums, the decoding functions and the members of unions."""
        if isinstance(definition, Union):
            self._claim_members(definition)
        name = self.definition_names[definition.id]
        if scope.owner(name) != definition.position:
            return  # its own name is another's, which is told already
        what = f'the function that reads "{definition.name}"'
        scope.claim(f"Decode{name}", what, definition.position)
        if isinstance(definition, Enum):
            # Two values of one name are told already; here each name counts once.
            values = reversed(definition.values)
            by_name = {self.value_names[definition.id, v.json_value]: v for v in values}
            for value_name, value in by_name.items():
                what = f'the value "{visible(str(value.json_value))}" of "{definition.name}"'
                scope.claim(value_name, what, value.position)

    def _claim_members(self, union: Union) -> None:
        """Allot the names of a union's fields, one for each member."""
        scope = Scope(self.language)
        names: list[str] = []
        plain = [self._member_name(member) for member in union.members]
        members = zip(union.members, member_places(union), strict=True)
        # A member that is there twice is a problem of the union already: MS033.
        seen: set[Type] = set()
        alike = union.discriminator is None and not union.overlapping
        for index, (member, position) in enumerate(members):
            name = plain[index]
            if alike and member in seen:
                names.append(name)
                continue
            seen.add(member)
            if plain.count(name) > 1 and isinstance(member, Ref):
                name = self._package_words(member) + name
            what = f"member {index + 1}"
            if not name or not is_exported(name):
                self._problems.append(self._nameless(what, position))
            names.append(scope.claim(f"{name}_" if name in _METHODS else name, what, position))
        self.member_names[union.id] = tuple(map(Code, names))
        self.name_faults += [replace(fault, help=_MEMBER_CURE) for fault in scope.faults]

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
        for package, home in self.joined.items():
            if package not in self.schema.packages:
                message = f'there is no package "{visible(package)}"'
                yield Problem(self.settings.where("join"), "MS077", message)
            if not _SPEC_PACKAGE.fullmatch(home):
                yield Problem(
                    self.settings.where("join"),
                    "MS074",
                    f'"{visible(home)}" cannot be a package',
                    help="write it as specs do, such as shop.orders",
                )
        if _SUPPORT in self.packages():
            yield Problem(
                self.packages()[_SUPPORT][0].position,
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
                given = self.given_name(item)
                if given and self.identifiers.takes(given) and not is_exported(given):
                    yield Problem(
                        item.names_position,
                        "MS058",
                        f'"{visible(given)}" is not a name that Go exports',
                        help="begin it with a capital letter, and use letters, digits and _ alone",
                    )

    def _import_cycles(self) -> Iterator[Problem]:
        """Yield a problem for each set of packages that would import each other."""
        uses = self._uses()
        for ring in self._rings:
            package = ring[0]
            path = _shortest_path(uses, package)
            related = tuple(
                (uses[a][b], f"{_package_text(a)} uses {_package_text(b)} here")
                for a, b in itertools.pairwise(path[1:])
            )
            yield Problem(
                uses[package][path[1]],
                "MS056",
                f"{_package_text(package)} uses {_package_text(path[1])}, which uses it in turn:"
                " Go refuses packages that import each other",
                help="add to this target in the config, to make one package of them:"
                f" `join: {json.dumps(self.joining)}`; or move definitions so that no"
                " package leads back to itself",
                related=related,
            )

    @cached_property
    def joining(self) -> dict[str, str]:
        """The option `join` with which no packages import each other: each set of them is one."""
        packages = self.packages()
        homes: dict[str, str] = {}
        for ring in self._rings:
            home = max(ring, key=lambda package: len(packages[package]))
            homes |= dict.fromkeys(ring, home)
        joined = {package: self.joined.get(package, package) for package in self.schema.packages}
        moved = {p: homes[there] for p, there in joined.items() if there in homes}
        return dict(self.joined) | {p: home for p, home in moved.items() if p != home}

    @cached_property
    def _rings(self) -> list[tuple[str, ...]]:
        """The packages that would import each other, as sets of them."""
        uses = self._uses()
        used = {other for others in uses.values() for other in others}
        targets = {package: tuple(uses.get(package, ())) for package in sorted({*uses, *used})}
        return sorted(tuple(sorted(ring)) for ring in circles(targets) if len(ring) > 1)

    def _uses(self) -> Mapping[str, Mapping[str, Position]]:
        """Return the packages that each package uses, and where it does first."""
        uses: dict[str, dict[str, Position]] = {}
        for definition in self.schema.definitions:
            here = self.home(definition)
            for ref in refs_of(definition):
                other = self.schema.by_id.get(ref.id)
                if other is not None and self.home(other) != here:
                    uses.setdefault(here, {}).setdefault(self.home(other), ref.position)
        return uses

    # Packages ---------------------------------------------------------------------------------

    def home(self, definition: Definition) -> str:
        """Return the package in which a definition is in Go."""
        return self.joined.get(definition.package, definition.package)

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        found: dict[str, list[Definition]] = {}
        for definition in self.schema.definitions:
            found.setdefault(self.home(definition), []).append(definition)
        return {package: tuple(definitions) for package, definitions in found.items()}

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
        here = self.home(definition)
        used = {self.home(self.schema[ref]) for ref in refs_of(definition)} - {here}
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
        if self.home(definition) == package:
            return name
        return code("{}.{}", aliases[self.home(definition)], name)

    def _imports(
        self, definition: Definition, aliases: Mapping[str, Code]
    ) -> tuple[list[Code], list[Code]]:
        """Return the import lines of a file: of the standard library, and of the own module."""
        scalars = (t for type_ in types_of(definition) for t in walk(type_))
        times = any(t in TIMES for t in scalars)
        own = {f"{self.module}/{_SUPPORT}": literal(f"{self.module}/{_SUPPORT}")}
        refs = reversed([*refs_of(definition)])
        first = {self.home(self.schema[ref]): ref.position for ref in refs}
        for package, alias in aliases.items():
            path = self.import_path(package)
            bare = path.rpartition("/")[2] == alias == self.package_name(package)
            line = literal(path) if bare else code("{} {}", alias, literal(path))
            own[path] = from_lines([(line, first[package])])
        return [literal("time")] if times else [], [own[path] for path in sorted(own)]

    # Files ------------------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        """Yield a file per definition, a `doc.go` per package and the package `wire`."""
        if self.settings.options["gomod"]:
            yield File(
                "go.mod", "go.mod", {"module": Code(self.module), "oldest": Code(self.oldest)}
            )
        for name in _SUPPORT_FILES:
            yield File(f"{_SUPPORT}/{name}", f"{_SUPPORT}/{name}", {})
        for package, definitions in self.packages().items():
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
        package = self.home(definition)
        speller = Speller(lambda ref: self._spelled(ref, package, aliases))
        views = Views(self.names, speller)
        name = self.definition_names[definition.id]
        view: dict[str, object] = {
            "spec": Code(visible(definition.spec)),
            "package": Code(self.package_name(package)),
            "standard_imports": standard,
            "own_imports": own,
            "file_ignore": self._file_ignore(definition),
            "name": Code(name),
            "doc": definition_doc(definition, name),
        }
        match definition:
            case Model():
                return File(path, "model.go", view | views.model(definition), of)
            case Enum():
                return File(path, "enum.go", view | views.enum(definition), of)
            case Union():
                return File(path, "union.go", view | views.union(definition), of)

    def _file_ignore(self, definition: Definition) -> Code | None:
        """Return a word to staticcheck where a file uses what its spec deprecates elsewhere."""
        for ref in refs_of(definition):
            other = self.schema[ref]
            if other.deprecated is not None and self.home(other) != self.home(definition):
                return Code("//lint:file-ignore SA1019 deprecated definitions use each other")
        return None


def _package_text(package: str) -> str:
    return f'the package "{package}"' if package else "the root package"


def _shortest_path(uses: Mapping[str, Iterable[str]], package: str) -> list[str]:
    """Return the packages on the shortest way that leads from `package` back to it."""
    before: dict[str, str] = {}
    waiting = [package]
    for user in waiting:
        for used in uses.get(user, ()):
            if used not in before:
                before[used] = user
                waiting.append(used)
    path = [package, before[package]]
    while path[-1] != package:
        path.append(before[path[-1]])
    return path[::-1]


TARGET = GoTarget
