"""The text of a pattern -> its syntax tree. Everything outside the dialect is an error."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from modelsync.patterns.categories import ranges_of_category
from modelsync.patterns.syntax import (
    ANY,
    CLASSES,
    CONTROLS,
    LAST,
    Anchor,
    Chars,
    Choice,
    Node,
    PatternError,
    Ranges,
    Repeat,
    Sequence,
    code_point,
    complement,
    union,
)

MAX_COUNT: Final = 1000
"""The largest count, also of nested counts multiplied: the limit of RE2."""
MAX_GROUPS: Final = 50
"""How deep groups may nest."""

_NUMERIC: Final = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\})", re.ASCII
)
_COUNT: Final = re.compile(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}", re.ASCII)
_CATEGORY: Final = re.compile(r"\\([pP])\{([^{}]*)\}")
_CATEGORY_HELP: Final = "write a general category, such as `\\p{L}`; or the characters as ranges"
_COUNT_HELP: Final = "write `{2}`, `{2,}` or `{2,5}`; or `\\{` for the character"
_UNPORTABLE: Final = {
    "b": "`\\b` is a backspace in a class of some languages; write `\\x08`",
    "B": "write the pattern with `\\b`, or without word boundaries",
    "A": "write `^`",
    "Z": "write `$`",
    "z": "write `$`",
    "0": "write `\\x00`",
    "a": "write `\\x07`",
    "e": "write `\\x1b`",
}

_INSTEAD_OF: Final = {"a named group": "write `(?:`", "a comment": "remove it"}


def parse(text: str) -> Node:
    """Return the syntax tree of a pattern. Raises :class:`PatternError`."""
    if not text:
        raise PatternError("empty pattern", 0, 1, "remove `pattern`, or write what texts contain")
    return _Parser(text).whole()


@lru_cache(maxsize=1024)
def _literal(char: str) -> Chars | None:
    """Return the set of one character, None if it is half of a surrogate pair."""
    ranges = union([(ord(char), ord(char))])
    return Chars(ranges) if ranges else None


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.unclosed_class = self.error("missing `]`")

    def whole(self) -> Node:
        node = self.choice(0)
        if self.at < len(self.text):
            raise self.error("`)` without a `(` before it", help_="write `\\)` for the character")
        return node

    def error(
        self, message: str, offset: int | None = None, width: int = 1, help_: str = ""
    ) -> PatternError:
        return PatternError(message, self.at if offset is None else offset, width, help_)

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def choice(self, depth: int) -> Node:
        branches = [self.sequence(depth)]
        while self.next() == "|":
            self.at += 1
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.next() not in "|)":
            parts.append(self.repeated(depth))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, depth: int) -> Node:
        start = self.at
        part = self.part(depth)
        counts = self.counts()
        if counts is None:
            return part
        if isinstance(part, Anchor):
            anchor = self.text[start : self.at]
            raise self.error(f"`{anchor}` repeats an anchor", start, self.at - start)
        self.skip_lazy()
        return Repeat(part, *counts, start, self.at - start)

    def skip_lazy(self) -> None:
        # Lazy or not, the same texts match.
        if self.next() == "?":
            self.at += 1
        if self.next() in ("*", "+", "?", "{") and self.next():
            what = "possessive repetition" if self.next() == "+" else "second repetition"
            help_ = "put the first one into a group" if self.next() == "{" else "remove it"
            raise self.error(f"{what} `{self.next()}`", help_=help_)

    def counts(self) -> tuple[int, int | None] | None:
        char = self.next()
        if char in ("*", "+", "?") and char:
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        if char != "{":
            return None
        match = _COUNT.match(self.text, self.at)
        if match is None:
            no_least = re.match(r"\{,([0-9]+)\}", self.text[self.at :])
            help_ = f"write `{{0,{no_least[1]}}}`" if no_least else _COUNT_HELP
            raise self.error("`{` without a count", help_=help_)
        least = int(match[1])
        most = int(match[3]) if match[3] else None if match[2] else least
        if max(least, most or 0) > MAX_COUNT:
            raise self.error(
                f"a count above {MAX_COUNT}", width=len(match[0]), help_="use `maxLength` as well"
            )
        if most is not None and most < least:
            raise self.error(f"`{match[0]}` has its limits in reverse", width=len(match[0]))
        self.at = match.end()
        return least, most

    def part(self, depth: int) -> Node:
        char = self.next()
        match char:
            case "^" | "$":
                self.at += 1
                return Anchor("start" if char == "^" else "end")
            case ".":
                self.at += 1
                return Chars(ANY)
            case "(":
                return self.group(depth)
            case "[":
                return Chars(self.char_class())
            case "\\":
                return self.escape()
            case "*" | "+" | "?":
                raise self.error(f"`{char}` repeats nothing", help_=f"write `\\{char}`")
            case "{" | "}" | "]":
                raise self.error(f"unescaped `{char}`", help_=f"write `\\{char}`")
            case _:
                self.at += 1
                return _literal(char) or Chars(self.single(ord(char), self.at - 1, 1))

    def group(self, depth: int) -> Node:
        start = self.at
        if depth == MAX_GROUPS:
            raise self.error(f"groups nest more than {MAX_GROUPS} levels deep")
        self.at += 1
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self.next() == "?":
            raise self.unportable_group(start)
        node = self.choice(depth + 1)
        if self.next() != ")":
            raise self.error("missing `)`", start, 1, "close the group, or write `\\(`")
        self.at += 1
        return node

    def unportable_group(self, start: int) -> PatternError:
        for prefix, what in (
            ("(?=", "lookahead"),
            ("(?!", "lookahead"),
            ("(?<=", "lookbehind"),
            ("(?<!", "lookbehind"),
            ("(?P<", "a named group"),
            ("(?<", "a named group"),
            ("(?#", "a comment"),
        ):
            if self.text.startswith(prefix, start):
                help_ = _INSTEAD_OF.get(what, "remove it: Go has none")
                return self.error(f"{what} is not portable", start, len(prefix), help_)
        return self.error("flags are not portable", start, 2, "write `(?:` for a group")

    def escape(self) -> Node:
        name = self.text[self.at + 1 : self.at + 2]
        if name == "b":
            self.at += 2
            return Anchor("word")
        several = self.several()
        if several is not None:
            return Chars(several)
        start = self.at
        char = self.escaped_char()
        return Chars(self.single(char, start, self.at - start))

    def several(self) -> Ranges | None:
        """Read an escape that stands for several characters, if there is one."""
        name = self.text[self.at + 1 : self.at + 2]
        if self.next() != "\\" or not name:
            return None
        if name in CLASSES:
            self.at += 2
            return CLASSES[name]
        if name not in "pP":
            return None
        match = _CATEGORY.match(self.text, self.at)
        ranges = ranges_of_category(match[2]) if match else ()
        if match is None or not ranges:
            what = f"unknown category `{match[0]}`" if match else f"`\\{name}` without a category"
            width = len(match[0]) if match else 2
            raise self.error(what, width=width, help_=_CATEGORY_HELP)
        self.at = match.end()
        return complement(ranges) if name == "P" else ranges

    def single(self, char: int, offset: int, width: int) -> Ranges:
        ranges = union([(char, char)])
        if not ranges:
            raise self.error("half of a surrogate pair", offset, width, "write `\\u{1F600}`")
        return ranges

    def escaped_char(self) -> int:
        """Read an escape that stands for one character, in a class or outside."""
        start = self.at
        name = self.text[start + 1 : start + 2]
        match = _NUMERIC.match(self.text, start)
        if match is not None:
            self.at = match.end()
            return self.with_low_surrogate(int(match[1] or match[2] or match[3], 16), match)
        if name in CONTROLS:
            self.at += 2
            return CONTROLS[name]
        if name and " " <= name <= "~" and not name.isalnum():
            self.at += 2
            return ord(name)
        if not name:
            raise self.error("`\\` at the end", help_="write `\\\\` for the character")
        if name in "xu":
            raise self.error(
                f"incomplete escape `\\{name}`", width=2, help_="write `\\x41` or `\\u0041`"
            )
        help_ = _UNPORTABLE.get(name, "")
        what = "a backreference" if name in "123456789k" else f"the escape `\\{name}`"
        raise self.error(f"{what} is not portable", width=2, help_=help_)

    def with_low_surrogate(self, char: int, match: re.Match[str]) -> int:
        if char > LAST:
            raise self.error("no character has this code", match.start(), len(match[0]))
        low = _NUMERIC.match(self.text, self.at) if match[2] else None
        pair = code_point(char, int(low[2], 16)) if low and low[2] else None
        if low is None or pair is None:
            return char
        self.at = low.end()
        return pair

    def char_class(self) -> Ranges:
        start = self.at
        self.unclosed_class = self.error("missing `]`", start, 1, "close the class, or write `\\[`")
        self.at += 1
        is_negated = self.next() == "^"
        self.at += is_negated
        if self.next() == "]":
            raise self.error("empty class", start, self.at + 1 - start, "write `\\]` for `]`")
        ranges: list[tuple[int, int]] = []
        # A hyphen is itself at the start, at the end, and after a range.
        is_plain = True
        while self.next() != "]":
            is_plain = self.class_item(ranges, is_plain)
        self.at += 1
        merged = union(ranges)
        chars = complement(merged) if is_negated else merged
        if not chars:
            raise self.error("the class contains no character", start, self.at - start)
        return chars

    def class_item(self, ranges: list[tuple[int, int]], hyphen_is_plain: bool) -> bool:
        """Read one item of a class. Return whether a hyphen after it is a character."""
        start = self.at
        several = self.several()
        if several is not None:
            ranges += several
            return False
        if self.next() == "-" and not hyphen_is_plain and not self.is_last():
            raise self.error("`-` that starts no range", help_="write `\\-` for the character")
        low = self.class_char()
        if self.next() != "-" or self.is_last():
            ranges += self.single(low, start, self.at - start)
            return False
        self.at += 1
        high_start = self.at
        if self.several() is not None:
            raise self.error("a range that ends in a class", start, self.at - start)
        high = self.class_char()
        self.single(low, start, high_start - 1 - start)
        self.single(high, high_start, self.at - high_start)
        if high < low:
            raise self.error("a range in reverse", start, self.at - start)
        ranges.append((low, high))
        return True

    def is_last(self) -> bool:
        return self.text.startswith("-]", self.at)

    def class_char(self) -> int:
        char = self.next()
        if char == "[":
            raise self.error("unescaped `[` in a class", help_="write `\\[`")
        if not char:
            raise self.unclosed_class
        if char == "\\":
            return self.escaped_char()
        self.at += 1
        return ord(char)
