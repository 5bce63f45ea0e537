"""Schemas -> specs."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from helpers.import_sources import counts, imported, openapi, specs_of


def specs(schemas: dict[str, Any], version: str = "3.1.0") -> str:
    return specs_of(imported({"api.json": openapi(schemas, version)}))


def found(schemas: dict[str, Any], version: str = "3.1.0") -> dict[str, int]:
    return counts(imported({"api.json": openapi(schemas, version)}).findings.found)


def test_object_with_fields() -> None:
    order = {
        "type": "object",
        "description": "What a customer bought",
        "required": ["id", "note"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "readOnly": True},
            "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            "note": {"type": ["string", "null"], "maxLength": 20},
            "extra": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    }
    line = {"type": "object", "properties": {"text": {"type": "string", "default": "-"}}}
    assert specs({"Order": order, "Line": line}) == dedent(
        """\
        model: Order
        description: What a customer bought
        fields:
          id:
            type: uuid
            required: true
            readOnly: true
          lines:
            type: list[Line]
          note:
            type: string | null
            required: true
            maxLength: 20
          extra:
            type: map[int64]
        ---
        model: Line
        fields:
          text:
            type: string
            default: "-"
        """
    )


def test_inline_objects_are_named_by_their_place() -> None:
    inner = {"type": "object", "properties": {"a": {"type": "string"}}}
    properties = {"one": inner, "many": {"type": "array", "items": inner}}
    text = specs({"Order": {"type": "object", "properties": properties}})
    assert "type: OrderOne\n" in text
    assert "type: list[OrderManyItem]\n" in text
    assert "model: OrderOne\n" in text
    assert "model: OrderManyItem\n" in text
