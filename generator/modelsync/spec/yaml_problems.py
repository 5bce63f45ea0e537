"""Problems for text that is not YAML, or uses YAML features that modelsync does not support."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import yaml

from modelsync.errors import HIDDEN, Position, Problem, position_of, visible

NO_SPACE: Final = re.compile(r"[ -]*([\w$-]+:)[^\s:/]")
"""A key without a space after its colon, which makes key and value a single text."""

_KEY: Final = re.compile(r"[\w$-]+:(?=\s)")
_TEXT: Final = re.compile(r"(?P<key>[^\n]+?)[ \t]*(?: \#[^\n]*)?(?=\r?\n|\Z)")
_TWO_KEYS: Final = re.compile(
    r"(?P<indent> *)(?P<key>[\w$][\w$-]*)[ \t]*\r?\n(?P=indent)[\w$][\w$-]*(?=:)"
)
"""A key without a colon, and the next one."""
_COMMA_ABOVE: Final = "put a comma or the closing bracket at the end of the line above"
_LINE_BREAK: Final = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_QUOTE_OR_ESCAPE: Final = re.compile(r'["\\]')
_ESCAPE: Final = re.compile(
    r'\\(?:[0abtnvfreN_LP\t "/\\]|\r?\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})'
)
"""An escape in double quotes that both of PyYAML's loaders accept, with the same meaning."""
_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}")
_DIGITS: Final = {"x": 2, "u": 4, "U": 8}


def mark_position(path: str, mark: Any, width: int = 1) -> Position:
    """Return the position of one of PyYAML's marks."""
    return Position(path, mark.line + 1, mark.column + 1, width)


def line_break_problem(path: str, text: str) -> Problem | None:
    """Return the first line break that only some YAML readers recognize, as a problem.

    YAML 1.1, and so libyaml, has more line breaks than YAML 1.2. For modelsync and other tools, a
    line ends at a line feed. A position must mean the same everywhere.
    """
    if text.isascii() and "\r" not in text:
        return None
    line_break = _LINE_BREAK.search(text)
    if line_break is None:
        return None
    char = line_break[0]
    help_ = f'remove it, or write `"\\u{ord(char):04x}"` in double quotes'
    if char == "\r":
        help_ = "end each line with a line feed (LF), or with CRLF"
    elif char == "\x85":
        help_ = "remove it"
    message = f"U+{ord(char):04X} is a line break for some YAML readers and not for others"
    return Problem(position_of(path, text, line_break.start()), "MS001", message, help=help_)


def conflict_problem(path: str, text: str) -> Problem | None:
    """Return the first merge conflict of git as a problem."""
    start = f"\n{text}".find("\n<<<<<<< ")
    if start < 0 or "\n=======" not in text[start:]:
        return None
    return Problem(
        position_of(path, text, start, len("<<<<<<<")),
        "MS001",
        "unresolved merge conflict",
        help="resolve the conflict, and remove the lines that start with `<<<<<<<`, `=======` and"
        " `>>>>>>>`",
    )


# Escapes ------------------------------------------------------------------------------------------


def bad_escape(text: str, quote: int) -> int | None:
    """Return the index of the first invalid escape in the quoted text that starts at `quote`."""
    at = quote + 1
    while (mark := _QUOTE_OR_ESCAPE.search(text, at)) and mark[0] != '"':
        escape = _ESCAPE.match(text, mark.start())
        if escape is None and mark.end() == len(text):
            return None  # an unterminated quote, which is another problem
        if escape is None or _is_no_character(escape):
            return mark.start()
        at = escape.end()
    return None


def _is_no_character(escape: re.Match[str]) -> bool:
    code = int(escape[0][2:], 16) if escape[0][1] in _DIGITS else 0
    return 0xD800 <= code < 0xE000 or code > 0x10FFFF


def escape_problem(path: str, text: str, at: int) -> Problem:
    """Return the problem for the invalid escape at an index."""
    pair = _PAIR.match(text, at)
    escape = _ESCAPE.match(text, at)
    kind = text[at + 1 : at + 2]
    if pair is not None:
        char = json.loads(f'"{pair[0]}"')
        written = pair[0]
        message = f"`{written}` is U+{ord(char):04X} in JSON, but YAML has no surrogate pairs"
        help_ = f"write `\\U{ord(char):08X}`"
    elif escape is not None:
        written = escape[0]
        message = f"`{written}` is half of a surrogate pair"
        help_ = "write the whole character, such as `\\U0001F600`"
        if int(written[2:], 16) > 0x10FFFF:
            message = f"`{written}` is not a character"
            help_ = "use a code point up to `\\U0010FFFF`"
    else:
        written = f"\\{kind}"
        message = f"`{written}` is not an escape in YAML"
        help_ = "write `\\\\` for a backslash"
        if kind in _DIGITS:
            message = f"`{written}` needs {_DIGITS[kind]} hexadecimal digits"
        elif kind == "'":
            help_ = "write `'` alone: it needs no backslash in double quotes"
    return Problem(position_of(path, text, at, len(written)), "MS001", message, help=help_)


# Syntax errors ------------------------------------------------------------------------------------


def too_deep_for_libyaml(error: yaml.YAMLError) -> int | None:
    """Return the index at which libyaml refused to nest deeper; None for other errors.

    Since version 0.2.6, libyaml allows 1,000 levels. It reads ahead, so it fails before it reports
    the levels above. The text up to that index is enough to find the one that exceeds MAX_DEPTH.
    """
    mark: Any = getattr(error, "problem_mark", None)
    if mark is None or "nesting" not in str(getattr(error, "problem", "")):
        return None
    return int(mark.index)


def syntax_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    """Return a YAML syntax error as a problem, in words that make sense to the user."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _character_problem(path, text, error)
    unterminated = _unterminated(path, text, error, mark)
    if unterminated is not None:
        return unterminated
    key = _key_without_colon(text, error, mark)
    if key is not None:
        return _colon_problem(path, text, key)
    reason = _reason_of(error)
    position = mark_position(path, mark)
    help_ = _syntax_help(text, error, mark, reason)
    return Problem(position, "MS001", f"invalid YAML: {reason}", help=help_)


def _reason_of(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)


def _character_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    """Return the problem for a character that YAML does not allow."""
    offset = getattr(error, "position", 0)
    hidden = HIDDEN.search(text)
    offset = hidden.start() if hidden else min(int(offset or 0), len(text))
    char = f"U+{ord(text[offset]):04X}" if offset < len(text) else "a character"
    message = f"YAML does not allow {char} here"
    return Problem(position_of(path, text, offset), "MS001", message, "remove it")


def _unterminated(path: str, text: str, error: yaml.YAMLError, mark: Any) -> Problem | None:
    """Return the problem for a quote or bracket without an end, or for an escape in a quote."""
    start = getattr(error, "context_mark", None)
    context = str(getattr(error, "context", "") or "")
    if start is None:
        return None
    if "quoted scalar" in context:
        escape = bad_escape(text, start.index) if text[start.index] == '"' else None
        if escape is not None:
            return escape_problem(path, text, escape)
        return Problem(
            mark_position(path, start), "MS001", "unterminated quote", "add the closing quote"
        )
    if "flow" in context and _is_at_end(text, mark):
        message = "unterminated bracket or brace"
        return Problem(
            mark_position(path, start), "MS001", message, "add the closing bracket or brace"
        )
    return None


def _key_without_colon(text: str, error: yaml.YAMLError, mark: Any) -> re.Match[str] | None:
    """Return a key without a colon, if that is why YAML fails: it does so on a line after it."""
    if getattr(error, "context", "") == "while scanning a simple key":
        return _TEXT.match(text, error.context_mark.index)  # type: ignore[attr-defined]
    line = text.rfind("\n", 0, mark.index)
    if line < 0 or "mapping values are not allowed" not in _reason_of(error):
        return None
    # It has read the key and the next one as one text.
    keys = _TWO_KEYS.match(text, text.rfind("\n", 0, line) + 1)
    return keys if keys and keys.end() == mark.index else None


def _colon_problem(path: str, text: str, found: re.Match[str]) -> Problem:
    key = found["key"]
    help_ = f"write `{visible(key)}:`"
    if " " in key or len(key) > 60:
        help_ = "put a colon after the key, or indent the line to continue the text above"
    position = position_of(path, text, found.start("key"), len(key))
    return Problem(position, "MS001", "key without a colon", help_)


def _syntax_help(text: str, error: yaml.YAMLError, mark: Any, reason: str) -> str:
    """Return help for a syntax error."""
    start = getattr(error, "context_mark", None) or mark
    if "while scanning an a" in str(getattr(error, "context", "") or ""):  # an alias or an anchor
        return "quote text that starts with `*` or `&`"
    if "mapping values are not allowed" in reason:
        return _colon_help(text, mark)
    if "<document start>" in reason and text[: mark.index].rstrip().endswith("\n..."):
        return "put a line `---` between the two definitions, not `...`"
    if "expected ',' or" in reason and _is_first_in_line(text, mark.index):
        return _COMMA_ABOVE
    if "expected ',' or" in reason and (key := _KEY.match(text, mark.index)):
        return f"put a comma before `{key[0]}`"
    if "expected ',' or" in reason and text.startswith(":", mark.index):
        return _second_colon_help(text, mark)
    if _is_after_quote(text, start.index) or _is_after_quote(text, mark.index):
        return "put the whole text in quotes of the other kind: it ends at the quote before this"
    if "cannot start any token" in reason:
        is_tab = text.startswith("\t", mark.index)
        return (
            "indent with spaces, not tabs"
            if is_tab
            else "quote text that starts with this character"
        )
    if "expected ',' or" in reason:
        return "inside `{ }` and `[ ]`, quote text that contains a bracket, a brace or a comma"
    if "could not find expected ':'" in reason or "did not find expected key" in reason:
        return "check the indentation of this line and of the lines above"
    return ""


def _colon_help(text: str, mark: Any) -> str:
    before = text[: text.rfind("\n", 0, mark.index) + 1].rstrip()
    if glued := NO_SPACE.match(before[before.rfind("\n") + 1 :]):
        return f"put a space after `{glued[1]}` in the line above"
    return "quote text that contains `: `"


def _second_colon_help(text: str, mark: Any) -> str:
    """Return help for a second colon in a value inside `{ }`."""
    before = re.split(r"([\n{\[,:])", text[: mark.index])
    *others, word = before[-1].split() or [""]
    if others:
        return f"put a comma before `{word}:`, or {_colon_help(text, mark)}"
    return _COMMA_ABOVE if before[-2:-1] == ["\n"] else _colon_help(text, mark)


def _is_at_end(text: str, mark: Any) -> bool:
    """Whether a mark is at the end of the text, or of its document."""
    # By index: YAML counts more characters than "\n" as line breaks.
    rest = text[text.rfind("\n", 0, mark.index) + 1 :]
    return not rest.strip() or rest.startswith(("---", "..."))


def _is_first_in_line(text: str, index: int) -> bool:
    return not text[text.rfind("\n", 0, index) + 1 : index].strip()


def _is_after_quote(text: str, index: int) -> bool:
    """Whether something follows a quoted text in the same line: `"a" | "b"`."""
    line = text[text.rfind("\n", 0, index) + 1 : index].rstrip()
    return line.endswith(('"', "'")) and not text.startswith(("\n", "\r"), index)
