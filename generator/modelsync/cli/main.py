"""The command line as a whole, and the process around it."""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import click

from modelsync.cli.common import FAILURE, INTERRUPTED, error_message
from modelsync.cli.console import begin_printing, end_printing
from modelsync.errors import did_you_mean

_MODULES: Final = {
    "init": "init",
    "schema": "schema",
    "import": "importing",
    "transcribe": "transcribe",
    "generate": "generate",
    "check": "check",
    "breaking": "breaking",
    "watch": "watch",
    "list-outputs": "list_outputs",
    "verify": "verify",
    "vectors": "verify",
    "explain": "explain",
}
"""The module in `modelsync.cli` of each command.

The function has the name of the command, followed by `_` if it is a keyword of Python.
"""


class _LazyGroup(click.Group):
    """Imports the module of a command when it runs, so that each command starts fast.

    See https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands
    """

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or report which one may be meant."""
        if args and args[0] not in _MODULES and not args[0].startswith("-"):
            help_ = did_you_mean(args[0], _MODULES).replace("`", "'")
            ctx.fail(f"No such command {args[0]!r}. {help_.capitalize()}".strip())
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`, or None if there is none."""
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"modelsync.cli.{_MODULES[cmd_name]}")
        name = cmd_name.replace("-", "_")
        command = getattr(module, f"{name}_" if keyword.iskeyword(name) else name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="modelsync", message="%(prog)s %(version)s")
def cli() -> None:
    """Generate the same models in Python, TypeScript, Go and Markdown from one spec."""


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
"""The command to use instead of an option that other tools have."""


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
        click.echo(error_message(error), err=True)
        return FAILURE
    except Exception as error:  # users get a message, not a traceback
        if os.environ.get("MODELSYNC_DEBUG"):
            traceback.print_exc()
        click.echo(
            f"modelsync: internal error (please report it): {error!r}\n"
            "help: set MODELSYNC_DEBUG=1 to see the traceback",
            err=True,
        )
        return FAILURE
    return code or 0


def _no_such_option(error: click.NoSuchOption) -> int:
    """Report an unknown option, with the command to use instead if there is one."""
    command = _COMMAND_FOR.get(error.option_name)
    if command is None:
        error.show()
    else:
        click.UsageError(error.message, error.ctx).show()
        click.echo(f"help: run `{command}`", err=True)
    return error.exit_code


def main() -> None:
    """Run the command line and exit."""
    # A run is short and creates no reference cycles. Garbage collection would take a tenth of the
    # time for a small schema, and half of it for a large one.
    gc.disable()
    # Unwind on SIGTERM, so that temporary files are removed.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    begin_printing()
    code = run(sys.argv[1:])
    sys.exit(code if end_printing() else FAILURE)
