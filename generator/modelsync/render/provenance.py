"""Render one file with its provenance: the template and the position in a spec of each line.

The templates are compiled again with marks, so that each piece of output records its position in
the template and the views that it comes from. A run that only writes files does not do this.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import eq
from pathlib import Path
from typing import ClassVar, NamedTuple

import jinja2
from jinja2 import nodes

from modelsync.errors import Position
from modelsync.render.environment import Bounded, Trusted
from modelsync.render.own_templates import OwnTemplates
from modelsync.render.sandbox import Sandbox
from modelsync.render.templates import Templates
from modelsync.targets.base import Code, File, PlacedCode, Target


class Origin(NamedTuple):
    """Where a line comes from: its position in a template, and in a spec.

    `spec` is None for a line that belongs to the file as a whole.
    """

    template: Position
    spec: Position | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The lines of a file, without line endings, and the origin of each."""

    lines: tuple[str, ...]
    origins: tuple[Origin, ...]


class _Mark(NamedTuple):
    """A piece of output of a position in a template; its lines come from `spec`, one each."""

    text: str
    file: str
    line: int
    spec: tuple[Position | None, ...]


class _TracingEnvironment(Trusted):
    """Compiles templates so that each piece of their output calls :meth:`mark` first."""

    def __init__(
        self, loader: jinja2.BaseLoader, filters: Mapping[str, Callable[..., Code]]
    ) -> None:
        super().__init__(loader, filters)
        self.marks: list[_Mark] = []
        self._items: list[tuple[object, ...]] = []

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        _instrument(source, filename or "")
        source.set_environment(self)
        return super()._generate(source, name, filename, defer_init)

    def begin(self) -> None:
        """Discard all marks."""
        self.marks.clear()
        self._items.clear()

    def taken(self) -> list[_Mark]:
        """Return the marks since the last call."""
        marks, self.marks = self.marks, []
        return marks

    def mark(self, file: str, line: int, value: object, owners: Iterable[object]) -> object:
        """Record a piece of output, and return it. `owners` are the objects it was read from."""
        if isinstance(value, Code):
            if isinstance(value, PlacedCode):
                spec = value.origins
            else:
                known = (*owners, *(item for items in reversed(self._items) for item in items))
                place = next(filter(None, map(_position, known)), None)
                spec = (place,) * (value.count("\n") + 1)
            self.marks.append(_Mark(value, file, line, spec))
        return value

    def text(self, file: str, line: int, value: str) -> Code:
        """Record literal text of the template, and return it."""
        found = Code(value)
        self.mark(file, line, found, ())
        return found

    def enter(self, *items: object) -> Code:
        """Begin the body of a loop, for these values of its variables."""
        self._items.append(items)
        return Code()

    def leave(self) -> Code:
        """End the body of a loop."""
        self._items.pop()
        return Code()


class _TracingBounded(_TracingEnvironment, Bounded):
    """The same for the templates of a target from another package."""


class _TracingSandbox(_TracingEnvironment, Sandbox):
    """The same for a project's own templates."""


class Tracer(Templates):
    """The templates of one target, as :class:`Templates` finds them, for tracing."""

    trusted: ClassVar[type[Trusted]] = _TracingEnvironment
    bounded: ClassVar[type[Trusted]] = _TracingBounded
    sandbox: ClassVar[type[Trusted]] = _TracingSandbox

    def __init__(self, target: type[Target], own: OwnTemplates) -> None:
        super().__init__(target, own)
        self._marks: list[_Mark] = []
        self._files: dict[str, tuple[str, list[str]]] = {}

    def trace(self, target: Target, file: File) -> Trace:
        """Render one file of `target`. Raises :class:`~modelsync.render.TemplateError`."""
        self._marks = []
        rendered = self.render(target, file)
        lines = list(_lines(self._marks))
        texts = [line.text for line in lines]
        formatted = self.formatted(target, file, rendered).decode("utf-8")
        kept = texts if formatted == rendered else lines_of(formatted)
        origins = [
            self._origin(lines[index].part(column)) for index, column in _before(texts, kept)
        ]
        return Trace(tuple(kept), tuple(origins))

    def template(self, name: str) -> Position:
        """Return the position of the beginning of the template `name`."""
        copied = self.copied(name)
        if copied is not None:
            return self._place(str(copied[0]), 1)
        return self._place(str(self.environment.get_template(f"{name}.j2").filename), 1)

    def source(self, place: Position) -> str:
        """Return the text of the template that a position is in."""
        return next("\n".join(lines) for path, lines in self._files.values() if path == place.path)

    def is_own(self, path: str) -> bool:
        """Whether a template is the project's, and not built in."""
        return path.startswith(f"{self.shown}/")

    def _origin(self, part: _Part) -> Origin:
        return Origin(self._place(part.mark.file, part.mark.line), part.spec)

    def _place(self, file: str, line: int) -> Position:
        """Return the position of a line of a template, after its indentation."""
        if file not in self._files:
            text = self.text_of(Path(file))
            self._files[file] = self._shown_path(file), text.split("\n")
        path, lines = self._files[file]
        text = lines[line - 1] if line <= len(lines) else ""
        return Position(path, line, len(text) - len(text.lstrip()) + 1, max(1, len(text.strip())))

    def _renderer(self, name: str) -> Callable[[Mapping[str, object]], str]:
        copied = self.copied(name)

        def render(view: Mapping[str, object]) -> str:
            if copied is None:
                template = self.environment.get_template(f"{name}.j2")
                self._marks = list(_marks(template, view))
            else:
                file, text = copied
                self._marks = [
                    _Mark(line, str(file), number, (None,) * len(line.split("\n")))
                    for number, line in enumerate(_ended_lines(text), 1)
                ]
            return "".join(mark.text for mark in self._marks)

        return render


def _position(value: object) -> Position | None:
    """Return the position in a spec that a value of a view comes from, if it has one."""
    if isinstance(value, jinja2.Undefined):
        return None
    if isinstance(value, PlacedCode):
        return next(filter(None, value.origins), None)
    found = (
        value.get("position") if isinstance(value, Mapping) else getattr(value, "position", None)
    )
    return found if isinstance(found, Position) else None


# Marking the pieces of output -----------------------------------------------------------------


def _instrument(tree: nodes.Template, file: str) -> None:
    """Mark each piece of output in a template, and record the start and end of each loop body."""
    kept = {
        id(output)
        for block in tree.find_all(nodes.AssignBlock)  # not output here, if at all
        for output in block.find_all(nodes.Output)
    }
    for output in list(tree.find_all(nodes.Output)):
        if id(output) in kept:
            continue
        output.nodes = [piece for node in output.nodes for piece in _pieces(node, file)]
    for loop in list(tree.find_all(nodes.For)):
        target = loop.target
        names = [target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name)
        items: list[nodes.Expr] = [nodes.Name(name.name, "load") for name in names]
        loop.body.insert(0, nodes.Output([_call("enter", items, loop.lineno)], lineno=loop.lineno))
        loop.body.append(nodes.Output([_call("leave", [], loop.lineno)], lineno=loop.lineno))


def _pieces(node: nodes.Expr, file: str) -> Iterator[nodes.Expr]:
    if not isinstance(node, nodes.TemplateData):
        place: list[nodes.Expr] = [nodes.Const(file), nodes.Const(node.lineno)]
        owners = nodes.List(_owners(node))
        yield _call("mark", [*place, node, owners], node.lineno)
        return
    for number, text in enumerate(_ended_lines(node.data), start=node.lineno):
        parts: list[nodes.Expr] = [nodes.Const(file), nodes.Const(number), nodes.Const(text)]
        yield _call("text", parts, number)


def _owners(node: nodes.Expr) -> list[nodes.Expr]:
    """Return the objects that an expression is read from: for `a.b.c`, `a.b` and `a`.

    They are evaluated a second time, so only names and attributes are included.
    """
    while isinstance(node, nodes.Filter) and node.node is not None:
        node = node.node
    found = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
        found.append(node)
    return found if isinstance(node, nodes.Name) else []


def _call(method: str, arguments: list[nodes.Expr], line: int) -> nodes.Expr:
    function = nodes.EnvironmentAttribute(method, lineno=line)
    return nodes.Call(function, arguments, [], None, None, lineno=line)


def _marks(template: jinja2.Template, view: Mapping[str, object]) -> Iterator[_Mark]:
    """Render a template, and yield each piece of its output."""
    environment = template.environment
    assert isinstance(environment, _TracingEnvironment)
    environment.begin()
    last = _Mark("", template.filename or "", 1, (None,))
    try:
        for text in template.root_render_func(template.new_context(dict(view))):
            if text:
                marks = _marks_of(text, environment.taken(), last)
                last = marks[-1]
                yield from marks
    except Exception:
        environment.handle_exception()


def _marks_of(text: str, marks: list[_Mark], last: _Mark) -> list[_Mark]:
    """Return the marks of one piece of output, which may have several.

    If a block has changed the text (`{% filter %}`), all of it comes from the start of the block.
    """
    if marks and marks[-1].text == text:
        return marks[-1:]
    if "".join(mark.text for mark in marks) == text:
        return marks
    first = marks[0] if marks else last
    found = next(filter(None, (place for mark in marks for place in mark.spec)), None)
    return [_Mark(text, first.file, first.line, (found,) * (text.count("\n") + 1))]


# From pieces to lines -------------------------------------------------------------------------


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, as editors count them."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def _ended_lines(text: str) -> list[str]:
    """Return the lines of a text, each with its line ending."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


class _Part(NamedTuple):
    """A part of one line, and the mark that it comes from."""

    text: str
    mark: _Mark
    spec: Position | None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a rendered file."""

    parts: tuple[_Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    def part(self, column: int) -> _Part:
        """Return the part that a line which a formatter starts at `column` comes from.

        `column` does not count spaces. The first column means the entire line.
        """
        if column:
            for part in self.parts:
                column -= len(_solid(part.text))
                if column < 0:
                    return part
        # Indentation before it says nothing about its origin.
        first = next((part for part in self.parts if part.text.strip()), self.parts[0])
        return first._replace(spec=next(filter(None, (part.spec for part in self.parts)), None))


def _lines(marks: Iterable[_Mark]) -> Iterator[_Line]:
    """Yield each line of the pieces of output."""
    parts: list[_Part] = []
    for mark in marks:
        *ended, rest = mark.text.split("\n")
        for text, spec in zip(ended, mark.spec[:-1], strict=True):
            yield _Line((*parts, _Part(text, mark, spec)))
            parts = []
        if rest:
            parts.append(_Part(rest, mark, mark.spec[-1]))
    if parts:
        yield _Line(tuple(parts))


def _before(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return, for each line of a formatter's output, the index of the line that it comes from.

    The second number is the column at which it began there, without spaces. If the formatter split
    or joined lines, they are matched by their text.
    """
    if len(old) == len(new) and all(map(eq, map(_solid, old), map(_solid, new))):
        return [(index, 0) for index in range(len(new))]  # it only changed the indentation
    found: list[tuple[int, int]] = []
    for _, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i2 - i1 == j2 - j1:
            found += [(index, 0) for index in range(i1, i2)]
        else:
            found += _before_by_characters(old[i1:i2], new[j1:j2], i1, len(old) - 1)
    return found


def _before_by_characters(
    old: Sequence[str], new: Sequence[str], first: int, limit: int
) -> Iterator[tuple[int, int]]:
    places = [
        (first + index, column)
        for index, line in enumerate(old)
        for column, _ in enumerate(_solid(line))
    ]
    new_text = "".join(map(_solid, new))
    matched = _matched("".join(map(_solid, old)), new_text)
    last, start = (min(first, limit), 0), 0
    for line in new:
        end = start + len(_solid(line))
        last = next((places[at] for at in matched[start:end] if at is not None), last)
        yield last
        start = end


def _matched(old: str, new: str) -> list[int | None]:
    """Return, for each character of `new`, the index in `old` of the one that it was, or None.

    A formatter only adds characters, such as commas and brackets, in almost all cases: then one
    pass is enough. Otherwise the two are compared, which takes much longer.
    """
    matched: list[int | None] = []
    at = 0
    for char in new:
        same = at < len(old) and old[at] == char
        matched.append(at if same else None)
        at += same
    if at == len(old):
        return matched
    matched = [None] * len(new)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        matched[b : b + size] = range(a, a + size)
    return matched


def _solid(line: str) -> str:
    return "".join(line.split())
