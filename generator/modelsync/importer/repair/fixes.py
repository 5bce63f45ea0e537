"""How to change a document so that it no longer breaks a rule, with a finding for each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from modelsync.errors import Position, Problem
from modelsync.importer.findings import Findings
from modelsync.importer.nodes import key, mapping, plain
from modelsync.importer.repair.clean import clean
from modelsync.importer.repair.cycles import first_to_break
from modelsync.importer.repair.documents import Document, Path
from modelsync.importer.repair.file_names import rename, rename_files
from modelsync.importer.repair.fix_types import TypeFixes
from modelsync.importer.repair.fix_unions import UnionFixes
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, SequenceNode

Found: TypeAlias = tuple[tuple[str, Path], Problem]
"""A problem, the label of its document, and its path there."""

_ANNOTATIONS: Final = frozenset(
    "example examples default description deprecated names only pages format inferred readOnly"
    " writeOnly".split()
)
"""What says nothing about which documents are accepted."""
_NEEDED: Final = frozenset(
    {"type", "fields", "values", "members", "model", "enum", "union", "alias"}
)
_WHOLE: Final = frozenset({"MS011", "MS015", "MS019", "MS046"})
"""Codes of problems that only another definition solves."""
_OF_UNIONS: Final = frozenset({"MS034", "MS054", "MS086", "MS087", "MS088"})
"""Codes of problems with the discriminator of a union."""
_DROPPED: Final = frozenset({"MS014", "MS016"})
"""Codes of problems with the name of a definition."""
_PATIENT: Final = frozenset({"MS033", "MS085"})
"""Codes of problems whose fix has a limit of its own: a definition may have several of them."""
_CIRCLES: Final = "MS035"
_CHOOSING_ROUNDS: Final = 8
"""In so many rounds, one field of each circle becomes optional; then one of each model."""


_Step: TypeAlias = Callable[[Document, Path, Problem], bool]
"""Changes what a problem is about. Returns whether it has."""


def is_last_resort(problem: Problem, path: Path) -> bool:
    """Whether the definition has to become `any`, because nothing in it can be changed."""
    if problem.code == "MS019":
        return path[:1] != ("extends",)
    return problem.code in _WHOLE and path[:1] != ("fields",)


class Fixer:
    """Changes documents, which it holds, and adds to `findings`."""

    def __init__(self, documents: Sequence[Document], findings: Findings) -> None:
        self.documents = {document.label: document for document in documents}
        self.findings = findings
        self.types = TypeFixes(self.documents, findings)
        self.unions = UnionFixes(self.documents, findings)
        self._tried: Counter[tuple[str, Path, str]] = Counter()
        self._rules: dict[str, _Step] = {
            "MS012": self.types.fix_null,
            "MS020": self.types.fix_unknown,
            "MS026": self.types.fix_circular_alias,
            "MS030": self._remove_default,
            "MS033": self.unions.fix_unreachable,
            "MS034": self.unions.fix_discriminator,
            "MS035": self._make_optional,
            "MS036": self.unions.fix_circular,
            "MS037": self.types.define_union,
            "MS038": self.types.define_union,
            "MS042": self.types.define_enum,
            "MS047": self._remove_default,
            "MS053": self._remove_large,
            "MS054": self.unions.fix_discriminator,
            "MS082": self._fix_parents,
            "MS083": self.types.fix_abstract,
            "MS084": self._fix_access,
            "MS085": self._fix_variant,
            "MS086": self.unions.fix_discriminator,
            "MS087": self.unions.fix_discriminator,
            "MS088": self.unions.fix_discriminator,
        }

    def clean(self) -> None:
        """Remove what no spec can hold, such as control characters."""
        for document in self.documents.values():
            clean(document, self.findings)
        rename_files(self.documents, self.findings)

    def chosen(self, found: Iterable[Found], number: int) -> list[Found]:
        """Return the problems to fix in a round: of each circle of required fields only one."""
        all_ = list(found)
        circles = {label for (label, _), problem in all_ if problem.code == _CIRCLES}
        if not circles or number > _CHOOSING_ROUNDS:
            return all_
        first = first_to_break(self.documents, circles)
        return [each for each in all_ if each[1].code != _CIRCLES or each[0][0] in first]

    def fix(self, document: Document, path: Path, problem: Problem) -> None:
        """Change what a problem is about; more of it each time the problem comes back."""
        if self._is_fixed(document, path, problem):
            return
        tried = self._tried[document.label, path, problem.code]
        self._tried[document.label, path, problem.code] += 1
        rule = self._rules.get(problem.code)
        if problem.code in _DROPPED:
            self.drop(document, problem)
            return
        steps: list[_Step] = [self._remove, self._make_part_any]
        steps = [rule, *steps] if rule is not None else steps
        for step in steps if problem.code in _PATIENT else steps[tried:]:
            if step(document, path, problem):
                return
        self.make_any(document, problem)

    def _is_fixed(self, document: Document, path: Path, problem: Problem) -> bool:
        """Whether an earlier change of this round has changed what a problem is about."""
        if path and document.get(*path) is None:
            return True
        return problem.code in _OF_UNIONS and self.unions.is_changed(document, path)

    def make_any(self, document: Document, problem: Problem) -> None:
        """Make a definition stand for any value."""
        at = document.position(())
        if document.kind == "alias" and document.text("type") == "any":
            self.drop(document, problem)
            return
        self.findings.loss(at, document.kind, problem.message, "`any`")
        kept = [entry for entry in document.node.entries[1:] if entry[0].text == "description"]
        head = (key("alias", at), document.node.entries[0][1])
        document.replace(mapping([head, *kept, (key("type", at), plain("any", at))], at))

    def drop(self, document: Document, problem: Problem) -> None:
        """Drop a definition."""
        self.findings.loss(document.position(()), document.kind, problem.message, "")
        del self.documents[document.label]

    # Parts ----------------------------------------------------------------------------------------

    def _remove(self, document: Document, path: Path, problem: Problem) -> bool:
        """Remove the smallest entry around a path that can be removed."""
        whole = _removable(path)
        if not whole:
            return False
        at = document.position(whole)
        if not document.remove(whole):
            return False
        if whole[-2:-1] == ("examples",) and not self._has_items(document, whole[:-1]):
            document.remove(whole[:-1])
        if whole[-2:-1] == ("extends",) and not self._has_items(document, whole[:-1]):
            document.remove(whole[:-1])
        self._report(at, whole, problem)
        return True

    def _has_items(self, document: Document, path: Path) -> bool:
        return document.get(*path, 0) is not None

    def _report(self, at: Position, path: Path, problem: Problem) -> None:
        names = [step for step in path if isinstance(step, str)]
        subject = names[-1] if names else problem.code
        if names[:1] in (["values"], ["fields"]) and len(names) == 2:
            subject = "enum" if names[0] == "values" else "properties"
        is_note = any(name in _ANNOTATIONS or name.startswith("x-") for name in names[-1:])
        add = self.findings.note if is_note else self.findings.loss
        add(at, subject, problem.message, "")

    def _make_part_any(self, document: Document, path: Path, problem: Problem) -> bool:
        """Give a field the type `any`, without what depends on its type."""
        if path[:1] != ("fields",) or len(path) < 2:
            return False
        field = document.get(*path[:2])
        at = document.position(path[:2])
        kept = [] if not isinstance(field, MappingNode) else list(field.entries)
        kept = [entry for entry in kept if entry[0].text in ("required", "description")]
        new = mapping([(key("type", at), plain("any", at)), *kept], at)
        if not document.put(path[:2], new):
            return False
        self.findings.loss(at, "type", problem.message, "`any`")
        return True

    def _remove_default(self, document: Document, path: Path, problem: Problem) -> bool:
        return self._remove(document, (*path[:2], "default"), problem)

    def _remove_large(self, document: Document, path: Path, problem: Problem) -> bool:
        """Remove the integers of a field that a `number` of TypeScript cannot hold."""
        if path[:1] != ("fields",):
            return False
        field = document.get(*path[:2])
        entries = field.entries if isinstance(field, MappingNode) else ()
        large = [name.text for name, value in entries if _is_large(value)]
        removed = [self._remove(document, (*path[:2], name), problem) for name in large]
        return any(removed)

    def _make_optional(self, document: Document, path: Path, problem: Problem) -> bool:
        at = document.position(path[:2])
        if path[:1] != ("fields",) or not document.remove((*path[:2], "required")):
            return False
        message = "the required property leads back to its own schema, so no document is complete"
        self.findings.loss(at, "required", message, "an optional field")
        return True

    def _fix_access(self, document: Document, path: Path, problem: Problem) -> bool:
        if path[2:]:
            return self._remove(document, path, problem)
        return self._remove(document, (*path, _ACCESS[0]), problem) | self._remove(
            document, (*path, _ACCESS[1]), problem
        )

    def _fix_variant(self, document: Document, path: Path, problem: Problem) -> bool:
        """Let a definition have a type of requests and one of responses."""
        if not problem.related:
            is_union = path[:1] == ("members",)
            step = self.unions.fix_unreachable if is_union else self.types.define_union
            return step(document, path, problem)
        other = self.documents.get(problem.related[0][0].path)
        if other is None:
            return False
        at = other.position(())
        # Targets add `Schema` to names themselves.
        name = rename(self.documents, other, "Data")
        self.findings.note(at, "names", problem.message, f"`{name}`")
        return True

    # Inheritance ----------------------------------------------------------------------------------

    def _fix_parents(self, document: Document, path: Path, problem: Problem) -> bool:
        if "additionalProperties" in problem.message:
            at = document.position(path)
            self.findings.loss(at, "additionalProperties", problem.message, "`true`")
            return document.put_plain(("additionalProperties",), "true")
        if problem.related:
            place = problem.related[-1][0]
            other = self.documents.get(place.path)
            if other is not None:
                return self._restate(document, path, other, other.path_of(place), problem)
        return self._remove(document, path, problem)

    def _restate(
        self, document: Document, path: Path, other: Document, field: Path, problem: Problem
    ) -> bool:
        """Write the last of several inherited fields with the same key in the model itself."""
        node = other.get(*field)
        fields = document.get("fields")
        if node is None or not isinstance(fields, MappingNode):
            return False
        at = document.position(path)
        self.findings.loss(at, "allOf", problem.message, "the last one")
        name = ScalarNode(str(field[-1]), False, False, at)
        return document.put(("fields",), mapping([*fields.entries, (name, node)], at))


def _is_large(node: Node) -> bool:
    """Whether a value contains an integer that needs more than 53 bits."""
    match node:
        case ScalarNode(text=text, plain=True):
            digits = text.removeprefix("-")
            return digits.isdecimal() and int(digits[:400]) >= _LARGE
        case SequenceNode(items=items):
            return any(map(_is_large, items))
        case MappingNode(entries=entries):
            return any(_is_large(value) for _, value in entries)
        case _:
            return False


_LARGE: Final = 2**53
_ACCESS: Final = ("readOnly", "writeOnly")


def _removable(path: Path) -> Path:
    """Return the path of the smallest part around a path that may be missing; empty for none."""
    if path[:1] == ("fields",):
        if len(path) < 3 or path[2] in _NEEDED:
            return ()
        return path[:4] if path[2] == "examples" and path[3:] else path[:3]
    if path[:1] in (("values",), ("extends",), ("mapping",)):
        if len(path) > 2 and path[0] == "values":
            return path[:3]
        return path[:2]
    if path and path[0] not in _NEEDED:
        return path[:1]
    return ()
