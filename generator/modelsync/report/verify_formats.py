"""The output formats of `verify`, by their names for `--format`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Final, NamedTuple

from modelsync.commands.verify import VerifyResult
from modelsync.report.changes import Report
from modelsync.report.github import MAX_ANNOTATIONS, annotation, annotations_text
from modelsync.report.verify import answer_text, missing_text
from modelsync.report.verify_json import verify_json, verify_problems_json


class VerifyFormat(NamedTuple):
    """An output format for programs."""

    write: Callable[[VerifyResult, str, bool], str]
    """Returns the text of a result; it may be empty.

    It takes the path from the root of the repository to the project, and whether a missing
    toolchain is an error.
    """
    write_problems: Callable[[Report], str]
    """Returns the text of the problems that prevented `verify` from running."""
    is_document: bool
    """Whether the text is one document: nothing else may be printed on standard output."""


def verify_annotations(result: VerifyResult, prefix: str, require: bool) -> str:
    """Return the annotations of a result; with `require`, a missing tool is an error."""
    annotations = chain(_of_missing(result, prefix, require), _of_verify(result, prefix))
    return "\n".join(islice(annotations, MAX_ANNOTATIONS))


def _of_missing(result: VerifyResult, prefix: str, require: bool) -> Iterator[str]:
    for missing in result.missing:
        tools = (
            (target.position, tool.tool) for target in result.targets for tool in target.missing
        )
        position = next(position for position, tool in tools if tool == missing.tool)
        text = f"{missing_text(result, missing)}\nhelp: {missing.help}"
        title = f"modelsync: {missing.tool} is missing"
        yield annotation(prefix, position, title, text, "error" if require else "warning")


def _of_verify(result: VerifyResult, prefix: str) -> Iterator[str]:
    for target in result.targets:
        for error in target.errors:
            title = f"modelsync: {target.target}, {error.tool}"
            yield annotation(prefix, target.position, title, error.text.rstrip())
    for disagreement in result.representative:
        title = f"modelsync: {', '.join(disagreement.wrong)} disagrees"
        answers = disagreement.answers.items()
        lines = [f"{target}: {answer_text(answer)}" for target, answer in answers]
        case = disagreement.case
        text = "\n".join([f"{case.definition}, {case.what}", *lines])
        yield annotation(prefix, disagreement.position, title, text)


def _document(result: VerifyResult, _prefix: str, _require: bool) -> str:
    return verify_json(result)


def _problems_document(report: Report) -> str:
    return verify_problems_json(report.problems)


VERIFY_FORMATS: Final[Mapping[str, VerifyFormat | None]] = {
    "text": None,
    "json": VerifyFormat(_document, _problems_document, is_document=True),
    "github": VerifyFormat(verify_annotations, annotations_text, is_document=False),
}
"""The formats of `verify`. None is the format for people, which is printed line by line."""
