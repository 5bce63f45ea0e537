"""The variables of templates: names, expressions and decisions for each part of a definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final

from modelsync.schema import meaning
from modelsync.schema.ir import (
    NUMBERS,
    Alias,
    Constant,
    Definition,
    Enum,
    Field,
    Model,
    Ref,
    Scalar,
    Type,
    Union,
)
from modelsync.schema.unions import branches, kinds_by_members
from modelsync.targets.base import Code, Target, code, join
from modelsync.targets.go import text
from modelsync.targets.go.aliases import has_functions, is_own_type
from modelsync.targets.go.documentation import item_doc
from modelsync.targets.go.names import fits_a_tag
from modelsync.targets.go.types import READ, SCALARS, WRITE, Flag, Speller, Variable
from modelsync.targets.text import json_text

_KINDS: Final[Mapping[str, Code]] = {
    kind: Code(f"wire.{kind.capitalize()}Kind") for kind in meaning.KINDS
}
_HAVE_LITERALS: Final = NUMBERS | {"string", "bool", "wire.Decimal"}
"""The Go types whose values are literals."""


def _struct_tag(field: Field, variable: Variable) -> Code:
    """Return the value of the `json` tag of a field."""
    if not fits_a_tag(field.json_key):
        return Code("-")
    if field.required:
        return Code(field.json_key)
    option = "omitempty" if variable.stored.word == "Pointer" else "omitzero"
    return Code(f"{field.json_key},{option}")


@dataclass(frozen=True, slots=True)
class Views:
    """Builds the view of a definition of `target`; `speller` spells the types in its file."""

    target: Target
    members: Mapping[str, Sequence[Code]]
    """The names of each union's fields."""
    speller: Speller

    def of(self, definition: Definition) -> dict[str, object]:
        """Return the variables of the template that are special to the kind of definition."""
        match definition:
            case Model(fields=fields):
                return {"fields": [self._field(definition, *pair) for pair in enumerate(fields)]}
            case Enum():
                return self._enum(definition)
            case Union():
                return self._union(definition)
            case Alias():
                return self._alias(definition)

    def _field(self, model: Model, index: int, field: Field) -> SimpleNamespace:
        name = Code(self.target.field_names[model.id, field.json_key])
        variable = Variable(self.speller, name, field.type, field.required)
        has_default = field.has_default and not field.required
        return SimpleNamespace(
            position=field.position,
            index=Code(str(index)),
            json_key=text.escaped(field.json_key),
            key=text.key_literal(field.json_key),
            doc=item_doc(field),
            name=name,
            type=variable.stored.name,
            tag=_struct_tag(field, variable),
            required=field.required,
            is_absent=variable.is_absent,
            is_present=variable.is_present,
            read=variable.read(3),
            write=variable.write(1 if field.required else 2),
            default=self._default(field, variable) if has_default else None,
        )

    def _default(self, field: Field, variable: Variable) -> dict[str, Code | None]:
        """Return the default of a field as JSON and, if Go has one for its type, as a literal."""
        default = meaning.to_json(field.default)
        value = meaning.read(self.target.schema, field.type, default, self.target.holds)
        type_ = self.speller.spell(field.type)
        has_literal = self._is_enum(field.type) or type_.plain_name in _HAVE_LITERALS
        return {
            "json": text.json_literal(value),
            "type": type_.name,
            "literal": text.go_literal(value) if has_literal else None,
            "read": text.indented(variable.stored.function(READ), 2),
        }

    def _is_enum(self, type_: Type) -> bool:
        type_ = self.target.schema.resolved(type_)
        return isinstance(type_, Ref) and isinstance(self.target.schema[type_], Enum)

    def _is_text(self, type_: Type) -> bool:
        return self.target.schema.plain(type_) == Scalar("string")

    def _alias(self, alias: Alias) -> dict[str, object]:
        type_ = self.speller.spell(alias.type)
        is_own = is_own_type(self.target.schema, alias)
        pointer = code("(*{})(v)", type_.name) if is_own else Code("v")
        return {
            "type": type_.name,
            "is_own_type": is_own,
            "has_functions": has_functions(self.target.schema, alias),
            "read": text.indented(type_.call(READ, pointer), 1),
            "write": text.indented(type_.call(WRITE, pointer), 1),
        }

    def _enum(self, enum: Enum) -> dict[str, object]:
        scalar = SCALARS[enum.type]
        return {
            "type": scalar.name,
            "scalar": Code(scalar.word),
            "open": enum.open,
            "values": [
                SimpleNamespace(
                    position=value.position,
                    doc=item_doc(value),
                    name=Code(self.target.value_names[enum.id, value.json_value]),
                    literal=text.go_literal(value.json_value),
                )
                for value in enum.values
            ],
        }

    def _union(self, union: Union) -> dict[str, object]:
        variables = [
            (Flag if isinstance(type_, Constant) else Variable)(self.speller, name, type_)
            for name, type_ in zip(self.members[union.id], union.members, strict=True)
        ]
        tag = union.discriminator
        return {
            "id": text.escaped(union.id),
            "tag": None if tag is None else text.escaped(tag),
            "is_set": join(", ", [variable.is_present for variable in variables]),
            "tag_key": None if tag is None else text.key_literal(tag),
            "members": [
                self._member(union, *pair) for pair in zip(union.members, variables, strict=True)
            ],
            "cases": list(self._cases(union, variables)) if tag is None else [],
        }

    def _member(self, union: Union, type_: Type, variable: Variable) -> SimpleNamespace:
        member = SimpleNamespace(
            position=union.places[type_],
            name=variable.name,
            type=variable.stored.name,
            is_present=variable.is_present,
            constant=None,
            added_tag=None,
            written_tag=None,
            read=variable.read(2),
            write=variable.write(2),
        )
        if isinstance(type_, Constant):
            member.constant = text.json_literal(type_.value)
        elif union.discriminator is not None and isinstance(type_, Ref):
            model = self.target.schema.model(type_.id)
            tags, field = union.tags[model.id], union.tag_field(model)
            member.tags = join(", ", list(map(text.literal, tags)))
            if field is None:
                member.added_tag = text.key_literal(union.discriminator, json_text(tags[0]))
            elif self._is_enum(field.type) or self._is_text(field.type):
                # The field may hold a text that is none of the tags.
                name = Code(self.target.field_names[model.id, field.json_key])
                member.written_tag = code("{}.{}", variable.value, name)
        return member

    def _cases(self, union: Union, variables: Sequence[Variable]) -> Iterator[dict[str, object]]:
        """Yield a case for the kinds of JSON value that choose a member, or several to try."""
        for members, kinds in kinds_by_members(branches(self.target.schema, union)).items():
            places = [union.places[union.members[index]] for index in members]
            several = len(members) > 1
            yield {
                "position": union.position if several else places[0],
                "when": join(", ", [_KINDS[kind] for kind in kinds]),
                "read": None if several else variables[members[0]].read(2),
                "attempts": [
                    {"position": place, "read": variables[index].read(4)}
                    for place, index in zip(places, members, strict=True)
                ],
            }
