"""What targets of other packages know the schema by."""

from __future__ import annotations

import re
from pathlib import Path

from modelsync.schema import ir


def test_the_docs_name_what_the_module_has(root: Path) -> None:
    page = (root / "docs/targets.md").read_text("utf-8")
    section = page.partition("The classes of the schema are in `modelsync.schema.ir`:")[2]
    section = section.partition("\n\nA template only outputs")[0]
    classes = set(re.findall(r"`([A-Z]\w+)`", section)) - {"False"}
    functions = {"types_of", "refs_of", "walk", "refs_in"}
    assert len(classes) > 10
    assert classes <= set(ir.__all__)
    assert functions <= set(ir.__all__) & set(re.findall(r"`(\w+)`", section))


def test_every_name_exists() -> None:
    assert [name for name in ir.__all__ if not hasattr(ir, name)] == []
