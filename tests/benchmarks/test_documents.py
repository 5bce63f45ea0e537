"""The documents of benchmarks/codecs fit the specs next to them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from helpers.projects import schema_in
from modelsync.schema import meaning
from modelsync.schema.types import Ref

ROOTS = {"session": "Session", "series": "Dataset", "feed": "Feed"}


@pytest.mark.parametrize("name", ROOTS)
def test_the_document_fits_its_spec(name: str, root: Path) -> None:
    folder = root / "benchmarks/codecs"
    documents = runpy.run_path(str(folder / "documents.py"))["DOCUMENTS"]
    assert documents.keys() == ROOTS.keys()
    document = documents[name]()
    written = meaning.read(schema_in(folder), Ref(ROOTS[name]), document)
    assert isinstance(written, dict)
    assert written.keys() == document.keys()
