"""The variables of templates: names, expressions and decisions for each part of a definition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final

from modelsync.schema import json_values, meaning
from modelsync.schema.ir import (
    INTEGERS,
    Alias,
    Constant,
    Definition,
    Enum,
    Field,
    Limited,
    MapOf,
    Model,
    Ref,
    Scalar,
    Schema,
    Type,
    Union,
    walk,
)
from modelsync.schema.type_expr import unparse
from modelsync.schema.unions import branches, kinds_by_members
from modelsync.schema.wanted import wanted_member, wanted_tag, wanted_value
from modelsync.targets.additional import DOC, ignored_keys_of, policy_of
from modelsync.targets.base import Code, Target, code, join
from modelsync.targets.go import text
from modelsync.targets.go.aliases import has_functions, is_own_type
from modelsync.targets.go.defaults import default_value, kinds_of_initial
from modelsync.targets.go.documentation import item_doc
from modelsync.targets.go.names import fits_a_tag
from modelsync.targets.go.types import READ, SCALARS, WRITE, Flag, Speller, Variable
from modelsync.targets.text import json_text

_KINDS: Final[Mapping[str, Code]] = {
    kind: Code(f"codec.{kind.capitalize()}Kind") for kind in json_values.KINDS
}
_TAGS: Final = frozenset({"string", "bool", *INTEGERS})
"""The Go types of tags, besides enums."""


_OMIT_EMPTY: Final = frozenset("bson cbor mapstructure msgpack toml yaml".split())
"""The other struct tags with an option to omit fields, which is called `omitempty`."""


def _other_tags(names: Iterable[str], field: Field) -> Code:
    """Return the struct tags of a field besides `json`, with a space before each of them."""
    key = field.json_key if fits_a_tag(field.json_key) else "-"
    is_always_written = key == "-" or field.required or field.has_default
    tags = [
        f'{name}:"{key}{"" if is_always_written or name not in _OMIT_EMPTY else ",omitempty"}"'
        for name in names
    ]
    return Code("".join(f" {tag}" for tag in tags))


def _struct_tag(field: Field, variable: Variable) -> Code:
    """Return the value of the `json` tag of a field."""
    if not fits_a_tag(field.json_key):
        return Code("-")
    if field.required or field.has_default:
        return Code(field.json_key)
    option = "omitempty" if variable.stored.word == "Pointer" else "omitzero"
    return Code(f"{field.json_key},{option}")


def formats_values(definition: Definition) -> bool:
    """Return whether a model has write-only fields and others, so that its methods use fmt."""
    if not isinstance(definition, Model):
        return False
    kinds = {field.write_only for field in definition.fields}
    return True in kinds and (False in kinds or definition.additional_type is not None)


def has_value(schema: Schema, union: Union) -> bool:
    """Return whether a union has a method that returns the member: all of them are structs."""
    return all(
        isinstance(plain := schema.plain(member), Ref) and isinstance(schema[plain], Model | Union)
        for member in union.members
    )


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
        policy = policy_of(model)
        decoded = [field for field in fields if field.default and not field.default["value"]]
        return {
            "fields": fields,
            "initial": Code(kinds_of_initial(self.target.schema, model)),
            "creates": Code("v :=" if decoded else "return"),
            "has_values": any(field.initial for field in fields),
            "decoded_defaults": decoded,
            "shown": self._shown(model, fields),
            "policy": policy,
            "ignored": list(map(text.literal, ignored_keys_of(model))),
            "other": Code({"kept": "Keep", "closed": "Refuse"}.get(policy, "Skip")),
            "additional": self._additional(model),
        }

    def _shown(self, model: Model, fields: Sequence[SimpleNamespace]) -> dict[str, Code] | None:
        """Return what fmt prints of a model with write-only fields, and the values in it."""
        if not any(field.write_only for field in fields):
            return None
        hidden = {str(field.name): field.write_only for field in fields}
        if model.additional_type is not None:
            hidden["AdditionalProperties"] = False
        texts = [f"{name}:{'***' if is_hidden else '%+v'}" for name, is_hidden in hidden.items()]
        shown = [name for name, is_hidden in hidden.items() if not is_hidden]
        return {
            "text": Code(f"{{{' '.join(texts)}}}"),
            "go_text": Code(f"{{{', '.join(f'{name}:%#v' for name in shown)}}}"),
            "arguments": Code(", ".join(f"v.{name}" for name in shown)),
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
            "other_tags": Code(
                "".join(f' {tag}:"-"' for tag in self.target.settings.texts("tags"))
            ),
            "read": text.indented(value.function(READ), 1),
            "write": text.indented(value.function(WRITE), 1),
        }

    def _field(self, model: Model, index: int, field: Field) -> SimpleNamespace:
        name = Code(self.target.field_names[model.id, field.json_key])
        always = field.required or field.has_default
        skips_null = not self.target.schema.takes_null(field.type)
        variable = Variable(self.speller, name, field.type, required=always)
        default = self._default(field, variable) if field.has_default else None
        has_block = field.has_default and not field.required and skips_null
        read = variable.read(4 if has_block else 3)
        conditions = [variable.is_present] * (not always)
        conditions += [Code("w.BeginHidden()")] * field.write_only
        return SimpleNamespace(
            position=field.position,
            index=Code(str(index)),
            json_key=text.escaped(field.json_key),
            key=text.key_literal(field.json_key),
            doc=item_doc(field, self._shown_default(field) if field.has_default else ""),
            name=name,
            type=variable.stored.name,
            tag=_struct_tag(field, variable),
            other_tags=_other_tags(self.target.settings.texts("tags"), field),
            required=field.required,
            skips_null=skips_null,
            is_always_written=always,
            is_present=variable.is_present,
            written_if=Code(" && ".join(conditions)),
            read=code("codec.Hidden({})", read) if field.write_only else read,
            write=variable.write(2 if conditions else 1),
            write_only=field.write_only,
            default=default,
            initial=self._initial(field, default),
        )

    def _initial(self, field: Field, default: dict[str, Code | None] | None) -> Code | None:
        """Return the value that a new object has in a field, unless it is zero or decoded."""
        constant = self.target.schema.resolved(field.type)
        if default is not None:
            value = default["value"]
        elif field.required and isinstance(constant, Constant):
            value = text.go_literal(constant.value)
        else:
            return None
        return None if value in ("nil", "false", "0", "0.0", '""') else value

    def _shown_default(self, field: Field) -> str:
        """Return the default in documentation. That of a float32 is shown as it is rounded."""
        default = json_values.to_json(field.default)
        if Scalar("float32") in walk(field.type):
            value = meaning.read(self.target.schema, field.type, default, self.target.holds)
            default = default if value == default else value
        return json.dumps(default, ensure_ascii=False)

    def _default(self, field: Field, variable: Variable) -> dict[str, Code | None]:
        """Return the default of a field as an expression, or as JSON and how it is decoded."""
        default = json_values.to_json(field.default)
        value = meaning.read(self.target.schema, field.type, default, self.target.holds)
        return {
            "value": default_value(self.speller, self._constant, field.type, value),
            "json": text.json_literal(value),
            "read": text.indented(variable.stored.function(READ), 1),
            "read_if_absent": text.indented(variable.stored.function(READ), 2),
        }

    def _constant(self, ref: Ref, value: json_values.Json) -> Code:
        """Return the name of the constant for a value of an enum, or the value as a literal."""
        assert isinstance(value, str | int)
        name = self.target.value_names.get((ref.id, value))
        package, dot, _ = self.speller.spell(ref).name.rpartition(".")
        return text.go_literal(value) if name is None else Code(f"{package}{dot}{name}")

    def _is_enum(self, type_: Type) -> bool:
        type_ = self.target.schema.resolved(type_)
        return isinstance(type_, Ref) and isinstance(self.target.schema[type_], Enum)

    def _is_checked_text(self, type_: Type) -> bool:
        """Return whether a type is a string in Go of which not every text is a value."""
        plain = self.target.schema.plain(type_)
        is_text = isinstance(plain, Scalar) and SCALARS[plain.name].name == "string"
        return is_text and (
            plain != Scalar("string") or any(isinstance(t, Limited) for t in walk(type_))
        )

    def _alias(self, alias: Alias) -> dict[str, object]:
        type_ = self.speller.spell(alias.type)
        is_own = is_own_type(self.target.schema, alias)
        is_read = has_functions(self.target.schema, alias)
        pointer = code("(*{})(v)", type_.name) if is_own else Code("v")
        return {
            "type": type_.name,
            "is_own_type": is_own,
            "uses_wire": is_own or type_.name.startswith("wire."),
            "uses_codec": is_own or is_read or bool(self.speller.limits),
            "has_text": is_own and self._is_checked_text(alias.type),
            "has_functions": is_read,
            "read": text.indented(type_.call(READ, pointer), 1),
            "write": text.indented(type_.call(WRITE, pointer), 1),
        }

    def _enum(self, enum: Enum) -> dict[str, object]:
        scalar = SCALARS[enum.type]
        return {
            "type": scalar.name,
            "scalar": Code(scalar.word),
            "open": enum.open,
            "has_text": enum.type == "string" and not enum.open,
            "wanted": text.literal(wanted_value(enum)),
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
            "verb": Code(
                "Choice" if all(isinstance(m, Constant) for m in union.members) else "First"
            ),
            "tag": None if tag is None else text.escaped(tag),
            "has_yaml": "yaml" in self.target.settings.texts("tags"),
            "has_value": has_value(self.target.schema, union),
            "is_set": join(", ", [variable.is_present for variable in variables]),
            "tag_key": None if tag is None else text.key_literal(tag),
            **self._tag(union),
            "members": [
                self._member(union, *pair) for pair in zip(union.members, variables, strict=True)
            ],
            "cases": list(self._cases(union, variables)) if tag is None else [],
        }

    def _spec_name(self, ref: Ref) -> str:
        return self.target.schema[ref].name

    def _tag(self, union: Union) -> dict[str, object]:
        """Return how the tag of a union is read, if it is not a required string."""
        absent = union.absent_tag is not None
        return {
            "absent": absent,
            "open": union.open,
            "read_tag": SCALARS[union.tag_scalar].function(READ),
            "known": join(", ", [text.go_literal(tag) for tag, _ in union.mapping]),
            "wanted": text.literal(
                wanted_tag(union)
                if union.discriminator
                else wanted_member(union.members, union.name)
            ),
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
        if not (field.required or field.has_default):
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
                "kinds": [_KINDS[kind] for kind in kinds],
                "read": None if several else variables[members[0]].read(2),
                "attempts": [
                    {
                        "position": place,
                        "name": text.literal(unparse(union.members[index], self._spec_name)),
                        "read": variables[index].read(4),
                    }
                    for place, index in zip(places, members, strict=True)
                ],
            }
