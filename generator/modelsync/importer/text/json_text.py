"""JSON text -> values with positions."""

from __future__ import annotations

import json
import re
from array import array
from decimal import Decimal
from typing import Final, NoReturn

from modelsync.errors import Problem
from modelsync.importer.text.text_problems import (
    LIMITS,
    SYNTAX,
    Refused,
    add_duplicate,
    too_deep,
)
from modelsync.importer.text.tree import Json, JsonList, JsonObject, Source
from modelsync.jsonc import plain_json

MAX_DEPTH: Final = 128
"""How deep objects and lists may nest. What reads them may use the stack."""
MAX_DIGITS: Final = 400
"""How long a number may be."""

_SPACE: Final = r"[ \t\n\r]*"
# What most members and items are, in one match. The others take a slower way.
_VALUE: Final = (
    rf'(?:"([^"\\\x00-\x1f]*)"|([\[{{])|(-?(?:0|[1-9]\d{{0,17}}))(?![\d.eE])|(true|false|null))'
    rf"{_SPACE}([,\]}}]?)"
)
_MEMBER: Final = re.compile(rf'{_SPACE}"([^"\\\x00-\x1f]*)"{_SPACE}:{_SPACE}{_VALUE}', re.ASCII)
_ITEM: Final = re.compile(f"{_SPACE}(){_VALUE}", re.ASCII)
_BLANK: Final = re.compile(_SPACE)
_STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*)*"')
_BEGINNING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*)*')
_ESCAPE: Final = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ANY_ESCAPE: Final = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?(?:[eE][+-]?(\d+))?", re.ASCII)
_WORD: Final = re.compile(r"[^\s,:\[\]{}\"]+")
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_SHORT: Final = 32
"""Texts up to this length are kept once."""
_OTHER_WORDS: Final = {
    "NaN": "write a number, or `null`",
    "Infinity": "write a number, or `null`",
    "-Infinity": "write a number, or `null`",
    "undefined": "write `null`, or remove the key",
    "None": "write `null`",
    "True": "write `true`",
    "False": "write `false`",
}


def read_json(source: Source, problems: list[Problem], *, has_comments: bool = False) -> Json:
    """Return the value of a source that is JSON (RFC 8259), and add to `problems`.

    With `has_comments`, it may also have comments and trailing commas, as editors read JSON. A
    duplicate key is a problem, and its last value counts. Raises:
        Refused: The text is not JSON, or nests deeper than `MAX_DEPTH`.
    """
    text = plain_json(source.text) if has_comments else source.text
    return _Reader(source, text, problems).root()


class _Reader:
    def __init__(self, source: Source, text: str, problems: list[Problem]) -> None:
        """`text` is that of the source, or one of the same length without comments."""
        self.source = source
        self.text = text
        self.problems = problems
        self.known: dict[str, str] = {}
        """The short texts so far."""

    def root(self) -> Json:
        value, at = self._value(self._after_blank(0), None, 0)
        at = self._after_blank(at)
        if at < len(self.text):
            self._refuse(at, "the JSON value ends before this", "keep one value in the file")
        return value

    def _after_blank(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        assert blank is not None
        return blank.end()

    # Objects and lists ----------------------------------------------------------------------------

    def _object(self, start: int, depth: int) -> tuple[JsonObject, int]:
        """Read the object at `start`. Return it, and where it ends."""
        obj = JsonObject(self.source, start)
        offsets: list[int] = []
        text, share, at, end = self.text, self.known.setdefault, start + 1, ""
        while end != "}":
            match = _MEMBER.match(text, at)
            if match is None:
                at = self._after_blank(at)
                if text.startswith("}", at) and not end:
                    at += 1
                    break
                key, offset, at = self._key(at, start)
                value, at = self._value(at, start, depth)
                end = ""
            else:
                key, string, bracket, integer, word, end = match.groups()
                offset, at = match.start(1) - 1, match.end()
                if string is not None:
                    value = share(string, string) if len(string) <= _SHORT else string
                elif bracket is not None:
                    value, at = self._nested(match.start(3), depth)
                    end = ""
                else:
                    value = int(integer) if integer is not None else _WORDS[word]
            if key in obj:
                add_duplicate(obj, offsets, key, offset, self.problems)
            else:
                offsets.append(offset)
                key = share(key, key)
            obj[key] = value
            if not end or end == "]":
                end, at = self._end(at - len(end), start, "}")
        obj.offsets = array("I", offsets)
        return obj, at

    def _list(self, start: int, depth: int) -> tuple[JsonList, int]:
        """Read the list at `start`. Return it, and where it ends."""
        items = JsonList(self.source, start)
        offsets: list[int] = []
        text, share, at, end = self.text, self.known.setdefault, start + 1, ""
        while end != "]":
            match = _ITEM.match(text, at)
            if match is None:
                at = offset = self._after_blank(at)
                if text.startswith("]", at) and not end:
                    at += 1
                    break
                value, at = self._value(at, start, depth)
                end = ""
            else:
                _, string, bracket, integer, word, end = match.groups()
                offset, at = match.end(1), match.end()
                if string is not None:
                    value = share(string, string) if len(string) <= _SHORT else string
                elif bracket is not None:
                    value, at = self._nested(offset, depth)
                    end = ""
                else:
                    value = int(integer) if integer is not None else _WORDS[word]
            items.append(value)
            offsets.append(offset)
            if not end or end == "}":
                end, at = self._end(at - len(end), start, "]")
        items.offsets = array("I", offsets)
        return items, at

    def _nested(self, start: int, depth: int) -> tuple[JsonObject | JsonList, int]:
        if depth >= MAX_DEPTH:
            raise Refused(too_deep(self.source.position(start), MAX_DEPTH))
        if self.text[start] == "{":
            return self._object(start, depth + 1)
        return self._list(start, depth + 1)

    def _end(self, at: int, start: int, closing: str) -> tuple[str, int]:
        """Read the comma or bracket after an item."""
        at = self._after_blank(at)
        end = self.text[at : at + 1]
        if end not in (",", closing):
            kind = "brace" if closing == "}" else "bracket"
            self._refuse_text(at, f"a comma or the closing {kind}", start)
        return end, at + 1

    # Everything that is not read in one match -----------------------------------------------------

    def _key(self, at: int, start: int) -> tuple[str, int, int]:
        """Read a key and its colon. Return it, where it is, and where the value starts."""
        if not self.text.startswith('"', at):
            help_ = "write keys in double quotes"
            self._refuse_text(at, "a key in double quotes", start, help_)
        key, end = self._string(at)
        end = self._after_blank(end)
        if not self.text.startswith(":", end):
            self._refuse_text(end, f"a colon after the key `{key}`", start)
        return key, at, self._after_blank(end + 1)

    def _value(self, at: int, start: int | None, depth: int) -> tuple[Json, int]:
        """Read the value at `at`, in the object or list at `start`."""
        first = self.text[at : at + 1]
        if first == '"':
            return self._string(at)
        if first in ("{", "[") and first:
            return self._nested(at, depth)
        number = _NUMBER.match(self.text, at)
        word = _WORD.match(self.text, at)
        if word is not None and word[0] in _WORDS:
            return _WORDS[word[0]], word.end()
        if number is None or word is None or number.end() != word.end():
            self._refuse_text(at, "a value", start)
        if len(number[0]) > MAX_DIGITS or len(number[2] or "") > 4:
            message = f"a number has more than {MAX_DIGITS} digits, or an exponent of more than 4"
            self._refuse(at, message, "write a shorter number, or text", len(number[0]), LIMITS)
        is_integer = number[1] is None and number[2] is None
        return int(number[0]) if is_integer else Decimal(number[0]), number.end()

    def _string(self, at: int) -> tuple[str, int]:
        quoted = _STRING.match(self.text, at)
        if quoted is None:
            self._refuse_string(at)
        try:
            value: str = json.loads(quoted[0])
        except ValueError:
            self._refuse_escape(at, quoted.end())
        if _SURROGATE.search(value):
            self._refuse_surrogate(at)
        return value, quoted.end()

    # Problems -------------------------------------------------------------------------------------

    def _refuse(
        self, at: int, message: str, help_: str, width: int = 1, code: str = SYNTAX
    ) -> NoReturn:
        raise Refused(Problem(self.source.position(at, width), code, message, help_))

    def _refuse_string(self, at: int) -> NoReturn:
        """Refuse the text at `at`, which has no end on its line."""
        begin = _BEGINNING.match(self.text, at)
        end = begin.end() if begin else at
        if end + 1 >= len(self.text):
            self._refuse(at, "the file ends inside a text", "get the whole file: it is cut off")
        char = self.text[end + 1] if self.text[end] == "\\" else self.text[end]
        escape = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char, f"\\u{ord(char):04x}")
        message = f"a text contains U+{ord(char):04X} as it is"
        self._refuse(end, message, f"write `{escape}`, or add the closing quote before it")

    def _refuse_escape(self, at: int, end: int) -> NoReturn:
        """Refuse a text with an invalid escape."""
        while (at := self.text.find("\\", at, end)) >= 0:
            escape = _ESCAPE.match(self.text, at)
            if escape is None:
                break
            at = escape.end()
        written = self.text[at : at + 2]
        help_ = (
            "write four hexadecimal digits" if written == "\\u" else "write `\\\\` for a backslash"
        )
        self._refuse(at, f"`{written}` is not an escape in JSON", help_, 2)

    def _refuse_surrogate(self, at: int) -> NoReturn:
        """Refuse a text with half of a surrogate pair."""
        for escape in _ANY_ESCAPE.finditer(self.text, at):
            if len(escape[0]) == 6 and _SURROGATE.search(json.loads(f'"{escape[0]}"')):
                at = escape.start()
                break
        message = f"`{self.text[at : at + 6]}` is half of a surrogate pair"
        self._refuse(at, message, "write the whole character, such as `\\ud83d\\ude00`", 6)

    def _refuse_text(self, at: int, expected: str, start: int | None, help_: str = "") -> NoReturn:
        """Refuse what is at `at`, in the object or list at `start`."""
        text = self.text
        if at >= len(text):
            if start is None:
                self._refuse(0, "the file is empty", "write a JSON value")
            kind = "object" if text[start] == "{" else "list"
            related = ((self.source.position(start), f"the {kind} starts here"),)
            message, help_ = f"the file ends inside {_a(kind)}", "get the whole file: it is cut off"
            position = self.source.position(len(text.rstrip()) - 1)
            raise Refused(Problem(position, SYNTAX, message, help_, related))
        self._refuse_extension(at)
        word = _WORD.match(text, at)
        found = word[0] if word else text[at]
        if found in _OTHER_WORDS:
            self._refuse(at, f"`{found}` is not JSON", _OTHER_WORDS[found], len(found))
        if found.startswith("'"):
            help_ = help_ or "write text in double quotes"
        found = f"{found[:40]}..." if len(found) > 40 else found
        self._refuse(at, f"expected {expected}, found `{found}`", help_, len(found))

    def _refuse_extension(self, at: int) -> None:
        """Refuse what is at `at` if it is a comment, or ends a list after a comma."""
        text = self.text
        if text.startswith("/*", at) and "*/" not in text[at + 2 :]:
            self._refuse(at, "the comment has no end", "end it with `*/`", 2)
        if text.startswith(("//", "/*"), at):
            help_ = "remove the comment, or rename the file to `.jsonc`"
            self._refuse(at, "JSON has no comments", help_, 2)
        if text.startswith("#", at):
            self._refuse(at, "JSON has no comments", "remove the comment")
        is_plain = text is self.source.text
        before = text[:at].rstrip() if is_plain and text[at] in "]}" else ""
        if before.endswith(","):
            help_ = "remove it, or rename the file to `.jsonc`"
            self._refuse(len(before) - 1, "JSON has no comma after the last item", help_)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
