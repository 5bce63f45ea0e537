"""One iteration of an unlimited repetition, without what several iterations can match instead.

`(-?a+)*` is `(-?a)*`, `([ab]?a)*` is `(b?a)*`, and `(a*b?)*` is `(a|b)*`: each time, a text is
divided into iterations in one way only, so the dialect accepts the pattern.
"""

from __future__ import annotations

from dataclasses import replace

from modelsync.importer.patterns.tokens import ONCE, Branch, Chars, Choice, Count, Group, chars_of
from modelsync.patterns.syntax import complement, overlap, union


def shorter(branches: Choice, outer: Count) -> tuple[Choice, Count]:
    """Return the branches of an unlimited repetition and its count, with shorter iterations."""
    found: list[Branch] = []
    least = outer.least
    for branch in branches:
        if not all(isinstance(part, Chars | Group) for part in branch):
            found.append(branch)
            continue
        parts = [part for part in branch if isinstance(part, Chars | Group)]
        needed = [part for part in parts if part.count.least]
        if not needed:
            # Each of its parts is an iteration, and none is one, too.
            found += [(replace(part, count=ONCE),) for part in parts]
            least = 0
        elif len(needed) == 1:
            found.append(tuple(_around(parts, needed[0])))
        else:
            found.append(branch)
    return tuple(dict.fromkeys(found)) or ((),), Count(least, None)


def _around(parts: list[Chars | Group], needed: Chars | Group) -> list[Chars | Group]:
    """Return the parts of an iteration that must have one of them, which other iterations repeat.

    A character before or after it that could be that part is an iteration of its own.
    """
    if needed.count == Count(1, None):
        once = replace(needed, count=ONCE)
        parts = [once if part is needed else part for part in parts]
        needed = once
    if not isinstance(needed, Chars) or needed.count != ONCE:
        return parts
    found: list[Chars | Group] = []
    for part in parts:
        if part is needed or not isinstance(part, Chars) or not overlap(part.ranges, needed.ranges):
            found.append(part)
            continue
        others = complement(union([*complement(part.ranges), *needed.ranges]))
        if others:
            found.append(chars_of(others, part.count))
    return found
