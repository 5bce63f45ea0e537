"""Definitions that you have renamed in the specs of an earlier run, and what refers to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from modelsync import disk
from modelsync.errors import Problem
from modelsync.intake.last_run import Intake, read_list
from modelsync.schema.definitions import Definition, Field, Model, Union, with_types
from modelsync.schema.schema import Schema
from modelsync.schema.types import Ref, Type, map_type
from modelsync.spec.nodes import MAX_BYTES, decode
from modelsync.spec.read import read_specs

_Id = TypeVar("_Id", str, "str | None")


def find_renames(
    project: Path, specs: str, intake: Intake, paths: Mapping[str, str]
) -> dict[str, str]:
    """Return the new id of each definition whose name you have changed in its spec, by its id.

    `paths` has the spec of each definition that a run wants, by its id. A spec that an earlier run
    wrote has one definition, so another name in it is a new name for that definition.
    """
    if not project.is_dir():
        return {}
    name = f"{specs}/{intake.list}"
    data, _ = disk.read_manifests(project, name)
    listed = read_list(intake, data, name).files
    present = disk.read_files(project, [path for path in paths.values() if path in listed])
    found: dict[str, str] = {}
    for id_, path in paths.items():
        if path not in present or _starts_with(present[path], id_):
            continue
        text, problems = decode(path, present[path])
        inside = () if problems else read_specs({path: text}, specs).schema.definitions
        new = inside[0].id if len(inside) == 1 else id_
        if new not in paths and new not in found.values():
            found[id_] = new
    return found


def _starts_with(data: bytes, id_: str) -> bool:
    """Return whether a spec starts with the name of a definition, as written specs do."""
    start = data.partition(b"\n")[0].rstrip().decode("utf-8", "replace")
    return start.partition(": ")[2] == id_.rpartition(".")[2]


def renamed(schema: Schema, ids: Mapping[str, str]) -> Schema:
    """Return a schema in which some definitions have other names, also where they are used.

    `ids` has the new ids, which are free, by the ids of the definitions.
    """
    return Schema(tuple(_renamed(each, ids) for each in schema.definitions)) if ids else schema


def _renamed(definition: Definition, ids: Mapping[str, str]) -> Definition:
    def new(id_: _Id) -> _Id:
        return ids.get(id_, id_) if id_ else id_

    def leaf(type_: Type) -> Type:
        return replace(type_, id=new(type_.id)) if isinstance(type_, Ref) else type_

    def field(each: Field) -> Field:
        return replace(each, origin=new(each.origin))

    package, _, name = new(definition.id).rpartition(".")
    changed = with_types(definition, lambda type_: map_type(type_, leaf))
    changed = replace(changed, name=name, package=package)
    if isinstance(changed, Model):
        return replace(
            changed,
            fields=tuple(map(field, changed.fields)),
            extends=tuple(map(new, changed.extends)),
            additional_origin=new(changed.additional_origin),
        )
    if isinstance(changed, Union):
        mapping = tuple((tag, new(id_)) for tag, id_ in changed.mapping)
        return replace(changed, mapping=mapping, absent_tag=new(changed.absent_tag))
    return changed


def uses_of_deleted(
    project: Path, specs: str, deleted: Mapping[str, str]
) -> tuple[tuple[Problem, ...], dict[str, str]]:
    """Return a problem for each reference to a definition whose spec you have deleted.

    `deleted` has the paths of these specs by the ids of their definitions. Also return the texts
    of the specs with problems, by path.
    """
    # Inside a package, a name may be written without it.
    paths = {id_.rpartition(".")[2]: path for id_, path in deleted.items()} | {**deleted}
    found = disk.read_specs(project, specs, MAX_BYTES)
    texts = {path: decode(path, data)[0] for path, data in found.items()}
    problems = []
    for problem in read_specs(texts, specs).problems:
        name = problem.message.rpartition("`")[0].rpartition("`")[2]
        path = paths.get(name)
        if problem.code == "MS020" and path is not None:
            message = f"`{name}` is not defined: you deleted its spec"
            help_ = (
                f"change the reference, or restore `{path}`; to rename `{name}`, change its name in"
                " that spec, and keep the path: the next import then uses the new name everywhere"
            )
            problems.append(replace(problem, message=message, help=help_))
    return tuple(problems), {each.position.path: texts[each.position.path] for each in problems}
