"""The output formats of `check`, by their names for `--format`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from modelsync.report.changes import Report
from modelsync.report.github import annotations_text
from modelsync.report.json import json_text
from modelsync.report.sarif import sarif_text


class Format(NamedTuple):
    """An output format for programs."""

    write: Callable[[Report], str]
    """Returns the text of a report; it may be empty."""
    is_document: bool
    """Whether the text is one document: nothing else may be printed on standard output."""


CHECK_FORMATS: Final[Mapping[str, Format | None]] = {
    "text": None,
    "json": Format(json_text, is_document=True),
    "github": Format(annotations_text, is_document=False),
    "sarif": Format(sarif_text, is_document=True),
}
"""The formats of `check`. None is the format for people, which is printed line by line."""
