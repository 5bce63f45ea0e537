"""The lines that `modelsync verify` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from modelsync.commands.verify import TargetResult, VerifyResult
from modelsync.errors import excerpt, visible
from modelsync.report.changes import count
from modelsync.verify.cases import Outcome
from modelsync.verify.compare import Answer, Disagreement
from modelsync.verify.execution import MissingTool

_MAX_ROWS: Final = 30
"""With more definitions than this, the table omits those without a disagreement."""
_MAX_DISAGREEMENTS: Final = 10
_MAX_LINES: Final = 40
"""The maximum number of lines shown of a compiler or a run."""
_MAX_TEXT: Final = 300
"""The maximum number of characters shown of a document or an outcome."""


def verify_lines(
    result: VerifyResult, texts: Mapping[str, str], verbose: bool = False
) -> Iterator[str]:
    """Yield the errors and disagreements, a table of all targets, and a summary in one line.

    `texts` has the specs by their paths.
    """
    for target in result.targets:
        yield from _error_lines(target, verbose)
    shown = result.disagreements if verbose else result.representative[:_MAX_DISAGREEMENTS]
    for disagreement in shown:
        yield from disagreement_lines(disagreement, texts)
        yield ""
    omitted = len(result.disagreements) - len(shown)
    if omitted:
        yield f"... and {count(omitted, 'more disagreement')} (-v shows all)"
        yield ""
    yield from _table(result, verbose)
    yield summary(result)


def missing_lines(result: VerifyResult) -> Iterator[str]:
    """Yield which tools are missing, what was not done without them, and how to install them."""
    for missing in result.missing:
        yield missing_text(result, missing)
        yield f"help: {missing.help}"


def missing_text(result: VerifyResult, missing: MissingTool) -> str:
    """Return the message for a missing tool: why, and what was not done without it."""
    targets = [
        target.target
        for target in result.targets
        if missing.tool in (tool.tool for tool in target.missing)
    ]
    return f"{missing.tool}: {missing.reason}; {missing.effect}: {', '.join(targets)}"


def summary(result: VerifyResult) -> str:
    """Return the result in one line."""
    run = [target for target in result.targets if target.case_counts]
    validators = sum(target.is_validator for target in run)
    compiled = [target.target for target in result.targets if _only_compiled(target)]
    parts = []
    if run or not compiled:
        counts = [count(result.case_count, "case")]
        if len(run) > validators or not run:
            counts.append(count(len(run) - validators, "target"))
        if validators:
            counts.append(count(validators, "validator"))
        parts = [", ".join(counts)]
    if compiled:
        parts.append(f"{', '.join(compiled)} compiled but not run")
    return f"{'; '.join(parts)}: {_judgment(result)}"


def _only_compiled(target: TargetResult) -> bool:
    return not target.can_run and bool(target.tools)


def _judgment(result: VerifyResult) -> str:
    if result.agrees:
        return "all agree" if any(target.case_counts for target in result.targets) else "no errors"
    failing = sum(bool(target.errors) for target in result.targets)
    parts = []
    if result.disagreements:
        parts.append(count(len(result.disagreements), "disagreement"))
    if failing:
        parts.append(f"{count(failing, 'target')} failed")
    return ", ".join(parts)


def disagreement_lines(disagreement: Disagreement, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield one disagreement: the line of the spec, the document, and each target's answer."""
    case, position = disagreement.case, disagreement.position
    wrong = disagreement.wrong
    verb = "disagrees" if len(wrong) == 1 else "disagree"
    yield f"{', '.join(wrong)} {verb}: {case.definition}, {visible(case.what)}"
    indent = " " * len(str(position.line))
    yield f"{indent}--> {position}"
    if position.path in texts:
        yield from excerpt(position, texts[position.path], len(indent))
    yield f"{indent} |"
    width = max(map(len, ("document", *disagreement.answers)))
    document = _shortened(case.document.decode("utf-8", "replace"))
    yield f"{indent} = {'document':<{width}}  {document}"
    for target, answer in disagreement.answers.items():
        yield f"{indent} = {target:<{width}}  {answer_text(answer)}"


def answer_text(answer: Answer) -> str:
    """Return a target's answer and, if it is wrong, the expected one."""
    text = outcome_text(answer.actual)
    if answer.agrees:
        return text
    if answer.expected is None:
        return f"{text}; expected: anything except a crash"
    # Own templates may word errors differently: only the path is expected.
    return f"{text}; expected: {outcome_text(replace(answer.expected, message=''))}"


def outcome_text(outcome: Outcome) -> str:
    """Return an outcome in words."""
    if outcome.crash:
        return f"crash: {_shortened(outcome.crash)}"
    if outcome.accepted and not outcome.json:
        return "accepted"
    if outcome.accepted:
        return f"accepted, and encoded as {_shortened(outcome.json)}"
    where = f"at {visible(outcome.path)}" if outcome.path else "in the document"
    text = f"error {where}" + (f" ({_shortened(outcome.message)})" if outcome.message else "")
    others = [error.path or "the document" for error in outcome.errors[1:]]
    return f"{text}, and at {_shortened(', '.join(others))}" if others else text


def _error_lines(target: TargetResult, verbose: bool) -> Iterator[str]:
    for error in target.errors:
        yield f"{target.target}: {error.tool} reports:"
        lines = error.text.rstrip().splitlines()
        shown = lines if verbose else lines[:_MAX_LINES]
        yield from (f"  {visible(line)}" for line in shown)
        if len(lines) > len(shown):
            yield f"  ... and {count(len(lines) - len(shown), 'more line')} (-v shows all)"
        yield ""


def _table(result: VerifyResult, verbose: bool) -> Iterator[str]:
    """Yield a table of how many cases of each definition each target agreed about."""
    targets = [target for target in result.targets if target.case_counts]
    if not targets:
        return
    definitions = list(dict.fromkeys(name for target in targets for name in target.case_counts))
    wrong = {name for target in targets for name in target.wrong_counts}
    if len(definitions) > _MAX_ROWS and not verbose:
        definitions = [name for name in definitions if name in wrong]
    totals = [_cell(sum(t.case_counts.values()), sum(t.wrong_counts.values())) for t in targets]
    rows = [
        ["definition", *(target.target for target in targets)],
        *(
            [
                name,
                *(_cell(t.case_counts.get(name, 0), t.wrong_counts.get(name, 0)) for t in targets),
            ]
            for name in definitions
        ),
        ["all" if definitions else "all definitions", *totals],
        *_left_out(targets),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join([name.ljust(widths[0]), *numbers])


def _left_out(targets: Sequence[TargetResult]) -> Iterator[list[str]]:
    """Yield a row for each reason why validators were not asked about cases."""
    for reason in dict.fromkeys(why for target in targets for why in target.left_out):
        cells = (_cell(target.left_out.get(reason, 0), 0) for target in targets)
        yield [f"left out: {reason}", *cells]


def _cell(cases: int, wrong: int) -> str:
    if not cases:
        return "-"
    return f"{cases - wrong:,} of {cases:,}" if wrong else f"{cases:,}"


def _shortened(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}... ({len(text):,} characters)"
