"""What is printed and how: colour, silence, progress. Only :mod:`modelsync.cli` uses it."""

from __future__ import annotations

import os
import sys
import time
from typing import Final

import click

from modelsync.plan import Kind

_PATIENCE: Final = 0.5
"""Seconds before a run that goes on shows its progress."""
_PERIOD: Final = 0.1

_KIND_COLORS: Final = {
    Kind.CREATED: "green",
    Kind.OUTDATED: "yellow",
    Kind.EDITED: "magenta",
    Kind.DELETED: "red",
    Kind.ORPHANED: "red",
    Kind.FOREIGN: "bright_red",
    Kind.LINE_ENDINGS: "cyan",
}


def color_wanted(asked: str) -> bool | None:
    """Return whether to colour what is printed; None leaves it to what it is printed to.

    `asked` is `auto`, `always` or `never`. See no-color.org and force-color.org.
    """
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


class Console:
    """Prints what a command has to say, as its flags ask."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, color: str = "auto") -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.color = color_wanted(color)
        self._shows_progress = (
            not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        )
        self._began = time.monotonic()
        self._last = 0.0

    def say(self, text: str) -> None:
        """Print what is good to know; -q leaves it out."""
        if not self.quiet:
            self.tell(text)

    def tell(self, text: str) -> None:
        """Print what has to be known."""
        self.clear()
        click.echo(text, color=self.color)

    def warn(self, text: str) -> None:
        """Print what is wrong."""
        self.clear()
        click.echo(text, err=True, color=self.color)

    def note(self, text: str) -> None:
        """Print what is going on, beside the output; -q leaves it out."""
        if not self.quiet:
            self.warn(text)

    def progress(self, what: str, done: int, of: int) -> None:
        """Show how far a long run is, on a terminal only."""
        now = time.monotonic()
        if not self._shows_progress or now - max(self._began + _PATIENCE, self._last) < _PERIOD:
            return
        self._last = now
        click.echo(f"\r\x1b[K{what} {done:,} of {of:,}", err=True, nl=False)

    def clear(self) -> None:
        """Take away the line of progress."""
        if self._last:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._last = 0.0

    def change(self, line: str, kind: Kind) -> str:
        """Return the line of a change with its kind in colour."""
        return click.style(line[: len(kind)], fg=_KIND_COLORS[kind]) + line[len(kind) :]

    def diff(self, lines: list[str]) -> str:
        """Return the lines of a diff in its colours."""
        return "\n".join(map(_diff_line, lines))


def _diff_line(line: str) -> str:
    if line.startswith(("---", "+++")):
        return click.style(line, bold=True)
    fg = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=fg) if fg else line
