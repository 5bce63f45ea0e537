"""The commands of modelsync and their options."""

from __future__ import annotations

import click

from modelsync import cli


def options_of(name: str) -> set[str]:
    """Return the options of the command `name`, with their dashes."""
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None, name
    return {written for option in command.params for written in option.opts}


def all_options() -> set[str]:
    """Return the options of all commands."""
    return {
        option
        for name in cli.cli.list_commands(click.Context(cli.cli))
        for option in options_of(name)
    }
