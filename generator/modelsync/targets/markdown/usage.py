"""The examples on the pages of enums in Go and Python."""

from __future__ import annotations

from modelsync.pages.example import OPEN_COMMENTS
from modelsync.pages.notation import Place
from modelsync.schema.definitions import Enum


def go_usage(sdk: str, place: Place, name: str, enum: Enum, *, is_open: bool) -> str:
    """Return the code that shows the value of an enum with this name in Go."""
    module = f"{sdk}/{place.path.rpartition('/')[0]}"
    code = f'import (\n\t"{module}"\n)\n\nvalue := {place.package}.{name}'
    if is_open:
        custom = '"custom_value"' if enum.type == "string" else "999"
        code += (
            "\n\n// Open enum: custom values can be created with a direct type cast"
            f"\ncustom := {place.shown}({custom})"
        )
    return code


def python_usage(sdk: str, place: Place, value: str, comment: str, *, by_name: bool) -> str:
    """Return the code that shows a value of an enum in Python.

    `value` is its name or its literal, and `comment` is what the page says about other values.
    """
    module = f"{sdk}.{place.path.rpartition('/')[0].replace('/', '.')}"
    line = f"from {module} import {place.title}"
    if by_name:
        return "\n\n".join(filter(None, [line, f"value = {place.title}.{value}", comment]))
    comment_lines = ["", comment] if comment else []
    return "\n".join([line, *comment_lines, f"value: {place.title} = {value}"])


def open_comment(enum: Enum, notation: str) -> str:
    """Return what an example of an open enum says about its other values."""
    return OPEN_COMMENTS[notation][kind_of(enum)]


def kind_of(enum: Enum) -> str:
    """Return what TypeScript calls the values of an enum."""
    return "string" if enum.type == "string" else "number"
