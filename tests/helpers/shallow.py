"""The cases of `verify`, for readers that do not support deep nesting."""

from __future__ import annotations

from unittest import mock

from modelsync.schema.schema import Schema
from modelsync.verify.cases import Case
from modelsync.verify.documents import Documents
from modelsync.verify.vectors import cases


def shallow_cases(schema: Schema) -> list[Case]:
    """Return the cases of a schema without those that nest deep, which take long to make."""
    with mock.patch.object(Documents, "nests", return_value=False):
        return list(cases(schema))
