"""Find the programs that modelsync starts: never one of the current folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def on_path(name: str) -> str | None:
    """Return the program of this name on PATH, None where there is none.

    Folders on PATH that are not absolute do not count, and neither does the current one, where
    Windows looks first: a checked-out project could bring a program of that name.
    """
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    found = shutil.which(name, path=os.pathsep.join(folders))
    # Before Python 3.12, Windows looks in the current folder nonetheless.
    return found if found is not None and Path(found).is_absolute() else None
