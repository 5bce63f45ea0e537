"""From a schema and a target's templates to the text of each file."""
