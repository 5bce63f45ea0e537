"""`modelsync explain CODE`: the section of docs/problems.md about a problem code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import modelsync

_HEADING: Final = re.compile(r"^## (MS\d{3}): (.+)$", re.M)
_ANCHOR: Final = re.compile(r'^<a id="\w+"></a>\n', re.M)


def explain_code(code: str) -> str | None:
    """Return the section about a problem code, as Markdown; None for an unknown code."""
    return sections().get(code)


def title_of(code: str) -> str:
    """Return the title of the section about a problem code; empty for an unknown code."""
    section = sections().get(code)
    return section.partition("\n")[0].partition(": ")[2] if section is not None else ""


@cache
def sections() -> dict[str, str]:
    """Return the section about each problem code, with its heading."""
    text = _ANCHOR.sub("", _page().read_text("utf-8"))
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return {
        heading[1]: text[heading.start() : end].strip()
        for heading, end in zip(headings, ends, strict=True)
    }


def _page() -> Path:
    package = Path(modelsync.__file__).parent
    installed = package / "problems.md"
    return installed if installed.is_file() else package.parents[1] / "docs/problems.md"
