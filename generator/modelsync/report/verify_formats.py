"""The output formats of `verify`, by their names for `--format`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Final, NamedTuple

from modelsync.commands.verify import Proof
from modelsync.report.changes import Report
from modelsync.report.github import MAX_ANNOTATIONS, annotation, annotations_text
from modelsync.report.verify import missing_text, said_text
from modelsync.report.verify_json import proof_json, unproven_json


class VerifyFormat(NamedTuple):
    """An output format for programs."""

    write: Callable[[Proof, str, bool], str]
    """Returns the text of a result; it may be empty.

    It takes the path from the root of the repository to the project, and whether a missing
    toolchain is an error.
    """
    write_problems: Callable[[Report], str]
    """Returns the text of the problems that prevented `verify` from running."""
    is_document: bool
    """Whether the text is one document, so that nothing else may be on standard output."""


def proof_annotations(proof: Proof, prefix: str, require: bool) -> str:
    """Return the annotations of a result; with `require`, a missing tool is an error."""
    found = chain(_of_missing(proof, prefix, require), _of_proof(proof, prefix))
    return "\n".join(islice(found, MAX_ANNOTATIONS))


def _of_missing(proof: Proof, prefix: str, require: bool) -> Iterator[str]:
    for missing in proof.missing:
        position = next(each.position for each in proof.verdicts if missing in each.missing)
        text = f"{missing_text(proof, missing)}\nhelp: {missing.cure}"
        title = f"modelsync: {missing.tool} is missing"
        yield annotation(prefix, position, title, text, "error" if require else "warning")


def _of_proof(proof: Proof, prefix: str) -> Iterator[str]:
    for verdict in proof.verdicts:
        for fault in verdict.faults:
            title = f"modelsync: {verdict.target}, {fault.tool}"
            yield annotation(prefix, verdict.position, title, fault.text.rstrip())
    for found in proof.telling:
        title = f"modelsync: {', '.join(found.wrong)} disagrees"
        lines = [f"{target}: {said_text(said)}" for target, said in found.said.items()]
        text = "\n".join([f"{found.case.definition}, {found.case.what}", *lines])
        yield annotation(prefix, found.position, title, text)


def _document(proof: Proof, _prefix: str, _require: bool) -> str:
    return proof_json(proof)


def _problems_document(report: Report) -> str:
    return unproven_json(report.problems)


VERIFY_FORMATS: Final[Mapping[str, VerifyFormat | None]] = {
    "text": None,
    "json": VerifyFormat(_document, _problems_document, is_document=True),
    "github": VerifyFormat(proof_annotations, annotations_text, is_document=False),
}
"""The formats of `verify`. None is the format for people, which is printed line by line."""
