"""Find the programs that modelsync starts, never one in the current folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def on_path(name: str) -> str | None:
    """Return the path of a program on PATH, None if there is none.

    Relative folders on PATH are ignored, and so is the current folder, where Windows looks first: a
    checked-out project could contain a program with that name.
    """
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    program = shutil.which(name, path=os.pathsep.join(folders))
    # Before Python 3.12, Windows looks in the current folder anyway.
    return program if program is not None and Path(program).is_absolute() else None
