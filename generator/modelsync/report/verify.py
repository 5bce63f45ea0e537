"""What `verify` has found -> the text that it prints. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from modelsync.commands.verify import Disagreement, Proof, Said, Verdict
from modelsync.errors import excerpt, visible
from modelsync.report.changes import count
from modelsync.verify.cases import Outcome
from modelsync.verify.toolchains import NEEDS, ToolchainMissing

_MAX_ROWS: Final = 30
"""How many definitions without a disagreement a table has; a larger one leaves them out."""
_MAX_DISAGREEMENTS: Final = 10
_MAX_LINES: Final = 40
"""How many lines are shown of what a compiler or the run says."""
_MAX_TEXT: Final = 300
"""How many characters are shown of a document, or of what became of it."""


def proof_lines(proof: Proof, texts: Mapping[str, str], verbose: bool = False) -> Iterator[str]:
    """Yield what was found: what is wrong first, then a table, then one line that sums it up.

    `texts` has the specs by their paths.
    """
    for verdict in proof.verdicts:
        yield from _fault_lines(verdict, verbose)
    shown = proof.disagreements if verbose else proof.telling[:_MAX_DISAGREEMENTS]
    for disagreement in shown:
        yield from disagreement_lines(disagreement, texts)
        yield ""
    left_out = len(proof.disagreements) - len(shown)
    if left_out:
        yield f"... and {count(left_out, 'more disagreement')} (-v shows all)"
        yield ""
    yield from _table(proof, verbose)
    yield summary(proof)


def missing_lines(proof: Proof) -> Iterator[str]:
    """Yield which tools are not there, what that kept from being done, and how to get them."""
    for missing in proof.missing:
        yield missing_text(proof, missing)
        yield f"help: {missing.cure}"


def missing_text(proof: Proof, missing: ToolchainMissing) -> str:
    """Return that a tool is not there, and what that kept from being done."""
    targets = [
        verdict.target
        for verdict in proof.verdicts
        if missing.tool in (each.tool for each in verdict.missing)
    ]
    what = NEEDS[missing.tool].without
    return f"{missing.tool}: {missing.reason}; so {what}: {', '.join(targets)}"


def summary(proof: Proof) -> str:
    """Return what was found in one line."""
    ran = [verdict for verdict in proof.verdicts if verdict.asked]
    asked = f"{count(proof.cases, 'case')}, {count(len(ran), 'target')}"
    if proof.agrees:
        return f"{asked}: all agree"
    broken = sum(bool(verdict.faults) for verdict in proof.verdicts)
    parts = [count(len(proof.disagreements), "disagreement")] if proof.disagreements else []
    parts += [f"{count(broken, 'target')} not sound"] if broken else []
    return f"{asked}: {', '.join(parts)}"


def disagreement_lines(found: Disagreement, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield one disagreement: the place in the spec, the document, and what each target says."""
    case, position = found.case, found.position
    yield f"{', '.join(found.wrong)} disagrees: {case.definition}, {visible(case.what)}"
    blank = " " * len(str(position.line))
    yield f"{blank}--> {position}"
    if position.path in texts:
        yield from excerpt(position, texts[position.path], len(blank))
    yield f"{blank} |"
    width = max(map(len, ("document", *found.said)))
    yield f"{blank} = {'document':<{width}}  {_shown(case.document.decode('utf-8', 'replace'))}"
    for target, said in found.said.items():
        yield f"{blank} = {target:<{width}}  {said_text(said)}"


def said_text(said: Said) -> str:
    """Return what a target says of a case and, if that is wrong, what it has to say."""
    text = outcome_text(said.found)
    if said.agrees:
        return text
    if said.wanted is None:
        return f"{text}; expected: anything but a crash"
    # How an error is worded is for each language to say.
    return f"{text}; expected: {outcome_text(replace(said.wanted, message=''))}"


def outcome_text(outcome: Outcome) -> str:
    """Return an outcome in words."""
    if outcome.crash:
        return f"crash: {_shown(outcome.crash)}"
    if outcome.accepted:
        return f"taken, and written as {_shown(outcome.json)}"
    where = f"at {visible(outcome.path)}" if outcome.path else "of the document"
    return f"an error {where}" + (f" ({_shown(outcome.message)})" if outcome.message else "")


def _fault_lines(verdict: Verdict, verbose: bool) -> Iterator[str]:
    for fault in verdict.faults:
        yield f"{verdict.target}: {fault.tool} says:"
        lines = fault.text.rstrip().splitlines()
        shown = lines if verbose else lines[:_MAX_LINES]
        yield from (f"  {visible(line)}" for line in shown)
        if len(lines) > len(shown):
            yield f"  ... and {count(len(lines) - len(shown), 'more line')} (-v shows all)"
        yield ""


def _table(proof: Proof, verbose: bool) -> Iterator[str]:
    """Yield a table of how many cases of each definition each target agreed about."""
    verdicts = [verdict for verdict in proof.verdicts if verdict.asked]
    if not verdicts:
        return
    definitions = list(dict.fromkeys(name for verdict in verdicts for name in verdict.asked))
    wrong = {name for verdict in verdicts for name in verdict.wrong}
    if len(definitions) > _MAX_ROWS and not verbose:
        definitions = [name for name in definitions if name in wrong]
    total = [_cell(sum(v.asked.values()), sum(v.wrong.values())) for v in verdicts]
    rows = [
        ["definition", *(verdict.target for verdict in verdicts)],
        *(
            [name, *(_cell(v.asked.get(name, 0), v.wrong.get(name, 0)) for v in verdicts)]
            for name in definitions
        ),
        ["all" if definitions else "all definitions", *total],
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join([name.ljust(widths[0]), *numbers])


def _cell(asked: int, wrong: int) -> str:
    if not asked:
        return "-"
    return f"{asked - wrong:,} of {asked:,}" if wrong else f"{asked:,}"


def _shown(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}... ({len(text):,} characters)"
