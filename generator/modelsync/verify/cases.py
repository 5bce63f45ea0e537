"""JSON documents to probe generated code with, and what it says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelsync.errors import Position
from modelsync.schema.ir import NOWHERE
from modelsync.verify.strict import parse_written


@dataclass(frozen=True, slots=True)
class Case:
    """One document for one definition, which `definition` names by its identity.

    The document is bytes, since a reader must also stand those that are not UTF-8. `what` says in
    words what is special about it, and `position` is the place in a spec that it is about. Where
    it is taken, the document `alike` has to be taken too, and be read as an equal value.
    """

    definition: str
    document: bytes
    what: str = ""
    position: Position = NOWHERE
    alike: bytes | None = None


UNEQUAL: Final = "it is read as another value where its defaults are absent"
"""What is said of a case of which the code does not read the document `alike` as an equal value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the code of one language made of a case.

    Accepted: `json` is the document written back; see :func:`written`. Refused: `path` is where
    (`messages[2].id`, empty for the document itself) and `message` the whole error. Where the code
    ended in an error that is not its own, `crash` is that error.
    """

    accepted: bool
    json: str = ""
    path: str = ""
    message: str = ""
    crash: str = ""


def written(text: str) -> Outcome:
    """Return the outcome of a document that was accepted and written back as `text`.

    It is a crash where that is not JSON, or says a key twice: each reader may take another one.
    """
    try:
        parse_written(text)
    except RecursionError:
        pass  # far deeper than is promised: then nothing is said about what is written
    except ValueError as error:
        return Outcome(accepted=False, crash=f"written, but not as JSON: {error}: {text}")
    return Outcome(accepted=True, json=text)


class RunFailed(Exception):
    """Generated code, or a program, did not answer: it does not compile or load, ends, or hangs."""


def stopped(cases: Sequence[Case], answered: int, reason: str) -> RunFailed:
    """Return the error of a program that stopped for a reason, with the case at which it did."""
    where = f"after {answered} of {len(cases)} cases"
    # Before the first answer, it is more likely that the code does not compile or load.
    if 0 < answered < len(cases):
        case = cases[answered]
        where += f", at {case.definition}, {case.what}"
    return RunFailed(f"{where}:\n{reason}")
