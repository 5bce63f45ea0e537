"""Pages in Go explain that an open union keeps objects that it does not know."""

from __future__ import annotations

import pytest

from helpers.projects import Options, schema_of, target, texts_of

SPEC = """\
union: Shape
discriminator: kind
members: [Circle]
open: true
---
model: Circle
fields: {kind: {type: '"circle"', required: true}}
"""


@pytest.mark.parametrize(
    ("spec", "is_open"),
    [
        (SPEC, True),
        (SPEC.replace("open: true\n", ""), False),
        (SPEC.replace("open: true\n", "open: true\npages: {go: {open: false}}\n"), False),
        (SPEC.replace("open: true\n", "pages: {go: {open: true}}\n"), True),
    ],
)
def test_the_page_of_an_open_union_mentions_unknown_members(spec: str, is_open: bool) -> None:
    options: Options = {"notation": "go", "discrimination": True}
    texts = texts_of(target(schema_of(spec), "sdk-docs", "out", options))
    assert ("Unknown type" in texts["out/models/shape.md"]) is is_open
