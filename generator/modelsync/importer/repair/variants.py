"""What keeps a schema from having types of requests and of responses."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.errors import Problem
from modelsync.naming import pascal
from modelsync.schema.schema import Schema
from modelsync.schema.variants import variant_problems, with_variants


def problems_of_variants(schema: Schema) -> Iterator[Problem]:
    """Yield the problems of variants, also if a name is only the same in code.

    Those of names are at the definition that has the variant; the other one is related.
    """
    yield from variant_problems(schema)
    others = {(each.package, pascal(each.name)): each for each in schema.definitions}
    for variant in with_variants(schema).definitions[len(schema.definitions) :]:
        other = others.get((variant.package, pascal(variant.name)))
        if other is not None:
            message = f"the variant `{variant.name}` has the same name in code as `{other.name}`"
            related = ((other.position, f"`{other.name}` is defined here"),)
            yield Problem(variant.position, "MS085", message, "rename one of the two", related)
