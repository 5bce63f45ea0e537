"""Lookaheads and lookbehinds -> a part of what they look at.

`(?!-)[a-z-]+` is `[a-z][a-z-]*`, `[a-z-]+(?<!-)` is `[a-z-]*[a-z]`, and `^(?!ab).*$` is
`^(?:[^a].*|a(?:[^b].*)?)?$`. The dialect of specs cannot say any other lookaround.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from modelsync.importer.patterns.tokens import (
    ONCE,
    Anchor,
    Branch,
    Chars,
    Choice,
    Count,
    Group,
    Look,
    Part,
    chars_of,
)
from modelsync.patterns.syntax import ANY, PatternError, Ranges, complement, overlap, union

_MOST_PARTS: Final = 200
"""How many parts a pattern may have when lookaround is removed: each one may repeat the rest."""
_ALL: Final = complement(())
_REST: Final[tuple[Part, ...]] = (
    Chars("[\\s\\S]", _ALL, Count(0, None)),
    Anchor("$"),
)


def without_lookaround(choice: Choice) -> Choice:
    """Return branches without lookaround. Raises PatternError if the dialect cannot say them."""
    return tuple(_branch(branch, is_whole=True) for branch in choice)


def _branch(branch: Branch, *, is_whole: bool) -> Branch:
    parts = [_inside(part) for part in branch]
    if not any(isinstance(part, Look) for part in parts):
        return tuple(parts)
    # Behind: from the end, with the parts in reverse.
    parts = _looked(parts[::-1], "behind", is_whole=is_whole)[::-1]
    return tuple(_looked(parts, "ahead", is_whole=is_whole))


def _inside(part: Part) -> Part:
    if not isinstance(part, Group):
        return part
    branches = tuple(_branch(branch, is_whole=False) for branch in part.branches)
    match branches:
        case ((Chars(count=count) as only,),) if count == ONCE:
            return replace(only, count=part.count)
        case _:
            return replace(part, branches=branches)


def _looked(parts: list[Part], direction: str, *, is_whole: bool) -> list[Part]:
    """Return parts without the lookaround of a direction. The last ones are looked at first."""
    done: list[Part] = []
    for part in reversed(parts):
        if not isinstance(part, Look) or part.direction != direction:
            done.insert(0, part)
            continue
        if direction == "ahead":
            has_end = bool(done) and done[-1] == Anchor("$")
            # At the end of the pattern, a text may have anything else.
            rest = done if has_end or not is_whole else _with_rest(done)
            done = _Applied(part, "$").to(rest)
        else:
            done = _Applied(part, "^").to(done)
    return done


def _with_rest(parts: list[Part]) -> list[Part]:
    """Return parts that reach to the end of the text, instead of to anywhere in it."""
    match parts:
        case [*before, Chars(count=Count(least, None)) as last]:
            least_parts = [replace(last, count=Count(least, least))] if least else []
            return [*before, *least_parts, *_REST]
        case _:
            return [*parts, *_REST]


class _Sought(NamedTuple):
    """What one branch of a lookaround seeks: characters, one after the other."""

    sets: tuple[Ranges, ...]
    ends: bool = False
    """Whether the text ends after them."""


class _Applied:
    """A lookahead, or a lookbehind whose parts are in reverse; `edge` is the end of the text."""

    def __init__(self, look: Look, edge: str) -> None:
        self.look = look
        self.edge = Anchor(edge)

    def error(self) -> PatternError:
        return PatternError("lookaround has no equivalent", self.look.offset)

    def to(self, rest: list[Part]) -> list[Part]:
        """Return the parts that follow, limited to what the lookaround allows."""
        if self.is_end():
            return [self.edge, *([] if rest == list(_REST) else rest)]
        needed = self.needed()
        if needed is not None:
            return self.containing(rest, needed, may_be_empty=self.may_be_empty())
        banned = self.banned()
        if banned is not None:
            return self.without(rest, banned)
        sought = [self.sought(branch) for branch in self.look.branches]
        if not self.look.is_negative:
            return self.positive(rest, sought)
        for each in sought:
            rest = self.negative(rest, each)
        return rest

    def is_end(self) -> bool:
        """Whether it says that no character of any kind follows."""
        match self.look.branches:
            case ((Chars(ranges=ranges, count=count),),) if count == ONCE:
                return ranges == _ALL and self.look.is_negative
            case _:
                return False

    def needed(self) -> Ranges | None:
        """Return the characters of which the text must have one: `(?=.*[a-z])`, `(?! *$)`."""
        if self.edge.text != "$" or len(self.look.branches) != 1:
            return None
        match self.look.branches[0], self.look.is_negative:
            case (Chars(ranges=before, count=Count(0, None)), Chars(ranges=chars)), False:
                return chars if before in (ANY, _ALL) else None
            case (Chars(ranges=chars, count=Count(least=0 | 1, most=None)), Anchor("$")), True:
                return complement(chars)
            case _:
                return None

    def may_be_empty(self) -> bool:
        """Whether an empty text need not have any of the needed characters: `(?! +$)`."""
        first = self.look.branches[0][0]
        return self.look.is_negative and isinstance(first, Chars) and first.count.least == 1

    def banned(self) -> Ranges | None:
        """Return the characters that the text must not have: `(?!.*[a-z])`."""
        if self.edge.text != "$" or not self.look.is_negative or len(self.look.branches) != 1:
            return None
        match self.look.branches[0]:
            case (Chars(ranges=before, count=Count(0, None)), Chars(ranges=chars, count=count)):
                is_any = before in (ANY, _ALL)
                return chars if is_any and count.least == 1 else None
            case _:
                return None

    def containing(
        self, rest: list[Part], needed: Ranges, *, may_be_empty: bool = False
    ) -> list[Part]:
        """Return `[a-z-]+$` with at least one of some characters: `[-]*[a-z][a-z-]*$`."""
        match rest:
            case [Chars(ranges=ranges, count=Count(least=0 | 1, most=None)) as first, edge] if (
                edge == self.edge and self.spans(ranges)
            ):
                others, kept = _both(ranges, complement(needed)), _both(ranges, needed)
                if not kept:
                    raise self.error()
                before = [chars_of(others, Count(0, None))] if others else []
                found: list[Part] = [*before, chars_of(kept), replace(first, count=Count(0, None))]
                if may_be_empty and not first.count.least:
                    found = [Group((tuple(found),), "(?:", Count(0, 1))]
                return [*found, edge]
            case [Chars(ranges=ranges, count=count), *others_] if count == ONCE and others_:
                has, has_not = _both(ranges, needed), _both(ranges, complement(needed))
                ways = [[chars_of(has), *others_]] if has else []
                if has_not:
                    ways.append([chars_of(has_not), *self.containing(others_, needed)])
                either = self.one_of(ways)
                assert either is not None
                return either
            case _:
                raise self.error()

    def without(self, rest: list[Part], banned: Ranges) -> list[Part]:
        if not rest or rest[-1] != self.edge:
            raise self.error()
        return [self.part_without(part, banned) for part in rest]

    def part_without(self, part: Part, banned: Ranges) -> Part:
        match part:
            case Chars(ranges=ranges, count=count) if self.spans(ranges):
                kept = _both(ranges, complement(banned))
                if kept == ranges:
                    return part
                if not kept:
                    raise self.error()
                return chars_of(kept, count)
            case Anchor():
                return part
            case Group(branches=branches):
                limited = (
                    tuple(self.part_without(each, banned) for each in branch) for branch in branches
                )
                return replace(part, branches=tuple(limited))
            case _:
                raise self.error()

    def spans(self, ranges: Ranges) -> bool:
        """Whether `.*` in the lookaround reaches over some characters."""
        starts = [branch[0] for branch in self.look.branches if branch]
        return all(
            not (isinstance(part, Chars) and part.ranges == ANY)
            or not overlap(ranges, complement(ANY))
            for part in starts
        )

    # Sequences ------------------------------------------------------------------------------------

    def sought(self, branch: Branch) -> _Sought:
        sets: list[Ranges] = []
        parts = list(branch if self.edge.text == "$" else branch[::-1])
        if parts and _is_anything(parts[-1]):
            parts.pop()
        ends = bool(parts) and parts[-1] == self.edge
        for part in parts[:-1] if ends else parts:
            match part:
                case Chars(ranges=ranges, count=Count(least, most)) if least == most:
                    sets += [ranges] * least
                case Chars(ranges=ranges, count=Count(least=1)) if part is parts[-1]:
                    sets.append(ranges)
                case _:
                    raise PatternError("lookaround of a varying length", self.look.offset)
        if len(sets) > _MOST_PARTS or (not sets and not ends):
            raise self.error()
        return _Sought(tuple(sets), ends)

    def positive(self, rest: list[Part], sought: list[_Sought]) -> list[Part]:
        if any(len(each.sets) + each.ends != 1 for each in sought):
            raise self.error()
        chars = union(pair for each in sought for ranges in each.sets for pair in ranges)
        at_edge = any(each.ends for each in sought)
        if not at_edge:
            rest = self.negative(rest, _Sought((), ends=True))
        return self.negative(rest, _Sought((complement(chars),))) if chars != _ALL else rest

    def negative(self, rest: list[Part], sought: _Sought) -> list[Part]:
        """Return parts that do not start with what is sought."""
        found = self.limited(rest, sought)
        if found is None:
            raise self.error()
        return found

    def limited(self, parts: list[Part], sought: _Sought) -> list[Part] | None:
        """Return parts that do not start with what is sought; None if nothing can follow."""
        if not parts or len(parts) > _MOST_PARTS:
            raise self.error()
        first, rest = parts[0], parts[1:]
        match first:
            case Anchor() if first == self.edge:
                return None if not sought.sets and sought.ends else parts
            case Chars():
                return self.limited_chars(first, rest, sought)
            case Group(branches=branches, count=count) if count == ONCE:
                step = 1 if self.edge.text == "$" else -1
                if not rest and len(branches) > 1:
                    raise self.error()
                found = [self.limited([*branch[::step], *rest], sought) for branch in branches]
                return self.one_of([each for each in found if each is not None])
            case Group(count=Count(0, 1)):
                once: list[Part] = [replace(first, count=ONCE), *rest]
                with_it, without_it = self.limited(once, sought), self.limited(rest, sought)
                return self.one_of([each for each in (with_it, without_it) if each is not None])
            case _:
                raise self.error()

    def limited_chars(self, first: Chars, rest: list[Part], sought: _Sought) -> list[Part] | None:
        """Return what starts with some characters: those that differ, or those that go on."""
        count = first.count
        if not sought.sets:  # only the end is sought
            if count.least:
                return [first, *rest]
            after = self.limited(rest, sought)
            if after is not None:
                return self.one_of([[replace(first, count=_one_more(count)), *rest], after])
            return [replace(first, count=_one_more(count)), *rest]
        same, other = (
            _both(first.ranges, sought.sets[0]),
            _both(first.ranges, complement(sought.sets[0])),
        )
        fewer = Count(max(0, count.least - 1), None if count.most is None else count.most - 1)
        after_one: list[Part] = [*([replace(first, count=fewer)] if fewer.most != 0 else []), *rest]
        ways: list[list[Part]] = []
        if not same and count.least:
            return [first, *rest]
        if other:
            ways.append([chars_of(other), *after_one])
        if same and (len(sought.sets) > 1 or sought.ends):
            further = self.limited(after_one, _Sought(sought.sets[1:], sought.ends))
            if further is not None:
                ways.append([chars_of(same), *further])
        if not count.least:
            none = self.limited(rest, sought)
            if none == rest and not same:
                return [first, *rest]
            if none is not None:
                ways.append(none)
        return self.one_of(ways)

    def one_of(self, ways: list[list[Part]]) -> list[Part] | None:
        """Return several ways as branches of a group, with what they have in common after it."""
        if len(ways) < 2:
            return ways[0] if ways else None
        single = [way[0] for way in ways if len(way) == 1]
        chars = [part for part in single if isinstance(part, Chars) and part.count == ONCE]
        if len(chars) == len(ways):
            return [chars_of(union(pair for part in chars for pair in part.ranges))]
        common: list[Part] = []
        while all(ways) and all(way[-1] == ways[0][-1] for way in ways):
            common.insert(0, ways[0][-1])
            ways = [way[:-1] for way in ways]
        step = 1 if self.edge.text == "$" else -1
        branches = tuple(tuple(way[::step]) for way in ways if way)
        count = ONCE if all(ways) else Count(0, 1)
        return [Group(branches, "(?:", count), *common]


def _one_more(count: Count) -> Count:
    return Count(1, count.most)


def _is_anything(part: Part) -> bool:
    is_any = isinstance(part, Chars) and part.count == Count(0, None)
    return is_any and isinstance(part, Chars) and part.ranges in (ANY, _ALL)


def _both(one: Ranges, other: Ranges) -> Ranges:
    return complement(union([*complement(one), *complement(other)]))
