"""The packages of a schema, as the tree that their dotted names describe."""

from __future__ import annotations

from collections.abc import Mapping

from modelsync.schema.schema import Schema


def child_packages(schema: Schema) -> Mapping[str, list[str]]:
    """Return every package with the last parts of the names of its direct subpackages.

    That includes packages without definitions, and always the root, which is called "".
    """
    children: dict[str, list[str]] = {"": []}
    for package in schema.packages:
        parent = ""
        for part in package.split(".") if package else ():
            child = f"{parent}.{part}" if parent else part
            if child not in children:
                children[parent].append(part)
                children[child] = []
            parent = child
    return children
