"""Print to the terminal: color, verbosity, progress. Only :mod:`modelsync.cli` uses it."""

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
"""Seconds before a run shows its progress."""
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
    """Return whether to color the output, or None to color it only in a terminal.

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
    """Prints the output of a command according to its options."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, color: str = "auto") -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.color = color_wanted(color)
        self._shows_progress = not quiet and _is_watched(sys.stderr)
        self._began = time.monotonic()
        self._last = 0.0

    def begin(self) -> None:
        """Begin another run, with its own delay before progress is shown."""
        self._began = time.monotonic()

    def elapsed(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self._began

    def info(self, text: str) -> None:
        """Print information, which -q omits."""
        if not self.quiet:
            self.print(text)

    def print(self, text: str) -> None:
        """Print a result."""
        self.clear()
        self._echo(text)

    def warn(self, text: str) -> None:
        """Print a problem, or what the run waits for, to standard error."""
        self.clear()
        self._echo(text, err=True)

    def progress(self, what: str, done: int, of: int) -> None:
        """Show the progress of a long run, on a terminal only."""
        now = time.monotonic()
        if not self._shows_progress or now - max(self._began + _PATIENCE, self._last) < _PERIOD:
            return
        self._last = now
        # A wrapped line could not be cleared completely.
        text = f"{what} {done:,} of {of:,}"[: _columns(sys.stderr) - 1]
        self._over(text)

    def clear(self) -> None:
        """Clear the progress line."""
        if self._last:
            self._last = 0.0
            self._over("")

    def lines(self, lines: Iterable[Line], *, err: bool = False) -> None:
        """Print the lines of a report with their colors; with `err`, to standard error."""
        write = self.warn if err else self.print
        for line in lines:
            if line.look is not Look.OPTIONAL or not self.quiet:
                write(_styled(line))

    def _over(self, text: str) -> None:
        """Print over the progress line. `color` keeps click from stripping the escape."""
        self._print(f"\r\x1b[K{text}", err=True, nl=False, color=True)

    def _echo(self, text: str, *, err: bool = False) -> None:
        self._print(text, err=err, nl=True, color=self.color)

    def _print(self, text: str, *, err: bool, nl: bool, color: bool | None) -> None:
        try:
            click.echo(text, err=err, nl=nl, color=color)
        except BrokenPipeError:
            # The reader (`| head`) has seen enough; finish the work and return the exit code.
            _let_go(sys.stderr if err else sys.stdout)
        except OSError as error:
            error.filename = "standard error" if err else "standard output"
            raise


def begin_printing() -> None:
    """Make characters that the output encoding lacks print as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def end_printing() -> bool:
    """Flush the output, and return whether all of it was written."""
    arrived = True
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            _let_go(stream)
            arrived = False
    return arrived


def _let_go(stream: TextIO) -> None:
    """Discard what is printed from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _is_watched(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal that shows progress, and not the log of a CI job."""
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
