"""The bytes of a source -> its value, with positions."""

from __future__ import annotations

from typing import Final

from modelsync.errors import Position, Problem, position_of
from modelsync.importer.text.json_text import read_json
from modelsync.importer.text.text_problems import ENCODING, SYNTAX, Refused
from modelsync.importer.text.tree import Json, Source
from modelsync.importer.text.yaml_text import read_yaml

MAX_BYTES: Final = 64 * 1024 * 1024
"""How large a source may be."""

_UTF8: Final = "save it as UTF-8"
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Without a byte order mark: where the first two characters, which are ASCII, have their zeros.
_ZEROS: Final = (
    ((1, 1, 1, 0, 1, 1, 1, 0), "utf-32-be"),
    ((0, 1, 1, 1, 0, 1, 1, 1), "utf-32-le"),
    ((1, 0, 1, 0), "utf-16-be"),
    ((0, 1, 0, 1), "utf-16-le"),
)


def parse(path: str, data: bytes, problems: list[Problem]) -> Source | None:
    """Return a file as a value, and add to `problems`. None if it cannot be read.

    The file is JSON if its name says so, or if it is JSON whatever its name; otherwise YAML. JSON
    may have comments and trailing commas, unless the name ends in `.json`. The file is UTF-8, or
    UTF-16 or UTF-32, with or without a byte order mark. Problems with a source that is returned are
    about parts of it: a duplicate key, of which the last value counts; further documents of YAML,
    which are not read; values that JSON does not have, which are null.
    """
    text = _decode(path, data, problems)
    if text is None:
        return None
    source = Source(path, text)
    try:
        source.root = _read(source, problems)
    except Refused as refused:
        problems.append(refused.problem)
        return None
    return source


def text_of(data: bytes) -> str:
    """Return the text of a file that cannot be read, to show its lines."""
    return _decode("", data, []) or data[:MAX_BYTES].decode("utf-8", "replace")


def _read(source: Source, problems: list[Problem]) -> Json:
    name = source.path.lower()
    has_comments = not name.endswith((".json", ".jsonschema"))
    is_json = not has_comments or name.endswith(".jsonc")
    start = source.text[:1000].lstrip()[:1]
    if is_json or start in ("{", "["):
        found: list[Problem] = []
        try:
            root = read_json(source, found, has_comments=has_comments)
        except Refused as refused:
            if is_json:
                raise Refused(_with_yaml_help(refused.problem, start)) from refused
        else:
            problems += found
            return root
    return read_yaml(source, problems)


def _with_yaml_help(problem: Problem, start: str) -> Problem:
    """Return the problem of a file that is called JSON; it may be YAML."""
    if start.isalpha() and problem.code == SYNTAX and problem.position[1:3] == (1, 1):
        help_ = "if it is YAML, rename the file to `.yaml`"
        return Problem(problem.position, problem.code, problem.message, help_)
    return problem


def _decode(path: str, data: bytes, problems: list[Problem]) -> str | None:
    """Return the text of a file without its byte order mark."""
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB"
        problems.append(Problem(Position(path), ENCODING, message, "split the file"))
        return None
    mark, encoding = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", ""))
    if not encoding:
        zeros = tuple(int(byte == 0) for byte in data[:8])
        encoding = next((name for begin, name in _ZEROS if zeros[: len(begin)] == begin), "utf-8")
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
        message = f"the file is not {name}: byte 0x{data[len(mark) + error.start]:02x}"
        problems.append(Problem(position_of(path, before, len(before)), ENCODING, message, _UTF8))
        return None
