"""The examples on TypeScript pages: which value is shown, and the code around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from modelsync.pages.code import (
    PLAIN,
    Call,
    Code,
    Items,
    Layout,
    NotCode,
    Properties,
    Raw,
    read_code,
)
from modelsync.pages.code_layout import declaration
from modelsync.pages.code_to_values import CodeReader
from modelsync.pages.made_up_values import example_of, made_up_value
from modelsync.pages.notation import Place
from modelsync.pages.values_to_code import CodeWriter, ShownNames, Style
from modelsync.schema.definitions import Definition, Enum, EnumValue
from modelsync.schema.json_values import to_json
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type
from modelsync.schema.values import Object, Value

NO_EXAMPLE: Final = "// No examples available for this model"
NO_SAMPLE: Final = "/* values here */"
"""The text that older pages show instead of the value of a member of a union."""
_MAX_IMPORT: Final = 80
"""The maximum length of imported names on one line."""
_OPEN: Final = " Open enum: unrecognized values are captured as "
OPEN_COMMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "typescript": {
        "string": f"//{_OPEN}Unrecognized<string>",
        "number": f"//{_OPEN}Unrecognized<number>",
    },
    "python": {"string": f"#{_OPEN}UnrecognizedStr", "number": f"#{_OPEN}UnrecognizedInt"},
}
"""The text after the value of an open enum in a language, by the kind of its values."""
_ENDS: Final = tuple(
    f"\n\n{comment}" for comments in OPEN_COMMENTS.values() for comment in comments.values()
)
_LET: Final = re.compile(r"^let value:\s+\w+\s*=\s*", re.M)
_EQUALS: Final = re.compile(r"\s*=\s*")
_MARK: Final = re.compile(r"\w+|[^\w\s|]")
_BREAK: Final = r"[\s|;]*+"
"""The characters between two words or marks of a type: whitespace, bars and semicolons."""


class Example:
    """Writes the examples of one schema, and reads their values."""

    def __init__(self, schema: Schema, names: ShownNames, style: Style) -> None:
        self.schema = schema
        self.style = style
        self._writer = CodeWriter(schema, names, style)
        self._reader = CodeReader(self._writer)

    def usage(self, definition: Definition, place: Place) -> str:
        """Return the code of `## Example Usage` on the page of `definition`."""
        page = definition.pages.get("typescript")
        value = page.example if page is not None else None
        if value is None:
            value = example_of(definition)
        imported: dict[str, set[str]] = {self._writer.module(definition): {place.title}}
        if value is None:
            return f"{self._imports(imported)}\n{NO_EXAMPLE}"
        code = self.code(Ref(definition.id), value)
        for module, name in _used_in(code):
            imported.setdefault(module, set()).add(name)
        text = declaration("let", place.title, code, self.style.layout)
        return f"{self._imports(imported)}\n{text}"

    def _imports(self, imported: Mapping[str, set[str]]) -> str:
        """Return a line for each module, from the names that are imported from it."""
        layout = self.style.layout
        lines = (
            _import_line(tuple(sorted(imported[module], key=_ignoring_case)), module, layout)
            for module in sorted(imported)
        )
        return "".join(f"{line}\n" for line in lines)

    def code(self, type_: Type, value: Value) -> Code:
        """Return a value as code."""
        return self._writer.write(type_, value)

    def read(self, type_: Type, code: Code) -> Value:
        """Return the value of some code: the inverse of :meth:`code`.

        Raises :class:`~modelsync.pages.code_to_values.NoValue`.
        """
        return self._reader.read(type_, code)

    def stand_in(self, type_: Type) -> Value:
        """Return a value of `type_` to show: the example of the definition, or one made up."""
        return made_up_value(self.schema, type_)


def chosen_value(enum: Enum, language: str) -> EnumValue:
    """Return the value of an enum that the example on the page of a language shows."""
    page = enum.pages.get(language)
    value = page.example if page is not None else None
    value = example_of(enum) if value is None else value
    return next(
        (candidate for candidate in enum.values if candidate.json_value == value), enum.values[0]
    )


def _used_in(code: Code) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of everything that code needs to import."""
    match code:
        case Items(items=items):
            for item in items:
                yield from _used_in(item)
        case Properties(items=pairs):
            for _, item in pairs:
                yield from _used_in(item)
        case Raw(used=(module, name)) | Call(used=(module, name)) if module:
            yield module, name
        case _:
            pass


def _ignoring_case(name: str) -> tuple[str, str]:
    """Return the key that names are sorted by."""
    return name.lower(), name


def _import_line(names: tuple[str, ...], module: str, layout: Layout) -> str:
    listed = ", ".join(names)
    if len(listed) <= _MAX_IMPORT:
        return f'import {{ {listed} }} from "{module}";'
    inner = "".join(f"{layout.indent}{name},\n" for name in names)
    return f'import {{\n{inner}}} from "{module}";'


# Reading ------------------------------------------------------------------------------------------


def without_comment(usage: str) -> str:
    """Return the code of an example without the comment that follows the value of an open enum."""
    end = next((end for end in _ENDS if usage.endswith(end)), "")
    return usage.removesuffix(end)


def read_usage(usage: str, layout: Layout = PLAIN) -> Code | None:
    """Return the value that the code of an example declares, None if there is none.

    Raises :class:`~modelsync.pages.code.NotCode`.
    """
    usage = without_comment(usage)
    if usage.endswith(NO_EXAMPLE):
        return None
    return _declared(usage, _LET.search(usage), "`let value: ... = ...;`", layout)


def read_sample(code: str, type_: str, layout: Layout = PLAIN) -> Code:
    """Return the value in the code of a member of a union; `type_` is what its heading shows.

    Raises :class:`~modelsync.pages.code.NotCode`.
    """
    expected = f"`const value: {type_} = ...;`"
    head = f"const value: {type_}"
    if code.startswith(f"{head} ="):
        return _declared(code, _EQUALS.match(code, len(head)), expected, layout)
    # A type that does not fit on its line is broken between its words and marks.
    marks = map(re.escape, _MARK.findall(head))
    return _declared(code, re.match(rf"{_BREAK.join(marks)}\s*=\s*", code), expected, layout)


def _declared(text: str, head: re.Match[str] | None, expected: str, layout: Layout) -> Code:
    """Return the value between the head of a declaration and the semicolon that ends it."""
    if head is None or not text.endswith(";"):
        raise NotCode(0, expected)
    try:
        return read_code(text[head.end() : -1], layout)
    except NotCode as error:
        error.offset += head.end()
        raise


def example_text(value: Value, *, quotes: bool = False) -> str:
    """Return a value as the cell of an example shows it; strings are in quotes if asked for."""
    match value:
        case str() if not quotes:
            return value
        case tuple() | Object():
            lines = json.dumps(to_json(value), ensure_ascii=False, indent=2).split("\n")
            return "\n".join(line.strip() for line in lines)
        case _:
            return json.dumps(value, ensure_ascii=False)
