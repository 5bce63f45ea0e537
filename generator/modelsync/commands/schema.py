"""`modelsync schema`: the JSON Schema of specs and config."""

from __future__ import annotations

from modelsync.project.config import CONFIG
from modelsync.spec.json_schema import json_schema, to_text


def schema_text() -> str:
    """Return the JSON Schema of specs and config, as the text of a file."""
    return to_text(json_schema(CONFIG))
