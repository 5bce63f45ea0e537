"""The variables of templates: names, expressions and decisions for each part of a definition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final

from modelsync.schema import json_values, meaning
from modelsync.schema.ir import (
    INTEGERS,
    NUMBERS,
    Alias,
    Constant,
    Definition,
    Enum,
    Field,
    MapOf,
    Model,
    Ref,
    Scalar,
    Type,
    Union,
    walk,
)
from modelsync.schema.unions import branches, kinds_by_members
from modelsync.targets.additional import DOC, ignored_keys_of, policy_of
from modelsync.targets.base import Code, Target, code, join
from modelsync.targets.go import text
from modelsync.targets.go.aliases import has_functions, is_own_type
from modelsync.targets.go.documentation import item_doc
from modelsync.targets.go.names import fits_a_tag
from modelsync.targets.go.types import READ, SCALARS, WRITE, Flag, Speller, Variable
from modelsync.targets.text import json_text

_KINDS: Final[Mapping[str, Code]] = {
    kind: Code(f"wire.{kind.capitalize()}Kind") for kind in json_values.KINDS
}
_HAVE_LITERALS: Final = NUMBERS | {"string", "bool", "wire.Decimal"}
"""The Go types whose values are literals."""
_TAGS: Final = frozenset({"string", "bool", *INTEGERS})
"""The Go types of tags, besides enums."""


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
            case Model():
                return self._model(definition)
            case Enum():
                return self._enum(definition)
            case Union():
                return self._union(definition)
            case Alias():
                return self._alias(definition)

    def _model(self, model: Model) -> dict[str, object]:
        fields = [self._field(model, *pair) for pair in enumerate(model.fields)]
        if not any(field.has_default and field.required for field in model.fields):
            for field in fields:
                field.initial = None
        policy = policy_of(model)
        return {
            "fields": fields,
            "has_initial": any(field.initial for field in fields),
            "policy": policy,
            "ignored": list(map(text.literal, ignored_keys_of(model))),
            "other": Code({"kept": "Keep", "closed": "Refuse"}.get(policy, "Skip")),
            "additional": self._additional(model),
        }

    def _additional(self, model: Model) -> dict[str, object] | None:
        """Return the view of the field for additional properties, if a model has it."""
        if model.additional_type is None:
            return None
        value = self.speller.spell(model.additional_type)
        return {
            "position": model.additional_position,
            "doc": Code(f"AdditionalProperties has {DOC[:1].lower()}{DOC[1:]}"),
            "type": self.speller.spell(MapOf(model.additional_type)).name,
            "read": text.indented(value.function(READ), 1),
            "write": text.indented(value.function(WRITE), 1),
        }

    def _field(self, model: Model, index: int, field: Field) -> SimpleNamespace:
        name = Code(self.target.field_names[model.id, field.json_key])
        variable = Variable(self.speller, name, field.type, required=field.required)
        default = self._default(field, variable) if field.has_default else None
        return SimpleNamespace(
            position=field.position,
            index=Code(str(index)),
            json_key=text.escaped(field.json_key),
            key=text.key_literal(field.json_key),
            doc=item_doc(field, self._shown_default(field) if field.has_default else ""),
            name=name,
            type=variable.stored.name,
            tag=_struct_tag(field, variable),
            required=field.required,
            is_value=field.required and not field.nullable,
            is_absent=variable.is_absent,
            is_present=variable.is_present,
            read=variable.read(3),
            write=variable.write(1 if field.required else 2),
            default=None if field.required else default,
            initial=None if field.required and field.default is None else default,
        )

    def _shown_default(self, field: Field) -> str:
        """Return the default in documentation. That of a float32 is shown as it is rounded."""
        default = json_values.to_json(field.default)
        if Scalar("float32") in walk(field.type):
            value = meaning.read(self.target.schema, field.type, default, self.target.holds)
            default = default if value == default else value
        return json.dumps(default, ensure_ascii=False)

    def _default(self, field: Field, variable: Variable) -> dict[str, Code | None]:
        """Return the default of a field as JSON and, if Go has one for its type, as a literal."""
        default = json_values.to_json(field.default)
        value = meaning.read(self.target.schema, field.type, default, self.target.holds)
        bare = field.bare_type if field.required else field.type
        type_ = self.speller.spell(bare)
        has_literal = self._is_enum(bare) or type_.plain_name in _HAVE_LITERALS
        depth = 1 if field.required else 2
        return {
            "json": text.json_literal(value),
            "type": type_.name,
            "literal": text.go_literal(value) if has_literal else None,
            "read": text.indented(variable.stored.function(READ), depth),
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
            self._member_variable(name, type_)
            for name, type_ in zip(self.members[union.id], union.members, strict=True)
        ]
        tag = union.discriminator
        return {
            "id": text.escaped(union.id),
            "tag": None if tag is None else text.escaped(tag),
            "is_set": join(", ", [variable.is_present for variable in variables]),
            "tag_key": None if tag is None else text.key_literal(tag),
            **self._tag(union),
            "members": [
                self._member(union, *pair) for pair in zip(union.members, variables, strict=True)
            ],
            "cases": list(self._cases(union, variables)) if tag is None else [],
        }

    def _tag(self, union: Union) -> dict[str, object]:
        """Return how the tag of a union is read, if it is not a required string."""
        absent = union.absent_tag is not None
        return {
            "absent": absent,
            "open": union.open,
            "read_tag": SCALARS[union.tag_scalar].function(READ),
            "known": join(", ", [text.go_literal(tag) for tag, _ in union.mapping]),
            "has_text_tag": union.tag_scalar == "string" and not absent,
        }

    def _member_variable(self, name: Code, type_: Type) -> Variable:
        """Return the field of a struct for a member of a union, which may be a union with null."""
        if isinstance(type_, Constant):
            return Flag(self.speller, name, type_)
        takes_null = "null" in json_values.kinds(self.target.schema, type_)
        return Variable(self.speller, name, type_, takes_null=takes_null)

    def _member(self, union: Union, type_: Type, variable: Variable) -> SimpleNamespace:
        member = SimpleNamespace(
            position=union.places[type_],
            name=variable.name,
            type=variable.stored.name,
            is_present=variable.is_present,
            constant=None,
            added_tag=None,
            written_tag=None,
            checked_tag=None,
            takes_absent=isinstance(type_, Ref) and type_.id == union.absent_tag,
            read=variable.read(2),
            write=variable.write(2),
        )
        if isinstance(type_, Constant):
            member.constant = text.json_literal(type_.value)
        elif union.discriminator is not None and isinstance(type_, Ref):
            tags = union.tags[type_.id]
            member.tags = join(", ", list(map(text.go_literal, tags)))
            model = self.target.schema[type_]
            field = union.tag_field(model) if isinstance(model, Model) else None
            if field is not None:
                self._check_tag(member, variable, model, field)
            elif isinstance(model, Model):
                member.added_tag = text.key_literal(union.discriminator, json_text(tags[0]))
        return member

    def _check_tag(
        self, member: SimpleNamespace, variable: Variable, model: Definition, field: Field
    ) -> None:
        """Add how the tag of a member is checked, which may be none of those that select it."""
        type_ = self.speller.spell(field.type).plain_name
        name = Code(self.target.field_names[model.id, field.json_key])
        value = code("{}.{}", variable.value, name)
        constant = isinstance(self.target.schema.resolved(field.type), Constant)
        if constant or not (self._is_enum(field.type) or type_ in _TAGS):
            return
        if not field.required:
            member.checked_tag = value
        elif type_ == "string" or json_values.kinds(self.target.schema, field.type) == {"string"}:
            member.written_tag = value
        else:
            member.checked_tag = code("&{}", value)

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
