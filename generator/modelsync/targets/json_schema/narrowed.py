"""Schemas -> schemas in the dialect of a language model: other keywords become descriptions.

Sources: the guides for structured outputs of OpenAI and of Anthropic, as of 2026. A `$ref` cannot
have other keywords beside it, and metadata such as `deprecated` is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from modelsync.schema.json_values import Json
from modelsync.schema.structured import Preset
from modelsync.schema.types import INTEGERS
from modelsync.targets.json_schema.subschemas import rewritten
from modelsync.targets.json_schema.types import DECIMAL, Keywords

_KEPT: Final = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref"}
)
_DROPPED: Final = frozenset({"readOnly", "writeOnly", "default", "examples", "discriminator"})
_OF_DECIMALS: Final = frozenset({"format", *DECIMAL})
_ENDS: Final = frozenset(end for values in INTEGERS.values() for end in (values[0], values[-1]))
"""The limits of integers that say nothing to a language model."""


def narrowed(schema: Keywords, preset: Preset) -> Keywords:
    """Return a schema that only has the keywords of a dialect."""
    return rewritten(schema, lambda each: _narrowed(each, preset))


def _narrowed(schema: Keywords, preset: Preset) -> Keywords:
    kept: Keywords = {}
    said: list[str] = []
    if schema.get("format") == "decimal":
        schema = {key: value for key, value in schema.items() if key not in _OF_DECIMALS}
        said.append("A decimal number, such as -12.50.")
    for key, value in schema.items():
        match key, value:
            case "description", str():
                said.insert(0, value)
            case "const", _:
                kept["enum"] = [value]
            case "oneOf", list():
                kept["enum"], lines = _values(value)
                said += lines
            case "deprecated", True:
                said.append("Deprecated.")
            case _ if key in _KEPT:
                kept[key] = value
            case _ if key in _DROPPED or key.startswith("x-"):
                pass
            case "format", str() if value in INTEGERS or value in ("float", "double"):
                pass
            case "format", str() if value in preset.formats:
                kept[key] = value
            case "minimum" | "maximum", int() if value in _ENDS - {0}:
                pass
            case _ if key in preset.keywords and key != "format":
                kept[key] = value
            case _:
                said.append(_sentence(key, value))
    if "properties" in kept:
        kept.setdefault("required", [])
    kept, more = _without_known_values(kept)
    return _with_description(kept, [*said, *more])


def _with_description(schema: Keywords, said: Iterable[str]) -> Keywords:
    text = "\n".join(said)
    if not text:
        return schema
    if "$ref" in schema:
        schema = {"anyOf": [schema]}
    return {"description": text, **schema}


def _sentence(key: str, value: Json) -> str:
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{key}: {written}"


def _values(described: list[Json]) -> tuple[list[Json], list[str]]:
    """Return the values of an enum, and a line for each one that has a description.

    The schemas of the values are narrowed already.
    """
    values: list[Json] = []
    lines: list[str] = []
    for each in described:
        match each:
            case {"enum": [value], "description": str() as text}:
                values.append(value)
                lines.append(f"{json.dumps(value, ensure_ascii=False)}: {text}")
            case {"enum": [value]}:
                values.append(value)
            case _:
                raise AssertionError("an enum of something else than values")
    return values, lines


def _without_known_values(schema: Keywords) -> tuple[Keywords, list[str]]:
    """Return an open enum as its scalar, with its known values as a description."""
    match schema.get("anyOf"):
        case [{"enum": list() as values, "type": str() as name, **more}, {"type": str() as other}]:
            if name != other:
                return schema, []
            known = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
            text = more.get("description")
            said = [text] if isinstance(text, str) else []
            return {"type": name}, [*said, f"Such as {known}."]
        case _:
            return schema, []
