"""JSON documents to probe generated code with, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One document for one definition, which `definition` names by its identity.

    The document is bytes, since a reader must also stand those that are not UTF-8.
    """

    definition: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the code of one language made of a case.

    Accepted: `json` is the document written back. Refused: `path` is where (`messages[2].id`,
    empty for the document itself) and `message` the whole error.
    """

    accepted: bool
    json: str = ""
    path: str = ""
    message: str = ""


class RunFailed(Exception):
    """The generated code did not answer: it does not load, or a case ended in another error."""
