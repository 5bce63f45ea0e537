"""Projects whose generated code `verify` compiles and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from helpers.projects import write
from modelsync.cli import run

LANGUAGES: Final = """\
targets:
  python: {out: generated/python}
  typescript: {out: generated/typescript}
  go: {out: generated/go, module: example.com/models}
"""
ALL_TARGETS: Final = (
    f"{LANGUAGES}  big: {{target: typescript, out: generated/big, int64: bigint}}\n"
)
"""All languages; TypeScript with each type for an int64."""

PYTHON: Final = "targets:\n  python: {out: generated/python}\n"
GO: Final = "targets:\n  go: {out: generated/go, module: example.com/models}\n"
MARKDOWN: Final = "  docs: {target: sdk-docs, out: docs, notation: python}\n"

ORDER: Final = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string}
"""
SHOP: Final = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string | null}
  count: {type: int64}
  at: {type: datetime}
  lines: {type: 'list[Line]'}
---
model: Line
fields:
  sku: {type: string, required: true}
  labels: {type: 'map[string]'}
---
enum: Color
values: {red: , green: }
"""


def project(folder: Path, spec: str = ORDER, config: str = PYTHON) -> Path:
    """Write a project, and return its folder."""
    write(folder, {"modelsync.yaml": config, "specs/shop.yaml": spec})
    return folder


def append_to_support_module(folder: Path, text: str) -> Path:
    """Append a text to the project's own template of Python's support module."""
    assert run(["init", "-q", "--eject", "python", "--project", str(folder)]) == 0
    with (folder / "templates/python/wire.py.j2").open("a", encoding="utf-8") as template:
        template.write(f"\n{text}\n")
    return folder


def accept_lone_surrogates(folder: Path) -> Path:
    """Make the project's Python accept every string as Unicode text, as it must not."""
    support = "def _is_unicode(_: str) -> bool:\n    return True"
    append_to_support_module(folder, f"\n{support}")
    template = (folder / "templates/python/wire_text.py.j2").read_text("utf-8")
    assert template.count("def _is_unicode(") == 1
    return folder
