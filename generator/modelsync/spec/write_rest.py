"""What reference pages do not show of a spec -> YAML for the comment at their end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from modelsync.schema.definitions import Definition, Enum, EnumValue, Field, Model, Union
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode, documents
from modelsync.spec.reader import text_of
from modelsync.spec.write import Writer
from modelsync.spec.write_lines import plain, quoted, text_map, value_lines
from modelsync.spec.write_pages import value_pages

_DASHES: Final = re.compile("-(?=-)")


def unshown(writer: Writer, definition: Definition) -> Iterator[str]:
    """Yield the lines of a spec with what the page of a definition does not show."""
    if definition.inferred:
        yield "inferred: true"
    yield from _extensions(definition, "")
    match definition:
        case Model():
            fields = ((each.json_key, each) for each in definition.own_fields)
            yield from writer.pages(definition)
            yield from _parts(writer, definition, "fields", fields)
        case Enum(values=values):
            yield from writer.pages(definition)
            pairs = ((str(each.json_value), each) for each in values)
            yield from _parts(writer, definition, "values", pairs)
        case Union(external=external) if external is not None:
            yield from text_map("shown", external.shown) if external.shown else ("shown: {}",)
            yield from text_map("links", external.links)
        case Union(overlapping=True):
            yield from writer.pages(definition)
            yield "overlapping: true"
        case _:
            yield from writer.pages(definition)


def _parts(
    writer: Writer,
    definition: Definition,
    key: str,
    parts: Iterable[tuple[str, Field | EnumValue]],
) -> Iterator[str]:
    is_first = True
    for name, part in parts:
        if not (part.pages or part.extensions):
            continue
        if is_first:
            yield f"{key}:"
        is_first = False
        yield f"  {plain(name)}:"
        yield from _extensions(part, "    ")
        if isinstance(part, Field):
            yield from writer.field_pages(part, definition.package)
        else:
            yield from value_pages(part)


def _extensions(item: Definition | Field | EnumValue, indent: str) -> Iterator[str]:
    for key, value in item.extensions.items():
        yield from value_lines(key, value, indent)


# Comments -----------------------------------------------------------------------------------------


def in_comment(lines: Iterable[str]) -> str:
    """Return the lines of a mapping as one text without `--`, which would end a comment."""
    text = "\n".join(lines)
    if "--" not in text:
        return text
    node = next(documents("", f"{text}\n", []))
    assert isinstance(node, MappingNode)
    return "\n".join(_entries(node, ""))


def _entries(node: MappingNode, indent: str) -> Iterator[str]:
    for key, value in node.entries:
        yield from _under(f"{indent}{_quoted(key)}:", value, indent)


def _under(head: str, node: Node, indent: str) -> Iterator[str]:
    match node:
        case MappingNode(entries=()):
            yield f"{head} {{}}"
        case MappingNode():
            yield head
            yield from _entries(node, f"{indent}  ")
        case SequenceNode(items=()):
            yield f"{head} []"
        case SequenceNode(items=items):
            yield head
            for item in items:
                yield from _under(f"{indent}  -", item, f"{indent}  ")
        case ScalarNode(block=True, text=text) if (
            "--" not in text and text.find("\n") == len(text) - 1
        ):
            yield f"{head} |"
            yield f"{indent}  {text[:-1]}"
        case ScalarNode():
            yield f"{head} {_quoted(node)}"


def _quoted(node: ScalarNode) -> str:
    if node.plain and "--" not in node.text:
        return node.text
    text = plain(text_of(node))
    if "--" not in text and not node.plain and text[:1] in "'\"":
        return text
    return _DASHES.sub(r"\\u002d", quoted(text_of(node)))
