"""Checks of values from other packages, whose code may not be type-checked."""

from __future__ import annotations

from modelsync.schema.definitions import Alias, Enum, Model, Union

_DEFINITIONS = (Model, Enum, Union, Alias)


def is_all(kind: type, *values: object) -> bool:
    """Whether values have the type that they are annotated with."""
    return all(isinstance(value, kind) for value in values)


def checked_text(text: object) -> str:
    """Return an argument of a filter. Raises TypeError if it is no text.

    Templates of a project are not type-checked.
    """
    if not isinstance(text, str):
        raise TypeError(f"{type(text).__name__} is not a text")
    return text


def are_definitions(value: object) -> bool:
    """Whether a value is a tuple of definitions."""
    return isinstance(value, tuple) and all(isinstance(item, _DEFINITIONS) for item in value)


def is_below(path: str) -> bool:
    """Whether a path, with `/`, names something below the folder that it is relative to."""
    return "\\" not in path and not any(part in ("", ".", "..") for part in path.split("/"))


def kind_of(value: object) -> str:
    """Return the kind of a value, for messages."""
    return "None" if value is None else f"a value of the type {type(value).__name__}"
