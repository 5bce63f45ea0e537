"""Generated code as the pages of other targets show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What one target has generated for a definition."""

    title: str
    """The name of the language."""
    fence: str
    """The language of the code, as Markdown has it."""
    declaration: str
    """The lines that declare the definition, as they were generated."""
    usage: str
    """The lines that decode and encode a value."""
