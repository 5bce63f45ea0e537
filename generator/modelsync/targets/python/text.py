"""Python as text: the encoder for each place where text of a spec may stand, and Black's layout.

Black explodes what does not fit in 88 columns and leaves alone what is exploded already with a
comma behind the last item. The functions of layout do it that way from the start, so that Black
has nothing to do, and need not be imported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from modelsync.schema.ir import Object, Value
from modelsync.targets.base import Code, code, join

WIDTH: Final = 88
"""Black's line length."""

INDENTS: Final = tuple(Code("    " * level) for level in range(5))
"""The indentation of each level."""

# Encoders ----------------------------------------------------------------------------------------

_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*")
_JOINERS: Final = frozenset("\u200c\u200d")
"""Invisible characters that emoji and scripts need, and that do no harm."""


def literal(value: Value) -> Code:
    """Return a JSON value as a Python literal, on one line."""
    match value:
        case str():
            return _string(value)
        case tuple():
            return code("[{}]", join(", ", [literal(item) for item in value]))
        case Object(items=items):
            pairs = [code("{}: {}", literal(key), literal(item)) for key, item in items]
            return code("{{{}}}", join(", ", pairs))
        case float():
            return Code(repr(value).replace("e+", "e"))  # as Black has exponents
        case None | bool() | int():
            return Code(repr(value))
        case _:  # templates of a project are not type-checked
            raise TypeError(f"{type(value).__name__} is not a value of JSON")


def _string(text: str) -> Code:
    if _PLAIN.fullmatch(text):
        return Code(f'"{text}"')
    # Black takes the quotes that need fewer backslashes, and double ones where both need as many.
    quote = "'" if text.count('"') > text.count("'") else '"'
    return Code(quote + "".join(_escaped(char, quote) for char in text) + quote)


def _escaped(char: str, quote: str) -> str:
    if char in (quote, "\\"):
        return f"\\{char}"
    return char if char.isprintable() else _escape(char)


def _escape(char: str) -> str:
    """Return a character as an escape, in lower case as Black writes it."""
    if char == "\n":
        return "\\n"
    number = ord(char)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def bytes_literal(value: bytes) -> Code:
    """Return bytes as a Python literal."""
    quote = "'" if value.count(b'"') > value.count(b"'") else '"'
    inner = "".join(
        f"\\{chr(byte)}"
        if chr(byte) in (quote, "\\")
        else chr(byte)
        if 0x20 <= byte < 0x7F
        else f"\\x{byte:02x}"
        for byte in value
    )
    return Code(f"b{quote}{inner}{quote}")


def comment(text: str) -> Code:
    """Return text fit for a `#` comment on one line."""
    if _PLAIN.fullmatch(text):
        return Code(text)
    return Code("".join(_shown(char) for char in text).strip())


def _shown(char: str) -> str:
    """Return a character as docstrings and comments show it: what acts unseen is an escape."""
    if char in _JOINERS or unicodedata.category(char)[0] != "C":
        return char if char == " " or not char.isspace() else _escape(char)
    return _escape(char)


def docstring(paragraphs: Sequence[str], indent: Code = INDENTS[1]) -> Code:
    """Return a docstring that says `paragraphs`, whose further lines stand at `indent`.

    Empty paragraphs are left out; where none is left the result is empty.
    """
    text = _trimmed("\n\n".join(filter(None, map(_trimmed, paragraphs))))
    if _PLAIN.fullmatch(text):
        return Code(f'"""{text}"""') if text else Code()
    inner = _docstring_text(text)
    if "\n" not in inner:
        # Black, too, parts a quote at the end from those that close.
        return Code(f'"""{inner} """' if inner.endswith('"') else f'"""{inner}"""')
    lines = inner.split("\n")
    return Code(
        '"""'
        + "\n".join([lines[0], *(f"{indent}{line}" if line else "" for line in lines[1:])])
        + f'\n{indent}"""'
    )


def _docstring_text(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.startswith('"'):
        text = f"\\{text}"
    return "\n".join("".join(map(_shown, line)) for line in text.split("\n"))


def _trimmed(text: str) -> str:
    """Return text without blanks that Black would remove from a docstring, or ruff complain of."""
    if "\n" not in text and "\t" not in text:
        return text.strip()
    lines = [line.expandtabs(4).rstrip() for line in re.split(r"\r\n?|\n", text)]
    rest = [line for line in lines[1:] if line]
    margin = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    return "\n".join([lines[0].strip(), *(line[margin:] for line in lines[1:])]).strip()


# Layout, of parts that are code already ---------------------------------------------------------


_CLOSE: Final = Code(")")


def fits(line: str, more: int = 0) -> bool:
    """Whether a line, with `more` columns behind it, stays within :data:`WIDTH`."""
    return (len(line) if line.isascii() else _columns(line)) + more <= WIDTH


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def exploded(
    indent: Code, head: Code, items: Sequence[Code], tail: Code, always: bool = False
) -> Code:
    """Return `head items tail` on one line where it fits, else with a line for each item."""
    line = Code(f"{indent}{head}{', '.join(items)}{tail}")
    if (fits(line) and not always) or not items:
        return line
    inner = "".join(f"{indent}    {item},\n" for item in items)
    return Code(f"{indent}{head}\n{inner}{indent}{tail}")


def assigned(indent: Code, target: Code, value: Code) -> Code:
    """Return `target = value`, where `value` is a name, a literal or the like."""
    line = Code(f"{indent}{target} = {value}")
    # Parentheses that do not help are none of Black's.
    if fits(line) or not fits(indent + INDENTS[1] + value):
        return line
    return _in_parentheses(indent, target, value)


def declared(indent: Code, name: Code, annotation: Code, value: Code) -> Code:
    """Return `name: annotation = value`, with a value as for :func:`assigned`."""
    target = Code(f"{name}: {annotation}")
    line = Code(f"{indent}{target} = {value}")
    return line if fits(line) else _in_parentheses(indent, target, value)


def _in_parentheses(indent: Code, target: Code, value: Code) -> Code:
    return Code(f"{indent}{target} = (\n{indent}    {value}\n{indent})")


def called(indent: Code, head: Code, function: Code, arguments: Sequence[Code]) -> Code:
    """Return `head function(arguments)`: a statement that ends in a call."""
    return exploded(indent, Code(f"{head}{function}("), arguments, _CLOSE)


def chosen(
    indent: Code, head: Code, first: Code, condition: Code, other: tuple[Code, Sequence[Code]]
) -> Code:
    """Return `head first if condition else call`, where `head` is as `x = `.

    `other` has the function that is called, and its arguments.
    """
    function, arguments = other
    call = f"{function}({', '.join(arguments)})"
    line = Code(f"{indent}{head}{first} if {condition} else {call}")
    if fits(line):
        return line
    inner = Code(f"{indent}    ")
    line = Code(f"{inner}{first} if {condition} else {call}")
    if not fits(line):
        last = called(inner, Code("else "), function, arguments)
        line = Code(f"{inner}{first}\n{inner}if {condition}\n{last}")
    return Code(f"{indent}{head}(\n{line}\n{indent})")


_TRIPLE_QUOTED: Final = re.compile(r'"""(?:[^"\\]++|\\.|"(?!""))*+"""', re.DOTALL)
_UNSPLITTABLE: Final = re.compile(
    r"""\s*(?:
      \#.*
    | (?:\w+(?::\ TypeAlias)?\ =\ )?(?:"(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'),?
    )""",
    re.VERBOSE,
)


def too_long(text: str) -> bool:
    """Whether some line of code is longer than Black leaves it.

    Comments, docstrings and lines that are one string have no place to split.
    """
    if text.isascii() and max(map(len, text.split("\n"))) <= WIDTH:
        return False
    without = _TRIPLE_QUOTED.sub("", text)
    return any(not fits(line) and not _UNSPLITTABLE.fullmatch(line) for line in without.split("\n"))


def black(text: str) -> str:
    """Return Python as Black formats it. Slow, and the import even more: a last resort."""
    from black import Mode, format_str  # noqa: PLC0415
    from black.mode import TargetVersion  # noqa: PLC0415

    return format_str(text, mode=Mode({TargetVersion.PY311}, line_length=WIDTH))
