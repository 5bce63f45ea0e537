"""Guard the calls to a target from another package: check its results, and report its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import NoneType
from typing import Final

from modelsync.errors import Position, Problem, visible
from modelsync.naming import Scope
from modelsync.paths import path_key
from modelsync.schema.definitions import Definition, EnumValue, Field
from modelsync.schema.schema import Schema
from modelsync.targets.base import File, Settings, Target
from modelsync.targets.calls import GuardedCalls, where
from modelsync.targets.checks import are_definitions, is_below, kind_of

METHODS: Final = (
    *("definition_identifier", "field_identifier", "value_identifier"),
    *("files", "problems", "claim_more", "packages", "formatted", "given_name"),
)
"""The methods of a target that modelsync calls."""
_MANY_FILES: Final = 10_000
_FILES_EACH: Final = 10
"""The maximum number of files of a target: a base, plus so many for each definition."""


def _calls(cls: type[Target], settings: Settings) -> GuardedCalls:
    """Return what calls a target of the config; `cls` is a guarded class."""
    original = next(base for base in cls.__mro__ if not issubclass(base, Guard))
    return GuardedCalls(f"the target `{settings.name}`", original, cls.code, where(settings))


class Guard(Target):
    """Comes before an external target's class in the MRO, and checks its results."""

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self._calls = _calls(type(self), settings)
        self._limit = _MANY_FILES + _FILES_EACH * len(schema.definitions)
        self.file_place: Position | None = None
        self._calls.attempt("__init__", partial(super().__init__, schema, settings))
        if "_problems" not in vars(self):
            self._calls.refuse("__init__", "does not call `super().__init__(schema, settings)`")

    @classmethod
    def language_of(cls, settings: Settings) -> str:
        """Return the language of a target with these settings."""
        call = partial(super().language_of, settings)
        return _calls(cls, settings).answer("language_of", str, call)

    @property
    def language(self) -> str:
        """Return the key for this target in `names:` of a spec."""
        # A property of the class may fail, so it is read here.
        return self._calls.answer("language", str, lambda: super(Guard, self).language)

    def definition_identifier(self, name: str) -> str:
        return self._text("definition_identifier", name)

    def field_identifier(self, json_key: str) -> str:
        return self._text("field_identifier", json_key)

    def value_identifier(self, enum: str, json_value: str) -> str:
        return self._text("value_identifier", enum, json_value)

    def formatted(self, text: str) -> str:
        return self._text("formatted", text)

    def _text(self, method: str, *arguments: str) -> str:
        call = partial(getattr(super(), method), *arguments)
        return self._calls.answer(method, str, call)

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        call = partial(super().given_name, item)
        name: str | None = self._calls.answer("given_name", (str, NoneType), call)
        return name

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        packages: Mapping[str, tuple[Definition, ...]]
        packages = self._calls.answer("packages", (Mapping,), super().packages)
        for definitions in packages.values():
            if not are_definitions(definitions):
                self._calls.refuse("packages", "has what is not a tuple of definitions")
        return packages

    def claim_more(self, definition: Definition, scope: Scope) -> None:
        self._calls.attempt("claim_more", partial(super().claim_more, definition, scope))

    def problems(self) -> Iterator[Problem]:
        for problem, place in self._calls.items("problems", super().problems):
            if not isinstance(problem, Problem):
                self._calls.refuse("problems", f"yields {kind_of(problem)}, not a Problem", place)
            yield problem

    def files(self) -> Iterator[File]:
        definitions_of: dict[str, tuple[Definition, ...]] = {}
        files = self._calls.items("files", getattr(super(), "files"))  # noqa: B009 - it is abstract
        for number, (file, place) in enumerate(files, start=1):
            wrong = _file_fault(file, definitions_of)
            if number > self._limit:
                wrong = f"yields more than {self._limit:,} files"
            if wrong:
                self._calls.refuse("files", wrong, place)
            self.file_place = place
            yield file


def _file_fault(file: object, definitions_of: dict[str, tuple[Definition, ...]]) -> str:
    """Return the problem with a file from a target that no change of a spec can fix.

    `definitions_of` has those of the files before it, by the :func:`path_key` of their paths.
    """
    if not isinstance(file, File):
        return f"yields {kind_of(file)}, not a File"
    if not is_below(file.path):
        return f"yields a file whose path is not below its folder: `{visible(file.path)}`"
    key = path_key(file.path)
    if key not in definitions_of:
        definitions_of[key] = file.definitions
    elif definitions_of[key] == file.definitions:
        return f"yields two files with the path `{visible(file.path)}`"
    return ""


def file_place(target: Target) -> Position | None:
    """Return the line of a target from another package that yielded the last file."""
    return target.file_place if isinstance(target, Guard) else None
