"""Sources in memory, and what the import makes of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from modelsync.errors import Problem
from modelsync.importer.findings import Finding
from modelsync.importer.library.references import Library
from modelsync.importer.translation.translate import Translation, translate
from modelsync.spec.read import read_nodes
from modelsync.spec.write import write_specs


def imported(files: Mapping[str, Any]) -> Translation:
    """Return the definitions of some files, all of which are given."""
    problems: list[Problem] = []
    texts = {
        path: (value if isinstance(value, str) else json.dumps(value)).encode()
        for path, value in files.items()
    }
    library = Library(texts.get, problems)
    library.add(files)
    assert problems == []
    return translate(library)


def specs_of(translation: Translation) -> str:
    """Return the specs of a translation, without repairs, as one text."""
    problems: list[Problem] = []
    reading = read_nodes((("", node) for _, node in translation.documents), problems)
    assert reading.problems == []
    return "---\n".join(write_specs(reading.schema, "specs").values())


def openapi(schemas: Mapping[str, Any], version: str = "3.1.0", **more: Any) -> dict[str, Any]:
    """Return an OpenAPI document."""
    info = {"title": "A", "version": "1"}
    components = {"schemas": dict(schemas)}
    return {"openapi": version, "info": info, "paths": {}, "components": components, **more}


def counts(findings: list[Finding]) -> dict[str, int]:
    """Return how often each subject was found; losses have a `!` after them."""
    return dict(Counter(f"{each.subject}{'!' * each.is_loss}" for each in findings))
