"""schema: the JSON Schema of specs, for editors."""

from __future__ import annotations

import click

from modelsync.commands.schema import schema_text


@click.command()
def schema() -> None:
    """Print a JSON Schema for specs and modelsync.yaml.

    Editors use it to complete keys and mark errors. It follows JSON Schema draft 7.
    """
    click.echo(schema_text(), nl=False)
