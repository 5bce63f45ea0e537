"""The command line as a whole, and the process around it."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import click

from modelsync.cli.common import FAULT, INTERRUPTED, fault_text
from modelsync.cli.console import begin_printing, end_printing

_MODULES: Final = {
    "init": "init",
    "schema": "schema",
    "transcribe": "transcribe",
    "generate": "generate",
    "check": "generate",
    "watch": "generate",
    "list-outputs": "generate",
    "verify": "verify",
    "vectors": "verify",
    "explain": "explain",
}
"""The module in `modelsync.cli` with the function of each command, which has its name."""


class _LazyGroup(click.Group):
    """Imports the module of a command when it runs, so that no command pays for the others.

    See https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`, or None if there is none."""
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"modelsync.cli.{_MODULES[cmd_name]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="modelsync", message="%(prog)s %(version)s")
def cli() -> None:
    """One spec, and the same model in Python, TypeScript, Go and Markdown."""


_COMMAND_FOR = {
    "--check": "modelsync check",
    "--watch": "modelsync watch",
    "--init": "modelsync init",
    "--verify": "modelsync verify",
    "--list": "modelsync list-outputs",
    "--list-outputs": "modelsync list-outputs",
    "--config": "modelsync COMMAND --project FOLDER",
    "--dir": "modelsync COMMAND --project FOLDER",
    "--fix": "modelsync generate",
    "--write": "modelsync generate",
}
"""What to run instead, by an option that there is not."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        # Without its own handling of errors, click returns the code of an `Exit`.
        code: int | None = cli.main(list(arguments), prog_name="modelsync", standalone_mode=False)
    except click.NoSuchOption as error:
        return _no_such_option(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except OSError as error:
        click.echo(fault_text(error), err=True)
        return FAULT
    except Exception as error:  # the last resort: a fault of ours is told, not shown
        if os.environ.get("MODELSYNC_DEBUG"):
            traceback.print_exc()
        click.echo(
            f"modelsync: a fault of modelsync itself, please report it: {error!r}\n"
            "MODELSYNC_DEBUG=1 shows where it happened",
            err=True,
        )
        return FAULT
    return code or 0


def _no_such_option(error: click.NoSuchOption) -> int:
    """Show an option that there is not; some are commands. Return the exit code."""
    command = _COMMAND_FOR.get(error.option_name)
    if command is None:
        error.show()
    else:
        click.UsageError(error.message, error.ctx).show()
        click.echo(f"help: run `{command}`", err=True)
    return error.exit_code


def main() -> None:
    """Run the command line and exit."""
    # A run makes values without cycles and ends: looking for cycles to free costs a tenth of the
    # time of a small schema, and half of that of a large one.
    gc.disable()
    # A run that is told to end takes its temporary files with it.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    begin_printing()
    code = run(sys.argv[1:])
    sys.exit(code if end_printing() else FAULT)
