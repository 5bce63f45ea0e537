"""schema: the JSON Schema of specs, for editors."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of specs, for editors.

    It is of draft 7, and describes modelsync.yaml too.
    """
    from modelsync.commands import init  # noqa: PLC0415

    click.echo(init.schema_text(), nl=False)
