"""Call code of other packages, and report its errors and invalid results as problems.

An exception, or a return value of the wrong type, becomes a problem at the line of that code. An
error without such a line in its traceback is an internal error, and is raised unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any, Final, NoReturn, TypeVar, overload

from modelsync.errors import Position, Problem, ProblemsError, error_text
from modelsync.targets.checks import kind_of
from modelsync.targets.entry_points import FIX
from modelsync.targets.error_places import (
    function_place,
    is_raised_by_modelsync,
    method_place,
    pass_on,
    place_in,
    yield_place,
)
from modelsync.targets.options import Settings

_T = TypeVar("_T")
_Notes = tuple[tuple[Position, str], ...]


class GuardedCalls:
    """Calls the methods of one class of another package."""

    def __init__(
        self,
        subject: str,
        cls: type,
        code: tuple[Path, ...],
        notes: _Notes,
        expected: tuple[type[Exception], ...] = (),
    ) -> None:
        self.subject = subject
        """What messages call it: "the target `drawn`"."""
        self.cls = cls
        self.code = code
        """Where the code of the package is."""
        self.notes = notes
        """Positions in the project to show with each problem."""
        self.expected = expected
        """Exceptions that its methods may raise."""

    def attempt(
        self, method: str, call: Callable[[], _T], function: Callable[..., object] | None = None
    ) -> _T:
        """Call a method and return its result. Raises :class:`ProblemsError` if it fails.

        `function` is what is called, if it is not a method of the class.
        """
        try:
            return call()
        except self.expected:
            raise
        except BaseException as error:
            pass_on(error)
            place = place_in(self.code, error)
            if place is None and is_raised_by_modelsync(error, _ATTEMPT):
                raise
            place = place or self.place(method, function)
            raise failure(
                self.subject, place, f"failed in `{method}`", error, self.notes
            ) from error

    @overload
    def answer(
        self,
        method: str,
        kinds: type[_T],
        call: Callable[[], Any],
        function: Callable[..., object] | None = None,
    ) -> _T: ...

    @overload
    def answer(
        self,
        method: str,
        kinds: tuple[type, ...],
        call: Callable[[], Any],
        function: Callable[..., object] | None = None,
    ) -> Any: ...

    def answer(
        self,
        method: str,
        kinds: type | tuple[type, ...],
        call: Callable[[], Any],
        function: Callable[..., object] | None = None,
    ) -> Any:
        """Call a method and return its result, which must have one of some types."""
        result = self.attempt(method, call, function)
        if not isinstance(result, kinds):
            allowed = kinds if isinstance(kinds, tuple) else (kinds,)
            names = " or ".join(_TYPES.get(kind) or f"a {kind.__name__}" for kind in allowed)
            self.refuse(
                method,
                f"returns {kind_of(result)}, not {names}",
                self.place(method, function),
            )
        return result

    def refuse(self, method: str, wrong: str, place: Position | None = None) -> NoReturn:
        """Raise :class:`ProblemsError` for the result of a method."""
        message = f"{self.subject}: {method} {wrong}"
        place = place or self.place(method)
        raise ProblemsError([Problem(place, "MS132", message, related=self.notes)])

    def items(self, method: str, call: Callable[[], Iterable[_T]]) -> Iterator[tuple[_T, Position]]:
        """Yield each item of a method's result, and the line that yields it."""
        items = self.attempt(method, partial(iter, self.attempt(method, call)))
        while True:
            item = self.attempt(method, partial(next, items, _END))
            if item is _END:
                return
            yield item, yield_place(items, self.code) or self.place(method)

    def place(self, method: str, function: Callable[..., object] | None = None) -> Position:
        """Return where a method is defined, or the `function` that is called instead of one."""
        place = function_place(function, self.code) if function is not None else None
        return place or method_place(self.cls, method, self.code)


_ATTEMPT: Final = GuardedCalls.attempt.__code__
_END: Final[Any] = object()
_TYPES: Final[Mapping[type, str]] = {
    str: "a text",
    Mapping: "a mapping",
    NoneType: "None",
}


def where(settings: Settings) -> _Notes:
    """Return the position of a target in `modelsync.yaml`, as a note on a problem in its code."""
    return ((settings.position, f"the target `{settings.name}`"),)


def failure(
    subject: str, place: Position, what: str, error: BaseException, notes: _Notes
) -> ProblemsError:
    """Return the problem for code of another package that raised an error."""
    message = f"{subject} {what}: {error_text(error)}"
    return ProblemsError([Problem(place, "MS131", message, help=FIX, related=notes, cause=error)])


def fault(settings: Settings, place: Position, what: str, error: BaseException) -> ProblemsError:
    """Return the problem for a target that raised an error."""
    return failure(f"the target `{settings.name}`", place, what, error, where(settings))
