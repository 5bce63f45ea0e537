"""JSON documents to test generated code with, and the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position
from modelsync.schema.ir import NOWHERE
from modelsync.verify.strict import parse_written


@dataclass(frozen=True, slots=True)
class Case:
    """One document for one definition, whose id is `definition`.

    The document is bytes, because code must also reject input that is not UTF-8. `what` describes
    what is special about it, and `position` is the part of a spec that it tests. If code accepts
    it, it must also accept the document `alike`, and decode it as an equal value.
    """

    definition: str
    document: bytes
    what: str = ""
    position: Position = NOWHERE
    alike: bytes | None = None


UNEQUAL: Final = "it is read as another value where its defaults are absent"
"""The error if the code does not decode the document `alike` of a case as an equal value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a case in the code of one language.

    If the document was accepted, `json` is the document encoded again; see :func:`written`. If it
    was rejected, `path` is the position of the error (`messages[2].id`, empty for the document
    itself) and `message` is the complete error. If the code failed with any other error, `crash` is
    that error.
    """

    accepted: bool
    json: str = ""
    path: str = ""
    message: str = ""
    crash: str = ""


def written(text: str) -> Outcome:
    """Return the outcome of a document that was accepted and written back as `text`.

    It is a crash if the text is not JSON or has a duplicate key, since readers may use either
    value.
    """
    try:
        parse_written(text)
    except RecursionError:
        pass  # far deeper than promised, so the text is not checked
    except ValueError as error:
        return Outcome(accepted=False, crash=f"written, but not as JSON: {error}: {text}")
    return Outcome(accepted=True, json=text)


class RunFailed(Exception):
    """Generated code or a program gave no result: it does not compile or load, exits, or hangs."""


def stopped(cases: Sequence[Case], answered: int, reason: str) -> RunFailed:
    """Return the error for a program that stopped, with the case that it stopped at."""
    where = f"after {answered} of {len(cases)} cases"
    # Before the first answer, it is more likely that the code does not compile or load.
    if 0 < answered < len(cases):
        case = cases[answered]
        where += f", at {case.definition}, {case.what}"
    return RunFailed(f"{where}:\n{reason}")
