"""Unions as aliases, and the classes of their unknown members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from modelsync.schema import ir
from modelsync.schema.tag_fields import are_told_by_fields
from modelsync.schema.tagged import model_of_tag, model_without_tag, tagged_models
from modelsync.targets.base import Code, code, join
from modelsync.targets.python.text import literal

if TYPE_CHECKING:
    from modelsync.targets.pydantic import PydanticTarget
    from modelsync.targets.python.module import Annotations


def union_view(
    target: PydanticTarget, package: Annotations, union: ir.Union, *, quoted: bool
) -> dict[str, object]:
    """Return the view of a union; `quoted` if its type may refer to later types."""
    package.use("typing_extensions", "TypeAliasType")
    key = union.discriminator or ""
    members = list(_members(target.schema, union))
    types = list(dict.fromkeys(map(package.spell, members)))
    tags = tagged_models(target.schema, union)
    attributes = sorted({target.field_names[id_, key] for id_ in tags})
    has_plain_tags = union.absent_tag is None and not union.open
    is_told = has_plain_tags and len(attributes) < 2
    is_told = is_told and are_told_by_fields(target.schema, union, target.tags)
    if key or len(types) > 1:
        package.use("typing", "Annotated")
        package.use("pydantic", "Field" if is_told else "Tag")
    view: dict[str, object] = {"unknown": None, "selection": None}
    if not is_told and has_plain_tags and union.tag_scalar == "string":
        names = {id_: package.spell(ir.Ref(id_)) for id_ in tags}
        pairs = [
            (names[model_of_tag(target.schema, union, tag).id], literal(tag))
            for tag, _ in union.mapping
        ]
        types = [code("Annotated[{}, Tag({})]", *pair) for pair in pairs]
    elif not is_told:
        unknown = Code(f"Unknown{target.definition_names[union.id]}")
        types += [unknown] if union.open else []
        types = [code("Annotated[{}, Tag({})]", each, literal(each)) for each in types]
        view["unknown"] = unknown if union.open else None
        view |= _selection(target, package, union, attributes[0])
    type_ = literal(join(" | ", types)) if quoted else join(" | ", types)
    view |= {"type": type_, "is_choice": len(types) > 1, "key": key and literal(key)}
    return {**view, "attribute": literal(*attributes) if key and is_told else None}


def _members(schema: ir.Schema, union: ir.Union) -> Iterator[ir.Type]:
    """Yield the members of a union; with a discriminator, those of inner unions instead of them."""
    for member in union.members:
        inner = schema[member] if isinstance(member, ir.Ref) else None
        if union.discriminator is not None and isinstance(inner, ir.Union):
            yield from map(ir.Ref, tagged_models(schema, inner))
        else:
            yield member


def _selection(
    target: PydanticTarget, package: Annotations, union: ir.Union, attribute: str
) -> Mapping[str, object]:
    """Return how a member is selected by a value of any kind, by none, or by an unknown one."""
    schema, key = target.schema, union.discriminator or ""
    absent = model_without_tag(schema, union)
    pairs = [
        code("{}: {}", literal(tag), literal(package.spell(ir.Ref(model.id))))
        for tag, _ in union.mapping
        for model in (model_of_tag(schema, union, tag),)
    ]
    if union.open and attribute != key:
        package.use("pydantic", "Field")
    return {
        "selection": {
            "members": join(", ", pairs),
            "absent": literal(package.spell(ir.Ref(absent.id))) if absent else None,
        },
        "tag": {
            "name": Code(attribute),
            "type": package.spell(ir.Scalar(union.tag_scalar)),
            "alias": literal(key) if attribute != key else None,
        },
    }
