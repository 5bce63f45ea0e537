r"""Text in Markdown: it is shown as it is, and adds no markup.

The one exception is code between two backticks, which is shown as code. Everything else that
GitHub, Python-Markdown with the extensions of MkDocs, or MDX would take as markup is escaped: with
a backslash if all of them know it (CommonMark knows more than Python-Markdown), and else as a
character reference. Line feeds stay, except where lines would be joined in a list.
"""

from __future__ import annotations

import html
import re
from typing import Final

BREAK: Final = "<br />"
"""A line break inside a paragraph or a cell, in the form that MDX accepts, too."""

CODE: Final = r"(?<![\\`])`(?! )[^`\n\t|]+(?<! )`(?!`)"
"""The pattern of code between two backticks, which is shown as code."""
_BACKSLASH: Final = r"\\|`|\*|\[|\]|\{|\}|\||(?<![^\W_])_|_(?![^\W_])"
_REFERENCE: Final = (
    r"[<>~$^]|(?<=\+)\+|\+(?=\+)|(?<==)=|=(?==)|&(?=\#?\w+;)|\t|(?<=\A) | (?=\n|\Z)|(?<=[ \n]) "
)
_START: Final = (
    r"(?m:^)(?:(?P<sign>\#|[-+](?=\s|\Z|-))|(?P<number>[0-9]{1,9})(?P<end>[.)])(?=\s|\Z)"
    r"|(?P<first>[=?:!^%@](?=[=?!:\s]|\Z)|[ie](?=(?:mport|xport)\b)))"
)
_SPECIAL: Final = re.compile(
    rf"(?P<code>{CODE})|{_START}|(?P<backslash>{_BACKSLASH})|(?P<reference>{_REFERENCE})"
)
_SPECIAL_IN_CODE: Final = re.compile(rf"{_BACKSLASH}|{_REFERENCE}")
_ESCAPED: Final = re.compile(
    rf"(?P<code>{CODE})|{BREAK}\n?|\\(?P<char>[!-/:-@\[-`{{-~])|(?P<reference>&\#?\w+;)"
)
_LIST_LINE: Final = re.compile(
    r"(?<=[^\n])\n(?=(?:[ \t]|&\#(?:9|32);)*(?:\\?[-+*]|[0-9]+\\?[.)])(?:[ \t]|&\#(?:9|32);))"
)
"""A line feed before an item of a list, in escaped text. After an empty line, it stays."""


def block(text: str) -> str:
    """Return a text as paragraphs. The inverse is :func:`text_of`."""
    lines = _LIST_LINE.sub(f"{BREAK}\n", _escaped(text))
    start = len(lines) - len(lines.lstrip("\n"))
    end = len(lines) - len(lines.rstrip("\n"))
    inner = lines[start : len(lines) - end or None] if lines.strip("\n") else ""
    inner = re.sub(r"\n{3,}", lambda feeds: "\n\n" + _reference("\n") * (len(feeds[0]) - 2), inner)
    return _reference("\n") * start + inner + (_reference("\n") * end if inner else "")


def cell(text: str) -> str:
    """Return a text as one line, as the cells of a table are. The inverse is :func:`text_of`."""
    return _escaped(text).replace("\n", BREAK)


def line(text: str) -> str:
    """Return a text without a line break that readers see. The inverse is :func:`text_of`."""
    return _escaped(text).replace("\n", _reference("\n"))


SPAN: Final = rf"(?:{CODE}|<code>(?:[^<]|{BREAK})*+</code>)"
"""The pattern of what :func:`span` returns."""


def span(text: str) -> str:
    """Return a text as code, on one line. The inverse is :func:`text_of_span`."""
    quoted = f"`{text}`"
    if re.fullmatch(CODE, quoted):
        return quoted
    # Not all renderers and formatters agree on backslashes there.
    inner = _SPECIAL_IN_CODE.sub(lambda found: _reference(found[0]), text).replace("\n", BREAK)
    return f"<code>{inner}</code>"


def text_of_span(markdown: str) -> str:
    r"""Return the text that :func:`span` has written.

    In a table, people write the `|` of code as `\|`.
    """
    if markdown.startswith("`"):
        return markdown[1:-1].replace("\\|", "|")
    return text_of(markdown.removeprefix("<code>").removesuffix("</code>"))


def fence(code: str) -> str:
    """Return the line that starts and ends a block of code: it is longer than what is in the code.

    Prettier counts the same way.
    """
    return "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))


def text_of(markdown: str) -> str:
    """Return the text that :func:`block` or :func:`cell` has written."""

    def plain(found: re.Match[str]) -> str:
        if found["code"]:
            return found["code"]
        if found["char"]:
            return found["char"]
        return html.unescape(found["reference"]) if found["reference"] else "\n"

    return _ESCAPED.sub(plain, markdown)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "code":
            return found[0]
        case "sign" | "backslash":
            return f"\\{found[0]}"
        case "end":
            return f"{found['number']}\\{found['end']}"
        case _:
            return _reference(found[0])


def _reference(char: str) -> str:
    named = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    return named.get(char) or f"&#{ord(char)};"
