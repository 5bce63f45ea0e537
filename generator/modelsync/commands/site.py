"""`modelsync init --docs`: the config with which MkDocs makes a site of reference pages."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from modelsync.targets.base import Settings

SITE_CONFIG: Final = "mkdocs.yml"
PAGES: Final = "markdown"
"""The target whose pages become a site."""

_SITE: Final = """\
# The site of the reference pages, with search and a page for each definition:
#   pip install mkdocs-material
#   mkdocs serve
site_name: NAME
docs_dir: FOLDER
# The navigation comes from the folders.
theme:
  name: material
  features: [content.code.copy, navigation.indexes, navigation.top, search.highlight, toc.follow]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {icon: material/weather-night, name: Switch to dark mode}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {icon: material/weather-sunny, name: Switch to light mode}
plugins: [search]
markdown_extensions:
  - toc: {permalink: true}
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
"""


def pages_of(targets: Iterable[Settings]) -> str | None:
    """Return the output folder of the first target for reference pages, if there is one."""
    return next((settings.out for settings in targets if settings.target == PAGES), None)


def site_config(folder: Path, pages: str) -> str:
    """Return the text of mkdocs.yml in a folder for pages, whose path is relative to it."""
    # JSON is YAML, and quotes what YAML would read differently.
    name = folder.name or "models"
    quoted = name if name.isidentifier() else json.dumps(name, ensure_ascii=False)
    return _SITE.replace("NAME", quoted).replace("FOLDER", posixpath.normpath(pages))
