"""The base of all targets: it assigns names first, then yields files to render.

A target returns the names of fields and the spelling of types, and builds views: frozen values that
its templates only insert.

All output is :class:`Code`: text that an encoder of the target made safe for its position. A
template that outputs anything else fails, so a missing encoder is an error, not an injection.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar, LiteralString

from modelsync.errors import Position, Problem, visible
from modelsync.naming import Identifiers, NameFault, Scope
from modelsync.schema.ir import Definition, Enum, EnumValue, Field, Model, Scalar, Schema, Union
from modelsync.schema.meaning import Holds, ValidationError, read, to_json


class Code(str):
    """Text that may be output unchanged: it comes from an encoder, or from other code."""

    __slots__ = ()


class PlacedCode(Code):
    """Code with the position in a spec that each of its lines comes from."""

    # Not in Code: a run creates very many, and a slot would make the garbage collector track each.
    __slots__ = ("origins",)
    origins: tuple[Position | None, ...]


def code(pattern: LiteralString, *parts: Code) -> Code:
    """Return `pattern` with each `{}` replaced by a part, in order; `{{` and `}}` are braces.

    The pattern is a literal in modelsync. Raises TypeError for a part that is not :class:`Code`.
    """
    for part in parts:
        if not isinstance(part, Code):
            raise TypeError(f"not encoded: {part!r}")
    return Code(pattern.format(*parts))


def join(separator: LiteralString, parts: Iterator[Code] | tuple[Code, ...] | list[Code]) -> Code:
    """Return `parts` joined by `separator`; each must be :class:`Code`."""
    parts = list(parts)
    for part in parts:
        if not isinstance(part, Code):
            raise TypeError(f"not encoded: {part!r}")
    return Code(separator.join(parts))


def with_origins(text: Code, origins: tuple[Position | None, ...]) -> PlacedCode:
    """Return code whose lines come from these positions in a spec, one each."""
    made = PlacedCode(text)
    made.origins = origins
    return made


def one_line(text: str) -> Code:
    """Return text that is safe in a line comment: line breaks become spaces."""
    return Code(" ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Option:
    """One key that a target reads in `modelsync.yaml`.

    `kind` is `text`, `flag` (true or false) or `names` (a mapping of text to text); `choices` lists
    the only texts allowed, and `pattern` is a regular expression that a text must match, which
    `hint` describes in words. The option is required if `default` is None.
    """

    name: str
    doc: str
    kind: str = "text"
    default: str | bool | Mapping[str, str] | None = None
    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    hint: str = ""

    def __post_init__(self) -> None:
        """Raise for an invalid option, at the line that creates it."""
        types = {"text": str, "flag": bool, "names": Mapping}
        if not is_all(str, self.name, self.doc) or not self.name:
            raise TypeError("an option has a name and a text that describes it")
        if self.kind not in types:
            raise ValueError(f"an option's kind is one of {', '.join(types)}, not {self.kind!r}")
        if self.default is not None and not isinstance(self.default, types[self.kind]):
            raise TypeError(f"the default of the option `{self.name}` is not a {self.kind}")
        if not is_all(tuple, self.choices) or not is_all(str, *self.choices):
            raise TypeError(f"the choices of the option `{self.name}` are not a tuple of strings")
        if self.pattern is not None and not is_all(re.Pattern, self.pattern):
            raise TypeError(f"the pattern of the option `{self.name}` is not compiled")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one target in `modelsync.yaml`.

    `out` is the output folder, relative to the project, with `/`. `position` and `option_positions`
    are positions in that file.
    """

    name: str
    target: str
    out: str
    packages: tuple[str, ...] = ()
    options: Mapping[str, str | bool | Mapping[str, str]] = field(default_factory=dict)
    position: Position = field(default=Position("modelsync.yaml"), compare=False)
    option_positions: Mapping[str, Position] = field(default_factory=dict, compare=False)

    def text(self, option: str) -> str:
        """Return an option of kind `text`."""
        value = self.options[option]
        assert isinstance(value, str)
        return value

    def names(self, option: str) -> Mapping[str, str]:
        """Return an option of kind `names`."""
        value = self.options[option]
        assert isinstance(value, Mapping)
        return value

    def where(self, option: str) -> Position:
        """Return the position of an option, or of the target if the option has its default."""
        return self.option_positions.get(option, self.position)


@dataclass(frozen=True, slots=True)
class File:
    """One file to render.

    `path` is relative to the target's output folder, with `/`. `template` is a name in the target's
    template folder, with or without its `.j2`, and `view` has the template's variables by name. In
    a view, the object for a field, a value or a member has the attribute `position`: its position
    in a spec. `definitions` are those that the file comes from, and the template has them as
    `definitions`.
    """

    path: str
    template: str
    view: Mapping[str, object]
    definitions: tuple[Definition, ...] = ()

    def __post_init__(self) -> None:
        """Raise for an invalid file, at the line that creates it."""
        if not is_all(str, self.path):
            raise TypeError(f"the path of a file is not a text, but {kind_of(self.path)}")
        if not is_all(str, self.template) or not is_below(self.template):
            raise ValueError(f"{self.template!r} cannot be the name of a template in its folder")
        if not is_all(Mapping, self.view):
            raise TypeError(f"the view is not a mapping, but {kind_of(self.view)}")
        if not is_all(str, *self.view) or "definitions" in self.view:
            raise TypeError("the names in a view must be strings other than `definitions`")
        if not are_definitions(self.definitions):
            raise TypeError("the definitions of a file are not a tuple of definitions")
        if self.template.endswith(".j2"):
            object.__setattr__(self, "template", self.template.removesuffix(".j2"))


def is_all(kind: type, *values: object) -> bool:
    """Whether values match their annotations: code from other packages may not be type-checked."""
    return all(isinstance(value, kind) for value in values)


def are_definitions(value: object) -> bool:
    """Whether a value is a tuple of definitions."""
    return isinstance(value, tuple) and all(isinstance(e, Model | Enum | Union) for e in value)


def is_below(path: str) -> bool:
    """Whether a path, with `/`, names something below the folder that it is relative to."""
    return "\\" not in path and not any(part in ("", ".", "..") for part in path.split("/"))


def kind_of(value: object) -> str:
    """Return the kind of a value, for messages."""
    return "None" if value is None else f"a value of the type {type(value).__name__}"


@dataclass(frozen=True, slots=True)
class Output:
    """One rendered file: its bytes (UTF-8), and what it comes from.

    `target` is the name that its target has in `modelsync.yaml`, `template` that of its template
    in the folder of the target, and `definitions` are those that it shows.
    """

    data: bytes
    target: str
    template: str
    definitions: tuple[Definition, ...]


class Target(ABC):
    """One output language, over one schema and one target of the config."""

    name: ClassVar[str]
    """The key in `modelsync.yaml`, the module's name and the template folder's."""
    options: ClassVar[tuple[Option, ...]] = ()
    templates: ClassVar[Path | None] = None
    """The folder of its templates, for a target from another package."""
    code: ClassVar[tuple[Path, ...]] = ()
    """Where its code and its templates are, for a target from another package. modelsync sets it:
    an error from there is one of the target."""
    filters: ClassVar[Mapping[str, Callable[..., Code]]] = {}
    """Encoders that templates may apply to plain text, so that it is safe in its position."""

    requires: ClassVar[tuple[str, ...]] = ()
    """The packages that generated code imports, in addition to the standard library."""
    declares_only_types: ClassVar[bool] = False
    """Whether other code decodes and encodes the types: `verify` compiles such a target, and does
    not run it."""
    is_code: ClassVar[bool] = True
    """Whether the output is code that decodes documents, and so needs all their values."""
    identifiers: ClassVar = Identifiers()
    """The rules for identifiers in this language."""
    reserved_definitions: ClassVar[frozenset[str]] = frozenset()
    reserved_fields: ClassVar[frozenset[str]] = frozenset()
    reserved_values: ClassVar[frozenset[str]] = frozenset()
    """Names to which derived names append a `_`: keywords, and names in generated code."""

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.schema = schema
        self.settings = settings
        self.definition_names: dict[str, str] = {}
        self.field_names: dict[tuple[str, str], str] = {}
        self.value_names: dict[tuple[str, str | int], str] = {}
        self.file_stems: dict[str, str] = {}
        self.name_faults: list[NameFault] = []
        self._problems: list[Problem] = []
        self._allot()

    @classmethod
    def defaults(cls) -> dict[str, str | bool | Mapping[str, str]]:
        """Return the default of each option that is not required."""
        return {each.name: each.default for each in cls.options if each.default is not None}

    # What a language defines ------------------------------------------------------------------

    @abstractmethod
    def definition_identifier(self, name: str) -> str:
        """Return the name of a definition in this language, empty if there is none."""

    @abstractmethod
    def field_identifier(self, wire: str) -> str:
        """Return the name of a field in this language, empty if there is none."""

    @abstractmethod
    def value_identifier(self, enum: str, wire: str) -> str:
        """Return the name of a value of the enum that is called `enum` in this language."""

    def file_stem(self, name: str) -> str:
        """Return the name, without suffix, of the file of the definition that is called `name`.

        Empty if files are not named after definitions; then no file name is reserved.
        """
        del name
        return ""

    @abstractmethod
    def files(self) -> Iterator[File]:
        """Yield every file of this target. Only called when there is no problem."""

    def problems(self) -> Iterator[Problem]:
        """Yield the problems, other than :attr:`name_faults`, of this schema in this language."""
        yield from self._problems
        if self.is_code:
            for definition in self.schema.definitions:
                yield from self._lost_values(definition)

    def _lost_values(self, definition: Definition) -> Iterator[Problem]:
        """Yield problems with enum values that exist only in other languages."""
        if isinstance(definition, Enum) and not definition.values:
            yield Problem(
                definition.position,
                "MS048",
                f"`{definition.name}` exists in {self.language}, but none of its values do",
                help="remove `only` from a value, or limit the enum to other languages with `only`",
            )
        for item in definition.fields if isinstance(definition, Model) else ():
            if not item.has_default or isinstance(item.type, Scalar):
                continue
            try:
                read(self.schema, item.type, to_json(item.default))
            except ValidationError:
                yield Problem(
                    item.position,
                    "MS049",
                    f"the default of `{visible(item.json_key)}` is not among the values of its type"
                    f" in {self.language}",
                    help="remove `only` from the value of the enum, or add it to the field",
                )

    @property
    def language(self) -> str:
        """The key under which `names:` in a spec gives names for this target."""
        return self.language_of(self.settings)

    @classmethod
    def language_of(cls, settings: Settings) -> str:
        """Return the language of a target with these settings."""
        del settings
        return cls.name

    @property
    def holds(self) -> Holds:
        """What the types of this language represent exactly."""
        return Holds()

    def claim_more(self, definition: Definition, scope: Scope) -> None:  # noqa: B027 - optional
        """Reserve the other names that `definition` adds to the scope of its package."""

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        """Return the definitions that share a package in this language, by its name."""
        return self.schema.packages

    def formatted(self, text: str) -> str:
        """Return a rendered file, formatted as by the language's formatter."""
        return text

    # Names ------------------------------------------------------------------------------------

    def _allot(self) -> None:
        """Assign a name to every definition, field and value, before any is used."""
        for definitions in self.packages().values():
            scope = Scope(self.language)
            for definition in definitions:
                self._allot_definition(definition, scope)
            for definition in definitions:
                self.claim_more(definition, scope)
            self.name_faults += scope.faults
        for definitions in self.packages().values():
            self._allot_files(definitions)

    def _allot_files(self, definitions: Iterable[Definition]) -> None:
        """Assign a file to each definition of a package, unique on every file system."""
        scope = Scope(self.language, fold=True)
        names: set[str] = set()
        for definition in definitions:
            name = self.definition_names[definition.id]
            stem = self.file_stems[definition.id] = self.file_stem(name)
            if stem and name not in names:  # two definitions of one name are a problem already
                scope.claim(stem, f"the file of `{definition.name}`", definition.position)
            names.add(name)
        self.name_faults += scope.faults

    def _allot_definition(self, definition: Definition, scope: Scope) -> None:
        what = f"`{definition.name}`"
        name = self._name(
            definition,
            what,
            self.definition_identifier(definition.name),
        )
        self.definition_names[definition.id] = scope.claim(name, what, definition.position)
        members = Scope(self.language)
        match definition:
            case Model(fields=fields):
                for item in fields:
                    what = f"the field `{visible(item.json_key)}`"
                    derived = self.field_identifier(letter_first(item.json_key))
                    name = self._name(item, what, derived)
                    key = (definition.id, item.json_key)
                    self.field_names[key] = members.claim(name, what, item.position)
            case Enum(values=values):
                for value in values:
                    what = f"the value `{visible(str(value.json_value))}`"
                    derived = self.value_identifier(
                        self.definition_names[definition.id], letter_first(value.json_value)
                    )
                    name = self._name(value, what, derived)
                    self.value_names[definition.id, value.json_value] = members.claim(
                        name, what, value.position
                    )
            case _:
                pass
        self.name_faults += members.faults

    def _name(self, item: Definition | Field | EnumValue, what: str, derived: str) -> str:
        """Return the name that the spec gives, or the derived one made safe."""
        given = self.given_name(item)
        written = derived if given is None else given
        is_identifier = self.identifiers.takes(written)
        name = self.identifiers.normal(written)
        if given is None:
            if not name or not is_identifier:
                self.name_faults.append(NameFault(self.language, what, item.position))
                return f"\0{what}{item.position}"
            return f"{name}_" if self.is_reserved(name, item) else name
        help_ = self.identifiers.help_for(given)
        if is_identifier and self.is_reserved(name, item):
            help_ = "choose another name: this one is reserved"
        elif is_identifier:
            return name
        self._problems.append(
            Problem(
                item.names_position if given in item.names.values() else item.position,
                "MS041",
                f"`{visible(given)}` cannot be the name of {what} in {self.language}",
                help=help_,
            )
        )
        return name

    @cached_property
    def type_names(self) -> frozenset[str]:
        """The names of all definitions, without the `_` of those that are reserved."""
        derived = self.definition_identifier
        items = self.schema.definitions
        return frozenset(self.given_name(item) or derived(item.name) for item in items)

    def is_reserved(self, name: str, item: Definition | Field | EnumValue) -> bool:
        """Return whether `item` cannot be called `name`, which means something else there."""
        match item:
            case Field():
                return name in self.reserved_fields
            case EnumValue():
                return name in self.reserved_values
            case _:
                return name in self.reserved_definitions

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        """Return the name that a spec gives for this target, or None."""
        return item.names.get(self.language)


def letter_first(wire: str | int) -> str:
    """Return what a name is derived from: `1st` as `n1st`, the integer -1 as `minus1`."""
    if isinstance(wire, int):
        return f"n{wire}" if wire >= 0 else f"minus{-wire}"
    return f"n{wire}" if unicodedata.normalize("NFKC", wire[:1])[:1].isdecimal() else wire
