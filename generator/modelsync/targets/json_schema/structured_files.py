"""The schemas of a preset: for each definition, one that a language model accepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from modelsync.errors import Position, Problem, did_you_mean, visible
from modelsync.schema.definitions import Definition, Model
from modelsync.schema.json_values import kinds
from modelsync.schema.schema import Schema
from modelsync.schema.structured import MARKERS, PRESETS, structured
from modelsync.schema.types import Ref
from modelsync.targets.json_schema.definitions import Definitions
from modelsync.targets.json_schema.first_keys import with_first_keys
from modelsync.targets.json_schema.limits_of_presets import exceeded
from modelsync.targets.json_schema.narrowed import narrowed
from modelsync.targets.json_schema.own_words import OwnWords
from modelsync.targets.json_schema.types import Keywords

_CONTAINERS = frozenset({"object", "array"})


class StructuredFiles:
    """The schemas of a preset for the definitions of a schema."""

    def __init__(self, schema: Schema, preset: str, roots: Iterable[str], at: Position) -> None:
        self.schema = schema
        self.preset = PRESETS[preset]
        self.given = tuple(roots)
        self.at = at
        """The position of the option that lists the roots."""

    @cached_property
    def roots(self) -> tuple[Definition, ...]:
        """The definitions that have a file: those that are listed, or may contain something."""
        by_name = self._by_name
        if self.given:
            return tuple(by_name[name] for name in self.given if name in by_name)
        return tuple(
            each
            for each in self.schema.definitions
            if not (isinstance(each, Model) and each.abstract)
            and _CONTAINERS & kinds(self.schema, Ref(each.id))
        )

    @cached_property
    def _by_name(self) -> Mapping[str, Definition]:
        """The definitions by their ids, and by their names, if no other one has the name."""
        names = Counter(each.name for each in self.schema.definitions)
        unique = (each for each in self.schema.definitions if names[each.name] == 1)
        return {**{each.name: each for each in unique}, **self.schema.by_id}

    @cached_property
    def schemas(self) -> Mapping[str, list[tuple[Definition, str, Keywords]]]:
        """The schemas of each root by its id, with their keys; that of the root comes first."""
        return {root.id: [*self._schemas(root)] for root in self.roots}

    def _schemas(self, root: Definition) -> Iterator[tuple[Definition, str, Keywords]]:
        whole = structured(self.schema, root.id, self.preset)
        names = Counter(each.name for each in whole.definitions)
        keys = {
            each.id: each.name if names[each.name] == 1 else each.id.replace(".", "_")
            for each in whole.definitions
        }
        first = whole.definitions[0].id
        writer = Definitions(
            OwnWords(whole), lambda id_: "#" if id_ == first else f"#/$defs/{keys[id_]}"
        )
        found = {
            writer.to(each.id): narrowed(writer.definition(each), self.preset)
            for each in whole.definitions
        }
        ordered = with_first_keys(found)
        for each in whole.definitions:
            yield each, keys[each.id], ordered[writer.to(each.id)]

    def problems(self) -> Iterator[Problem]:
        """Yield unknown roots, keys that the preset needs, and schemas that exceed a limit."""
        for name in self.given:
            if name not in self._by_name:
                help_ = did_you_mean(name, self._by_name)
                yield Problem(self.at, "MS150", f"unknown definition `{visible(name)}`", help=help_)
        for model in self.schema.definitions:
            for field in model.fields if isinstance(model, Model) else ():
                if field.json_key in MARKERS:
                    yield Problem(
                        field.position,
                        "MS151",
                        f"the preset `{self.preset.name}` has its own key `{field.json_key}`",
                        help="rename the field, or leave its package out with `packages`",
                    )
        for id_, schemas in self.schemas.items():
            found = {key: schema for _, key, schema in schemas}
            for what in exceeded(self.preset.name, found):
                root = self.schema.by_id[id_]
                yield Problem(
                    root.position,
                    "MS152",
                    f"`{root.name}` is too large for the preset `{self.preset.name}`: {what}",
                    help="list the definitions that you need in the option `roots`, without this"
                    " one; or make it smaller, such as with fields of the type `any`",
                )
