"""Help for keys that other schema languages use: what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from modelsync.schema.constraints import KEYWORDS
from modelsync.schema.formats import FORMATS
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode


class Instead(NamedTuple):
    """Help for a key of another language."""

    help: str
    key: str = ""
    """The key of modelsync that replaces it; empty if there is none."""


_OPTIONAL: Final = "a field is optional unless it has `required: true`"
_UNCHECKED: Final = "remove it, or put it into the description: no language checks it"
_OWN_MODEL: Final = "define a model in its own document, and write `type: ItsName`"
_PARENTS: Final = "extends inherits base bases parent mixin mixins include".split()
_INHERIT: Final = "write `extends` in a model, to inherit the fields of others"
_JSON_NAME: Final = (
    "remove it: the key of the field is its JSON key, and `names: {python: ...}` sets its name in"
    " code"
)
_ADDITIONAL: Final = "write `additionalProperties`: `false`, `true` or a type"
_OWN_DOCUMENTS: Final = "put each definition in its own document, with a line `---` between them"

_UNCHECKED_KEYS: Final = """
    mincontains maxcontains contains patternproperties constraints validate validation validators
    precision scale primarykey
""".split()
_CONSTRAINTS: Final = {
    **{keyword.casefold(): keyword for keyword in KEYWORDS.values()},
    "min": "minimum",
    "ge": "minimum",
    "gte": "minimum",
    "gt": "exclusiveMinimum",
    "max": "maximum",
    "le": "maximum",
    "lte": "maximum",
    "lt": "exclusiveMaximum",
    "step": "multipleOf",
    "regex": "pattern",
    "regexp": "pattern",
    "unique": "uniqueItems",
    "minsize": "minItems",
    "maxsize": "maxItems",
}
"""The constraints that other languages call differently."""
_LITERAL: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})|true|false", re.ASCII)
"""An integer or a boolean, as in a literal type."""
_TWO_CONSTRAINTS: Final = {
    "length": Instead("write `minLength` and `maxLength`"),
    "range": Instead("write `minimum` and `maximum`"),
    "between": Instead("write `minimum` and `maximum`"),
}
_DESCRIPTIONS: Final = (
    "doc docs desc comment comments summary documentation help note title".split()
)
TYPE_OF_FORMAT: Final = {
    "date-time": "datetime",
    "date": "date",
    "byte": "bytes",
    "int32": "int32",
    "int64": "int64",
    "float": "float32",
    "double": "float64",
    **{name: name for name in ("uint32", "uint64", *FORMATS)},
    "url": "uri",
    "guid": "uuid",
}
"""The type that a `format` of JSON Schema or OpenAPI is in a spec."""
_REMOVED: Final = """
    id schema internal private public key index order version namespace since
    discriminatorvalue externaldocs xml nullablevalue
""".split()

_EVERYWHERE: Final = {
    **dict.fromkeys(_DESCRIPTIONS, Instead("write `description`", "description")),
    **dict.fromkeys(("defs", "definitions"), Instead(_OWN_DOCUMENTS)),
    **dict.fromkeys((*_PARENTS, "allof"), Instead(_INHERIT)),
    "abstract": Instead("remove it: only a model can be abstract"),
    "additionalproperties": Instead("remove it, and write `additionalProperties` in models"),
    "readonly": Instead("write `readOnly: true` in each field that only the server sets"),
    "writeonly": Instead("write `writeOnly: true` in each field that only clients set"),
    **dict.fromkeys(_REMOVED, Instead("remove it, or move it to the description")),
}
_OF_FIELD: Final = {
    **dict.fromkeys(_UNCHECKED_KEYS, Instead(_UNCHECKED)),
    **{word: Instead(f"write `{key}`", key) for word, key in _CONSTRAINTS.items()},
    **_TWO_CONSTRAINTS,
    "readonly": Instead("write `readOnly`", "readOnly"),
    "writeonly": Instead("write `writeOnly`", "writeOnly"),
    **dict.fromkeys(("properties", "fields"), Instead(_OWN_MODEL, "type")),
    **dict.fromkeys(
        (
            "alias",
            "aliases",
            "json",
            "jsonname",
            "serializedname",
            "wire",
            "wirename",
            "tag",
            "name",
        ),
        Instead(_JSON_NAME),
    ),
    "kind": Instead("write `type`", "type"),
    "values": Instead(
        """write `type: '"a" | "b"'`, or define an enum and write its name""", "type"
    ),
    "members": Instead("write `type: A | B`", "type"),
}
_OF_MODEL: Final = {
    **dict.fromkeys(
        ("properties", "attributes", "columns", "members", "props", "struct"),
        Instead("write `fields`", "fields"),
    ),
    "type": Instead("remove it: a model is always an object"),
    "kind": Instead("remove it: a model is always an object"),
    "required": Instead("write `required: true` in each required field"),
    **dict.fromkeys(_PARENTS, Instead("write `extends: [Base]`", "extends")),
    "additionalproperties": Instead(_ADDITIONAL, "additionalProperties"),
    "extra": Instead(_ADDITIONAL, "additionalProperties"),
    "unevaluatedproperties": Instead(_ADDITIONAL, "additionalProperties"),
    "strict": Instead("write `additionalProperties: false`", "additionalProperties"),
    "closed": Instead("write `additionalProperties: false`", "additionalProperties"),
    "name": Instead("remove it: the name is the value of `model`"),
    **dict.fromkeys(
        ("oneof", "anyof", "union"),
        Instead("define a union in its own document: `union: Name` with `members`"),
    ),
    "discriminator": Instead("move it to the union that has this model as a member"),
}
_OF_ENUM: Final = {
    **dict.fromkeys(
        ("symbols", "options", "items", "members", "choices", "cases", "variants", "fields"),
        Instead("write `values`", "values"),
    ),
    "name": Instead("remove it: the name is the value of `enum`"),
    "default": Instead("write `default` in each field of this type"),
}
_OF_UNION: Final = {
    **dict.fromkeys(
        ("oneof", "anyof", "types", "variants", "options", "items", "cases", "values", "fields"),
        Instead("write `members`", "members"),
    ),
    **dict.fromkeys(
        ("tag", "propertyname", "kind", "type"),
        Instead("write `discriminator` with the JSON key of the field", "discriminator"),
    ),
    "name": Instead("remove it: the name is the value of `union`"),
}
_OF_ALIAS: Final = {
    "default": Instead("write `default` in each field of this type: defaults belong to fields"),
    "required": Instead("write `required: true` in each required field of this type"),
    "readonly": Instead("write `readOnly: true` in fields of this type"),
    "writeonly": Instead("write `writeOnly: true` in fields of this type"),
    "examples": Instead("write `example` with one of them", "example"),
    "name": Instead("remove it: the name is the value of `alias`"),
    **dict.fromkeys(("properties", "fields"), Instead("define a model: `model: Name`")),
    "members": Instead("write `type: A | B`, or define a union: `union: Name`", "type"),
    "values": Instead("""write `type: '"a" | "b"'`, or define an enum: `enum: Name`""", "type"),
}
_OF_ENUM_VALUE: Final = {
    "value": Instead("write the value itself as the key"),
    "name": Instead("write `names: {python: ...}` for its name in code"),
}


def instead_in_model(key: str, node: Node, model: MappingNode) -> Instead | None:
    """Return help for a key of a model."""
    if isinstance(node, MappingNode) and _has_no_fields(model):
        return Instead("indent it below `fields`", "fields")
    if _word(key) == "allof":
        return Instead(f"write `extends: [{', '.join(_references(node)) or 'Base'}]`", "extends")
    return _look_up(key, _OF_MODEL)


def instead_in_field(key: str, node: Node, field: MappingNode) -> Instead | None:
    """Return help for a key of a field."""
    return _by_value(_word(key), node, field) or _look_up(key, _OF_FIELD)


def instead_in_enum(key: str, _node: Node, _enum: MappingNode) -> Instead | None:
    """Return help for a key of an enum."""
    return _look_up(key, _OF_ENUM)


def instead_in_enum_value(key: str, _node: Node, _value: MappingNode) -> Instead | None:
    """Return help for a key of an enum value."""
    return _look_up(key, _OF_ENUM_VALUE)


def instead_in_union(key: str, _node: Node, _union: MappingNode) -> Instead | None:
    """Return help for a key of a union."""
    return _look_up(key, _OF_UNION)


def instead_in_alias(key: str, node: Node, alias: MappingNode) -> Instead | None:
    """Return help for a key of an alias, which has most keys of a field."""
    of_alias = None if _word(key) == "allof" else _look_up(key, _OF_ALIAS)
    return of_alias or instead_in_field(key, node, alias)


def _look_up(key: str, table: Mapping[str, Instead]) -> Instead | None:
    instead = table.get(_word(key)) or _EVERYWHERE.get(_word(key))
    if instead is None:
        return None
    help_ = instead.help.replace("write `description`", f"write `description` instead of `{key}`")
    return instead._replace(help=help_)


def _word(key: str) -> str:
    return re.sub(r"[-_$@.\s]", "", key).casefold()


def _has_no_fields(model: MappingNode) -> bool:
    return any(
        key.text == "fields" and isinstance(value, ScalarNode) and value.is_null
        for key, value in model.entries
    )


def _by_value(word: str, node: Node, field: MappingNode) -> Instead | None:
    """Return help for a key of a field whose help depends on the value."""
    text = node.text if isinstance(node, ScalarNode) else ""
    is_false = text.casefold() in ("false", "no", "off")
    match word:
        case "nullable" | "null" | "allownull" | "none":
            if is_false:
                return Instead("remove it: a type accepts null only with `| null`")
            types = (value for key, value in field.entries if key.text == "type")
            names = [_name_in(type_.text) for type_ in types if isinstance(type_, ScalarNode)]
            return Instead(f"remove it, and write `type: {''.join(names) or 'T'} | null`")
        case "optional" | "omitempty" | "notrequired":
            if is_false:
                return Instead("write `required: true`")
            return Instead(f"remove it: {_OPTIONAL}")
        case "mandatory" | "notnull" | "nonnull":
            return Instead("write `required: true`")
        case "ref" | "reference" | "model" | "class":
            return Instead(f"write `type: {_name_in(text) or 'Name'}`", "type")
        case "enum" | "choices" | "options" | "oneofvalues":
            return _literals(node)
        case "const":
            if isinstance(node, ScalarNode) and node.plain and _LITERAL.fullmatch(text):
                return Instead(f"write `type: {text}`", "type")
            return _literals(SequenceNode((node,), node.position))
        case "allof":
            names = _references(node)
            return Instead(f"write `type: {names[0]}`" if len(names) == 1 else _OWN_MODEL, "type")
        case "items" | "item" | "of" | "elementtype":
            return Instead(f"write `type: 'list[{_type_in(node)}]'`", "type")
        case "additionalproperties" | "additional":
            return Instead(f"write `type: 'map[{_type_in(node)}]'`", "type")
        case "oneof" | "anyof" | "union" | "types":
            return _alternatives(node)
        case _:
            return None


def _name_in(reference: str) -> str:
    """Return the name at the end of a reference: `Money` of `#/definitions/Money`."""
    name = re.split(r"[/#]", reference.removesuffix(".json").removesuffix(".yaml"))[-1]
    return name if re.fullmatch(r"[A-Za-z][\w.]{0,100}", name, re.ASCII) else ""


def _references(node: Node) -> list[str]:
    """Return the names of the definitions in an `allOf`, if they are few enough for a message."""
    items = node.items if isinstance(node, SequenceNode) else ()
    names = []
    for item in items:
        if isinstance(item, ScalarNode):
            names.append(_name_in(item.text))
        for key, value in item.entries if isinstance(item, MappingNode) else ():
            if key.text == "$ref" and isinstance(value, ScalarNode):
                names.append(_name_in(value.text))
    return names if all(names) and len(names) <= 3 else []


def _type_in(node: Node) -> str:
    """Return the type expression for a part of a schema, if it is short enough for a message."""
    if isinstance(node, ScalarNode):
        return _name_in(node.text) if node.text not in ("true", "false") else "any"
    for key, value in node.entries if isinstance(node, MappingNode) else ():
        if key.text in ("type", "$ref") and isinstance(value, ScalarNode):
            return _name_in(value.text) or "T"
    return "T"


def _literals(node: Node) -> Instead:
    items = node.items if isinstance(node, SequenceNode) else ()
    texts = [item.text for item in items[:3] if isinstance(item, ScalarNode)]
    plain = [text for text in texts if re.fullmatch(r"[\w .-]{1,40}", text)]
    if not plain or len(plain) < len(texts):
        plain = ["a", "b"]
    more = " | ..." if len(items) > len(texts) else ""
    literals = " | ".join(f'"{text}"' for text in plain)
    enum = "" if len(items) == 1 else ", or define an enum and write its name"
    return Instead(f"write `type: '{literals}{more}'`{enum}", "type")


def _alternatives(node: Node) -> Instead:
    items = node.items if isinstance(node, SequenceNode) else ()
    names = [_type_in(item) for item in items[:3]]
    if len(names) < 2 or "T" in names:
        names = ["A", "B"]
    more = " | ..." if len(items) > 3 else ""
    return Instead(f"write `type: {' | '.join(names)}{more}`", "type")
