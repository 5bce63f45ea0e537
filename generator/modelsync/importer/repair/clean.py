"""Documents without what no spec can hold: control characters, and values that nest too deep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from modelsync.errors import HIDDEN
from modelsync.importer.findings import Findings
from modelsync.importer.repair.documents import Document, Path
from modelsync.spec.nodes import MAX_DEPTH, MappingNode, Node, ScalarNode, SequenceNode

_MAX_KEY: Final = 1000
"""How long a key may be as it is written: YAML allows 1,024 characters."""
_LEVELS: Final = MAX_DEPTH - 8
"""How deep a value may nest. It is inside a field, which is inside a document."""
_TEXTS: Final = frozenset({"description", "deprecated"})


def clean(document: Document, findings: Findings) -> None:
    """Remove from a document what no spec can hold."""
    for path in list(_wrong(document.node, ())):
        text = document.text(*path)
        at = document.position(path)
        if path[-1] in _TEXTS and text:
            node = document.get(*path)
            assert isinstance(node, ScalarNode)
            plain_text = HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
            document.put(path, node._replace(text=plain_text))
            if plain_text != text.replace("\r", ""):
                findings.note(at, "characters", "the text contains control characters", "")
        elif document.remove(path):
            name = str(path[-1])
            is_note = name in ("example", "examples", "default") or name.startswith("x-")
            add = findings.note if is_note else findings.loss
            add(at, "characters", f"`{name[:80]}` contains characters that no spec can have", "")


def _wrong(node: Node, path: Path) -> Iterator[Path]:
    """Yield the paths of entries that have to be changed or removed."""
    for key, value in node.entries if isinstance(node, MappingNode) else ():
        inner = (*path, key.text)
        if _is_wrong_key(key.text):
            yield inner
        elif isinstance(value, ScalarNode):
            if not _is_plain(value.text):
                yield inner
        elif _is_data(path, key.text):
            if _has_wrong(value):
                yield inner
        else:
            yield from _wrong(value, inner)


def _is_data(path: Path, key: str) -> bool:
    """Whether the value of a key is any JSON value."""
    if path[:1] in (("fields",), ("values",)) and len(path) == 1:
        return False  # the key of a field, or an enum value
    return key in ("example", "examples", "default") or key.startswith("x-")


def _is_wrong_key(text: str) -> bool:
    return not _is_plain(text) or (len(text) > _MAX_KEY // 12 and len(json.dumps(text)) > _MAX_KEY)


def _is_plain(text: str) -> bool:
    return (text.isascii() and text.isprintable()) or not HIDDEN.search(text)


def _has_wrong(node: Node) -> bool:
    rest = [(node, 0)]
    while rest:
        each, depth = rest.pop()
        if depth > _LEVELS:
            return True
        match each:
            case ScalarNode(text=text):
                if not _is_plain(text):
                    return True
            case SequenceNode(items=items):
                rest += ((item, depth + 1) for item in items)
            case MappingNode(entries=entries):
                for key, value in entries:
                    if _is_wrong_key(key.text):
                        return True
                    rest.append((value, depth + 1))
    return False
