"""What is printed and how: colour, silence, progress. Only :mod:`modelsync.cli` uses it."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterable
from typing import Final, TextIO

import click

from modelsync.plan.changes import Kind
from modelsync.report.changes import Line, Look

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
        self._shows_progress = not quiet and _is_watched(sys.stderr)
        self._began = time.monotonic()
        self._last = 0.0

    def begin(self) -> None:
        """Begin another run: it shows its progress when it, too, goes on for long."""
        self._began = time.monotonic()

    def elapsed(self) -> float:
        """Return how many seconds ago the run has begun."""
        return time.monotonic() - self._began

    def say(self, text: str) -> None:
        """Print what is good to know; -q leaves it out."""
        if not self.quiet:
            self.tell(text)

    def tell(self, text: str) -> None:
        """Print what has to be known."""
        self.clear()
        self._echo(text)

    def warn(self, text: str) -> None:
        """Print what is wrong, or what somebody waits for, beside the output."""
        self.clear()
        self._echo(text, err=True)

    def progress(self, what: str, done: int, of: int) -> None:
        """Show how far a long run is, on a terminal only."""
        now = time.monotonic()
        if not self._shows_progress or now - max(self._began + _PATIENCE, self._last) < _PERIOD:
            return
        self._last = now
        # Of a line that wraps, only the last row could be taken away again.
        text = f"{what} {done:,} of {of:,}"[: _columns(sys.stderr) - 1]
        self._over(text)

    def clear(self) -> None:
        """Take away the line of progress."""
        if self._last:
            self._last = 0.0
            self._over("")

    def lines(self, lines: Iterable[Line], *, err: bool = False) -> None:
        """Print the lines of a report, each in its look; `err` prints them beside the output."""
        tell = self.warn if err else self.tell
        for line in lines:
            if line.look is not Look.ASIDE or not self.quiet:
                tell(_styled(line))

    def _over(self, text: str) -> None:
        """Print over the line of progress; click would leave out the escape without color."""
        self._print(f"\r\x1b[K{text}", err=True, nl=False, color=True)

    def _echo(self, text: str, *, err: bool = False) -> None:
        self._print(text, err=err, nl=True, color=self.color)

    def _print(self, text: str, *, err: bool, nl: bool, color: bool | None) -> None:
        try:
            click.echo(text, err=err, nl=nl, color=color)
        except BrokenPipeError:
            # Who reads it (`| head`) has seen enough; the work goes on, and the exit code tells.
            _let_go(sys.stderr if err else sys.stdout)
        except OSError as error:
            error.filename = "standard error" if err else "standard output"
            raise


def begin_printing() -> None:
    """See that text can be printed which the encoding of the output has no letters for."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def end_printing() -> bool:
    """Return whether all that was printed has arrived; what has not is given up."""
    arrived = True
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            _let_go(stream)
            arrived = False
    return arrived


def _let_go(stream: TextIO) -> None:
    """Send what is printed from now on nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _is_watched(stream: TextIO | None) -> bool:
    """Whether a person looks on: no file, no pipe, and no log of a CI that plays a terminal."""
    if stream is None or not stream.isatty():
        return False
    return os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80


def _styled(line: Line) -> str:
    match line:
        case Line(text, Look.CHANGE, Kind() as kind):
            return click.style(kind, fg=_KIND_COLORS[kind]) + text.removeprefix(kind)
        case Line(text, Look.DIFF):
            return _diff_line(text)
        case _:
            return line.text


def _diff_line(line: str) -> str:
    if line.startswith(("---", "+++")):
        return click.style(line, bold=True)
    fg = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=fg) if fg else line
