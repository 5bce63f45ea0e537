"""Blocks in the docs that show what a command prints, and how `--update-goldens` rewrites them.

A page marks a block with a comment right before it, which names the example:

    <!-- example: drift -->
    ```console
    $ modelsync check
    ...
    ```
"""

from __future__ import annotations

import re
from pathlib import Path

BLOCK = re.compile(
    r"^(?P<start><!-- example: (?P<name>[a-z-]+) -->\n```\w+\n)(?P<text>.*?)^```$", re.M | re.S
)
OUTPUT = re.compile(r"^```console\n(?P<text>.*?)^```$", re.M | re.S)
"""A block of commands, with or without what they print."""


def pages(root: Path) -> list[Path]:
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def example_names(root: Path) -> set[str]:
    """Return the names of all examples that the docs show."""
    texts = [path.read_text("utf-8") for path in pages(root)]
    return {block["name"] for text in texts for block in BLOCK.finditer(text)}


def assert_example(root: Path, name: str, text: str, update_goldens: bool) -> None:
    """Assert that each page with an example shows this text; with the flag, write it there."""

    def expected(block: re.Match[str]) -> str:
        return f"{block['start']}{text}```" if block["name"] == name else block[0]

    for path in pages(root):
        before = path.read_text("utf-8")
        after = BLOCK.sub(expected, before)
        if update_goldens and after != before:
            path.write_text(after, "utf-8")
        assert path.read_text("utf-8") == after, f"help: pytest --update-goldens {Path(__file__)}"


def unmarked_output(page: str) -> list[str]:
    """Return the blocks of commands that show what is printed, and that no example updates."""
    marked = {block["text"] for block in BLOCK.finditer(page)}
    return [
        block["text"]
        for block in OUTPUT.finditer(page)
        if block["text"] not in marked
        and any(not line.startswith("$ ") for line in block["text"].splitlines())
    ]
