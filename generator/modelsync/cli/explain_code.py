"""explain CODE: what a problem code means, with an example and the fix."""

from __future__ import annotations

import re

import click

from modelsync.commands.explain_code import explain_code, sections
from modelsync.errors import did_you_mean


def is_code(text: str) -> bool:
    """Whether `text` looks like a problem code."""
    return re.fullmatch(r"MS\d+", text.upper()) is not None


def problem_section(code: str) -> str:
    """Return the section about a problem code. Raises a usage error for an unknown code."""
    section = explain_code(code.upper())
    if section is None:
        help_ = did_you_mean(code.upper(), sections())
        raise click.UsageError(f"unknown problem code `{code}`" + (f"; {help_}" if help_ else ""))
    return section
