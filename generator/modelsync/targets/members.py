"""Names for the members of unions, in languages where each member needs one, such as Go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from modelsync.naming import NameFault, Scope
from modelsync.schema.definitions import Union
from modelsync.schema.types import Constant, ListOf, MapOf, Nullable, Ref, Scalar, Type
from modelsync.targets.base import Target
from modelsync.targets.spelling import TypeSpeller


class MemberNames(TypeSpeller[str]):
    """Names each member after its type: `String`, `UserList`, `OrderOrNull`."""

    def __init__(
        self,
        target: Target,
        scalars: Mapping[str, str],
        identifier: Callable[[str], str],
        reserved: Collection[str],
    ) -> None:
        self.target = target
        self.scalars = scalars
        """The name of each scalar."""
        self.identifier = identifier
        """Returns the identifier for a text, or an empty text."""
        self.reserved = reserved
        """Names to which a `_` is appended."""

    def allot(self, union: Union) -> tuple[str, ...]:
        """Return the names of a union's members, and add those that clash to `target`'s faults."""
        language = self.target.language
        scope = Scope(language)
        names: list[str] = []
        derived = list(map(self.spell, union.members))
        claimed: set[Type] = set()
        for number, member in enumerate(union.members, 1):
            name = derived[number - 1]
            if member in claimed and union.discriminator is None and not union.overlapping:
                names.append(name)  # MS033 reports the repeated member
                continue
            claimed.add(member)
            if isinstance(member, Ref) and derived.count(name) > 1:
                name = f"{self.identifier(member.id.rpartition('.')[0]) or 'Root'}{name}"
            if name in self.reserved:
                name = f"{name}_"
            what, position = f"member {number}", union.places[member]
            if not name:
                scope.faults.append(NameFault(language, what, position))
            names.append(name and scope.claim(name, what, position))
        if union.open:
            scope.claim(self.identifier("unknown"), "the unknown members", union.position)
        help_ = (
            "make a literal a value of an enum, where it can get a name; a definition gets one by"
            f" `names: {{{language}: ...}}`"
        )
        self.target.name_faults += [replace(fault, help=help_) for fault in scope.faults]
        return tuple(names)

    def scalar(self, type_: Scalar) -> str:
        return self.scalars[type_.name]

    def constant(self, type_: Constant) -> str:
        if isinstance(type_.value, bool):
            return str(type_.value)
        return self.identifier(self.target.naming.value_source(type_.value))

    def reference(self, type_: Ref) -> str:
        # The config may omit the definition, which is reported elsewhere.
        name = self.target.definition_names.get(type_.id)
        return name or self.identifier(type_.id.rpartition(".")[2])

    def list_of(self, item: str, type_: ListOf) -> str:
        return f"{item}List"

    def map_of(self, value: str, type_: MapOf) -> str:
        return f"{value}Map"

    def nullable(self, inner: str, type_: Nullable) -> str:
        return f"{inner}OrNull"
