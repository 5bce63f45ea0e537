r"""Regular expressions of ECMA-262 -> the dialect of specs, with the same meaning.

A pattern is read as with the flag `u`, which JSON Schema recommends, and as without it where only
that is valid. Most patterns are in the dialect of specs already. Others are written differently:
`[\w-.]` becomes `[\w\-.]`, and a lookahead of one character becomes part of what follows it.
What the dialect cannot say is refused with the reason.

The only differences are those of `.` and `\s`, which docs/import.md describes: in ECMA-262, `.`
does not match U+000D, U+2028 and U+2029, and `\s` matches spaces outside ASCII.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from modelsync.errors import HIDDEN
from modelsync.importer.patterns.counts import Limited, with_split_counts, without_large_counts
from modelsync.importer.patterns.lookaround import without_lookaround
from modelsync.importer.patterns.read import read
from modelsync.importer.patterns.simpler import simpler
from modelsync.importer.patterns.tokens import Choice, written
from modelsync.patterns.check import check
from modelsync.patterns.inclusion import includes, is_whole
from modelsync.patterns.lengths import longest_text
from modelsync.patterns.parse import parse
from modelsync.patterns.syntax import PatternError
from modelsync.schema.formats import FORMATS


class ReadPattern(NamedTuple):
    """What a spec has for a pattern."""

    text: str | None = None
    """The pattern in the dialect of specs. None if there is none, or if it says nothing."""
    min_length: int = 0
    max_length: int | None = None
    """The lengths that the pattern says, if they are not in `text`."""
    problem: str = ""
    """Why a spec accepts other texts, as the end of a clause that starts with `pattern`."""
    note: str = ""
    """What is in another form in `text`, as the end of a clause: `pattern` with ..."""


def read_pattern(pattern: str) -> ReadPattern:
    """Return a regular expression of ECMA-262 in the dialect of specs."""
    if not pattern:
        return ReadPattern()
    inner = _between_slashes(pattern)
    if inner is not None:
        found = read_pattern(inner)
        why = found.problem or "is in slashes, so no text matches it"
        return found._replace(problem=why)
    if _is_portable(pattern):
        return ReadPattern(pattern)
    try:
        parts = read(pattern)
    except PatternError as error:
        return ReadPattern(problem=f"is not portable: {error.message}")
    note = "; ".join(parts.forms)
    first: PatternError | None = None
    for change in (_same, without_large_counts, _with_split_counts):
        try:
            limited = change(parts.choice)
            text = _in_dialect(limited.choice)
        except PatternError as error:
            first = first or error
            continue
        most = limited.most
        if change is _with_split_counts:
            # No longer text matches. Matching a very long one would be slow.
            most = longest_text(parse(text))
        return ReadPattern(text, limited.least, most, note=note)
    assert first is not None
    return ReadPattern(problem=f"is not portable: {first.message}")


_OTHER_FORMS: Final = {
    "date": "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])",
    "datetime": "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:[Zz]|[+\-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
    "bytes": "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
"""Texts of scalars that have no grammar in :mod:`modelsync.schema.formats`, and perhaps others."""


@lru_cache(maxsize=256)
def is_implied_by_type(pattern: str, scalar: str) -> bool:
    """Return whether every text of a scalar matches a pattern, so that the pattern says nothing."""
    text, form = read_pattern(pattern).text, _form_of(scalar)
    return bool(text and form) and includes(parse(text or ""), parse(form or ""))


@lru_cache(maxsize=256)
def is_within_type(pattern: str, scalar: str) -> bool:
    """Return whether every text that matches a pattern is one of a scalar."""
    text, form = read_pattern(pattern).text, _form_of(scalar)
    if not text or not form:
        return False
    wide, narrow = parse(form), parse(text)
    return is_whole(wide) and is_whole(narrow) and includes(wide, narrow)


def _form_of(scalar: str) -> str | None:
    """Return a pattern of all texts of a scalar, if there is one."""
    return FORMATS[scalar].grammar if scalar in FORMATS else _OTHER_FORMS.get(scalar)


def _between_slashes(pattern: str) -> str | None:
    """Return what is between slashes that make it impossible to match: `/^a$/`, `/^a$/i`."""
    start, _, end = pattern.rpartition("/")
    is_regex = start.startswith("/^") and end in ("", "g", "u", "m")
    return start[1:] if is_regex else None


def _is_portable(pattern: str) -> bool:
    try:
        check(parse(pattern))
    except PatternError:
        return False
    return HIDDEN.search(pattern) is None


def _same(choice: Choice) -> Limited:
    return Limited(choice)


def _with_split_counts(choice: Choice) -> Limited:
    return Limited(with_split_counts(choice))


def _in_dialect(choice: Choice) -> str:
    text = written(simpler(without_lookaround(choice)))
    check(parse(text))
    return text
