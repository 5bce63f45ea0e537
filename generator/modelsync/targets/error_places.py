"""Where an error comes from: the line of a target or a toolset in another package."""

from __future__ import annotations

import inspect
import linecache
import os
import re
import sys
import traceback
from collections.abc import Callable, Collection
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, GeneratorType
from typing import Final

from modelsync.errors import Position, ProblemsError

_MODELSYNC: Final = (Path(__file__).resolve().parents[1],)


def code_of(module: str) -> tuple[Path, ...]:
    """Return the folders of the package that a module is in, or the file of a single module.

    Empty for modelsync itself and for the standard library.
    """
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


# Lines -------------------------------------------------------------------------------------------


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


def is_raised_by_modelsync(error: BaseException, calling: CodeType | None = None) -> bool:
    """Whether modelsync raised an error itself, and not by calling something from `calling`."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_code is not calling and is_in(_MODELSYNC, frame.f_code.co_filename)


def pass_on(error: BaseException) -> None:
    """Raise `error` again if other code did not cause it: a problem, an interrupt or a signal."""
    # modelsync's handler of signals raises SystemExit.
    is_signal = isinstance(error, SystemExit) and is_raised_by_modelsync(error)
    if is_signal or isinstance(error, ProblemsError | KeyboardInterrupt):
        raise error


def syntax_error_place(error: BaseException) -> Position | None:
    """Return the line of a module that Python cannot compile; None for other errors."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_file():
        return line_place(error.filename, error.lineno or 1)
    return None


# Definitions -------------------------------------------------------------------------------------


def class_place(cls: type, attribute: str = "") -> Position:
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


def function_place(function: Callable[..., object], code: Collection[Path]) -> Position | None:
    """Return where a function in or below `code` is defined; None for any other function."""
    found = inspect.unwrap(getattr(function, "func", function))
    compiled = getattr(found, "__code__", None)
    if compiled is None or not is_in(code, compiled.co_filename):
        return None
    return line_place(compiled.co_filename, compiled.co_firstlineno)


def method_place(cls: type, method: str, code: Collection[Path]) -> Position:
    """Return where a class in or below `code` defines a method, or else where the class begins."""
    for base in cls.__mro__:
        attribute = vars(base).get(method)
        function = getattr(attribute, "fget", None) or getattr(attribute, "__func__", attribute)
        place = function_place(function, code) if callable(function) else None
        if place is not None:
            return place
    return class_place(cls)


def yield_place(items: object, code: Collection[Path]) -> Position | None:
    """Return the line in or below `code` at which a generator is suspended."""
    place = None
    while isinstance(items, GeneratorType) and items.gi_frame is not None:
        frame = items.gi_frame
        if is_in(code, frame.f_code.co_filename):
            place = line_place(frame.f_code.co_filename, frame.f_lineno)
        items = items.gi_yieldfrom
    return place
