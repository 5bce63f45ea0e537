"""What an import cannot say in a spec, or says in another way."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.errors import Position


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing in a source that the specs do not say in the same way.

    A *loss* means that the specs accept or refuse other documents than the source. A *note* means
    that they accept and refuse the same ones, in another form or with other annotations.
    """

    position: Position
    is_loss: bool
    subject: str
    """What it is about, for counts: a keyword such as `not`, or a few words."""
    message: str
    """What the source says, as a clause: "`not` has no equivalent"."""
    written: str = ""
    """What the specs say instead, such as "`any`". Empty if it is left out."""


class Findings:
    """Collects findings."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def loss(self, at: Position, subject: str, message: str, written: str = "") -> None:
        """Add a loss."""
        self.found.append(Finding(at, True, subject, message, written))

    def note(self, at: Position, subject: str, message: str, written: str = "") -> None:
        """Add a note."""
        self.found.append(Finding(at, False, subject, message, written))
