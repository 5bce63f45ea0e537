"""Random specs that use the whole language: every kind of definition, type, key and constraint.

The strategies in :mod:`helpers.strategies` draw schemas, for the writer and the pages. These specs
are
for `modelsync verify`: most are valid, and documents can be made for all their parts.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

_PLAIN = ("string", "bool", "int32", "int64", "uint32", "uint64", "float64", "float32", "any")
_TEXTS = (
    "datetime",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
)
_SCALARS = (*_PLAIN, *_PLAIN, "decimal", "bytes", *_TEXTS)
_WITHOUT_FLOATS = ("string", "bool", "int32", "int64", "uuid", "email", '"a" | 1', "bytes", "date")
_PATTERNS = ("^[a-z]+$", r"\d", r"^(?:a|bc)*$", "^.{2,4}$", r"^\w+-\d{2}$", r"\bx", "^[^a-c]?$")
_KEYS = (
    "id",
    "kind",
    "createdAt",
    "x-rate",
    "URL",
    "1st",
    "class",
    "名前",
    "__proto__",
    "a b",
    "size",
)
_TAGS: tuple[tuple[str | int | bool, ...], ...] = (
    ("a", "b", "c", "d"),
    (1, 2, -3, 0),
    (True, False),
)


def random_specs(seed: int, size: int = 8) -> list[Document]:
    """Return the documents of a random spec with about `size` definitions of each kind."""
    return _Writer(Random(seed), size).documents()  # noqa: S311 - not for secrets


def spec_text(documents: list[Document]) -> str:
    """Return documents as the text of a spec. JSON is YAML."""
    return "\n---\n".join(json.dumps(document, ensure_ascii=True) for document in documents) + "\n"


class _Writer:
    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.names = {
            kind: [f"{kind.title()}{i}" for i in range(size)] for kind in ("model", "union")
        }
        self.names["enum"] = ["Enum0", "Enum1"]
        self.names["alias"] = [f"Alias{i}" for i in range(size // 2)]
        self.written: list[Document] = []

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def documents(self) -> list[Document]:
        for kind, names in self.names.items():
            # Half of the names are used, so that specs have various shapes.
            self.names[kind] = names[: self.random.randint(1, len(names))]
        for name in self.names["enum"]:
            self.written.append(self.enum(name))
        for name in self.names["alias"]:
            self.written.append(self.alias(name))
        for name in self.names["union"]:
            self.written.append(self.union(name))
        parents: list[str] = []
        for name in self.names["model"]:
            self.written.append(self.model(name, parents))
            parents.append(name)
        self.random.shuffle(self.written)
        return self.written

    def enum(self, name: str) -> Document:
        if self.chance(50):
            return {"enum": name, "values": {"a": None, "b": "Both"}, "open": self.chance(50)}
        values = {"1": None, "-7": None, "9007199254740991": None}
        return {"enum": name, "type": "int64", "values": values, "open": self.chance(50)}

    def alias(self, name: str) -> Document:
        type_ = self.type(refs=self.names["model"])
        if type_ != "any" and self.chance(20):
            type_ += " | null"
        return {"alias": name, "type": type_, **self.limits(type_)}

    def type(self, depth: int = 0, refs: list[str] | None = None) -> str:
        at = self.random.randrange(12)
        if at < 4 or depth == 2:
            return self.random.choice(_SCALARS)
        if at < 6:
            return f"list[{self.type(depth + 1, refs)}]"
        if at < 7:
            return f"map[{self.type(depth + 1, refs)}]"
        if at < 8:
            return self.random.choice(['"a" | "b"', "1 | 2", "true", '"only"', "-5"])
        if at < 9:
            first, *others = self.random.sample(
                ["string", "int64", "bool", "list[int32]", '"x"'], 2
            )
            return " | ".join([first, *others])
        if refs is None:
            refs = [name for names in self.names.values() for name in names]
        return self.random.choice(refs)

    def limits(self, type_: str) -> Document:
        """Return constraints for a type, or none."""
        if not self.chance(60):
            return {}
        bare = type_.removesuffix(" | null")
        low = self.random.randint(0, 3)
        limits: Document = {}
        if bare in ("string", "uri", "email", "hostname", "string | int64"):
            limits = {"minLength": low, "maxLength": low + self.random.randint(1, 12)}
            if bare == "string" and self.chance(40):
                limits = {"pattern": self.random.choice(_PATTERNS)}
        elif bare in ("int32", "int64", "uint32", "uint64"):
            step = self.random.choice([1, 2, 3, 7])
            limits = {"minimum": low, "exclusiveMaximum": low + 20 * step, "multipleOf": step}
        elif bare in ("float64", "float32", "decimal"):
            limits = {"exclusiveMinimum": -low - 0.5, "maximum": low + 2.5, "multipleOf": 0.5}
        elif bare.startswith("list["):
            limits = {"minItems": low % 2, "maxItems": low + 1}
            if bare[5:-1] in _WITHOUT_FLOATS:
                limits["uniqueItems"] = True
        elif bare.startswith("map["):
            limits = {"minProperties": low % 2, "maxProperties": low + 1}
        kept = [key for key in limits if self.chance(60)]
        return {key: limits[key] for key in kept}

    def model(self, name: str, parents: list[str]) -> Document:
        document: Document = {"model": name}
        if parents and self.chance(30):
            count = self.random.randint(1, min(2, len(parents)))
            document["extends"] = self.random.sample(parents, count)
        if self.chance(50):
            policy = self.random.choice([False, False, True, self.type(depth=1)])
            document["additionalProperties"] = policy
        keys = self.random.sample(_KEYS, self.random.randint(0, 5))
        return {**document, "fields": {key: self.field() for key in keys}}

    def field(self) -> Document:
        type_ = self.type()
        limits = self.limits(type_)
        if type_ != "any" and self.chance(25):
            type_ += " | null"
        field: Document = {"type": type_, **limits}
        if self.chance(40):
            field["required"] = True
        default = {"string": "xx", "bool": True, "int32": 0, "int64": 12, '"a" | "b"': "b"}
        if type_ in default and not limits and self.chance(50):
            field["default"] = default[type_]
        if self.chance(10):
            field[self.random.choice(["readOnly", "writeOnly"])] = True
        return field

    def union(self, name: str) -> Document:
        if self.chance(40):
            members = list(
                dict.fromkeys(self.type(depth=1) for _ in range(self.random.randint(2, 4)))
            )
            return {"union": name, "members": members, "overlapping": True}
        tags = self.random.choice(_TAGS)
        members = []
        for at, tag in enumerate(
            self.random.sample(tags, self.random.randint(1, min(3, len(tags))))
        ):
            member = f"{name}Member{at}"
            tag_field = {"type": json.dumps(tag), "required": at > 0 or self.chance(70)}
            model = self.model(member, [])
            model["fields"] = {"tag": tag_field, **model["fields"]}
            self.written.append(model)
            members.append(member)
        return {"union": name, "discriminator": "tag", "members": members, "open": self.chance(40)}
