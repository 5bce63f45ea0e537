"""What says that a file is there, but may not or cannot be read."""

from __future__ import annotations


class RefusedError(Exception):
    """A reference leads to a file that is not read. `help` is what to do about it."""

    def __init__(self, message: str, help_: str) -> None:
        super().__init__(message)
        self.help = help_
