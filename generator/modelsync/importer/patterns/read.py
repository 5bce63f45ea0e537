"""The text of a regular expression of ECMA-262 -> its parts, each in the dialect of specs."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from modelsync.importer.patterns.tokens import (
    Anchor,
    Branch,
    Chars,
    Choice,
    Count,
    Group,
    Look,
    Part,
    chars_of,
    escaped,
)
from modelsync.patterns.categories import ranges_of_category, short_name
from modelsync.patterns.parse import MAX_GROUPS
from modelsync.patterns.syntax import (
    ANY,
    CLASSES,
    CONTROLS,
    LAST,
    PatternError,
    Ranges,
    code_point,
    complement,
    union,
)

_NUMERIC: Final = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,8})\})", re.ASCII
)
_COUNT: Final = re.compile(r"\{(?:([0-9]+)(?:(,)([0-9]*))?|(),([0-9]+))\}", re.ASCII)
_PROPERTY: Final = re.compile(r"\\([pP])\{(\^?)([A-Za-z_=]+)\}", re.ASCII)
_PROPERTIES: Final[dict[str, Ranges]] = {
    "Any": union([(0, LAST)]),
    "ASCII": union([(0, 0x7F)]),
    "ASCII_Hex_Digit": union([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]),
    "AHex": union([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]),
}
"""The properties that are not categories, and have few ranges."""
_NAMED_GROUP: Final = re.compile(r"\(\?P?<[A-Za-z_$][\w$]*>")
_LOOKS: Final = {
    "(?=": ("ahead", False),
    "(?!": ("ahead", True),
    "(?<=": ("behind", False),
    "(?<!": ("behind", True),
}
_ANCHORS: Final = {"A": "^", "Z": "$", "z": "$"}
_POSIX: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "space": r"\s",
    "word": r"\w",
    "xdigit": "0-9A-Fa-f",
}
_OF_OTHERS: Final = frozenset("acCeEgGhHiKlLNopPQRuUxX")
"""Letters whose escapes mean something in other dialects, and the letter itself in ECMA-262."""
_PAIRS: Final = re.compile(
    r"\[\\u[dD]800-\\u[dD][bB][fF]{2}\]\[\\u[dD][cC]00-\\u[dD][fF]{3}\]", re.ASCII
)


class Read(NamedTuple):
    """The branches of a pattern, and which of them are in another form, for messages."""

    choice: Choice
    forms: tuple[str, ...] = ()


_LISTED: Final = "properties of characters, as ranges"


def read(pattern: str) -> Read:
    """Return the branches of a pattern. Raises PatternError for what no spec can say."""
    text = _PAIRS.sub(r"[\\u{10000}-\\u{10ffff}]", pattern)
    ignores_case = text.startswith("(?i)")
    reader = _Reader(text.removeprefix("(?i)"), ignores_case)
    choice = reader.choice(0)
    if reader.at < len(reader.text):
        raise reader.error("`)` without a `(` before it")
    others = dict.fromkeys(("(?i)", *reader.others) if ignores_case else reader.others)
    forms = [", ".join(f"`{each}`" for each in others) + ", which ECMA-262 does not have"]
    return Read(choice, tuple(forms[: len(others)] + [_LISTED] * reader.has_properties))


class _Reader:
    def __init__(self, text: str, ignores_case: bool) -> None:
        self.text = text
        self.ignores_case = ignores_case
        self.at = 0
        self.others: list[str] = []
        self.has_properties = False

    def error(self, message: str) -> PatternError:
        return PatternError(message, self.at)

    def next(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def choice(self, depth: int) -> Choice:
        branches = [self.branch(depth)]
        while self.next() == "|":
            self.at += 1
            branches.append(self.branch(depth))
        return tuple(branches)

    def branch(self, depth: int) -> Branch:
        parts: list[Part] = []
        while self.at < len(self.text) and self.next() not in "|)":
            parts.append(self.repeated(depth))
        return tuple(parts)

    def repeated(self, depth: int) -> Part:
        part = self.part(depth)
        count = self.count()
        if count is None:
            return part
        if isinstance(part, Look) and part.direction == "ahead" and count.least:
            return part  # valid without the flag `u`; once is as good as often
        if isinstance(part, Anchor | Look):
            raise self.error("what has no characters is repeated")
        if self.next() == "?":
            self.at += 1  # lazy or not, the same texts match
        if self.next() and self.next() in "*+?":
            raise self.error(f"second repetition `{self.next()}`")
        if isinstance(part, Chars):
            return Chars(part.text, part.ranges, count)
        return Group(part.branches, part.prefix, count)

    def count(self) -> Count | None:
        char = self.next()
        if char and char in "*+?":
            self.at += 1
            return {"*": Count(0, None), "+": Count(1, None), "?": Count(0, 1)}[char]
        match = _COUNT.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        if not match[1]:
            self.others.append(match[0])
        least = int(match[1] or "0")
        most = int(match[3] or match[5]) if match[3] or match[5] else None if match[2] else least
        if most is not None and most < least:
            raise self.error(f"`{match[0]}` has its limits in reverse")
        return Count(least, most)

    def part(self, depth: int) -> Part:
        char = self.next()
        match char:
            case "^" | "$":
                self.at += 1
                return Anchor(char)
            case ".":
                self.at += 1
                return Chars(".", ANY)
            case "(":
                return self.group(depth)
            case "[":
                return self.char_class()
            case "\\":
                return self.escape()
            case "*" | "+" | "?":
                raise self.error(f"`{char}` repeats nothing")
            case _:
                self.at += 1
                return self.single(ord(char), escaped(ord(char)))

    def single(self, char: int, text: str) -> Chars:
        """Return one character, in both cases if case is ignored."""
        ranges = union([(char, char)])
        if not ranges:
            raise self.error("half of a surrogate pair")
        if not self.ignores_case:
            return Chars(text, ranges)
        both = self.both_cases(ranges)
        return Chars(text, ranges) if both == ranges else chars_of(both)

    def both_cases(self, ranges: Ranges) -> Ranges:
        """Return characters with their other case. Only those of ASCII have a simple one."""
        if ranges[-1][1] > 0x7F and ranges[-1][1] != LAST:
            raise self.error("characters outside ASCII whose case is ignored")
        letters = [
            ord(chr(char).swapcase())
            for low, high in ranges
            for char in range(low, min(high, 0x7F) + 1)
            if chr(char).isalpha()
        ]
        return union([*ranges, *((letter, letter) for letter in letters)])

    # Groups ---------------------------------------------------------------------------------------

    def group(self, depth: int) -> Part:
        start = self.at
        if depth == MAX_GROUPS:
            raise self.error(f"groups nest more than {MAX_GROUPS} levels deep")
        named = _NAMED_GROUP.match(self.text, start)
        look = next((key for key in _LOOKS if self.text.startswith(key, start)), "")
        prefix = "(?:" if self.next(3) == "(?:" else "("
        opening = named[0] if named else look or prefix
        if opening.startswith("(?P"):
            self.others.append("(?P<")
        self.at += len(opening)
        if opening == "(" and self.next() == "?":
            raise self.error(f"`({self.next(2)}` is not in ECMA-262")
        branches = self.choice(depth + 1)
        if self.next() != ")":
            raise self.error("missing `)`")
        self.at += 1
        if look:
            direction, is_negative = _LOOKS[look]
            return Look(branches, direction, is_negative, start)  # type: ignore[arg-type]
        return Group(branches, prefix)

    # Escapes --------------------------------------------------------------------------------------

    def escape(self) -> Part:
        name = self.text[self.at + 1 : self.at + 2]
        if name == "b":
            self.at += 2
            return Anchor("\\b")
        if name in _ANCHORS and name:
            self.others.append(f"\\{name}")
            self.at += 2
            return Anchor(_ANCHORS[name])
        if name == "B":
            raise self.error("`\\B` differs between languages")
        several = self.class_escape()
        if several is not None:
            return several
        start = self.at
        char = self.escaped_char()
        text = self.text[start : self.at]
        is_kept = _is_in_dialect(text)
        return self.single(char, text if is_kept else escaped(char))

    def class_escape(self) -> Chars | None:
        """Read an escape that stands for several characters, in a class or outside."""
        name = self.text[self.at + 1 : self.at + 2]
        if name and name in CLASSES:
            self.at += 2
            return Chars(f"\\{name}", CLASSES[name])
        if name not in ("p", "P"):
            return None
        match = _PROPERTY.match(self.text, self.at)
        if match is None:
            raise self.error(f"`\\{name}` without a property")
        is_negated = (match[1] == "P") != bool(match[2])
        category = short_name(match[3])
        ranges = _PROPERTIES.get(match[3]) or ranges_of_category(category)
        if not ranges:
            raise self.error(f"`{match[0]}` is not a general category")
        self.at = match.end()
        if is_negated:
            ranges = complement(ranges)
        if category:
            return Chars(f"\\{'P' if is_negated else 'p'}{{{category}}}", ranges)
        if not ranges:
            raise self.error("a class without any character")
        self.has_properties = True
        return chars_of(ranges)

    def escaped_char(self) -> int:
        """Read an escape that stands for one character."""
        start = self.at
        name = self.text[start + 1 : start + 2]
        match = _NUMERIC.match(self.text, start)
        if match is not None:
            self.at = match.end()
            return self.with_low_surrogate(int(match[1] or match[2] or match[3], 16), match)
        control = re.match(r"\\c([A-Za-z])", self.text[start:], re.ASCII)
        if control is not None:
            self.at += 3
            return ord(control[1]) % 32
        if name == "0" and not self.text[start + 2 : start + 3].isdigit():
            self.at += 2
            return 0
        if name and name in CONTROLS:
            self.at += 2
            return CONTROLS[name]
        if not name:
            raise self.error("`\\` at the end")
        if (name.isascii() and name.isdigit()) or name == "k":
            raise self.error("a backreference has no equivalent")
        if name in _OF_OTHERS:
            raise self.error(f"`\\{name}` is the letter in ECMA-262, and differs elsewhere")
        self.at += 2
        return ord(name)

    def with_low_surrogate(self, char: int, match: re.Match[str]) -> int:
        if char > LAST:
            raise self.error("no character has this code")
        low = _NUMERIC.match(self.text, self.at) if match[2] else None
        pair = code_point(char, int(low[2], 16)) if low and low[2] else None
        if low is None or pair is None:
            return char
        self.at = low.end()
        return pair

    # Classes --------------------------------------------------------------------------------------

    def char_class(self) -> Chars:
        start = self.at
        self.at += 1
        is_negated = self.next() == "^"
        self.at += is_negated
        ranges: list[tuple[int, int]] = []
        texts: list[str] = []
        while self.next() != "]":
            if not self.next():
                self.at = start
                raise self.error("missing `]`")
            posix = re.match(r"\[:([a-z]+):\]", self.text[self.at :])
            if posix is not None and posix[1] in _POSIX:
                self.others.append(posix[0])
                inside = _POSIX[posix[1]]
                self.text = self.text[: self.at] + inside + self.text[self.at + posix.end() :]
            texts.append(self.class_item(ranges))
        self.at += 1
        chars = union(ranges)
        if self.ignores_case:
            chars = self.both_cases(chars) if chars else chars
        found = complement(chars) if is_negated else chars
        if not found:
            raise self.error("a class without any character")
        if self.ignores_case or not chars:
            return chars_of(found)
        text = f"[{'^' if is_negated else ''}{''.join(texts)}]"
        return Chars(text, found)

    def class_item(self, ranges: list[tuple[int, int]]) -> str:
        """Read one item of a class, and return it in the dialect."""
        several = self.several()
        if several is not None:
            ranges += several.ranges
            return several.text if several.text.startswith("\\") else _listed(several.ranges)
        low = self.class_char()
        if self.next() != "-" or self.text.startswith("-]", self.at):
            ranges.append((low, low))
            return _class_char(low)
        self.at += 1
        before = self.at
        if self.several() is not None:
            # `a-\\d` is `a`, `-` or a digit.
            self.at = before
            ranges += [(low, low), (0x2D, 0x2D)]
            return _class_char(low) + "\\-"
        high = self.class_char()
        if high < low:
            raise self.error("a range in reverse")
        ranges.append((low, high))
        return _range_text(low, high)

    def several(self) -> Chars | None:
        return self.class_escape() if self.next() == "\\" else None

    def class_char(self) -> int:
        char = self.next()
        if char == "\\":
            if self.next(2) == "\\b":
                self.at += 2
                return 0x08
            return self.escaped_char()
        self.at += 1
        return ord(char)


def _listed(ranges: Ranges) -> str:
    return "".join(_range_text(low, high) for low, high in ranges)


def _range_text(low: int, high: int) -> str:
    """Return a range without surrogates, of which no text has one."""
    if 0xD800 <= low <= 0xDFFF:
        low = 0xE000
    if 0xD800 <= high <= 0xDFFF:
        high = 0xD7FF
    if low > high:
        return ""
    return _class_char(low) if low == high else f"{_class_char(low)}-{_class_char(high)}"


def _class_char(char: int) -> str:
    if 0xD800 <= char <= 0xDFFF:
        return ""
    text = chr(char)
    if text in "[]\\^-":
        return f"\\{text}"
    return escaped(char) if not _needs_no_escape(text) else text


def _needs_no_escape(text: str) -> bool:
    return " " <= text <= "~"


def _is_in_dialect(escape: str) -> bool:
    name = escape[1:2]
    return name in CONTROLS or (name in "xu" and len(escape) > 2) or not name.isalnum()
