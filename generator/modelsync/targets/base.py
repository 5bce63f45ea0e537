"""The base of all targets: it assigns names first, then yields files to render.

A target returns the names of fields and the spelling of types, and builds views: frozen values that
its templates only insert. Everything that a target needs can be imported from here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from modelsync.errors import Problem, visible
from modelsync.naming import Identifiers, NameFault, Scope
from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model
from modelsync.schema.json_values import to_json
from modelsync.schema.meaning import read
from modelsync.schema.scalars import Holds
from modelsync.schema.schema import Schema
from modelsync.schema.types import Scalar
from modelsync.schema.validation import ValidationError
from modelsync.targets.code import Code, PlacedCode, code, join, one_line, with_origins
from modelsync.targets.files import File, Output
from modelsync.targets.naming_rules import name_source
from modelsync.targets.new_project import NewProject, Suggestion
from modelsync.targets.options import (
    STRUCTURED,
    VARIANTS,
    Option,
    OptionKind,
    OptionValue,
    Settings,
)
from modelsync.targets.showcase import Shown

__all__ = [
    "STRUCTURED",
    "VARIANTS",
    "Code",
    "File",
    "NewProject",
    "Option",
    "OptionKind",
    "OptionValue",
    "Output",
    "PlacedCode",
    "Settings",
    "Suggestion",
    "Target",
    "code",
    "join",
    "name_source",
    "one_line",
    "with_origins",
]


class Target(ABC):
    """One output language, over one schema and one target of the config."""

    name: ClassVar[str]
    """The key in `modelsync.yaml`, the module's name and the template folder's."""
    title: ClassVar[str] = ""
    """What people call the language."""
    also_called: ClassVar[tuple[str, ...]] = ()
    """Other names that people may write in `modelsync.yaml`, for the help of a problem."""
    options: ClassVar[tuple[Option, ...]] = ()
    former_options: ClassVar[Mapping[str, str]] = {}
    """Help for options that the target had in an earlier version."""
    templates: ClassVar[Path | None] = None
    """The folder of its templates, for a target from another package."""
    code: ClassVar[tuple[Path, ...]] = ()
    """The paths of its code and its templates, for a target from another package. Set by modelsync:
    an error from there is reported as an error of the target."""
    filters: ClassVar[Mapping[str, Callable[..., Code]]] = {}
    """Encoders that templates may apply to plain text, so that it is safe in its position."""

    requires: ClassVar[tuple[str, ...]] = ()
    """The packages that generated code imports, in addition to the standard library."""
    declares_only_types: ClassVar[bool] = False
    """Whether other code decodes and encodes the types: `verify` compiles such a target, and does
    not run it."""
    is_complete: ClassVar[bool] = False
    """Whether the target has everything, also abstract models and what only some languages have."""
    shows_others: ClassVar[bool] = False
    """Whether the target shows what other targets have generated. It is rendered after them."""
    is_code: ClassVar[bool] = True
    """Whether the output is code that decodes documents, and so needs all their values."""
    identifiers: ClassVar = Identifiers()
    """The rules for identifiers in this language."""
    additional_name: ClassVar[str] = ""
    """The name of the field for the additional properties of a model, if there is one."""
    reserved_definitions: ClassVar[frozenset[str]] = frozenset()
    reserved_fields: ClassVar[frozenset[str]] = frozenset()
    reserved_values: ClassVar[frozenset[str]] = frozenset()
    """Names to which derived names append a `_`: keywords, and names in generated code."""

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self.schema = schema
        self.settings = settings
        self.find_shown: Callable[[], Mapping[str, Sequence[Shown]]] = dict
        """Returns :attr:`shown`, if the others have not been rendered yet."""
        self.naming = settings.naming
        """What the names of all targets have in common."""
        self.spelled = self.naming.spelled
        """How the project spells its initialisms."""
        self.definition_names: dict[str, str] = {}
        """The name of each definition, by its id. In this and the next two attributes, an item for
        which no name can be derived keeps its name from the spec. This is a fault, so nothing is
        rendered."""
        self.field_names: dict[tuple[str, str], str] = {}
        """The name of each field, by the id of its model and its JSON key."""
        self.value_names: dict[tuple[str, str | int], str] = {}
        """The name of each value, by the id of its enum and its JSON value."""
        self.file_stems: dict[str, str] = {}
        """The name, without suffix, of the file of each definition, by its id."""
        self.name_faults: list[NameFault] = []
        self._problems: list[Problem] = []
        self._derived_names: dict[str, str] = {}
        self._assign_names()

    @classmethod
    def defaults(cls) -> dict[str, OptionValue]:
        """Return the default of each option that is not required."""
        return {option.name: option.default for option in cls.options if option.default is not None}

    @classmethod
    def initial_config(cls, project: NewProject) -> Suggestion | None:
        """Return this target in the config of a new project; None if it does not have one."""
        del project
        return None

    @classmethod
    def surrounded_by(cls, settings: Settings, project: NewProject) -> Iterator[Problem]:
        """Yield a warning if the files around the output folder do not agree with an option."""
        del settings, project
        yield from ()

    @cached_property
    def shown(self) -> Mapping[str, Sequence[Shown]]:
        """What other targets have generated for each definition, by its id.

        Only for a target that :attr:`shows_others`.
        """
        return self.find_shown()

    # What a language defines ------------------------------------------------------------------

    @abstractmethod
    def definition_identifier(self, name: str) -> str:
        """Return the name of a definition in this language, empty if there is none."""

    @abstractmethod
    def field_identifier(self, json_key: str) -> str:
        """Return the name of a field in this language, empty if there is none."""

    @abstractmethod
    def value_identifier(self, enum: str, json_value: str) -> str:
        """Return the name of a value of the enum that is called `enum` in this language."""

    def field_source(self, json_key: str) -> str:
        """Return what the name of a field is derived from, for :meth:`field_identifier`."""
        return self.naming.field_source(json_key)

    def value_source(self, json_value: str | int) -> str:
        """Return what the name of an enum value is derived from, for :meth:`value_identifier`."""
        return self.naming.value_source(json_value)

    def file_source(self, definition: Definition) -> str:
        """Return what the file of a definition is named after, for :meth:`file_stem`."""
        return self.definition_names[definition.id]

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

    @cached_property
    def found_problems(self) -> tuple[Problem, ...]:
        """What :meth:`problems` yields, found once."""
        return tuple(self.problems())

    def _lost_values(self, definition: Definition) -> Iterator[Problem]:
        """Yield problems with enum values that exist only in other languages."""
        if isinstance(definition, Enum) and not definition.values:
            yield Problem(
                definition.position,
                "MS048",
                f"`{definition.name}` exists in `{self.language}`, but none of its values do",
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
                    f"the default of `{visible(item.json_key)}` is not a value of its type"
                    f" in `{self.language}`",
                    help="remove `only` from the enum value, or add `only` to the field",
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

    def showcase(self, definition: Definition, text: str) -> Shown | None:
        """Return how pages show a definition, from its rendered file; None if they do not."""
        del definition, text
        return None

    def formatted(self, text: str) -> str:
        """Return a rendered file as the language's formatter would format it."""
        return text

    # Names ------------------------------------------------------------------------------------

    def _assign_names(self) -> None:
        """Assign a name to every definition, field and value, before any is used."""
        for definitions in self.packages().values():
            scope = Scope(self.language)
            named = [each for each in definitions if self._assign_names_of(each, scope)]
            for definition in named:
                self.claim_more(definition, scope)
            self.name_faults += scope.faults
            self._assign_files(definitions, named)

    def _assign_files(self, definitions: Iterable[Definition], named: list[Definition]) -> None:
        """Assign a file to each definition of a package, unique on every file system."""
        for definition in definitions:
            self.file_stems[definition.id] = self.file_stem(self.file_source(definition))
        scope = Scope(self.language, fold=True)
        names: set[str] = set()
        for definition in named:
            name, stem = self.definition_names[definition.id], self.file_stems[definition.id]
            if stem and name not in names:  # equal names are already reported
                scope.claim(stem, f"the file of `{definition.name}`", definition.position)
            names.add(name)
        self.name_faults += scope.faults

    def _assign_names_of(self, definition: Definition, scope: Scope) -> bool:
        """Assign the names of a definition; return whether all of them could be derived."""
        derived = self.definition_identifier(definition.name)
        name = self._claim(definition, f"`{definition.name}`", derived, scope)
        self.definition_names[definition.id] = definition.name if name is None else name
        names = [name]
        members = Scope(self.language, identifiers=self.identifiers)
        if isinstance(definition, Model):
            names += self._distinct_fields(definition) or self._field_names_of(definition, members)
        if isinstance(definition, Enum):
            names += self._value_names_of(definition, members)
        self.name_faults += members.faults
        return None not in names

    def _field_names_of(self, model: Model, members: Scope) -> list[str | None]:
        """Assign the names of fields, and return them; None for those that cannot be derived."""
        names = []
        for item in model.fields:
            derived = self.field_identifier(self.field_source(item.json_key))
            name = self._claim(item, f"the field `{visible(item.json_key)}`", derived, members)
            self.field_names[model.id, item.json_key] = item.json_key if name is None else name
            names.append(name)
        if self._has_additional_field(model):
            place = model.additional_position
            what = "the additional properties"
            members.claim(self.additional_name, what, place, only_other=True)
        return names

    def _value_names_of(self, enum: Enum, members: Scope) -> list[str | None]:
        """Assign the names of values, and return them; None for those that cannot be derived."""
        of_enum, sources = (
            self.definition_names[enum.id],
            map(self.value_source, (each.json_value for each in enum.values)),
        )
        derived = [self.value_identifier(of_enum, source) for source in sources]
        names: list[str | None] = [*self._distinct(enum.values, map(self._valid, derived))]
        for value, name in zip(enum.values, derived, strict=True) if not names else ():
            what = f"the value `{visible(str(value.json_value))}`"
            names.append(self._claim(value, what, name, members))
        for value, named in zip(enum.values, names, strict=True):
            name = str(value.json_value) if named is None else named
            self.value_names[enum.id, value.json_value] = name
        return names

    def _distinct_fields(self, model: Model) -> list[str]:
        """Assign the names of fields if they are valid and distinct, and return them; else none."""
        derived = (self._derived_name(field.json_key) for field in model.fields)
        other = (self.additional_name,) if self._has_additional_field(model) else ()
        names = self._distinct(model.fields, derived, other)
        for field, name in zip(model.fields, names, strict=False):
            self.field_names[model.id, field.json_key] = name
        return names

    def _distinct(
        self,
        items: Sequence[Field | EnumValue],
        derived: Iterable[str],
        other: tuple[str, ...] = (),
    ) -> list[str]:
        """Return the names of items if all are derived, valid and distinct, as most are; else none.

        They are those that :meth:`_claim` gives, which is several times as slow.
        """
        names = []
        for item, name in zip(items, derived, strict=True):
            if not name or self.given_name(item) is not None:
                return []
            names.append(f"{name}_" if self.is_reserved(name, item) else name)
        used = {self.identifiers.compared(name) for name in (*names, *other)}
        return names if len(used) == len(names) + len(other) else []

    def _derived_name(self, json_key: str) -> str:
        """Return the name that a JSON key gives a field, which may be reserved; empty if none."""
        if json_key not in self._derived_names:
            derived = self.field_identifier(self.field_source(json_key))
            self._derived_names[json_key] = self._valid(derived)
        return self._derived_names[json_key]

    def _valid(self, derived: str) -> str:
        return self.identifiers.normal(derived) if self.identifiers.takes(derived) else ""

    def _has_additional_field(self, model: Model) -> bool:
        has_field = self.additional_name and not self.declares_only_types
        return bool(has_field and model.additional_type)

    def _claim(
        self, item: Definition | Field | EnumValue, what: str, derived: str, scope: Scope
    ) -> str | None:
        """Claim the name of an item in a scope and return it; None if none can be derived."""
        name = self._name(item, what, derived)
        if name is None:
            self.name_faults.append(NameFault(self.language, what, item.position))
            return None
        return scope.claim(name, what, item.position)

    def _name(self, item: Definition | Field | EnumValue, what: str, derived: str) -> str | None:
        """Return the name that the spec gives, or the derived one made safe, or None."""
        given = self.given_name(item)
        spelled = derived if given is None else given
        is_identifier = self.identifiers.takes(spelled)
        name = self.identifiers.normal(spelled)
        if given is None:
            if not name or not is_identifier:
                return None
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
                f"invalid name `{visible(given)}` for {what} in `{self.language}`",
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
        """Return whether `item` cannot be called `name`, which has another meaning there."""
        match item:
            case Field():
                return name in self.reserved_fields
            case EnumValue():
                return name in self.reserved_values
            case _:
                return name in self.reserved_definitions

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        """Return the name that a spec gives for this target, or None."""
        return item.names.get(self.language) if item.names else None
