"""Load targets from other packages, check them, and guard calls to them.

modelsync calls such a target through a subclass of its class and of :class:`_Guard`. An exception,
or a return value of the wrong type, becomes a problem at the target's line. An error without a line
of the target in its traceback is an internal error, and is raised unchanged.
"""

from __future__ import annotations

import inspect
import linecache
import os
import re
import sys
import traceback
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from modelsync.errors import Position, Problem, ProblemsError, error_text, visible
from modelsync.naming import Identifiers, Scope
from modelsync.paths import path_key
from modelsync.schema.ir import Definition, EnumValue, Field, Schema
from modelsync.targets.base import (
    File,
    Option,
    Settings,
    Target,
    are_definitions,
    is_below,
    kind_of,
)

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_T = TypeVar("_T")

FIX: Final = "fix it there; MODELSYNC_DEBUG=1 shows the traceback"

_OURS: Final = (Path(__file__).resolve().parents[1],)
_TAKEN: Final = frozenset({"target", "out", "packages"})
"""The keys that every target has in modelsync.yaml; options cannot have these names."""
_MANY_FILES: Final = 10_000
_FILES_EACH: Final = 10
"""How many files a target may have: so many, and so many more for each definition."""
_HOOKS: Final = (
    *("definition_identifier", "field_identifier", "value_identifier"),
    *("files", "problems", "claim_more", "packages", "formatted", "given_name"),
)
"""The methods of a target that modelsync calls."""


# Where an error comes from -----------------------------------------------------------------------


def place_in(code: Collection[Path], error: BaseException) -> Position | None:
    """Return the innermost line in an error's traceback that is in or below `code`."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if is_in(code, frame.f_code.co_filename):
            return line_place(frame.f_code.co_filename, line)
    return None


def absolute(path: str | Path) -> str:
    """Return the absolute path of a file, for comparisons and messages."""
    return os.path.normpath(Path(path).absolute())


def line_place(filename: str, line: int) -> Position:
    """Return the position of a line, after its indentation."""
    linecache.checkcache(filename)
    text = linecache.getline(filename, line).rstrip()
    indent = len(text) - len(text.lstrip())
    return Position(absolute(filename), max(line, 1), indent + 1, max(len(text) - indent, 1))


def is_in(code: Collection[Path], filename: str) -> bool:
    """Whether a file is one of `code`, or below one."""
    path = absolute(filename)
    return any(path == str(root) or path.startswith(f"{root}{os.sep}") for root in code)


def _is_ours(error: BaseException) -> bool:
    """Whether modelsync raised an error itself, other than by calling something not callable."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_code is not _ATTEMPT and is_in(_OURS, frame.f_code.co_filename)


def _class_place(cls: type, attribute: str = "") -> Position:
    """Return the line of an attribute of a class, or the first line of the class."""
    try:
        lines, first = inspect.getsourcelines(cls)
        path = inspect.getsourcefile(cls)
    except (OSError, TypeError):  # the source is not available
        lines, first, path = [], 1, getattr(sys.modules.get(cls.__module__), "__file__", None)
    if path is None:
        return Position(cls.__module__)
    assigned = re.compile(rf"\s+{attribute}\s*[:=]") if attribute else None
    for number, line in enumerate(lines, first):
        if assigned is None or assigned.match(line):
            return line_place(path, number)
    return line_place(path, first)


def _hook_place(cls: type[Target], hook: str) -> Position:
    """Return where a target defines a method, or the line where its class begins."""
    for each in cls.__mro__:
        found = vars(each).get(hook)
        found = getattr(found, "fget", None) or getattr(found, "__func__", found)
        code = getattr(inspect.unwrap(found), "__code__", None) if callable(found) else None
        if code is not None and is_in(cls.code, code.co_filename):
            return line_place(code.co_filename, code.co_firstlineno)
    return _class_place(_original(cls))


def _original(cls: type[Target]) -> type:
    return next(each for each in cls.__mro__ if not issubclass(each, _Guard))


# Loading -----------------------------------------------------------------------------------------


def load(name: str, points: Sequence[EntryPoint]) -> type[Target]:
    """Return the target called `name`, which these entry points name.

    Raises :class:`ProblemsError` if it cannot be loaded, or is not a valid target.
    """
    if len({point.value for point in points}) > 1:
        packages = ", ".join(sorted({point.dist.name for point in points if point.dist}))
        problem = "several packages have a target of this name"
        raise _unloadable(name, _entry_place(points[0]), problem, f"uninstall one of {packages}")
    point = points[0]
    code = _code_of(point.value.partition(":")[0])
    try:
        found = point.load()
        cls = getattr(found, "TARGET", None)
    except BaseException as error:
        pass_on(error)
        place = _syntax_place(error) or place_in(code, error) or _entry_place(point)
        raise _unloadable(name, place, error_text(error), FIX, error) from error
    if not isinstance(found, ModuleType):
        help_ = "write the module alone, and end it with `TARGET = ` and the class"
        raise _unloadable(name, _entry_place(point), f"{point.value} is not a module", help_)
    if not (isinstance(cls, type) and issubclass(cls, Target)):
        raise _without_class(name, found, cls)
    code = (*code, *(root for each in cls.__mro__ for root in _code_of(each.__module__)))
    for attribute, wrong, help_ in _faults(cls, name):
        raise _unloadable(name, _class_place(cls, attribute), wrong, help_)
    assert cls.templates is not None
    return _guarded(cls, (*code, Path(absolute(cls.templates))))


def load_module(what: str, point: EntryPoint) -> ModuleType:
    """Return the module of an entry point.

    Raises :class:`ProblemsError` at the line of the module that fails.
    """
    code = _code_of(point.value.partition(":")[0])
    try:
        found = point.load()
    except BaseException as error:
        pass_on(error)
        place = _syntax_place(error) or place_in(code, error) or _entry_place(point)
        message = f"{what} cannot be used: {error_text(error)}"
        problem = Problem(place, "MS130", message, help=FIX, cause=error)
        raise ProblemsError([problem]) from error
    if not isinstance(found, ModuleType):
        message = f"{what} cannot be used: {point.value} is not a module"
        problem = Problem(_entry_place(point), "MS130", message, help="name the module alone")
        raise ProblemsError([problem])
    return found


def _unloadable(
    name: str, place: Position, wrong: str, help_: str, cause: BaseException | None = None
) -> ProblemsError:
    message = f"the target `{name}` cannot be used: {wrong}"
    return ProblemsError([Problem(place, "MS130", message, help=help_, cause=cause)])


def _without_class(name: str, module: ModuleType, found: object) -> ProblemsError:
    place = Position(module.__file__ or module.__name__)
    classes = [
        each.__name__
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Target) and each is not Target
    ]
    wrong = "its module has no TARGET"
    if found is not None:
        wrong = f"TARGET in its module is {kind_of(found)}, and not a class derived from Target"
    help_ = f"end the module with `TARGET = {classes[-1] if classes else '...'}`"
    return _unloadable(name, place, wrong, help_)


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
    for hook in _HOOKS:
        if not callable(getattr(cls, hook)):
            yield hook, f"its {hook} is not a method", f"write `def {hook}(self, ...)`"


def _option_faults(options: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(options, tuple) or not all(isinstance(each, Option) for each in options):
        help_ = 'write `options = (Option("name", "What it means."),)`'
        yield "options", "its options are not a tuple of options", help_
        return
    names = [option.name for option in options]
    for name in names:
        if name in _TAKEN or names.count(name) > 1:
            yield "options", f"`{visible(name)}` is the name of another option", "rename it"


def _code_of(module: str) -> tuple[Path, ...]:
    """Return the folders of the package that a module is in, or the file of a module alone."""
    top = module.partition(".")[0]
    if top == __name__.partition(".")[0] or top in sys.stdlib_module_names:
        return ()
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return ()
    if spec is None:
        return ()
    paths = spec.submodule_search_locations or filter(None, [spec.origin])
    return tuple(Path(absolute(path)) for path in paths)


def _syntax_place(error: BaseException) -> Position | None:
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_file():
        return line_place(error.filename, error.lineno or 1)
    return None


def _entry_place(point: EntryPoint) -> Position:
    """Return the line of an entry point."""
    folder = getattr(point.dist, "_path", None)  # no public API has the path of the file
    text = point.dist.read_text("entry_points.txt") if point.dist else None
    if folder is None or text is None:
        return Position(point.value)
    pattern = re.compile(rf"\s*{re.escape(point.name)}\s*=\s*{re.escape(point.value)}")
    lines = text.splitlines()
    number = next((n for n, line in enumerate(lines, 1) if pattern.match(line)), 1)
    return line_place(f"{folder}{os.sep}entry_points.txt", number)


# Calling -----------------------------------------------------------------------------------------

_Where = tuple[tuple[Position, str], ...]


def where(settings: Settings) -> _Where:
    """Return the position of a target in `modelsync.yaml`, as a note on a problem in its code."""
    return ((settings.position, f"the target `{settings.name}`"),)


def pass_on(error: BaseException) -> None:
    """Raise errors that are not the target's: problems, and interruptions from outside."""
    is_signal = isinstance(error, SystemExit) and _is_ours(error)  # from modelsync's handler
    if is_signal or isinstance(error, ProblemsError | KeyboardInterrupt):
        raise error


def _guarded(cls: type[Target], code: tuple[Path, ...]) -> type[Target]:
    """Return a subclass of `cls` that guards calls to it; `code` has the paths of its code."""
    same = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    return types.new_class(
        cls.__name__, (_Guard, cls), exec_body=lambda body: body.update(same | {"code": code})
    )


class _Asked:
    """A target in the config and its class, to call it and report invalid return values."""

    def __init__(self, cls: type[Target], settings: Settings) -> None:
        self.cls = cls
        self.settings = settings

    def attempt(self, hook: str, ask: Callable[[], _T]) -> _T:
        """Call a method and return its result. Raises :class:`ProblemsError` if it fails."""
        try:
            return ask()
        except BaseException as error:
            pass_on(error)
            place = place_in(self.cls.code, error)
            if place is None and _is_ours(error):
                raise
            place = place or _hook_place(self.cls, hook)
            raise fault(self.settings, place, f"fails in {hook}", error) from error

    def answer(self, hook: str, kinds: Any, ask: Callable[[], Any]) -> Any:
        """Call a method and return its result, which must have one of some types."""
        found = self.attempt(hook, ask)
        if not isinstance(found, kinds):
            wanted = " or ".join(_TYPES[kind] for kind in _each(kinds))
            self.refuse(hook, f"returns {kind_of(found)}, and not {wanted}")
        return found

    def refuse(self, hook: str, wrong: str, place: Position | None = None) -> NoReturn:
        """Raise :class:`ProblemsError` for the result of a method."""
        message = f"the target `{self.settings.name}`: {hook} {wrong}"
        place = place or _hook_place(self.cls, hook)
        raise ProblemsError([Problem(place, "MS132", message, related=where(self.settings))])

    def each(self, hook: str, ask: Callable[[], Iterable[_T]]) -> Iterator[tuple[_T, Position]]:
        """Yield each item of a method's result, and the line that yields it."""
        items = self.attempt(hook, partial(iter, self.attempt(hook, ask)))
        while True:
            item = self.attempt(hook, partial(next, items, _END))
            if item is _END:
                return
            yield item, _yield_place(self.cls, items) or _hook_place(self.cls, hook)


_END: Final[Any] = object()
_ATTEMPT: Final = _Asked.attempt.__code__
_TYPES: Final[Mapping[object, str]] = {
    str: "a text",
    dict: "a dict",
    Mapping: "a mapping",
    types.NoneType: "None",
}


def _each(kinds: Any) -> tuple[Any, ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def fault(settings: Settings, place: Position, what: str, error: BaseException) -> ProblemsError:
    """Return the problem for a target that raised an error."""
    message = f"the target `{settings.name}` {what}: {error_text(error)}"
    problem = Problem(place, "MS131", message, help=FIX, related=where(settings), cause=error)
    return ProblemsError([problem])


def _yield_place(cls: type[Target], items: object) -> Position | None:
    """Return the line of a target at which one of its generators is suspended."""
    place = None
    while isinstance(items, GeneratorType) and items.gi_frame is not None:
        frame = items.gi_frame
        if is_in(cls.code, frame.f_code.co_filename):
            place = line_place(frame.f_code.co_filename, frame.f_lineno)
        items = items.gi_yieldfrom
    return place


class _Guard(Target):
    """Comes before an external target's class in the MRO, and checks its results."""

    def __init__(self, schema: Schema, settings: Settings) -> None:
        self._asked = _Asked(type(self), settings)
        self._limit = _MANY_FILES + _FILES_EACH * len(schema.definitions)
        self.file_place: Position | None = None
        self._asked.attempt("__init__", partial(super().__init__, schema, settings))
        if "_problems" not in vars(self):
            self._asked.refuse("__init__", "does not call `super().__init__(schema, settings)`")

    @classmethod
    def language_of(cls, settings: Settings) -> str:
        """Return the language of a target with these settings."""
        ask = partial(super().language_of, settings)
        return _Asked(cls, settings).answer("language_of", str, ask)  # type: ignore[no-any-return]

    @property
    def language(self) -> str:
        """Return the key for this target in `names:` of a spec."""
        # A property of the class may fail, so it is read here.
        return self._asked.answer("language", str, lambda: super(_Guard, self).language)  # type: ignore[no-any-return]

    def definition_identifier(self, name: str) -> str:
        return self._text("definition_identifier", name)

    def field_identifier(self, wire: str) -> str:
        return self._text("field_identifier", wire)

    def value_identifier(self, enum: str, wire: str) -> str:
        return self._text("value_identifier", enum, wire)

    def formatted(self, text: str) -> str:
        return self._text("formatted", text)

    def _text(self, hook: str, *arguments: str) -> str:
        ask = partial(getattr(super(), hook), *arguments)
        return self._asked.answer(hook, str, ask)  # type: ignore[no-any-return]

    def given_name(self, item: Definition | Field | EnumValue) -> str | None:
        ask = partial(super().given_name, item)
        return self._asked.answer("given_name", (str, types.NoneType), ask)  # type: ignore[no-any-return]

    def packages(self) -> Mapping[str, tuple[Definition, ...]]:
        found = self._asked.answer("packages", Mapping, super().packages)
        for definitions in found.values():
            if not are_definitions(definitions):
                self._asked.refuse("packages", "has what is not a tuple of definitions")
        return found  # type: ignore[no-any-return]

    def claim_more(self, definition: Definition, scope: Scope) -> None:
        self._asked.attempt("claim_more", partial(super().claim_more, definition, scope))

    def problems(self) -> Iterator[Problem]:
        for problem, place in self._asked.each("problems", super().problems):
            if not isinstance(problem, Problem):
                self._asked.refuse("problems", f"yields {kind_of(problem)}, not a Problem", place)
            yield problem

    def files(self) -> Iterator[File]:
        found: dict[str, tuple[Definition, ...]] = {}
        each = self._asked.each("files", getattr(super(), "files"))  # noqa: B009 - it is abstract
        for number, (file, place) in enumerate(each, start=1):
            wrong = _file_fault(file, found)
            if number > self._limit:
                wrong = f"yields more than {self._limit:,} files"
            if wrong:
                self._asked.refuse("files", wrong, place)
            self.file_place = place
            yield file


def _file_fault(file: object, found: dict[str, tuple[Definition, ...]]) -> str:
    """Return the problem with a file from a target that no change of a spec can fix.

    `found` has the definitions of the files before it, by the :func:`path_key` of their paths.
    """
    if not isinstance(file, File):
        return f"yields {kind_of(file)}, and not a File"
    if not is_below(file.path):
        return f"yields a file whose path is not below its folder: `{visible(file.path)}`"
    key = path_key(file.path)
    if key not in found:
        found[key] = file.definitions
    elif found[key] == file.definitions:
        return f"yields two files with the path `{visible(file.path)}`"
    return ""


def file_place(target: Target) -> Position | None:
    """Return the line of a target from another package that yielded the last file."""
    return target.file_place if isinstance(target, _Guard) else None
