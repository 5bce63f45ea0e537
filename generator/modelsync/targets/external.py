"""Load targets from other packages, and check what their classes define."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from modelsync.errors import Position, ProblemsError, visible
from modelsync.naming import Identifiers
from modelsync.targets.base import Option, Target
from modelsync.targets.checks import kind_of
from modelsync.targets.entry_points import load_provider, unusable
from modelsync.targets.error_places import absolute, class_place, code_of
from modelsync.targets.guard import METHODS, Guard

_TAKEN: Final = frozenset({"target", "out", "packages"})
"""The keys that every target has in modelsync.yaml; options cannot have these names."""


def load(name: str, group: str) -> type[Target]:
    """Return the target called `name`, for which the entry points of `group` have a module.

    Its calls are guarded: see :mod:`modelsync.targets.guard`. Raises :class:`ProblemsError` if it
    cannot be loaded, or is not a valid target.
    """
    provider = load_provider("target", name, "TARGET", group)
    cls = provider.value
    if not (isinstance(cls, type) and issubclass(cls, Target)):
        raise _without_class(name, provider.module, cls)
    for attribute, wrong, help_ in _faults(cls, name):
        raise unusable(_subject(name), class_place(cls, attribute), wrong, help_)
    inherited = tuple(root for each in cls.__mro__ for root in code_of(each.__module__))
    assert cls.templates is not None
    return _guarded(cls, (*provider.code, *inherited, Path(absolute(cls.templates))))


def _guarded(cls: type[Target], code: tuple[Path, ...]) -> type[Target]:
    """Return a subclass of `cls` that guards calls to it; `code` has the paths of its code."""
    same = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    return types.new_class(
        cls.__name__, (Guard, cls), exec_body=lambda body: body.update(same | {"code": code})
    )


def _subject(name: str) -> str:
    return f"the target `{name}`"


def _without_class(name: str, module: ModuleType, found: object) -> ProblemsError:
    place = Position(module.__file__ or module.__name__)
    classes = [
        each.__name__
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Target) and each is not Target
    ]
    wrong = "its module has no TARGET"
    if found is not None:
        wrong = f"TARGET in its module is {kind_of(found)}, not a class derived from Target"
    help_ = f"end the module with `TARGET = {classes[-1] if classes else '...'}`"
    return unusable(_subject(name), place, wrong, help_)


def _faults(cls: type[Target], name: str) -> Iterator[tuple[str, str, str]]:
    """Yield each invalid attribute of a class, with its problem and the help."""
    missing = sorted(getattr(cls, "__abstractmethods__", ()))
    if missing:
        yield "", f"its class lacks {', '.join(missing)}", "define the methods that it lacks"
    given = getattr(cls, "name", None)
    if given != name:
        wrong = f"its class has the name {given!r:.60}" if given else "its class has no name"
        yield "name", wrong, f'write `name = "{name}"`, as the entry point is called'
    yield from _option_faults(cls.options)
    templates: Any = cls.templates
    if not isinstance(templates, Path) or not templates.is_dir():
        wrong = f"its templates are not in a folder: {visible(str(templates))}"
        yield "templates", wrong, 'write `templates = Path(__file__).parent / "templates"`'
    filters: Any = cls.filters
    if not isinstance(filters, Mapping) or not all(map(callable, filters.values())):
        yield "filters", "its filters are not functions by name", 'write `filters = {"text": text}`'
    if not isinstance(cls.identifiers, Identifiers):
        yield "identifiers", "its identifiers are not Identifiers", "write `Identifiers()`"
    for attribute in ("reserved_definitions", "reserved_fields", "reserved_values"):
        if not isinstance(getattr(cls, attribute), set | frozenset):
            help_ = f'write `{attribute} = frozenset({{"type"}})`'
            yield attribute, f"its {attribute} are not a set of texts", help_
    for method in METHODS:
        if not callable(getattr(cls, method)):
            yield method, f"its {method} is not a method", f"write `def {method}(self, ...)`"


def _option_faults(options: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(options, tuple) or not all(isinstance(each, Option) for each in options):
        help_ = 'write `options = (Option("name", "What it means."),)`'
        yield "options", "its options are not a tuple of options", help_
        return
    names = [option.name for option in options]
    for name in names:
        if name in _TAKEN or names.count(name) > 1:
            yield "options", f"`{visible(name)}` is the name of another option", "rename it"
