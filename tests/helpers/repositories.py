"""Git repositories for tests, and copies of this checkout as one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

PERSON = {"NAME": "A Person", "EMAIL": "person@example.com"}


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for programs that use git.

    It has no variables of a git that runs these tests in a hook, and no settings of the user.
    """
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    clean |= {
        f"GIT_{role}_{key}": PERSON[key] for role in ("AUTHOR", "COMMITTER") for key in PERSON
    }
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    # Hooks must behave in the same way in any terminal.
    return clean | {"SKIP": "", "PRE_COMMIT_COLOR": "never"} | dict(more or {})


def attempt(folder: Path, *argv: str, env: Mapping[str, str]) -> tuple[bool, str]:
    """Run a program in a folder; return whether it succeeded, and its output."""
    done = subprocess.run(
        argv,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode == 0, done.stdout


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, assert that it succeeds, and return its output."""
    succeeded, output = attempt(folder, "git", *words, env=environment())
    assert succeeded, output
    return output


def new_repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def commit_all(folder: Path) -> str:
    """Commit everything in a folder, without hooks, and return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "all")
    return git(folder, "rev-parse", "HEAD").strip()


def copy_of(checkout: Path, folder: Path) -> Path:
    """Copy the files of a checkout that git tracks or would add into a new repository."""
    new_repository(folder)
    listed = git(checkout, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        source, place = checkout / name, folder / name
        if source.is_file():  # a file that git tracks may be deleted
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, place)
    commit_all(folder)
    return folder
