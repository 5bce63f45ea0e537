"""The disk: reads what is there, and is the only writer.

Paths are relative to the project's folder, with `/`. What is written goes to a temporary file in
the same folder, which then replaces the old one, so that no reader ever sees half a file; and no
write follows a symbolic link out of the project.
"""

from modelsync.disk.applying import apply
from modelsync.disk.durable import create, help_of, write_text
from modelsync.disk.places import read_present
from modelsync.disk.reading import (
    Pages,
    find_project,
    find_repository,
    folders_with,
    is_spec,
    leftovers,
    marked,
    read_file,
    read_files,
    read_specs,
    read_texts,
    walk,
)
from modelsync.disk.state import (
    is_interrupted,
    keep,
    locked,
    put_aside,
    read_manifests,
    recall,
    remember,
    unchanging,
)

__all__ = [
    "Pages",
    "apply",
    "create",
    "find_project",
    "find_repository",
    "folders_with",
    "help_of",
    "is_interrupted",
    "is_spec",
    "keep",
    "leftovers",
    "locked",
    "marked",
    "put_aside",
    "read_file",
    "read_files",
    "read_manifests",
    "read_present",
    "read_specs",
    "read_texts",
    "recall",
    "remember",
    "unchanging",
    "walk",
    "write_text",
]
