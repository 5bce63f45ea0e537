"""Other names for definitions that cannot have theirs, such as those of files.

Files have other names if they differ in more than upper and lower case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from modelsync.importer.findings import Findings
from modelsync.importer.repair.documents import Document, Path
from modelsync.importer.repair.fix_types import read_type
from modelsync.paths import DEVICES
from modelsync.schema.type_expr import unparse
from modelsync.schema.types import Ref, map_type
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode

_TAKEN: Final = DEVICES | {"readme"}
"""Names that Windows reserves, and that of the page which lists all definitions."""


def rename_files(documents: Mapping[str, Document], findings: Findings) -> None:
    """Rename the definitions whose names files cannot have, and every reference to them."""
    taken = _files(documents)
    before: set[tuple[str, str]] = set()
    new: dict[str, str] = {}
    for document in documents.values():
        name, package = document.name, document.package
        file = _file(package, name)
        if file not in before and name.casefold() not in _TAKEN:
            before.add(file)
            continue
        free = _free(document, "Schema", taken)
        new[_id(package, name)] = _id(package, free)
        message = f"a file for `{name}` cannot have that name on every system"
        findings.note(document.position(()), "names", message, f"`{free}`")
    _rename(documents, new)


def rename(documents: Mapping[str, Document], document: Document, suffix: str) -> str:
    """Give a definition a name with a suffix, also where others refer to it, and return it."""
    free = _free(document, suffix, _files(documents))
    package = document.package
    _rename(documents, {_id(package, document.name): _id(package, free)})
    return free


def _files(documents: Mapping[str, Document]) -> set[tuple[str, str]]:
    return {_file(each.package, each.name) for each in documents.values()}


def _free(document: Document, suffix: str, taken: set[tuple[str, str]]) -> str:
    """Return another name for a definition, which is taken from now on."""
    number, free = 1, f"{document.name}{suffix}"
    while _file(document.package, free) in taken:
        number += 1
        free = f"{document.name}{suffix}{number}"
    taken.add(_file(document.package, free))
    return free


def _rename(documents: Mapping[str, Document], new: Mapping[str, str]) -> None:
    """Write new names of definitions, by their ids, wherever the old ones are."""
    for document in documents.values() if new else ():
        for path, node in list(_names_in(document)):
            renamed = _renamed(node.text, path, document.package, new)
            document.put(path, node._replace(text=renamed))


def _file(package: str, name: str) -> tuple[str, str]:
    return package, name.casefold()


def _id(package: str, name: str) -> str:
    return f"{package}.{name}" if package else name


def _names_in(document: Document) -> Iterator[tuple[Path, ScalarNode]]:
    """Yield what contains names of definitions: its own, types, and members of a mapping."""
    for key, value in document.node.entries:
        path: Path = (key.text,)
        if key.text in (document.kind, "type", "additionalProperties"):
            yield from _scalar(path, value)
        elif key.text in ("members", "extends") and isinstance(value, SequenceNode):
            for index, item in enumerate(value.items):
                yield from _scalar((*path, index), item)
        elif key.text in ("fields", "mapping") and isinstance(value, MappingNode):
            for name, inner in value.entries:
                if key.text == "mapping":
                    yield from _scalar((*path, name.text), inner)
                    continue
                for part, type_ in inner.entries if isinstance(inner, MappingNode) else ():
                    if part.text == "type":
                        yield from _scalar((*path, name.text, "type"), type_)


def _scalar(path: Path, node: Node) -> Iterator[tuple[Path, ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield path, node


def _renamed(text: str, path: Path, package: str, new: Mapping[str, str]) -> str:
    def name(old: str) -> str:
        own = new.get(_id(package, old))
        # A name without its package stays one: the definition is in the same package.
        return own.rpartition(".")[2] if own is not None else new.get(old, old)

    if path[0] in ("model", "enum", "union", "alias", "mapping"):
        return name(text)
    type_ = read_type(text)
    if type_ is None:
        return text
    changed = map_type(type_, lambda leaf: Ref(name(leaf.id)) if isinstance(leaf, Ref) else leaf)
    return text if changed == type_ else unparse(changed)
