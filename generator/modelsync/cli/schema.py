"""schema: the JSON Schema of specs, for editors."""

from __future__ import annotations

import click

from modelsync.commands.schema import schema_text


@click.command()
def schema() -> None:
    """Print the JSON Schema of specs and of modelsync.yaml, for editors.

    It uses draft 7 of JSON Schema.
    """
    click.echo(schema_text(), nl=False)
