"""What a model does with keys that no field has: pydantic calls them extras."""

from __future__ import annotations

from typing import Final

from modelsync.schema import ir
from modelsync.targets.additional import ignored_keys_of, policy_of
from modelsync.targets.python.module import Annotations
from modelsync.targets.python.text import literal

_OPTIONS: Final = {"closed": literal("forbid"), "kept": literal("allow")}


def extras_of(item: ir.Definition | ir.Field, speller: Annotations) -> dict[str, object]:
    """Return the option of a model's class, and the type of the extras if they are validated."""
    if not isinstance(item, ir.Model):
        return {}
    type_ = item.additional_type
    view: dict[str, object] = {"extra": _OPTIONS.get(policy_of(item)), "extras": None}
    view["ignored"] = list(map(literal, ignored_keys_of(item)))
    if type_ is not None and type_ != ir.Scalar("any"):
        speller.imports.position = item.additional_position
        speller.use("pydantic", "Field")
        view["extras"] = speller.spell(ir.MapOf(type_))
    return view
