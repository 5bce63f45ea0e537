"""Errors about JSON values that do not match their type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from modelsync.schema.json_values import Steps
from modelsync.schema.shown import found, json_string

UNKNOWN_KEY: Final = "unknown key"
"""The reason why a model that refuses unknown keys does not accept a document."""


MAX_STEPS: Final = 20
"""How many steps of a path errors show."""


class ValidationError(Exception):
    """A JSON value that does not match its type: the path to it (`messages[2].id`) and why.

    `expected` is the part of the reason that only depends on the type, and `detail` the part that
    depends on the value.
    """

    is_choice = False
    """Whether the value is none of the values of a literal, an enum or a discriminator."""
    is_key = False
    """Whether a key is absent, or is one that the model does not have."""
    is_constraint = False
    """Whether the value has the right type, and does not satisfy a constraint."""
    cause: ValidationError | None = None
    """Of a union, why a member does not accept the value: see :func:`no_member`."""

    def __init__(self, steps: Steps, expected: str, detail: str = "") -> None:
        super().__init__(steps, expected, detail)
        self.steps = steps
        self.expected = expected
        self._detail = detail

    @property
    def detail(self) -> str:
        """What the value has instead."""
        return self._detail

    @property
    def reason(self) -> str:
        """Why the value does not match."""
        return self.expected + self.detail

    @property
    def depth(self) -> int:
        """How deep in the document the error is. A key that is absent or unknown is in no value."""
        return len(self.steps) - self.is_key

    def without_value(self) -> ValidationError:
        """Return the error of a write-only field: it does not show the value.

        Nor does it show through the choice of the nearest member of a union, in any language.
        """
        return ValidationError(self.steps, self.expected)

    def __str__(self) -> str:
        # Computed late, as `detail` is: a union catches most errors and tries its next member.
        return _line(path_text(self.steps), self.reason)


class _Mismatch(ValidationError):
    """The error for a value of the wrong kind or form."""

    def __init__(self, steps: Steps, expected: str, value: object) -> None:
        super().__init__(steps, expected)
        self._value = value

    @property
    def detail(self) -> str:
        return f", found {found(self._value)}"


def _line(path: str, reason: str) -> str:
    return f"{path}: {reason}" if path else reason


def mismatch(steps: Steps, expected: str, value: object) -> ValidationError:
    """Return the error for a value of the wrong kind or form."""
    return _Mismatch(steps, f"expected {expected}", value)


def no_choice(steps: Steps, wanted: str, value: object) -> ValidationError:
    """Return the error for a value that is none of the wanted ones."""
    error = mismatch(steps, wanted, value)
    error.is_choice = True
    return error


def no_key(steps: Steps, reason: str) -> ValidationError:
    """Return the error for a key that is absent or unknown."""
    error = ValidationError(steps, reason)
    error.is_key = True
    return error


def no_member(
    steps: Steps, union: str, value: object, tried: Sequence[tuple[str, ValidationError]]
) -> ValidationError:
    """Return the error for a value that no member of a union accepts.

    `tried` has the members that accept the kind of the value, and their errors. For an array or an
    object, the error explains why the nearest member does not accept it: the one whose error is
    deepest inside the value. Members with a wrong literal come last. A wrong value is deeper than
    an absent key beside it.
    """
    if not tried or not isinstance(value, list | dict):
        return mismatch(steps, f"a value of {union}", value)
    member, nearest = max(tried, key=lambda each: (not each[1].is_choice, each[1].depth))
    cause = nearest.cause or nearest
    why = _line(path_text(cause.steps[len(steps) :]), cause.reason)
    error = ValidationError(steps, f"expected a value of {union}", f" (as {member}: {why})")
    error.cause = cause
    return error


def path_text(steps: Steps) -> str:
    """Return a path as errors show it in every language: `a.b[2]["content-type"]`.

    Keys that are ASCII identifiers follow a dot. Other keys are JSON strings in brackets, with lone
    surrogates escaped, so that errors are valid Unicode text. Of a long path, such as that of a
    cycle, only the steps at both ends are shown.
    """
    if len(steps) > MAX_STEPS:
        half = MAX_STEPS // 2
        return f"{path_text(steps[:half])} ... {path_text(steps[-half:])}"
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", step):
            text += f".{step}" if text else step
        else:
            text += f"[{json_string(step)}]"
    return text
