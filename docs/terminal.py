"""Draw docs/terminal.svg, the picture in the README: `python docs/terminal.py`.

The picture shows a terminal in which `modelsync generate` and `modelsync check` run on the example
of the README. Nothing in it is typed by hand: the script runs the commands in a temporary folder
and draws what they print, in their colors.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/terminal.svg"

SESSION = """\
modelsync generate
echo '  void:' >> specs/invoice.yaml                   # a new status
echo 'DEBUG = True' >> src/acme/models/invoice.py      # an edit by hand
modelsync check
"""

COLUMNS = 88
CHARACTER = 7.8
"""The width of a character, in pixels."""
LINE = 20
"""The distance from one line to the next, in pixels."""
MARGIN = 20
TITLE_BAR = 36

ESCAPE = re.compile(r"\x1b\[([\d;]*)m")
CLASSES = {
    "1": "bold",
    "31": "red",
    "32": "green",
    "33": "yellow",
    "35": "magenta",
    "36": "cyan",
}
"""The class in the picture for each code of ECMA-48 that modelsync prints."""

STYLE = """\
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; \
fill: #1f2328; white-space: pre; }
.window { fill: #f6f8fa; stroke: #d1d9e0; }
.button { fill: #d1d9e0; }
.prompt { fill: #59636e; }
.typed, .bold { font-weight: 600; }
.comment { fill: #59636e; }
.red { fill: #cf222e; }
.green { fill: #116329; }
.yellow { fill: #7d4e00; }
.magenta { fill: #8250df; }
.cyan { fill: #1b7c83; }
@media (prefers-color-scheme: dark) {
  text { fill: #d1d7e0; }
  .window { fill: #151b23; stroke: #3d444d; }
  .button { fill: #3d444d; }
  .prompt, .comment { fill: #9198a1; }
  .red { fill: #ff7b72; }
  .green { fill: #7ee787; }
  .yellow { fill: #e3b341; }
  .magenta { fill: #d2a8ff; }
  .cyan { fill: #76e3ea; }
}
"""

Line = list[tuple[str, str]]
"""The pieces of a line in the terminal: the class of each, and its text."""


def example() -> dict[str, str]:
    """Return the files of the example: the spec and the config that the README shows."""
    readme = (ROOT / "README.md").read_text("utf-8")
    spec, config = re.findall(r"^```yaml\n(.*?)^```", readme, re.M | re.S)
    return {"specs/invoice.yaml": spec, "modelsync.yaml": config}


def run(command: str, folder: Path) -> str:
    """Run a command line in a folder, and return all that it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path, "FORCE_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,  # `check` exits with 1
    )
    return done.stdout


def session(files: Mapping[str, str]) -> Iterator[Line]:
    """Yield the lines of the terminal: each command, and what it prints."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        for command in SESSION.splitlines():
            yield prompt(command)
            printed = run(command, folder)
            for line in printed.splitlines():
                yield from wrapped(pieces(line))
            if printed:
                yield []


def prompt(command: str) -> Line:
    """Return the line in which a command is typed."""
    typed, sharp, comment = command.partition("#")
    return [("prompt", "$ "), ("typed", typed), ("comment", sharp + comment)]


def pieces(line: str) -> Line:
    """Split a line at its escape sequences."""
    first, *rest = ESCAPE.split(line)
    colored = zip(rest[::2], rest[1::2], strict=True)
    styled = [("", first), *((CLASSES.get(code, ""), text) for code, text in colored)]
    return [(style, text) for style, text in styled if text]


def wrapped(line: Line) -> Iterator[Line]:
    """Break a line at spaces if it is wider than the terminal."""
    *before, (style, text) = line or [("", "")]
    room = COLUMNS - sum(len(part) for _, part in before)
    first, *rest = textwrap.wrap(text, room, break_long_words=False) or [""]
    yield [*before, (style, first)]
    for part in rest:
        yield [(style, part)]


def drawn(line: Line, y: int) -> str:
    """Return a line of the terminal as SVG.

    Each piece has its place and its width, so that the columns stay in line in any font.
    """
    spans, column = [], 0
    for style, text in line:
        shown = text.strip()
        if shown:
            x = MARGIN + (column + len(text) - len(text.lstrip())) * CHARACTER
            styled = f'class="{style}" ' if style else ""
            spans.append(
                f'<tspan {styled}x="{x:.1f}" textLength="{len(shown) * CHARACTER:.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(shown, quote=False)}</tspan>'
            )
        column += len(text)
    return f'<text y="{y}">{"".join(spans)}</text>\n'


def picture() -> str:
    """Return the picture, as SVG."""
    lines = list(session(example()))
    while lines and not lines[-1]:
        lines.pop()
    width = round(COLUMNS * CHARACTER + 2 * MARGIN)
    height = TITLE_BAR + LINE * len(lines) + MARGIN
    buttons = "".join(
        f'<circle class="button" cx="{MARGIN + 6 + 18 * n}" cy="20" r="5.5"/>' for n in range(3)
    )
    body = "".join(
        drawn(line, TITLE_BAR + LINE * number) for number, line in enumerate(lines, 1) if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">\n'
        "<title>modelsync generate and modelsync check in a terminal</title>\n"
        f"<style>\n{STYLE}</style>\n"
        f'<rect class="window" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>\n'
        f"{buttons}\n{body}</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
