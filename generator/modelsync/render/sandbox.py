"""The environment of a project's own templates, which nobody may have reviewed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

import jinja2
import jinja2.exceptions
import jinja2.runtime
import jinja2.sandbox

from modelsync.render.environment import FILTERS, Bounded, LimitExceeded, all_defined
from modelsync.targets.base import Code

_MAX_BITS: Final = 10_000
"""The maximum size of an integer that a template computes."""
_NUMBER: Final = re.compile(r"\d+")


class Sandbox(Bounded, jinja2.sandbox.ImmutableSandboxedEnvironment):
    """A project's own templates, without access to Python, and with limits for all values."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(
        self, loader: jinja2.BaseLoader, filters: Mapping[str, Callable[..., Code]]
    ) -> None:
        super().__init__(loader, filters)
        del self.globals["lipsum"]
        built_in = {name: self._limited(name, function) for name, function in FILTERS.items()}
        self.filters = {**built_in, **all_defined(filters), "join": jinja2.pass_context(_join)}

    def _limited(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter of Jinja with a limit for the size of its result."""
        size_of = _SIZES.get(name)
        is_given_more = hasattr(function, "jinja_pass_arg")

        @wraps(function)
        def limited(*arguments: Any, **named: Any) -> Any:
            if size_of is not None:
                self.check_size("", size_of(*arguments[is_given_more:], **named))
            return self.checked(function(*arguments, **named))

        return limited

    def call_binop(
        self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any
    ) -> Any:
        """Compute `left operator right`. Raises :class:`LimitExceeded`."""
        match operator, left, right:
            case _, int(), int():
                _check_integer(operator, left, right)
            case "+", str() | bytes() | list() | tuple(), str() | bytes() | list() | tuple():
                self.check_size(left, len(left) + len(right))
            case "*", str() | bytes() | list() | tuple(), int():
                self.check_size(left, len(left) * right)
            case "*", int(), str() | bytes() | list() | tuple():
                self.check_size(right, len(right) * left)
            case "%", str(), _:
                values = right if isinstance(right, tuple) else (right,)
                self.check_size("", _formatted_size(left, *values))
            case _:
                pass
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Any, __obj: Any, *arguments: Any, **named: Any) -> Any:
        """Call a function for a template, with Jinja's own parameters. See :class:`Bounded`."""
        method = getattr(__obj, "__wrapped__", __obj)  # Jinja has wrapped `format`
        text = getattr(method, "__self__", None)
        if not isinstance(text, str | bytes):
            return super().call(__context, __obj, *arguments, **named)
        name = method.__name__
        if name in _WITHOUT:
            raise jinja2.exceptions.SecurityError(
                f"the string method {name!r} is not available in a project's templates"
            )
        if name == "join" and isinstance(text, str):
            return __self.separated(text, *arguments)
        size_of = _SIZES.get(name)
        if size_of is not None:
            __self.check_size("", size_of(text, *arguments, **named))
        return __self.checked(super().call(__context, __obj, *arguments, **named))


_WITHOUT: Final = frozenset({"expandtabs", "format_map", "translate"})
"""Methods of strings that may turn a small string into a very large one."""


def _join(
    context: jinja2.runtime.Context, value: Any, d: str = "", attribute: str | int | None = None
) -> str:
    environment = context.environment
    assert isinstance(environment, Bounded)
    if attribute is not None:
        named = {"attribute": attribute}
        value = environment.call_filter("map", value, kwargs=named, context=context)
    return environment.separated(d, value)


def _check_integer(operator: str, left: int, right: int) -> None:
    bits = {"*": left.bit_length() + right.bit_length(), "**": left.bit_length() * right}
    if bits.get(operator, 0) > _MAX_BITS:
        raise LimitExceeded(f"it computes an integer of more than {_MAX_BITS:,} bits")


def _formatted_size(text: str, *values: object, **named: object) -> int:
    """Return how large the result of formatting some values with `%s` or `{}` can be."""
    given = (*values, *named.values())
    longest = max((len(value) for value in given if isinstance(value, str)), default=0)
    if "*" in text:  # a width that is one of the values
        longest = max(longest, *(value for value in given if isinstance(value, int)))
    numbers = sum(int(found[:9]) for found in _NUMBER.findall(text))
    return len(text) + numbers + (text.count("%") + text.count("{")) * longest


def _padded_size(text: str, width: int = 0, *_: object) -> int:
    return len(text) + width


def _replaced_size(text: str, old: str = "", new: str = "", *_: object) -> int:
    return len(text) + (text.count(old) if old else len(text) + 1) * len(new)


def _indented_size(text: str, width: int | str = 4, *_: object, **__: object) -> int:
    return len(text) + (text.count("\n") + 1) * (len(width) if isinstance(width, str) else width)


def _wrapped_size(
    text: str, width: int = 79, break_: bool = True, wrapstring: str | None = None, *_: object
) -> int:
    return len(text) * (1 + len(wrapstring or "\n"))


def _grouped_size(value: object, number: int = 0, *_: object, **__: object) -> int:
    return number


def _json_size(value: object, indent: int | None = None) -> int:
    return len(repr(value)) * ((indent or 0) + 1)


_SIZES: Final[Mapping[str, Callable[..., int]]] = {
    **dict.fromkeys(("center", "ljust", "rjust", "zfill"), _padded_size),
    **dict.fromkeys(("batch", "slice"), _grouped_size),
    "format": _formatted_size,
    "indent": _indented_size,
    "replace": _replaced_size,
    "tojson": _json_size,
    "wordwrap": _wrapped_size,
}
"""How large the result of a filter or a method can be for its arguments."""
