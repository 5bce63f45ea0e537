"""YAML text -> values with positions.

The values are those of the core schema of YAML 1.2.2 (section 10.3), as OpenAPI asks for: `yes` and
dates are text, and keys are text as it is written. Merge keys (`<<`) are of YAML 1.1, but common.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, NoReturn

import yaml

from modelsync.errors import Problem
from modelsync.importer.text.json_text import MAX_DEPTH, MAX_DIGITS
from modelsync.importer.text.text_problems import LIMITS, SYNTAX, Refused, add_duplicate, too_deep
from modelsync.importer.text.tree import Json, JsonList, JsonObject, Source
from modelsync.spec.yaml_problems import (
    bad_escape,
    conflict_problem,
    escape_problem,
    syntax_problem,
    too_deep_for_libyaml,
)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS: Final = "tag:yaml.org,2002:"
_PLAIN: Final = re.compile(
    r"(?P<null>null|Null|NULL|~|)|(?P<true>true|True|TRUE)|(?P<false>false|False|FALSE)"
    r"|(?P<integer>[-+]?[0-9]+)|0o(?P<octal>[0-7]+)|0x(?P<hex>[0-9a-fA-F]+)"
    r"|(?P<number>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?(?P<exponent>[0-9]+))?)"
    r"|(?P<other>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))",
    re.ASCII,
)
_NOT_TEXT: Final = frozenset("nNtTfF~-+.0123456789")
"""What a plain scalar starts with that may not be text."""
_TEXT_TAGS: Final = frozenset(f"{_TAGS}{name}" for name in ("str", "timestamp", "binary")) | {"!"}
_PLAIN_TAGS: Final = frozenset(f"{_TAGS}{name}" for name in ("null", "bool", "int", "float"))
_KIND_TAGS: Final = frozenset({f"{_TAGS}map", f"{_TAGS}seq"})
_FREE_REPEATS: Final = 100_000
_MAX_REPEATS: Final = 4
"""Aliases may add this many values for each one that is written, and `_FREE_REPEATS`."""
# Line breaks of YAML 1.1 that are plain characters in YAML 1.2, and what replaces them for libyaml.
_BREAKS: Final = {0x85: 0xF8F0, 0x2028: 0xF8F1, 0x2029: 0xF8F2}
_BREAKS_BACK: Final = {new: old for old, new in _BREAKS.items()}
_ANY_BREAK: Final = re.compile("[\x85\u2028\u2029]")


def read_yaml(source: Source, problems: list[Problem]) -> Json:
    """Return the value of a source that is one document of YAML, and add to `problems`.

    An alias is the very value of its anchor. A duplicate key is a problem, and its last value
    counts. So are further documents, and values that JSON does not have. Raises:
        Refused: The text is not YAML, or it is too deep or too large with all aliases expanded.
    """
    conflict = conflict_problem(source.path, source.text)
    if conflict is not None:
        raise Refused(replace(conflict, code=SYNTAX))
    return _Reader(source, problems).root()


@dataclass(slots=True)
class _Open:
    """A mapping or a list whose end has not been read yet."""

    value: JsonObject | JsonList
    anchor: str | None
    offsets: list[int] = field(default_factory=list)
    key: str | None = None
    key_offset: int = 0
    merged: list[JsonObject] = field(default_factory=list)
    """What the merge key refers to."""
    size: int = 1
    """How many values it has inside, with all aliases expanded."""
    height: int = 1


@dataclass(slots=True)
class _Anchored:
    """A value with an anchor."""

    value: Json
    text: str | None
    """As a key."""
    size: int = 1
    height: int = 0


class _Reader:
    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        # libyaml gives an error at the end of a line without a line end the position of the next.
        self.text = source.text if source.text.endswith("\n") else f"{source.text}\n"
        self.has_breaks = _ANY_BREAK.search(self.text) is not None
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.known: dict[str, str] = {}
        self.written = self.repeated = 0
        self.roots: list[Json] = []

    def root(self) -> Json:
        """Return the value of the first document."""
        try:
            for event in self._events():
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    self._scalar(event)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._open(event, is_mapping=kind is yaml.MappingStartEvent)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close()
                elif kind is yaml.AliasEvent:
                    self._alias(event)
        except yaml.YAMLError as error:
            end = too_deep_for_libyaml(error)
            if end is not None:
                raise Refused(too_deep(self.source.position(end), MAX_DEPTH)) from None
            problem = syntax_problem(self.source.path, self.text, error)
            raise Refused(replace(problem, code=SYNTAX)) from None
        if not self.roots:
            self._refuse(0, "the file is empty", "write a value")
        return self.roots[0]

    def _events(self) -> Iterable[Any]:
        text = self.text.translate(_BREAKS) if self.has_breaks else self.text
        loader = _LOADER(text)
        try:
            while (event := loader.get_event()) is not None:
                yield event
        except (ValueError, OverflowError):
            # PyYAML's Python loader accepts any number after \U.
            problem = escape_problem(self.source.path, text, loader.index - len("\\U"))
            raise Refused(replace(problem, code=SYNTAX)) from None
        finally:
            loader.dispose()

    # Events ---------------------------------------------------------------------------------------

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        style, offset = event.style, event.start_mark.index
        if self.has_breaks:
            text = text.translate(_BREAKS_BACK)
        if len(text) <= 32:
            text = self.known.setdefault(text, text)
        is_plain = not style
        if style == '"' and self.text.find("\\", offset, event.end_mark.index) >= 0:
            escape = bad_escape(self.text, offset)
            if escape is not None:
                problem = escape_problem(self.source.path, self.text, escape)
                raise Refused(replace(problem, code=SYNTAX))
        if event.tag:
            is_plain = self._reads_as_plain(event)
        if self.stack and self.stack[-1].key is None and type(self.stack[-1].value) is JsonObject:
            value: Json = text  # a key
        elif is_plain and (not text or text[0] in _NOT_TEXT):
            value = self._plain(text, offset)
        else:
            value = text
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(value, text)
        self._add(value, text, offset, is_merge=text == "<<" and not style)

    def _open(self, event: Any, *, is_mapping: bool) -> None:
        offset = event.start_mark.index
        if event.tag and event.tag not in _KIND_TAGS:
            self._refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            raise Refused(too_deep(self.source.position(offset), MAX_DEPTH))
        if self.stack and self.stack[-1].key is None and type(self.stack[-1].value) is JsonObject:
            self._refuse(
                offset, "a key is not text", "write the key as text; quote `{`, `[` and `?`"
            )
        value = JsonObject(self.source, offset) if is_mapping else JsonList(self.source, offset)
        self.stack.append(_Open(value, event.anchor))
        if event.anchor:
            self.anchors[event.anchor] = None  # until it is closed

    def _close(self) -> None:
        done = self.stack.pop()
        if done.merged and isinstance(done.value, JsonObject):
            _merge(done.value, done.offsets, done.merged)
        done.value.offsets = array("I", done.offsets)
        if done.anchor:
            self.anchors[done.anchor] = _Anchored(done.value, None, done.size, done.height)
        self._add(done.value, None, done.value.offset, done.size, done.height)

    def _alias(self, event: Any) -> None:
        name, offset = event.anchor, event.start_mark.index
        width = len(name) + 1
        if name not in self.anchors:
            message = f"there is no anchor `&{name}` before this alias"
            self._refuse(
                offset, message, "correct the name, or quote text that starts with `*`", width
            )
        anchored = self.anchors[name]
        if anchored is None:
            message = f"the value of the anchor `&{name}` contains itself"
            self._refuse(offset, message, "refer to it with `$ref`", width)
        self.repeated += anchored.size
        if self.repeated > _FREE_REPEATS + _MAX_REPEATS * self.written:
            message = f"aliases expand to more than {self.repeated - 1} values"
            self._refuse(offset, message, "refer to large values with `$ref`", width, LIMITS)
        if len(self.stack) + anchored.height > MAX_DEPTH:
            raise Refused(too_deep(self.source.position(offset), MAX_DEPTH))
        self._add(anchored.value, anchored.text, offset, anchored.size, anchored.height)

    # Values ---------------------------------------------------------------------------------------

    def _add(
        self,
        value: Json,
        text: str | None,
        offset: int,
        size: int = 1,
        height: int = 0,
        is_merge: bool = False,
    ) -> None:
        """Put a key or a value where the reader is. `text` is the value as a key."""
        self.written += 1
        if not self.stack:
            self._add_root(value, offset)
            return
        top = self.stack[-1]
        holder = top.value
        if isinstance(holder, JsonList):
            holder.append(value)
            top.offsets.append(offset)
        elif top.key is None:
            if text is None:
                self._refuse(offset, "a key is not text", "write the key as text")
            top.key = text
            top.key_offset = -1 if is_merge else offset
            return
        else:
            if top.key_offset < 0:
                self._add_merged(top, value, offset)
            elif top.key in holder:
                add_duplicate(holder, top.offsets, top.key, top.key_offset, self.problems)
                holder[top.key] = value
            else:
                holder[top.key] = value
                top.offsets.append(top.key_offset)
            top.key = None
        top.size += size
        if height >= top.height:
            top.height = height + 1

    def _add_root(self, value: Json, offset: int) -> None:
        self.roots.append(value)
        if len(self.roots) == 2 and value is not None:
            message, help_ = (
                "the file has several YAML documents",
                "write each to a file of its own",
            )
            self._problem(offset, f"{message}; only the first is read", help_)

    def _add_merged(self, top: _Open, value: Json, offset: int) -> None:
        """Remember what the merge key of a mapping refers to."""
        parts = value if isinstance(value, JsonList) else [value]
        for part in parts:
            if not isinstance(part, JsonObject):
                message = "the merge key `<<` needs a mapping, or a list of mappings"
                self._refuse(offset, message, "write an alias, or quote a key that is called `<<`")
            top.merged.append(part)

    def _plain(self, text: str, offset: int) -> Json:
        """Return the value of a scalar without quotes."""
        match = _PLAIN.fullmatch(text)
        kind = match.lastgroup if match is not None else None
        if match is None or kind is None:
            return text
        if kind == "null":
            return None
        if kind in ("true", "false"):
            return kind == "true"
        if kind == "other":
            self._problem(
                offset, f"`{text}` has no value in JSON", "write a number, or quote it", len(text)
            )
            return None
        if len(text) > MAX_DIGITS or len(match["exponent"] or "") > 4:
            message = f"a number has more than {MAX_DIGITS} digits, or an exponent of more than 4"
            self._refuse(offset, message, "write a shorter number, or quote it", len(text), LIMITS)
        if kind == "octal":
            return int(match["octal"], 8)
        if kind == "hex":
            return int(match["hex"], 16)
        return int(text) if kind == "integer" else Decimal(text)

    def _reads_as_plain(self, event: Any) -> bool:
        """Whether a scalar with a tag is read as one without quotes."""
        if event.tag in _PLAIN_TAGS:
            return True
        if event.tag not in _TEXT_TAGS:
            self._refuse_tag(event)
        return False

    # Problems -------------------------------------------------------------------------------------

    def _problem(self, offset: int, message: str, help_: str, width: int = 1) -> None:
        position = self.source.position(offset, width)
        self.problems.append(Problem(position, SYNTAX, message, help_))

    def _refuse(
        self, offset: int, message: str, help_: str, width: int = 1, code: str = SYNTAX
    ) -> NoReturn:
        raise Refused(Problem(self.source.position(offset, width), code, message, help_))

    def _refuse_tag(self, event: Any) -> NoReturn:
        tag = event.tag.removeprefix(_TAGS)
        name = tag if tag.startswith("!") else f"!!{tag}"
        help_ = "remove the tag, and write the value itself"
        self._refuse(event.start_mark.index, f"the YAML tag `{name}` has no value in JSON", help_)


def _merge(obj: JsonObject, offsets: list[int], merged: list[JsonObject]) -> None:
    """Add the keys of `merged` before those of `obj`, which override them."""
    own = list(obj.items())
    own_keys = frozenset(obj)
    own_offsets = offsets.copy()
    obj.clear()
    offsets.clear()
    for part in merged:
        for (key, value), offset in zip(part.items(), part.offsets, strict=True):
            if key not in obj and key not in own_keys:
                obj[key] = value
                offsets.append(offset)
    obj.update(own)
    offsets += own_offsets
