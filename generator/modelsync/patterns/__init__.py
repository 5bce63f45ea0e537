"""The pattern dialect: regular expressions that mean the same in Python, ECMAScript and RE2.

docs/patterns.md has its grammar and its meaning. A pattern is parsed once, checked, and written
anew for each language, so that no difference between their dialects can show.
"""

from __future__ import annotations

from typing import Literal


def translated(pattern: str, engine: Literal["re", "ecmascript", "re2", "json-schema"]) -> str:
    """Return a pattern as a regular expression of an engine: `re` is that of Python.

    What `json-schema` returns means the same to all three.

    Most specs have no patterns, so the modules that handle them are imported when they are needed.
    """
    from modelsync.patterns import parse, translate  # noqa: PLC0415 - few specs need it

    dialects = {
        "re": translate.PYTHON,
        "ecmascript": translate.ECMASCRIPT,
        "re2": translate.RE2,
        "json-schema": translate.JSON_SCHEMA,
    }
    return translate.translate(parse.parse(pattern), dialects[engine])
