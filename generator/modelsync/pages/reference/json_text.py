"""JSON documents of reference pages, with the layout that Prettier gives them."""

from __future__ import annotations

import json
import re
from typing import Final

from modelsync.pages.reference.table import width
from modelsync.schema.json_values import Json

_COLUMNS: Final = 80
_EXPONENT: Final = re.compile(r"e\+?(-?)0*")
"""Prettier writes `1e300` and `1e-7`, Python `1e+300` and `1e-07`."""


def json_text(
    value: Json, indentation: int = 0, used: int = 0, *, short_objects: bool = False
) -> str:
    """Return a value as JSON: a line for each key, and lists on one line if they fit.

    It starts after `used` columns, on a line with an indentation. With `short_objects`, an object
    is on one line if it fits, too: Prettier keeps both forms.
    """
    return _Layout(short_objects).text(value, indentation, used)


class _Layout:
    """The layout of one document."""

    def __init__(self, short_objects: bool) -> None:
        self.short_objects = short_objects

    def text(self, value: Json, indentation: int, used: int) -> str:
        """Return a value that starts after `used` columns, on a line with an indentation."""
        inner = indentation + 2
        match value:
            case dict() if value:
                flat = self.fitting(value, used) if self.short_objects else None
                if flat is not None:
                    return flat
                starts = [f"{_scalar(key)}: " for key in value]
                return _lines("{", self.parts(starts, [*value.values()], inner), "}", indentation)
            case list() if value:
                flat = self.fitting(value, used)
                if flat is not None:
                    return flat
                if len(value) > 1 and all(map(_is_number, value)):
                    return _lines("[", _filled(value, inner), "]", indentation)
                return _lines("[", self.parts([""] * len(value), value, inner), "]", indentation)
            case _:
                return _scalar(value)

    def parts(self, starts: list[str], values: list[Json], indentation: int) -> list[str]:
        """Return each value after its start. All but the last one have a comma behind them."""
        last = len(values) - 1
        return [
            start + self.text(value, indentation, indentation + width(start) + (index < last))
            for index, (start, value) in enumerate(zip(starts, values, strict=True))
        ]

    def fitting(self, value: Json, used: int) -> str | None:
        """Return a value on one line; None if it does not fit there."""
        flat = self.flat(value, _COLUMNS - used)
        return flat if flat is not None and used + width(flat) <= _COLUMNS else None

    def flat(self, value: Json, room: int) -> str | None:
        """Return a value on one line; None if it has a part that breaks, or needs more room."""
        match value:
            case dict() if value:
                if not self.short_objects or len(value) * 2 > room:
                    return None
                parts = [self.flat(each, room) for each in value.values()]
                if None in parts:
                    return None
                pairs = zip(map(_scalar, value), parts, strict=True)
                return f"{{ {', '.join(f'{key}: {part}' for key, part in pairs)} }}"
            case list():
                if _breaks(value) or len(value) * 2 > room:
                    return None
                parts = [self.flat(each, room) for each in value]
                return None if None in parts else f"[{', '.join(filter(None, parts))}]"
            case _:
                return _scalar(value)


def _lines(start: str, lines: list[str], end: str, indentation: int) -> str:
    feed = "\n" + " " * (indentation + 2)
    return f"{start}{feed}{f',{feed}'.join(lines)}\n{' ' * indentation}{end}"


def _breaks(values: list[Json]) -> bool:
    """Whether a list has several values, all of them objects, or all lists, of several values."""
    return len(values) > 1 and any(
        all(isinstance(each, kind) and len(each) > 1 for each in values) for kind in (dict, list)
    )


def _filled(numbers: list[Json], indentation: int) -> list[str]:
    """Return lines with as many numbers as fit."""
    lines: list[str] = []
    last = len(numbers) - 1
    for index, number in enumerate(map(_scalar, numbers)):
        comma = index < last
        if lines and indentation + len(f"{lines[-1]}, {number}") + comma <= _COLUMNS:
            lines[-1] += f", {number}"
        else:
            lines.append(number)
    return lines


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scalar(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _EXPONENT.sub(r"e\1", text) if isinstance(value, float) else text
