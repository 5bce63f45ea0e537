"""Validate documents with the components of an OpenAPI document, which are JSON Schemas."""

from __future__ import annotations

from modelsync.verify.languages.json_schema import TOOLSET

__all__ = ["TOOLSET"]
