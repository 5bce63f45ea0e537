"""Jinja as modelsync uses it: what may be output, how templates fail, and their limits.

Built-in templates run in :class:`Trusted`. Templates of a target from another package run in
:class:`Bounded`, which stops endless loops and endless output. A project's own templates run in
:class:`~modelsync.render.sandbox.Sandbox`, which also denies access to Python and limits the size
of values. In all of them, `{{ ... }}` accepts only :class:`~modelsync.targets.base.Code`, and an
undefined name is an error.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from types import GeneratorType
from typing import Any, Final, NoReturn, TypeVar

import jinja2
import jinja2.exceptions
import jinja2.filters
import jinja2.parser
import jinja2.runtime
import jinja2.tests
import jinja2.visitor
from jinja2 import nodes

from modelsync.targets.base import Code

MAX_STEPS: Final = 10_000_000
"""How often loop bodies may run, for all files of a target together; calls count as several."""
MAX_TEXT: Final = 32_000_000
"""The maximum number of characters of a text in a template, including its output."""
MAX_ITEMS: Final = 1_000_000
"""The maximum number of items of a list that a template creates."""
_CALL_STEPS: Final = 20
"""How many steps a call of a macro, a block or a template counts as: it takes about as long."""
_PER_STEP: Final = 1_000
"""How many characters of newly built text count as one step."""

_F = TypeVar("_F", bound=Callable[..., Any])


class Unencoded(Exception):
    """A template tried to output text that did not go through an encoder."""


class LimitExceeded(Exception):
    """A template ran for too long, or created a value that is too large."""


class _Undefined(jinja2.StrictUndefined):
    """An undefined name, which fails even when it is converted to text."""

    __slots__ = ()
    __repr__ = jinja2.Undefined._fail_with_undefined_error


def _refuse_undefined(value: object) -> None:
    if isinstance(value, jinja2.Undefined):
        raise jinja2.UndefinedError(value._undefined_message)


def _finalize(value: object) -> object:
    if not isinstance(value, Code):
        _refuse_undefined(value)
        raise Unencoded(f"{value!r:.60} reaches the output without an encoder")
    return value


def defined(function: _F) -> _F:
    """Return a filter or test that fails if an argument is undefined."""

    @wraps(function)
    def checked(*arguments: object, **named: object) -> object:
        for value in (*arguments, *named.values()):
            _refuse_undefined(value)
        return function(*arguments, **named)

    return checked  # type: ignore[return-value]  # it has the signature of `function`


_FOR_UNDEFINED: Final = frozenset({"default", "d", "defined", "undefined"})
"""The filters and tests whose purpose is to handle undefined names."""


def all_defined(functions: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return filters or tests that fail if an argument is undefined, except those for that."""
    return {
        name: function if name in _FOR_UNDEFINED else defined(function)
        for name, function in functions.items()
    }


FILTERS: Final = all_defined(jinja2.filters.FILTERS)
"""The filters that come with Jinja."""
_TESTS: Final = all_defined(jinja2.tests.TESTS)


class Trusted(jinja2.Environment):
    """Templates whose authors are trusted. Errors in compiling a template have a line."""

    exhausted: bool = False
    """Whether a limit was exceeded; then nothing else is rendered in this environment."""

    def __init__(
        self, loader: jinja2.BaseLoader, filters: Mapping[str, Callable[..., Code]]
    ) -> None:
        super().__init__(
            loader=loader,
            undefined=_Undefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
            optimized=False,  # compiling a template would take longer than it saves
            auto_reload=False,
            cache_size=-1,
        )
        self.filters = {**FILTERS, **all_defined(filters)}
        self.tests = dict(_TESTS)

    def start_target(self) -> None:
        """Start rendering the files of a target. Limits apply to each target separately."""
        self.exhausted = False

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            return super()._parse(source, name, filename)
        except (RecursionError, ValueError) as error:
            raise _not_compiled(error, _parsed_line(error), name, filename) from error

    # Jinja's overloads also declare whether the result is compiled.
    def compile(
        self,
        source: str | nodes.Template,
        name: str | None = None,
        filename: str | None = None,
        raw: Any = False,
        defer_init: bool = False,
    ) -> Any:
        """Compile a template. Raises :class:`jinja2.TemplateSyntaxError`."""
        try:
            return super().compile(source, name, filename, raw, defer_init)
        except (RecursionError, SyntaxError, ValueError, MemoryError, OverflowError) as error:
            tree = self._parse(source, name, filename) if isinstance(source, str) else source
            raise _not_compiled(error, _deepest_line(tree), name, filename) from error


def _not_compiled(
    error: Exception, line: int, name: str | None, filename: str | None
) -> jinja2.TemplateSyntaxError:
    deep = not isinstance(error, ValueError | OverflowError)
    message = "this is nested too deeply" if deep else str(error)
    return jinja2.TemplateSyntaxError(message, line, name, filename)


def _parsed_line(error: BaseException) -> int:
    """Return the line at which the parser or the lexer failed."""
    for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
        parser = frame.f_locals.get("self")
        if isinstance(parser, jinja2.parser.Parser):
            return parser.stream.current.lineno
        line = frame.f_locals.get("lineno")
        if isinstance(line, int):
            return line
    return 1


def _deepest_line(tree: nodes.Template) -> int:
    """Return the line of the most deeply nested node."""
    deepest, line = 0, 1
    rest: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while rest:
        node, depth = rest.pop()
        if depth > deepest:
            deepest, line = depth, node.lineno
        rest += [(child, depth + 1) for child in node.iter_child_nodes()]
    return line


# Limits ------------------------------------------------------------------------------------------


class Bounded(Trusted):
    """Templates with limits for their run time and their output."""

    def __init__(
        self, loader: jinja2.BaseLoader, filters: Mapping[str, Callable[..., Code]]
    ) -> None:
        super().__init__(loader, filters)
        self._steps = 0

    def start_target(self) -> None:
        """Start rendering the files of a target, and reset the count of steps."""
        super().start_target()
        self._steps = 0

    @property
    def tick(self) -> bool:
        """Count a step, and return true. A call would take ten times as long in a sandbox."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._end_steps()
        return True

    @property
    def call_tick(self) -> bool:
        """Count the steps of a call: of a macro, a block or a template."""
        self._steps += _CALL_STEPS - 1
        return self.tick

    def _end_steps(self) -> NoReturn:
        self.exhausted = True
        raise LimitExceeded(f"it takes more than {MAX_STEPS:,} steps")

    def checked(self, value: Any) -> Any:
        """Return a new value, unless it is too large. Raises :class:`LimitExceeded`."""
        if isinstance(value, str | bytes | list | tuple):
            self.check_size(value, len(value))
        return value

    def check_size(self, kind: object, size: int) -> None:
        """Refuse a text or a list, as `kind` is, of this size. Raises :class:`LimitExceeded`."""
        is_text = isinstance(kind, str | bytes)
        if size > (MAX_TEXT if is_text else MAX_ITEMS):
            self.exhausted = True
            raise LimitExceeded(
                f"it creates a string of more than {MAX_TEXT:,} characters"
                if is_text
                else f"it creates a list of more than {MAX_ITEMS:,} items"
            )
        self._steps += size // _PER_STEP
        if self._steps > MAX_STEPS:
            self._end_steps()

    def concat(self, pieces: Iterable[str]) -> str:
        """Join pieces of output."""
        found: list[str] = []
        size = 0
        for piece in pieces:
            found.append(piece)
            size += len(piece)
            if size > MAX_TEXT and isinstance(pieces, GeneratorType):
                # Raise inside the template, so that the error has its line.
                self.exhausted = True
                pieces.throw(LimitExceeded(f"its output has more than {MAX_TEXT:,} characters"))
        self.check_size("", size)
        return "".join(found)

    def joined(self, *values: object) -> str:
        """Return the result of `~` for some values."""
        return self.separated("", values)

    def separated(self, separator: str, values: Iterable[object]) -> str:
        """Return the texts of some values, joined."""
        pieces = list(map(str, values))
        self.check_size("", sum(map(len, pieces)) + len(separator) * len(pieces))
        return separator.join(pieces)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        _Stepping().visit(source)
        source.set_environment(self)
        return super()._generate(source, name, filename, defer_init)


class _Stepping(jinja2.visitor.NodeTransformer):
    """Makes each body in a template count a step, and each `~` check the size of its result."""

    def _with_step(self, node: Any) -> nodes.Node:
        self.generic_visit(node)
        name = "tick" if isinstance(node, nodes.For) else "call_tick"
        tick = nodes.EnvironmentAttribute(name, lineno=node.lineno)
        node.body.insert(0, nodes.ExprStmt(tick, lineno=node.lineno))
        return node  # type: ignore[no-any-return]

    visit_Template = visit_Block = visit_Macro = visit_CallBlock = _with_step

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self._with_step(node)
        if node.test is not None:
            tick = nodes.EnvironmentAttribute("tick", lineno=node.lineno)
            node.test = nodes.And(tick, node.test, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _own_call("joined", node.nodes, node.lineno)


def _own_call(method: str, arguments: list[nodes.Expr], line: int) -> nodes.Call:
    function = nodes.EnvironmentAttribute(method, lineno=line)
    return nodes.Call(function, arguments, [], None, None, lineno=line)
