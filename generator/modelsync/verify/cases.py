"""JSON documents to test generated code with, and the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from modelsync.errors import NOWHERE, Position
from modelsync.verify.strict import parse_written


@dataclass(frozen=True, slots=True)
class Case:
    """One document for one definition."""

    definition: str
    """The id of the definition."""
    document: bytes
    """Bytes, because code must also reject input that is not UTF-8."""
    what: str = ""
    """A description of what is special about the document."""
    position: Position = NOWHERE
    """The part of a spec that it tests."""
    alike: bytes | None = None
    """If code accepts the document, it must also accept this one, and decode it as an equal
    value."""


UNEQUAL: Final = "without its defaults, the document decodes to a different value"
"""The error if the code does not decode the document `alike` of a case as an equal value."""


class Error(NamedTuple):
    """One of the errors of a document."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a case in the code of one language."""

    accepted: bool
    json: str = ""
    """The accepted document, encoded again; see :func:`written`."""
    path: str = ""
    """Where a rejected document is invalid: `messages[2].id`, empty for the document itself."""
    message: str = ""
    """The complete error for a rejected document."""
    errors: tuple[Error, ...] = ()
    """All errors of a rejected document, as the function for all errors returns them. There are
    none for code without such a function, and for text that is not JSON."""
    crash: str = ""
    """Any other error in which the code ended."""


def written(text: str) -> Outcome:
    """Return the outcome of a document that was accepted and encoded again as `text`.

    It is a crash if the text is not JSON or has a duplicate key, since readers may use either
    value.
    """
    try:
        parse_written(text)
    except RecursionError:
        pass  # far deeper than any language must support, so the text is not checked
    except ValueError as error:
        return Outcome(accepted=False, crash=f"the output is not valid JSON: {error}: {text}")
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
