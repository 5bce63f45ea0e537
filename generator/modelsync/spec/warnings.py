"""What is allowed in a spec, but likely a mistake: it is reported, and nothing fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modelsync.errors import Problem
from modelsync.schema.ir import Limited, Model, Schema, Type, alternatives
from modelsync.spec.drafts import Draft


def warnings_of(schema: Schema, drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    """Yield a warning for each pattern that needs a `maxLength`."""
    for id_, draft in drafts.items():
        for json_key, values in draft.fields.items():
            position = values.limits.positions.get("pattern")
            model = schema.by_id.get(id_) if position is not None else None
            if position is None or not isinstance(model, Model):
                continue
            from modelsync.patterns.slow import is_slow  # noqa: PLC0415 - few specs need it

            if any(map(is_slow, _unlimited_patterns(model.by_json_key[json_key].type))):
                yield Problem(
                    position,
                    "MS051",
                    "this pattern may take very long for long strings",
                    "add `maxLength`, which generated code checks before the pattern",
                )


def _unlimited_patterns(type_: Type) -> Iterator[str]:
    for part in alternatives(type_):
        if isinstance(part, Limited):
            constraints = part.constraints
            if constraints.pattern is not None and constraints.max_length is None:
                yield constraints.pattern
