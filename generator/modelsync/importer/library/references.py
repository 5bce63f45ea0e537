"""Where references lead: a set of files -> the schema of each `$ref`."""

from __future__ import annotations

import posixpath
from bisect import bisect
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from modelsync.errors import Position, Problem
from modelsync.importer.findings import Findings
from modelsync.importer.library.dialects import Dialect
from modelsync.importer.library.meta_schemas import (
    meta_schema_text,
    place_of_part,
    says_less,
)
from modelsync.importer.library.nowhere import (
    MISSING,
    NOWHERE,
    OUT_OF_REACH,
    Help,
    NowhereError,
    child,
)
from modelsync.importer.library.refused import RefusedError
from modelsync.importer.library.sources import Document, Resource, check_kind, new_document
from modelsync.importer.library.uris import (
    is_url,
    join,
    key_of,
    pointer,
    relative_path,
    split,
    tokens,
)
from modelsync.importer.text.parse import parse, text_of
from modelsync.importer.text.text_problems import DUPLICATE, ENCODING
from modelsync.importer.text.tree import Json, JsonList, JsonObject, Source

KEYWORDS: Final = ("$ref", "$dynamicRef", "$recursiveRef")
"""The keywords that refer to a schema."""


class Library:
    """The files of an import, and where references in them lead.

    `documents` are the files that were given, in order, without those that cannot be read.
    `sources` are all files that were read, and `problems` what is wrong with them. Each reference
    that leads nowhere is a problem, once; it is imported as `any`, so it is a loss, too. `findings`
    has references that lead to several schemas.
    """

    def __init__(
        self,
        read: Callable[[str], bytes | None],
        problems: list[Problem],
        allow_outside: bool = False,
    ) -> None:
        """`read` returns the content of a file, or None if there is none.

        It may raise RefusedError for a file that was not given.
        """
        self.problems = problems
        self.findings = Findings()
        self.documents: list[Document] = []
        self.sources: list[Source] = []
        self._read = read
        self._allow_outside = allow_outside
        self._folders: set[str] = set()
        self._by_path: dict[str, Document | None] = {}
        self.unreadable: dict[str, str] = {}
        """The texts of files that are not JSON or YAML, by path, for messages."""
        self._meta_schemas: set[str] = set()
        self._by_source: dict[Source, Document] = {}
        self._by_uri: dict[str, Resource] = {}
        self._by_relative_id: dict[str, Resource | None] = {}
        """By a relative `$id` as it is written; None if several files have it."""
        self._targets: dict[tuple[Source, int, str, str], Json] = {}
        self._ends: set[int] = set()
        """The objects from which references lead to an end."""
        self._help = Help(self._by_path, self.unreadable, self._meta_schemas, problems)

    # Files ----------------------------------------------------------------------------------------

    def add(self, paths: Iterable[str]) -> None:
        """Add the files that are imported, all at once: references lead from each to each."""
        given = list(dict.fromkeys(map(posixpath.normpath, paths)))
        self._folders.update(map(posixpath.dirname, given))
        for path in given:
            before = len(self.problems)
            document = self._load(path, None)
            if document is None and len(self.problems) == before:
                message, help_ = f"the file `{path}` cannot be read", "check the path"
                self.problems.append(Problem(Position(path), ENCODING, message, help_))
            elif document is not None and check_kind(document.source, self.problems):
                self.documents.append(document)

    def _load(self, path: str, default: Dialect | None) -> Document | None:
        """Return the file at a path. Each is read once."""
        if path in self._by_path:
            return self._by_path[path]
        data = self._read(path)
        source = parse(path, data, self.problems) if data is not None else None
        document = None
        if source is None and data is not None:
            self.unreadable[path] = text_of(data)
        if source is not None:
            document = new_document(path, source, default, self.problems)
            self._add_document(document)
        self._by_path[path] = document
        return document

    def _add_document(self, document: Document) -> None:
        self.sources.append(document.source)
        self._by_source[document.source] = document
        relative = document.root.relative_id
        if relative:
            taken = relative in self._by_relative_id
            self._by_relative_id[relative] = None if taken else document.root
        for resource in document.resources:
            first = self._by_uri.setdefault(key_of(resource.uri), resource)
            if first is not resource and first.root != resource.root:
                self._add_duplicate(resource, first)

    def _add_duplicate(self, resource: Resource, first: Resource) -> None:
        places = [_place(resource), _place(first)]
        message = f"two schemas have the URI `{resource.uri}`"
        help_ = "give one of the two another `$id`; references lead to the first"
        related = ((places[1], "the first one"),)
        self.problems.append(Problem(places[0], DUPLICATE, message, help_, related))

    # Schemas --------------------------------------------------------------------------------------

    def dialect(self, schema: JsonObject) -> Dialect:
        """Return the dialect of a schema."""
        return self._resource_of(schema).dialect

    def target(self, schema: JsonObject, keyword: str = "$ref") -> Json:
        """Return the schema that a reference leads to: a `JsonObject`, or a boolean.

        `schema` is any object with the keyword, also a response or a path item of OpenAPI. The
        result may itself be a reference. It is always the same object for the same schema. If the
        reference leads nowhere, it is `schema` itself, and there is a new problem or loss.
        """
        ref = schema[keyword]
        key = (schema.source, schema.offset, keyword, ref if isinstance(ref, str) else "")
        if key not in self._targets:
            self._targets[key] = schema  # if it leads to itself
            self._targets[key] = self._target(schema, keyword, ref)
        return self._targets[key]

    def place_of(self, schema: JsonObject) -> str:
        """Return the JSON pointer of an object in its source."""
        return pointer(path_to(schema) or [])

    def _resource_of(self, schema: JsonObject) -> Resource:
        document = self._by_source[schema.source]
        return document.nested.get(schema.offset, document.root)

    # References -----------------------------------------------------------------------------------

    def _target(self, schema: JsonObject, keyword: str, ref: Json) -> Json:
        try:
            if not isinstance(ref, str):
                raise NowhereError(NOWHERE, f"`{keyword}` is not text", "write a reference as text")
            resource, target = self._resolve(self._resource_of(schema), ref)
            if not isinstance(target, JsonObject | bool):
                message = f"`{ref}` leads to a value that is not a schema"
                raise NowhereError(NOWHERE, message, "refer to an object")
            if keyword == "$ref":
                self._check_end(schema, target)
        except NowhereError as error:
            at = schema.at(keyword)
            self.problems.append(Problem(at, error.code, str(error), error.help))
            return schema
        is_inside = schema.source.path in self._meta_schemas
        if resource.document.path in self._meta_schemas and not is_inside and says_less(target):
            message = f"`{ref}` is a meta-schema: its documents are JSON Schemas"
            self.findings.loss(schema.at(keyword), "meta-schema", message, "any object or `bool`")
        if self._is_ambiguous(resource, keyword, ref):
            message = f"`{keyword}` leads to a schema that depends on where it is used"
            self.findings.loss(schema.at(keyword), keyword, message, "`any`")
            return schema
        return target

    def _is_ambiguous(self, resource: Resource, keyword: str, ref: str) -> bool:
        """Whether a dynamic reference leads to several schemas of the files read so far."""
        name = "" if keyword == "$recursiveRef" else split(ref)[1]
        if keyword == "$ref" or name not in resource.dynamic:
            return False
        return sum(name in other.dynamic for other in self._by_uri.values()) > 1

    def _check_end(self, schema: JsonObject, target: Json) -> None:
        """Refuse a reference to a reference, and so on, that leads back to the first."""
        chain = [schema]
        ids = {id(schema)}
        while isinstance(target, JsonObject) and isinstance(target.get("$ref"), str):
            if id(target) in self._ends:
                break
            if id(target) in ids:
                message = f"`{schema['$ref']}` leads back to itself"
                help_ = "refer to a schema that is not only a reference"
                raise NowhereError(NOWHERE, message, help_)
            chain.append(target)
            ids.add(id(target))
            try:
                _, target = self._resolve(self._resource_of(target), str(target["$ref"]))
            except NowhereError:
                break  # which is a problem of that reference
        self._ends |= ids

    def _resolve(self, resource: Resource, ref: str) -> tuple[Resource, Json]:
        """Return what a reference leads to, and the resource whose URI it has."""
        uri, fragment = split(ref)
        if uri:
            resource = self._resource(resource, uri, ref)
        if not fragment:
            return resource, resource.root
        if fragment.startswith("/"):
            return resource, self._at_pointer(resource, fragment, ref, is_local=not uri)
        if fragment in resource.anchors:
            return resource, resource.anchors[fragment]
        raise self._help.no_anchor(resource, fragment)

    def _resource(self, resource: Resource, uri: str, ref: str) -> Resource:
        """Return the resource with a URI, reading a file if necessary."""
        full = join(resource.uri, uri)
        found = self._by_uri.get(key_of(full))
        if found is not None:
            return found
        text = meta_schema_text(full)
        if text is not None:
            return self._meta_schema(full, text)
        outside = ""
        for path in _paths(full, uri, resource):
            if not self._is_allowed(path):
                outside = outside or path
                continue
            try:
                document = self._load(path, resource.document.dialect)
            except RefusedError as error:
                raise NowhereError(OUT_OF_REACH, str(error), error.help) from error
            if document is not None:
                return document.root
        if is_url(full):
            message = f"`{full}` is not one of the given files, and modelsync fetches none"
            help_ = "download it, and give the file, too; its `$id` must be that URL"
            same = self._help.same_file_name(full)
            if same:
                help_ = f"if it is `{same}`, set the `$id` of that file to this URL"
            raise NowhereError(OUT_OF_REACH, message, help_)
        collected = self._by_relative_id.get(join(resource.document.root.relative_id, uri))
        if collected is not None:
            return collected
        if outside:
            message = f"the file `{outside}` is outside the folders of the given files"
            same = self._help.same_file_name(outside)
            help_ = "give that file, too, or pass `--allow-outside`"
            help_ = f"if it is `{same}`, correct the path; otherwise {help_}" if same else help_
            raise NowhereError(OUT_OF_REACH, message, help_)
        raise self._help.no_file(full, ref, resource.document.path)

    def _is_allowed(self, path: str) -> bool:
        """Whether a file may be read: it is in the folder of a given file, or below."""
        if self._allow_outside or path in self._by_path:
            return True
        inside = not path.startswith(("../", "/"))
        return any(path.startswith(f"{folder}/") if folder else inside for folder in self._folders)

    def _meta_schema(self, uri: str, text: bytes) -> Resource:
        source = parse(uri, text, [])
        assert source is not None
        document = new_document(uri, source, None, [])
        self._meta_schemas.add(uri)
        self._by_source[source] = document
        self._by_uri[key_of(uri)] = document.root
        return document.root

    def _at_pointer(self, resource: Resource, fragment: str, ref: str, is_local: bool) -> Json:
        """Return the value at a JSON pointer. It may go through references, as in most programs.

        Many files give inner schemas an `$id`, and refer from them to the definitions of the file.
        """
        value = resource.root
        if resource.document.path in self._meta_schemas:
            fragment = place_of_part(fragment)
        for token in tokens(fragment):
            value, holder = child(value, token), value
            if value is MISSING and isinstance(holder, JsonObject) and "$ref" in holder:
                target = self.target(holder)
                value = child(target, token) if target is not holder else MISSING
            if value is MISSING:
                outer = resource.document.root
                if is_local and resource is not outer:
                    return self._at_pointer(outer, fragment, ref, is_local)
                raise self._help.no_child(resource, holder, token, ref)
        return value


def path_to(target: JsonObject) -> list[str] | None:
    """Return the keys from the root of a source to an object. None if it is not in the source."""
    root = target.source.root
    if not isinstance(root, JsonObject | JsonList):
        return None
    # The object is inside the last value that starts before it, but for the merge keys of YAML.
    keys: list[str] = []
    value: Json = root
    while isinstance(value, JsonObject | JsonList):
        if value.offset == target.offset:
            return keys
        number = bisect(value.offsets, target.offset) - 1
        if number < 0:
            break
        if isinstance(value, JsonObject):
            keys.append(next(islice(value, number, None)))
            value = value[keys[-1]]
        else:
            keys.append(str(number))
            value = value[number]
    return _search(root, target)


def _search(root: JsonObject | JsonList, target: JsonObject) -> list[str] | None:
    """Return the keys from `root` to an object, searching everywhere."""
    rest: list[tuple[Json, list[str]]] = [(root, [])]
    seen: set[int] = set()
    while rest:
        value, keys = rest.pop()
        if not isinstance(value, JsonObject | JsonList) or id(value) in seen:
            continue
        seen.add(id(value))
        if value.offset == target.offset:
            return keys
        inner = value.items() if isinstance(value, JsonObject) else enumerate(value)
        rest += [(item, [*keys, str(key)]) for key, item in inner]
    return None


def _place(resource: Resource) -> Position:
    root = resource.root
    return root.at() if isinstance(root, JsonObject) else Position(resource.document.path)


def _paths(full: str, uri: str, resource: Resource) -> list[str]:
    """Return the paths that a file with a URI may have."""
    here = resource.document.path
    if not is_url(full):
        return [*dict.fromkeys((full, join(here, uri)))]
    if not is_url(uri):
        return [join(here, uri)]
    own = resource.document.root.uri
    relative = relative_path(full, own) if is_url(own) else None
    return [join(here, relative)] if relative is not None else []
