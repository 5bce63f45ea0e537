"""The views of unions: how each kind of JSON value is decoded, and each member encoded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from modelsync.schema.ir import Constant, ListOf, MapOf, Model, Ref, Scalar, Schema, Type, Union
from modelsync.schema.nested_unions import choice_of, leaf_positions
from modelsync.schema.unions import branches
from modelsync.targets.base import Code, code, join, member_places
from modelsync.targets.python.module import Module
from modelsync.targets.python.text import literal

_MOST_IN_A_ROW: Final = 100
"""How many types one `A | B` joins: pyright takes more only in groups."""

_MOST_MATCHED: Final = 30
"""How many models a `match` on a typed value tells apart: mypy takes cubic time for it."""


def union_view(module: Module, schema: Schema, union: Union) -> dict[str, object]:
    """Return the view of a union without discriminator."""
    leaves = leaf_positions(schema, union)
    names = {
        leaf: code("{}_{}", module.place.functions, literal(number))
        for number, leaf in enumerate(leaves, 1)
    }
    cases = list(_cases(module, schema, union, names))
    module.imports.position = union.position
    models = [leaf for leaf in leaves if _is_model(schema, leaf)]
    encoders = {
        leaf: module.encoder(leaf, names[leaf]) for leaf in leaves if not _is_model(schema, leaf)
    }
    containers = list(_containers(leaves))
    containers = list(_containers(leaves))
    return {
        "alias": _alias(module, union),
        "annotation": module.place.type,
        "cases": cases,
        "models": [{"position": leaves[leaf], "name": module.annotation(leaf)} for leaf in models],
        "containers": [
            {"position": leaves[leaf], "type": type_, "encoder": encoders[leaf]}
            for leaf, type_ in containers
        ],
        "encoders": list(encoders.values()),
        # A list that is matched in a variable without a type would be one of unknown items.
        "subject": _subject(() if containers else models),
        "union": literal(union.name),
        "expected": literal(f"expected a value of {union.name}"),
    }


def _cases(
    module: Module, schema: Schema, union: Union, names: dict[Type, Code]
) -> Iterator[dict[str, object]]:
    places = member_places(union)
    for branch in branches(schema, union):
        is_one = len(branch.members) == 1
        position = places[branch.members[0]] if is_one else union.position
        module.imports.position = position
        choice = choice_of(schema, union, branch)
        decoders, decoded = [], None
        if choice.is_single:
            (leaf,) = choice.leaves
            decoded = module.decoding(leaf, names[leaf]).of(Code("data"))
        else:
            decoders = [module.decoder(leaf, names[leaf]) for leaf in choice.leaves]
        yield {
            "position": position,
            "kind": Code(branch.kind),
            "decoded": decoded,
            "union": literal(choice.union.name),
            "decoders": decoders,
        }


def tagged_union_view(module: Module, union: Union) -> dict[str, object]:
    """Return the view of a union with a discriminator."""
    places = {
        member.id: place
        for member, place in zip(union.members, member_places(union), strict=True)
        if isinstance(member, Ref)
    }
    return {
        "alias": _alias(module, union),
        "annotation": module.place.type,
        "key": literal(union.discriminator),
        "cases": [
            {"position": places[id_], "tag": literal(value), "name": module.reference(id_)}
            for value, id_ in union.mapping
        ],
        "members": [
            {
                "position": places[id_],
                "name": module.reference(id_),
                "tags": [literal(value) for value in values],
            }
            for id_, values in union.tags.items()
        ],
        "subject": _subject(union.tags),
        "expected": literal(f"expected a value of {union.name}"),
        "expected_tag": literal(f"expected a {union.discriminator} of {union.name}"),
    }


def _alias(module: Module, union: Union) -> Code:
    """Return what the alias of a union means, quoted: its members may be defined later."""
    module.use("typing", "Any", "TypeAlias")
    constants = [member for member in union.members if isinstance(member, Constant)]
    types = [
        module.literals(constants) if isinstance(member, Constant) else module.annotation(member)
        for member in union.members
    ]
    types = list(dict.fromkeys(types))
    if len(types) <= _MOST_IN_A_ROW:
        return literal(join(" | ", types))
    rows = [types[at : at + _MOST_IN_A_ROW] for at in range(0, len(types), _MOST_IN_A_ROW)]
    return literal(join(" | ", [code("({})", join(" | ", row)) for row in rows]))


def _subject(models: Collection[object]) -> Code:
    """Return the variable whose members are told apart: one without a type where there are many."""
    return Code("value") if len(models) <= _MOST_MATCHED else Code("member")


def _containers(leaves: Collection[Type]) -> Iterator[tuple[Type, Code]]:
    """Yield the list and the map of a union if the type alone tells each from the other members.

    Then nothing else has to be tried, which takes many times as long.
    """
    if Scalar("any") in leaves:
        return
    for kind, name in ((ListOf, Code("list")), (MapOf, Code("dict"))):
        found = [leaf for leaf in leaves if isinstance(leaf, kind)]
        if len(found) == 1:
            yield found[0], name


def _is_model(schema: Schema, type_: Type) -> bool:
    return isinstance(type_, Ref) and isinstance(schema[type_], Model)
