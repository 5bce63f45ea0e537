"""What `check`, `explain` and `verify` have found -> the text of each format for programs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from modelsync.report.changes import Report
from modelsync.report.github import annotations_text, harmless, verify_annotations
from modelsync.report.json import (
    explanation_json,
    json_text,
    vector_json,
    verify_json,
    verify_problems_json,
)
from modelsync.report.sarif import sarif_text

__all__ = [
    "DOCUMENTS",
    "FORMATS",
    "explanation_json",
    "harmless",
    "vector_json",
    "verify_annotations",
    "verify_json",
    "verify_problems_json",
]

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "json": json_text,
    "github": annotations_text,
    "sarif": sarif_text,
}
DOCUMENTS: Final = {"json", "sarif"}
"""Those that are one document, in which nothing else may stand."""
