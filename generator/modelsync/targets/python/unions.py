"""The views of unions: how their members are found, decoded and encoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from modelsync.errors import Position
from modelsync.schema import ir
from modelsync.schema.nested_unions import Choice, choices_of, leaf_positions
from modelsync.schema.tagged import model_of_tag, model_without_tag, tagged_models
from modelsync.schema.type_expr import unparse
from modelsync.schema.wanted import wanted_member, wanted_tag
from modelsync.targets.base import Code, code, join
from modelsync.targets.python.layout import WIDTH
from modelsync.targets.python.module import Module
from modelsync.targets.python.text import literal

_MOST_IN_A_CASE: Final = 30
"""The maximum number of models in one case: mypy takes cubic time."""
_MOST_IN_A_ROW: Final = 100
"""The maximum number of types in one `A | B`: pyright accepts more only in groups."""

View: TypeAlias = Mapping[str, object]

_FAMILIES: Final[Mapping[str, str]] = {
    # A bool is an int in Python, and a datetime is a date.
    "bool": "bool()",
    "int": "int()",
    "number": "int() | float()",
    "str": "str()",
    "datetime": "datetime()",
    "date": "date()",
    "Decimal": "Decimal()",
    "UUID": "UUID()",
    "bytes": "bytes()",
    "list": "list()",
    "dict": "dict()",
    "tagged": "_",
}
"""The pattern for each type of values in memory, in the order of the cases of a match."""


def union_view(module: Module, union: ir.Union) -> View:
    """Return the view of a union without discriminator."""
    leaves = leaf_positions(module.schema, union)
    prefix = module.place.functions
    names = {leaf: code("{}_{}", prefix, literal(n)) for n, leaf in enumerate(leaves, 1)}
    cases = list(_cases(module, union, names))
    module.imports.position = union.position
    models: dict[ir.Type, View] = {
        leaf: {"position": position, "pattern": code("{}()", module.spell(leaf))}
        for leaf, position in leaves.items()
        if isinstance(leaf, ir.Ref) and isinstance(module.schema[leaf], ir.Model)
    }
    others = [leaf for leaf in leaves if leaf not in models]
    return {
        **_one_of(module, union),
        "cases": cases,
        "models": _merged(list(models.values())),
        "values": [
            {
                "position": leaves[group[0]],
                "pattern": Code(pattern),
                **_encoded(module, pattern, {leaf: names[leaf] for leaf in group}),
            }
            for pattern, group in _by_family(module.schema, others)
        ],
        "expected": literal(wanted_member(union.members, union.name)),
        "is_choice": all(isinstance(member, ir.Constant) for member in union.members),
    }


def _merged(models: list[View]) -> list[View]:
    """Return models as one case, unless they are many."""
    if not models or len(models) > _MOST_IN_A_CASE:
        return models
    return [{**models[0], "pattern": either([Code(str(model["pattern"])) for model in models])}]


def either(patterns: Sequence[Code]) -> Code:
    """Return a pattern that matches if one of some does, as Black formats it after a `case`."""
    line = join(" | ", patterns)
    if len(line) <= WIDTH - len("            case :"):
        return line
    return code("(\n                {}\n            )", join("\n                | ", patterns))


def _encoded(module: Module, pattern: str, names: Mapping[ir.Type, Code]) -> View:
    """Return how values of the same type in memory are encoded."""
    if pattern in _IMPORTED:
        module.spell(ir.Scalar(_IMPORTED[pattern]))
    if len(names) > 1:
        return {"encoders": [module.encoding.function(leaf, names[leaf]) for leaf in names]}
    ((leaf, name),) = names.items()
    return {"encoded": module.encoding.of(leaf, name).of(Code("value")), "encoders": []}


def _by_family(schema: ir.Schema, leaves: Iterable[ir.Type]) -> Iterator[tuple[str, list[ir.Type]]]:
    """Yield the members with the same type in memory, and the pattern of that type."""
    groups: dict[str, list[ir.Type]] = {}
    for leaf in leaves:
        groups.setdefault(_family(schema, leaf), []).append(leaf)
    if "any" in groups:
        yield "_", list(leaves)
        return
    if "int" in groups and "number" in groups:
        numbers = {*groups.pop("int"), *groups["number"]}
        groups["number"] = [leaf for leaf in leaves if leaf in numbers]
    for family, pattern in _FAMILIES.items():
        if family in groups:
            yield pattern, groups[family]


_IMPORTED: Final[Mapping[str, ir.ScalarName]] = {
    "datetime()": "datetime",
    "date()": "date",
    "Decimal()": "decimal",
    "UUID()": "uuid",
}
"""The patterns with names that a module imports, and the scalars that are spelled as these."""


def _family(schema: ir.Schema, leaf: ir.Type) -> str:
    """Return the type in memory of the values of a member that is not a model."""
    match schema.plain(leaf):
        case ir.ListOf():
            return "list"
        case ir.MapOf():
            return "dict"
        case ir.Constant(value=value):
            return type(value).__name__
        case ir.Scalar(name=name):
            return _scalar_family(name)
        case ir.Ref() as ref:
            definition = schema[ref]
            if isinstance(definition, ir.Enum):
                return "str" if definition.type == "string" else "int"
            return "tagged"
        case _:
            raise AssertionError("members of unions are not nullable")


def _scalar_family(name: str) -> str:
    match name:
        case "bool" | "datetime" | "date" | "bytes" | "any":
            return name
        case "decimal":
            return "Decimal"
        case "uuid":
            return "UUID"
        case "float32" | "float64":
            return "number"
        case _:
            return "int" if name in ir.INTEGERS else "str"


def _cases(module: Module, union: ir.Union, names: Mapping[ir.Type, Code]) -> Iterator[View]:
    """Yield how the kinds of JSON values are decoded; kinds with equal code together."""
    views = [_case(module, choice, names) for choice in choices_of(module.schema, union)]
    for _, group in groupby(views, key=lambda view: view["decoded"] or view["kind"]):
        first, *others = group
        kinds = [first["kind"], *(other["kind"] for other in others)]
        yield {**first, "kinds": either([literal(str(kind)) for kind in kinds])}


def _case(module: Module, choice: Choice, names: Mapping[ir.Type, Code]) -> View:
    module.imports.position = choice.position
    view: dict[str, object] = {"position": choice.position, "kind": Code(choice.kind)}
    if choice.is_single:
        (leaf,) = choice.leaves
        decoded = module.decoding.of(leaf, names[leaf]).of(Code("data"))
        return {**view, "decoded": decoded, "decoders": [], "members": None}
    models = [_model(module.schema, leaf) for leaf in choice.leaves]
    module.use("typing", "Final")
    return {
        **view,
        "decoded": None,
        "decoders": [module.decoding.function(leaf, names[leaf]) for leaf in choice.leaves],
        "constant": module.imports.free(Code(f"_{choice.kind.upper()}S")),
        "members": [
            code("({}, {})", literal(_name(module.schema, leaf)), literal(_own_key(model, models)))
            for leaf, model in zip(choice.leaves, models, strict=True)
        ],
        "expected": literal(wanted_member(choice.union.members, choice.union.name)),
    }


def _model(schema: ir.Schema, leaf: ir.Type) -> ir.Model | None:
    plain = schema.plain(leaf)
    model = schema[plain] if isinstance(plain, ir.Ref) else None
    return model if isinstance(model, ir.Model) else None


def _own_key(model: ir.Model | None, models: Sequence[ir.Model | None]) -> str:
    """Return the key that a model requires and the fewest others have; empty if all require it."""
    required = [field.json_key for field in model.fields if field.required] if model else []
    others = [{field.json_key for field in each.fields} for each in models if each]
    key = min(required, key=lambda key: sum(key in keys for keys in others), default="")
    return "" if sum(key in keys for keys in others) == len(models) else key


def _name(schema: ir.Schema, leaf: ir.Type) -> str:
    """Return what errors call a member: the name of its definition, or its type."""
    return unparse(leaf, lambda ref: schema[ref].name)


def tagged_union_view(module: Module, union: ir.Union) -> View:
    """Return the view of a union with a discriminator."""
    schema = module.schema
    members = {
        id_: {
            "position": position,
            "name": module.name(id_),
            "pattern": code("{}()", module.name(id_)),
            "tags": [literal(tag) for tag in tags],
            "may_omit_tag": field is not None and not field.required and not field.has_default,
            "has_tag": field is not None and _always_has(schema, field, tags),
        }
        for id_, (tags, position) in _models(schema, union).items()
        for field in (union.tag_field(schema.model(id_)),)
    }
    models = [(model_of_tag(schema, union, tag).id, tag) for tag, _ in union.mapping]
    cases = [
        members[id_] | {"tag": either([literal(tag) for _, tag in group])}
        for id_, group in groupby(models, key=lambda pair: pair[0])
    ]
    without_tag = model_without_tag(schema, union)
    if union.open:
        module.use("dataclasses", "dataclass")
        module.use("typing", "Self")
    return {
        **_one_of(module, union),
        "cases": cases,
        "members": list(members.values()),
        "arms": [
            *_merged([member for member in members.values() if member["has_tag"]]),
            *(member for member in members.values() if not member["has_tag"]),
        ],
        "tags": [literal(tag) for _, tag in models],
        "discriminator": union.discriminator,
        "without_tag": None if without_tag is None else members[without_tag.id],
        "unknown": module.place.unknown,
        "tag_type": module.spell(ir.Scalar(union.tag_scalar)),
        "tag": module.decoding.of(ir.Scalar(union.tag_scalar), Code()).function,
        "expected": literal(wanted_tag(union)),
    }


def _always_has(schema: ir.Schema, field: ir.Field, tags: Sequence[ir.Tag]) -> bool:
    """Return whether the encoded field is always one of the tags, so it need not be checked."""
    match schema.plain(field.type):
        case ir.Constant(value=value):
            return field.required and value in tags
        case ir.Ref() as ref if isinstance(enum := schema[ref], ir.Enum):
            return field.required and not enum.open and enum.json_values <= set(tags)
        case _:
            return False


def _models(
    schema: ir.Schema, union: ir.Union
) -> Mapping[str, tuple[tuple[ir.Tag, ...], Position]]:
    """Return the tags of each model of a union, and the position of its member, by its id."""
    models: dict[str, tuple[tuple[ir.Tag, ...], Position]] = {}
    for id_, tags in union.tags.items():
        position = union.places[ir.Ref(id_)]
        inner = schema.by_id[id_]
        found = tagged_models(schema, inner) if isinstance(inner, ir.Union) else {id_: tags}
        for model, own in found.items():
            before, _ = models.get(model, ((), position))
            models[model] = ((*before, *own), position)
    return models


def _one_of(module: Module, union: ir.Union) -> View:
    """Return the value of a union's alias."""
    module.use("typing", "Any", "TypeAlias")
    constants = [member for member in union.members if isinstance(member, ir.Constant)]
    spelled = (
        module.literals(constants) if isinstance(member, ir.Constant) else module.spell(member)
        for member in union.members
    )
    types = list(dict.fromkeys(spelled))
    if module.place.unknown:
        types.append(module.place.unknown)
    alias = alias_of(module, types, union.members)
    if union.discriminator is None:
        return alias
    tags = [literal(union.tags[ref.id]) for ref in union.members if isinstance(ref, ir.Ref)]
    arguments = _codec_arguments(module, literal(union.discriminator), *tags)
    if alias["is_later"]:
        return {**alias, "codec": code("wire.Codec({})", join(", ", arguments))}
    module.use("typing", "Annotated")
    return {**alias, "alias": _annotated(module, types, arguments)}


def _codec_arguments(module: Module, *others: Code) -> list[Code]:
    """Return the arguments of what lets pydantic use the functions of a module."""
    return [Code("__name__"), literal(module.place.functions), *others]


def _annotated(module: Module, types: Sequence[Code], arguments: Sequence[Code]) -> Code:
    """Return the types of a union with its functions, as Black formats them in an alias."""
    alias, codec = join(" | ", types), code("wire.Codec({})", join(", ", arguments))
    line = code("Annotated[{}, {}]", alias, codec)
    if len(f"{module.place.type}: TypeAlias = {line}") <= WIDTH:
        return line
    room = WIDTH - len("    ,")
    if len(alias) > room:
        alias = join("\n    | ", types)
    if len(codec) > room:
        codec = code("wire.Codec(\n        {},\n    )", join(",\n        ", arguments))
    return code("Annotated[\n    {},\n    {},\n]", alias, codec)


def alias_of(module: Module, types: Sequence[Code], members: Sequence[ir.Type]) -> View:
    """Return the value of the alias of some types, quoted if one of them may not exist yet."""
    codec = code("wire.Codec({})", join(", ", _codec_arguments(module)))
    starts = range(0, len(types), _MOST_IN_A_ROW)
    rows = [join(" | ", types[start : start + _MOST_IN_A_ROW]) for start in starts]
    if len(rows) > 1:
        rows = [code("({})", row) for row in rows]
    alias = join(" | ", rows)
    is_later = len(rows) > 1 or module.names_later(members)
    if is_later:
        module.use("typing", "TYPE_CHECKING")
        alias = literal(alias)
    elif len(types) > 1 and len(alias) > WIDTH - len("    "):
        alias = code("(\n    {}\n)", join("\n    | ", types))
    return {"alias": alias, "is_later": is_later, "codec": codec}
