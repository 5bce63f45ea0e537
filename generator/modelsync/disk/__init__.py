"""Read and write files. Nothing else in modelsync writes.

Paths are relative to the project folder, with `/`. Files are written to a temporary file in the
same folder, which then replaces the old file, so readers never see half a file. Symbolic links
are not followed: see :mod:`modelsync.tree`.
"""

from modelsync.disk.applying import apply
from modelsync.disk.durable import create, help_of, write_text
from modelsync.disk.places import read_present
from modelsync.disk.reading import (
    Pages,
    files_below,
    find_project,
    find_repository,
    folders_with,
    is_spec,
    marked,
    path_from,
    read_config,
    read_file,
    read_files,
    read_given,
    read_specs,
    read_texts,
    walk,
)
from modelsync.disk.state import (
    is_interrupted,
    keep,
    leftovers,
    locked,
    pending_place,
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
    "files_below",
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
    "path_from",
    "pending_place",
    "put_aside",
    "read_config",
    "read_file",
    "read_files",
    "read_given",
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
