"""Markdown: the reference of the models, with a page for each definition and each package."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import ClassVar

from modelsync.naming import Identifiers
from modelsync.pages.reference.json_text import json_text
from modelsync.pages.reference.prose import fence
from modelsync.schema.for_language import of_language
from modelsync.schema.ir import Definition, Model, Ref, Schema, refs_in, refs_of, types_of
from modelsync.schema.lift_unions import lift_unions
from modelsync.schema.samples import Samples
from modelsync.spec.write import Writer
from modelsync.targets.base import Code, File, NewProject, Suggestion, Target
from modelsync.targets.checks import checked_text
from modelsync.targets.markdown.cells import prose
from modelsync.targets.markdown.comment import documents_of
from modelsync.targets.markdown.diagram import edges_of, users_of
from modelsync.targets.markdown.views import definition_view, index_view, package_view
from modelsync.targets.showcase import Shown


def _text(text: str) -> Code:
    return prose(checked_text(text))


def _fence(code: str) -> Code:
    return Code(fence(checked_text(code)))


class _AnyText(Identifiers):
    """Pages show names, and are not compiled."""

    def compared(self, name: str) -> str:
        return name

    def takes(self, name: str) -> bool:
        return True


class MarkdownTarget(Target):
    """Pages that GitHub shows as they are, and from which MkDocs makes a site."""

    name = "markdown"
    also_called = ("md", "docs")
    former_options = dict.fromkeys(
        (
            *("notation", "sdk", "pages", "folder", "above", "index", "types", "files", "dates"),
            *("qualified", "generics", "any", "wrapped", "enums", "usage", "examples", "captured"),
            *("headings", "unions", "arrays", "imports", "layout", "texts", "decimals", "samples"),
            *("streams", "discrimination", "ends"),
        ),
        "pages in the format of SDK docs are now the target `sdk-docs`: write `target: sdk-docs`"
        ", and its other options than `notation`, `sdk`, `pages` and `index` below `dialect:`",
    )
    filters: ClassVar = {"text": _text, "fence": _fence}
    is_code = False
    is_complete = True
    shows_others = True
    identifiers = _AnyText()

    @classmethod
    def initial_config(cls, project: NewProject) -> Suggestion:
        out = "generated/docs"
        return Suggestion(f"docs:\n  target: {cls.name}\n  out: {out}\n", out)

    def definition_identifier(self, name: str) -> str:
        return name

    def field_identifier(self, json_key: str) -> str:
        return json_key

    def value_identifier(self, enum: str, json_value: str) -> str:
        return json_value

    def given_name(self, item: object) -> None:
        return None

    def file_stem(self, name: str) -> str:
        return name

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of the page of each definition, by its id."""
        return {
            item.id: f"{_folder(item.package)}{self.file_stems[item.id]}.md"
            for item in self.schema.definitions
        }

    def link(self, ref: Ref, folder: str) -> Code:
        """Return the link to a definition from a page in a folder."""
        path = posixpath.relpath(self.paths[ref.id], folder or ".")
        return Code(f"[{prose(self.schema[ref].name)}]({path})")

    @cached_property
    def writer(self) -> Writer:
        """What writes the parts of specs that no reader needs."""
        return Writer(self.schema)

    @cached_property
    def documents(self) -> Mapping[str, int]:
        """The numbers of documents in specs that have several, by the id of the definition."""
        return documents_of(self.schema)

    @cached_property
    def edges(self) -> Mapping[str, list[str]]:
        """The ids of the definitions that each definition refers to, by its id."""
        return edges_of(self.schema)

    @cached_property
    def _users(self) -> Mapping[str, list[str]]:
        return users_of(self.edges)

    def neighbors(self, definition: Definition) -> list[str]:
        """Return the ids of a definition, of those that it refers to, and that refer to it."""
        id_ = definition.id
        return [*dict.fromkeys([id_, *self.edges[id_], *self._users[id_]])]

    @cached_property
    def uses(self) -> Mapping[str, list[tuple[Definition, str]]]:
        """The definitions that refer to each definition, with the key of the field if it is one."""
        found: dict[str, list[tuple[Definition, str]]] = {}
        for user in self.schema.definitions:
            if isinstance(user, Model):
                parts = [(field.type, field.json_key) for field in user.own_parts]
            else:
                parts = [(type_, "") for type_ in types_of(user)]
            for type_, key in parts:
                for ref in refs_in(type_):
                    uses = found.setdefault(ref.id, [])
                    uses += [(user, key)] if (user, key) not in uses else []
        return found

    @cached_property
    def _lifted(self) -> Schema:
        """The schema with a definition for each union inside a field, as languages have it."""
        return lift_unions(self.schema)

    def code_of(self, definition: Definition) -> Iterator[Shown]:
        """Yield what each other target has generated for a definition.

        The declaration includes those of the types that languages need for what is inside fields.
        """
        inner = [shown for id_ in self._inside(definition) for shown in self.shown.get(id_, ())]
        for shown in self.shown.get(definition.id, ()):
            same = [each.declaration for each in inner if each.target == shown.target]
            yield replace(shown, declaration="\n\n".join([shown.declaration, *same]))

    def _inside(self, definition: Definition) -> Iterator[str]:
        """Yield the ids of the definitions that were lifted out of a definition."""
        seen = {definition.id}
        waiting = [definition.id]
        while waiting:
            user = self._lifted.by_id.get(waiting.pop(0))
            for ref in () if user is None else refs_of(user):  # no language has external types
                if ref.id not in seen and ref.id not in self.schema.by_id:
                    yield ref.id
                    waiting.append(ref.id)
                seen.add(ref.id)

    @cached_property
    def _samples(self) -> Samples:
        # What only some languages have is an unknown key in others, which may refuse it.
        return Samples(of_language(self.schema, ""))

    def example(self, definition: Definition) -> Code:
        """Return a document that every language accepts, as JSON text; empty if there is none."""
        shared = self._samples.schema.by_id.get(definition.id)
        found = None if shared is None else self._samples.example(shared)
        return Code() if found is None else Code(json_text(found))

    def files(self) -> Iterator[File]:
        for definition in self.schema.definitions:
            view = definition_view(self, definition)
            yield File(self.paths[definition.id], "page.md", view, (definition,))
        for package, definitions in self.schema.packages.items():
            if package:
                path = f"{_folder(package)}README.md"
                yield File(path, "index.md", package_view(self, package), definitions)
        yield File("README.md", "index.md", index_view(self), self.schema.definitions)


def _folder(package: str) -> str:
    return f"{package.replace('.', '/')}/" if package else ""


TARGET = MarkdownTarget
